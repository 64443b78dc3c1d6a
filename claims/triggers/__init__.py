"""The rules that no write can pass: not the admin, not bulk_update, not plain SQL.

Each is a PostgreSQL trigger whose refusal is a sentence a person can read. `check_violation` makes Django raise
IntegrityError, as for any other constraint.
"""

from claims.triggers.claims import (
    accession_comes_from_the_sequence,
    claim_keeps_its_identity,
    claim_merges_into_a_standing_one,
    claim_with_accession_stays,
    topic_has_no_cycle,
)
from claims.triggers.evidence import (
    changed_quote_is_unchecked,
    part_of_an_open_version,
    publication_reports_the_study,
    version_rests_on_results,
)
from claims.triggers.records import (
    blind_rater_wrote_none_of_it,
    changes_are_only_added,
    given_rating_stays,
    standing_is_only_closed,
    statements_are_only_added,
)
from claims.triggers.refusals import refuse
from claims.triggers.versions import (
    published_version_is_immutable,
    published_version_stays,
    reviewer_wrote_none_of_it,
    version_counts_its_revisions,
    version_follows_the_diagram,
    version_follows_the_published_one,
    version_in_review_is_frozen,
    version_keeps_claim_and_author,
    version_rated_by_its_rules,
    version_remembers_its_ground,
    version_starts_as_draft,
)

__all__ = (
    "accession_comes_from_the_sequence",
    "blind_rater_wrote_none_of_it",
    "changed_quote_is_unchecked",
    "changes_are_only_added",
    "claim_keeps_its_identity",
    "claim_merges_into_a_standing_one",
    "claim_with_accession_stays",
    "given_rating_stays",
    "part_of_an_open_version",
    "publication_reports_the_study",
    "published_version_is_immutable",
    "published_version_stays",
    "refuse",
    "reviewer_wrote_none_of_it",
    "standing_is_only_closed",
    "statements_are_only_added",
    "topic_has_no_cycle",
    "version_counts_its_revisions",
    "version_follows_the_diagram",
    "version_follows_the_published_one",
    "version_in_review_is_frozen",
    "version_keeps_claim_and_author",
    "version_rated_by_its_rules",
    "version_remembers_its_ground",
    "version_rests_on_results",
    "version_starts_as_draft",
)
