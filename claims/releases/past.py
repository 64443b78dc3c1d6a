"""The base as it stood at a moment, put together from the history of its tables.

Temporary tables of this session stand before those of the base under the same names, so every question asked meanwhile
is answered from the past. Nobody else sees them, and they are gone when the session ends. What has no history is not
there: see docs/releases.md.
"""

from contextlib import contextmanager

from django.db import connection, transaction

from claims.models import (
    Article,
    ArticleCitation,
    Chain,
    ChainStep,
    Claim,
    ClaimVersion,
    Evidence,
    Judgement,
    Mention,
    RegulatoryStatus,
    Topic,
)
from studies.models import (
    BiasAssessment,
    DomainJudgement,
    IntegrityNotice,
    Publication,
    ReviewInclusion,
    Study,
)

KEPT = (
    Topic, Study, Publication, ReviewInclusion, IntegrityNotice, BiasAssessment, DomainJudgement, Claim, ClaimVersion, Evidence, Judgement, Article,
    ArticleCitation, Mention, RegulatoryStatus, Chain, ChainStep,
)  # fmt: skip
TABLES = (*(model._meta.db_table for model in KEPT), "claims_claim_topics")
REACH = "claims_topicreach"
# The topics of a claim have no history of their own; those of its versions were written down at publication.
CLAIM_TOPICS = """
CREATE TEMPORARY TABLE claims_claim_topics AS
    SELECT row_number() OVER () AS id, version.claim_id, link.topic_id
    FROM claims_claimversion_topics link JOIN claims_claimversion version ON version.id = link.claimversion_id
    WHERE version.state = 'published'
"""
UNSETTLED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND xact_start <= %s
"""


class Unsettled(Exception):
    """Something that began before the moment is still under way, and may yet become part of it."""


@contextmanager
def standing_at(moment):
    """Inside, every table of what is published is as it was at this moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Events are only ever added. So once all that began before the moment has ended, every snapshot holds the same.
        cursor.execute(UNSETTLED, [moment])
        if cursor.fetchone()[0]:
            raise Unsettled
        cursor.execute("SELECT pg_get_viewdef(%s::regclass)", [REACH])
        reach = cursor.fetchone()[0]
        for model in KEPT:
            cursor.execute(past_table(model), [moment])
        cursor.execute(CLAIM_TOPICS)
        cursor.execute(f"CREATE TEMPORARY VIEW {REACH} AS {reach}")
        cursor.execute(f"ANALYZE {', '.join(f'pg_temp.{name}' for name in TABLES)}")
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {', '.join(f'pg_temp.{name}' for name in TABLES)} CASCADE")


def past_table(model):
    """The last event of each row up to the moment is the row as it was; a row whose last event deleted it was gone."""
    event = model.pgh_event_model
    known = {field.column for field in event._meta.fields}
    columns = ", ".join(f'"{field.column}"' for field in model._meta.fields if field.column in known)
    table = model._meta.db_table
    return f"""
        CREATE TEMPORARY TABLE {table} AS
        SELECT {columns} FROM (
            SELECT DISTINCT ON (pgh_obj_id) * FROM {event._meta.db_table}
            WHERE pgh_created_at <= %s ORDER BY pgh_obj_id, pgh_id DESC
        ) latest WHERE pgh_label <> 'delete'
    """
