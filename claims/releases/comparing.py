"""What a release has that the one before it had not: which claims are new, changed, or no longer stand."""

from django.db import connection

NAMED = 20  # of each kind; the rest is in the feed of changes
STOOD = """
    SELECT claim.accession, version.number FROM (
        SELECT DISTINCT ON (pgh_obj_id) * FROM claims_claimevent WHERE pgh_created_at <= %s
        ORDER BY pgh_obj_id, pgh_id DESC
    ) claim JOIN (
        SELECT DISTINCT ON (pgh_obj_id) * FROM claims_claimversionevent WHERE pgh_created_at <= %s
        ORDER BY pgh_obj_id, pgh_id DESC
    ) version ON version.claim_id = claim.pgh_obj_id
    WHERE claim.pgh_label <> 'delete' AND version.pgh_label <> 'delete' AND version.state = 'published'
    AND claim.accession IS NOT NULL AND claim.withdrawn_at IS NULL AND claim.merged_into_id IS NULL
"""
COMPARED = f"""
    WITH earlier AS ({STOOD}), later AS ({STOOD}), told AS (
        SELECT accession, CASE
            WHEN earlier.number IS NULL THEN 'new' WHEN later.number IS NULL THEN 'withdrawn' ELSE 'changed'
        END AS kind FROM earlier FULL JOIN later USING (accession) WHERE earlier.number IS DISTINCT FROM later.number
    )
    SELECT kind, count(*), (array_agg(accession ORDER BY accession))[:{NAMED}] FROM told GROUP BY kind
"""


def claims_changed(since, until):
    """{"new", "changed", "withdrawn": {"count", "claims"}} between two moments; merged claims count as withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, [since, since, until, until])
        found = {kind: {"count": count, "claims": names} for kind, count, names in cursor.fetchall()}
    return {kind: found.get(kind, {"count": 0, "claims": []}) for kind in ("new", "changed", "withdrawn")}
