"""Every rule of the model is broken once with plain SQL, and the database refuses.

The last test holds the table complete: a constraint or trigger without an attempt to break it fails.
"""

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import draft, in_review, person, published

HASH = "'" + "a" * 64 + "'"

ASSESSED = (
    "INSERT INTO studies_biasassessment (study_id, tool, outcome, suggested, overall, reason_en, reason_nl, assessed_on, "
    "assessed_by_id) VALUES ({study}, 'rob-2', '', 'low', 'low', '', '', now(), {reviewer})"
)
JUDGED = (
    "INSERT INTO studies_domainjudgement (assessment_id, domain, judgement, reason_en, reason_nl) "
    "SELECT id, '{}', '{}', '', '' FROM studies_biasassessment"
)

# One attempt a rule: the name of the constraint or trigger, and the statement that it must refuse. In braces stand
# ids of a small world: a published version and its evidence, a draft of another claim, and one in review.
MERGED = (
    "UPDATE studies_study SET merged_into_id = {study}, merged_reason = 'x' "
    "WHERE id = (SELECT max(id) FROM studies_study WHERE id <> {study}); "
)
ENTRY = (
    "INSERT INTO studies_publication (key, study_id, role, csl_type, title, title_is_verified, authors, container_title, volume, issue, pages, "
    "language, url, merged_into_id, merged_reason, merge_changed, updated_at) SELECT '{}', {}, 'secondary', 'article-journal', 'x', true, "
    "'[]', '', '', '', '', 'en', '', {}, '{}', '{{{{}}}}', now(); "
)
ENTERED_TWICE = ENTRY.format("twice", "{study}", "{publication}", "x")
ANOTHER_STUDY = "(SELECT max(id) FROM studies_study WHERE id <> {study})"
PAIR = (
    "INSERT INTO studies_likelypair (first_id, second_id, score, title, found_at, dismissed_at) "
    "SELECT {first}, {second}, {score}, 1, now(), {at} FROM studies_publication, generate_series(1, {times}) AS time "
    "GROUP BY time"
)
IMPORT = (
    "INSERT INTO studies_import (name, kind, made_by_id, made_at, rows, lines, problems, dropped, made, reports, changed, choices, "
    "loading_trouble, mapping, state, loaded_at, waiting, unreached, loading_asked_at) SELECT 'x', 'ris', id, now(), '[]', '[]', '[]', "
    "'{{{{}}}}', '[]', '[]', '{{{{}}}}', '{{{{}}}}', '', '[]', {}, {}, '{}', {}, {} FROM auth_user LIMIT 1"
)
STUDIES = {
    "study_design_is_known": "UPDATE studies_study SET design = 'hearsay'",
    "study_participants_not_negative": "UPDATE studies_study SET participants = -1",
    "study_duration_above_zero": "UPDATE studies_study SET duration_weeks = 0",
    "study_dose_above_zero": "UPDATE studies_study SET dose_mg = 0",
    "study_risk_of_bias_is_known": "UPDATE studies_study SET risk_of_bias = 'meh'",
    "review_does_not_include_itself": (
        "INSERT INTO studies_reviewinclusion (review_id, trial_id, basis) VALUES ({study}, {study}, '')"
    ),
    "review_includes_trial_once": (
        "INSERT INTO studies_reviewinclusion (review_id, trial_id, basis) SELECT review_id, trial_id, '' "
        "FROM studies_reviewinclusion"
    ),
    "publication_doi_unique": "UPDATE studies_publication SET doi = '10.1000/same'",
    "publication_pmid_unique": "UPDATE studies_publication SET pmid = '123'",
    "publication_pmcid_unique": "UPDATE studies_publication SET pmcid = 'PMC123'",
    "study_has_one_primary_publication": "UPDATE studies_publication SET study_id = {study}",
    "publication_doi_normalised": "UPDATE studies_publication SET doi = 'https://doi.org/10.1000/A' WHERE id = {publication}",
    "publication_pmid_normalised": "UPDATE studies_publication SET pmid = '0123' WHERE id = {publication}",
    "publication_pmcid_normalised": "UPDATE studies_publication SET pmcid = '123' WHERE id = {publication}",
    "source_text_of_a_readable_length": (
        "INSERT INTO studies_sourcetext (publication_id, text, pasted_by_id, pasted_at) SELECT {publication}, '', {reviewer}, now()"
    ),
    "publication_role_is_known": "UPDATE studies_publication SET role = 'fan-fiction'",
    "notice_recorded_once": (
        "INSERT INTO studies_integritynotice (publication_id, kind, reasons_en, reasons_nl, notice_doi, notice_pmid, "
        "source, source_record_id, recorded_at) SELECT publication_id, kind, '', '', '', '', source, source_record_id, "
        "now() FROM studies_integritynotice"
    ),
    "notice_kind_is_known": (
        "INSERT INTO studies_integritynotice (publication_id, kind, reasons_en, reasons_nl, notice_doi, notice_pmid, "
        "source, source_record_id, recorded_at) VALUES ({publication}, 'gossip', '', '', '', '', 'x', 'y', now())"
    ),
    "import_state_in_full": IMPORT.format("'loaded'", "NULL", "[]", "''", "NULL"),
    "import_waits_before_loading": IMPORT.format("'loaded'", "now()", "[[1]]", "''", "NULL"),
    "import_keeps_a_table_until_its_columns_are_chosen": IMPORT.format(
        "'uploaded'", "NULL", "[]", "''", "NULL"
    ),
    "import_unreached_at_a_moment": IMPORT.format("'previewed'", "NULL", "[]", "'No answer.'", "NULL"),
    "import_waits_to_be_loaded_by_somebody": IMPORT.format("'previewed'", "NULL", "[]", "''", "now()"),
    "study_not_merged_into_itself": "UPDATE studies_study SET merged_into_id = id, merged_reason = 'x' WHERE id = {study}",
    "study_merged_with_a_reason": (
        "UPDATE studies_study SET merged_into_id = {study} WHERE id = (SELECT max(id) FROM studies_study WHERE id <> {study})"
    ),
    "study_merges_into_a_standing_one": MERGED + "UPDATE studies_study SET merged_into_id = (SELECT max(id) "
    "FROM studies_study WHERE id <> {study}), merged_reason = 'x' WHERE id = {study}",
    "merged_study_is_read_only": MERGED
    + "UPDATE studies_study SET label = 'x' WHERE merged_into_id = {study}",
    "publication_not_merged_into_itself": (
        "UPDATE studies_publication SET merged_into_id = id, merged_reason = 'x' WHERE id = {publication}"
    ),
    "publication_merged_with_a_reason": ENTRY.format("twice", "{study}", "{publication}", ""),
    "publication_merges_into_a_standing_one": ENTERED_TWICE
    + ENTRY.format("thrice", "{study}", "(SELECT id FROM studies_publication WHERE key = 'twice')", "x"),
    "publication_that_took_one_in_keeps_its_study": ENTERED_TWICE
    + f"UPDATE studies_publication SET study_id = {ANOTHER_STUDY}, role = 'secondary' WHERE id = {{publication}}",
    "merged_publication_is_read_only": ENTERED_TWICE + "DELETE FROM studies_publication WHERE key = 'twice'",
    "studies_of_one_paper_stay_together": MERGED
    + ENTRY.format("twice", ANOTHER_STUDY, "{publication}", "x")
    + "UPDATE studies_study SET merged_into_id = NULL, merged_reason = '' WHERE merged_into_id = {study}",
    "likely_pair_once": PAIR.format(first="min(id)", second="max(id)", score=1, at="NULL", times=2),
    "likely_pair_in_order": PAIR.format(first="max(id)", second="min(id)", score=1, at="NULL", times=1),
    "likely_pair_score_from_0_to_1": PAIR.format(
        first="min(id)", second="max(id)", score=1.01, at="NULL", times=1
    ),
    "likely_pair_dismissed_in_full": PAIR.format(
        first="min(id)", second="max(id)", score=1, at="now()", times=1
    ),
    "bias_assessed_once": ASSESSED + "; " + ASSESSED,
    "bias_overall_is_of_the_tool": ASSESSED
    + "; UPDATE studies_biasassessment SET overall = 'serious', suggested = 'serious'",
    "bias_override_has_a_reason": ASSESSED
    + "; UPDATE studies_biasassessment SET overall = 'high', reason_en = 'So.'",
    "bias_assessment_keeps_its_tool": ASSESSED
    + "; UPDATE studies_biasassessment SET tool = 'rob-2-crossover'",
    "bias_domain_is_of_the_tool": ASSESSED + "; " + JUDGED.format("robins-i/confounding", "low"),
    "bias_domain_judged_once": (
        ASSESSED
        + "; "
        + JUDGED.format("rob-2/reporting", "low")
        + "; "
        + JUDGED.format("rob-2/reporting", "high")
    ),
    "bias_judgement_is_of_the_domain": ASSESSED + "; " + JUDGED.format("rob-2/reporting", "serious"),
    "notices_are_append_only": "UPDATE studies_integritynotice SET kind = 'correction'",
}
CLAIMS = {
    "topic_kind_is_known": "UPDATE claims_topic SET kind = 'mood'",
    "topic_not_broader_than_itself": "UPDATE claims_topic SET broader_id = id",
    "topic_has_no_cycle": "UPDATE claims_topic SET broader_id = {narrower} WHERE id = {broader}",
    "topic_named_in_both_languages": "UPDATE claims_topic SET name_nl = ''",
    "claim_accession_form": "UPDATE claims_claim SET accession = 'KB0' WHERE id = {draft_claim}",
    "claim_kind_is_known": "UPDATE claims_claim SET kind = 'rumour' WHERE id = {draft_claim}",
    "claim_direction_is_known": "UPDATE claims_claim SET direction = 'sideways' WHERE id = {draft_claim}",
    "claim_has_a_direction": "UPDATE claims_claim SET direction = NULL WHERE id = {draft_claim}",
    "claim_withdrawn_with_a_reason": "UPDATE claims_claim SET withdrawn_at = now()",
    "claim_not_merged_into_itself": "UPDATE claims_claim SET merged_into_id = id",
    "claim_merges_into_a_standing_one": "UPDATE claims_claim SET merged_into_id = {draft_claim} WHERE id = {claim}",
    "claim_closed_one_way": (
        "UPDATE claims_claim SET merged_into_id = {claim}, withdrawn_at = now(), withdrawn_reason_en = 'a', "
        "withdrawn_reason_nl = 'b' WHERE id = {draft_claim}"
    ),
    "claim_stated_once": (
        "INSERT INTO claims_claim (slug, kind, intervention_id, outcome_id, comparator_id, population_id, condition_id, "
        "direction, withdrawn_reason_en, withdrawn_reason_nl, created_at) SELECT 'again', kind, intervention_id, "
        "outcome_id, comparator_id, population_id, condition_id, direction, '', '', now() FROM claims_claim "
        "WHERE id = {claim}"
    ),
    "claim_keeps_its_identity": "UPDATE claims_claim SET direction = 'worsens' WHERE id = {claim}",
    "accession_from_the_sequence": "UPDATE claims_claim SET accession = 'KB999999' WHERE id = {draft_claim}",
    "claim_with_accession_stays": "DELETE FROM claims_claim WHERE id = {claim}",
    "stale_mark_open_once": (
        "INSERT INTO claims_stalemark (claim_id, version_id, reason, object_key, detail, severity, detected_at, resolution) "
        "SELECT {claim}, {version}, 'study-changed', 'study:x', '{{}}', 1, now(), '' FROM generate_series(1, 2)"
    ),
    "stale_mark_reason_is_known": (
        "INSERT INTO claims_stalemark (claim_id, version_id, reason, object_key, detail, severity, detected_at, resolution) "
        "VALUES ({claim}, {version}, 'boredom', 'study:x', '{{}}', 1, now(), '')"
    ),
    "stale_mark_resolved_in_full": (
        "INSERT INTO claims_stalemark (claim_id, version_id, reason, object_key, detail, severity, detected_at, resolved_at, resolution) "
        "VALUES ({claim}, {version}, 'study-changed', 'study:x', '{{}}', 1, now(), now(), '')"
    ),
    "status_once_per_jurisdiction": (
        "INSERT INTO claims_regulatorystatus (claim_id, jurisdiction, status, wording_en, wording_nl, caveat_en, "
        "caveat_nl) SELECT {claim}, 'EU', 'none', '', '', '', '' FROM generate_series(1, 2)"
    ),
    "status_is_known": (
        "INSERT INTO claims_regulatorystatus (claim_id, jurisdiction, status, wording_en, wording_nl, caveat_en, "
        "caveat_nl) VALUES ({claim}, 'EU', 'maybe', '', '', '', '')"
    ),
}
# Words of a version are written before it is in review, so an attempt to publish wrong ones takes it back first.
REOPENED = (
    "UPDATE claims_claimversion SET state = 'changes-requested' WHERE id = {{review}}; "
    "UPDATE claims_claimversion SET {words}, state = 'in-review' WHERE id = {{review}}; "
)
PUBLISH = (
    "UPDATE claims_claimversion SET state = 'published', number = 1, reviewer_id = {reviewer}, published_at = now(), "
    "document = '{{}}', change_kind = 'first' WHERE id = {review}"
)
VERSIONS = {
    "version_starts_as_draft": (
        "INSERT INTO claims_claimversion SELECT (jsonb_populate_record(v, "
        "jsonb_build_object('id', 999999, 'number', 99, 'state', 'published'))).* FROM claims_claimversion v "
        "WHERE id = {version}"
    ),
    "version_follows_the_diagram": "UPDATE claims_claimversion SET state = 'superseded' WHERE id = {draft}",
    "version_rated_by_its_rules": REOPENED.format(words="strength = 4") + PUBLISH,
    "version_rests_on_results": (
        "UPDATE claims_claimversion SET state = 'changes-requested' WHERE id = {review}; "
        "UPDATE claims_evidence SET verified_from = '' WHERE version_id = {review}; "
        "UPDATE claims_claimversion SET state = 'in-review' WHERE id = {review}; " + PUBLISH
    ),
    "version_keeps_claim_and_author": "UPDATE claims_claimversion SET author_id = {reviewer} WHERE id = {draft}",
    "reviewer_wrote_none_of_it": (
        "UPDATE claims_claimversion SET state = 'changes-requested' WHERE id = {review}; "
        "INSERT INTO claims_claimversion_contributors (claimversion_id, user_id) VALUES ({review}, {reviewer}); "
        "UPDATE claims_claimversion SET state = 'in-review' WHERE id = {review}; " + PUBLISH
    ),
    "version_in_review_is_frozen": "UPDATE claims_claimversion SET summary_nl = 'anders' WHERE id = {review}",
    "version_follows_the_published_one": (
        "UPDATE claims_claimversion SET state = 'published', number = 7, reviewer_id = {reviewer}, "
        "published_at = now(), document = '{{}}', change_kind = 'first' WHERE id = {review}"
    ),
    "published_version_is_immutable": "UPDATE claims_claimversion SET summary_en = 'better' WHERE id = {version}",
    "published_version_stays": "DELETE FROM claims_claimversion WHERE id = {version}",
    "claim_has_one_published_version": (
        "INSERT INTO claims_claimversion SELECT (jsonb_populate_record(v, jsonb_build_object('id', 999999, 'number', NULL, "
        "'state', 'draft', 'document', '', 'card', '', 'published_at', NULL, 'reviewer_id', NULL, 'base_id', id, "
        "'strength', 4, 'override_reason_en', 'a', 'override_reason_nl', 'b'))).* "
        "FROM claims_claimversion v WHERE id = {version}; "
        "INSERT INTO claims_evidence SELECT (jsonb_populate_record(e, jsonb_build_object('id', 999999, 'version_id', 999999))).* "
        "FROM claims_evidence e WHERE id = {evidence}; "
        "UPDATE claims_claimversion SET state = 'in-review' WHERE id = 999999; "
        "UPDATE claims_claimversion SET state = 'published', number = 2, reviewer_id = {reviewer}, "
        "published_at = now(), document = '{{}}', change_kind = 'first' WHERE id = 999999"
    ),
    "claim_has_one_open_draft": (
        "INSERT INTO claims_claimversion SELECT (jsonb_populate_record(v, jsonb_build_object('id', 999999))).* "
        "FROM claims_claimversion v WHERE id = {draft}"
    ),
    "version_number_once": (
        "UPDATE claims_claimversion SET state = 'superseded', superseded_at = now() WHERE id = {version}; "
        "INSERT INTO claims_claimversion SELECT (jsonb_populate_record(v, jsonb_build_object('id', 999999, 'number', NULL, "
        "'state', 'draft', 'document', '', 'card', '', 'published_at', NULL, 'reviewer_id', NULL, 'superseded_at', NULL, "
        "'base_id', id, 'strength', 4, 'override_reason_en', 'a', 'override_reason_nl', 'b'))).* "
        "FROM claims_claimversion v WHERE id = {version}; "
        "INSERT INTO claims_evidence SELECT (jsonb_populate_record(e, jsonb_build_object('id', 999999, 'version_id', 999999))).* "
        "FROM claims_evidence e WHERE id = {evidence}; "
        "UPDATE claims_claimversion SET state = 'in-review' WHERE id = 999999; "
        "UPDATE claims_claimversion SET state = 'published', number = 1, reviewer_id = {reviewer}, "
        "published_at = now(), document = '{{}}', change_kind = 'first' WHERE id = 999999"
    ),
    "version_state_is_known": (
        "INSERT INTO claims_claimversion SELECT (jsonb_populate_record(v, "
        "jsonb_build_object('id', 999999, 'state', 'famous'))).* FROM claims_claimversion v WHERE id = {draft}"
    ),
    "version_number_from_one": "UPDATE claims_claimversion SET number = 0 WHERE id = {draft}",
    "version_reviewer_is_not_the_author": "UPDATE claims_claimversion SET reviewer_id = author_id WHERE id = {draft}",
    "version_published_in_full": REOPENED.format(words="summary_nl = ''") + PUBLISH,
    "version_unpublished_has_no_number": "UPDATE claims_claimversion SET number = 7 WHERE id = {draft}",
    "version_superseded_has_its_moment": (
        "UPDATE claims_claimversion SET state = 'superseded', superseded_at = NULL WHERE id = {version}"
    ),
    "version_review_due_after_search": (
        "UPDATE claims_claimversion SET searched_through = '2026-01-01', next_review_due = '2025-01-01' WHERE id = {draft}"
    ),
    "version_words_are_known": "UPDATE claims_claimversion SET verdict = 'great' WHERE id = {draft}",
    "version_strength_on_the_scale": "UPDATE claims_claimversion SET strength = 5 WHERE id = {draft}",
    "version_strength_empty_only_without_evidence": REOPENED.format(words="strength = NULL") + PUBLISH,
    "version_no_evidence_no_strength": "UPDATE claims_claimversion SET evidence_state = 'none-found' WHERE id = {draft}",
    "version_grade_has_a_start": "UPDATE claims_claimversion SET start = NULL WHERE id = {draft}",
    "version_start_is_high_or_low": "UPDATE claims_claimversion SET start = 3 WHERE id = {draft}",
    "version_in_people_only_for_mechanisms": "UPDATE claims_claimversion SET strength_in_people = 2 WHERE id = {draft}",
}
EVIDENCE = {
    "evidence_once_per_outcome": (
        "INSERT INTO claims_evidence SELECT (jsonb_populate_record(e, jsonb_build_object('id', 999999))).* "
        "FROM claims_evidence e WHERE id = {draft_evidence}"
    ),
    "publication_reports_the_study": (
        "UPDATE claims_evidence SET publication_id = (SELECT id FROM studies_publication WHERE study_id <> "
        "claims_evidence.study_id LIMIT 1) WHERE id = {draft_evidence}"
    ),
    "evidence_interval_holds_the_estimate": (
        "UPDATE claims_evidence SET measure = 'MD', estimate = 9, ci_low = 1, ci_high = 2 WHERE id = {draft_evidence}"
    ),
    "evidence_ratio_above_zero": "UPDATE claims_evidence SET measure = 'RR', estimate = 0 WHERE id = {draft_evidence}",
    "evidence_correlation_within_one": "UPDATE claims_evidence SET measure = 'r', estimate = 2 WHERE id = {draft_evidence}",
    "evidence_number_has_a_measure": "UPDATE claims_evidence SET measure = '', estimate = 2 WHERE id = {draft_evidence}",
    "evidence_standard_error_above_zero": (
        "UPDATE claims_evidence SET measure = 'MD', estimate = 1, standard_error = 0 WHERE id = {draft_evidence}"
    ),
    "evidence_standard_error_of_an_estimate": (
        "UPDATE claims_evidence SET measure = 'MD', standard_error = 1 WHERE id = {draft_evidence}"
    ),
    "evidence_standard_error_fits_its_interval": (
        "UPDATE claims_evidence SET measure = 'MD', estimate = 1, ci_low = 0, ci_high = 2, standard_error = 4 "
        "WHERE id = {draft_evidence}"
    ),
    "evidence_numbers_of_two_arms": "UPDATE claims_evidence SET arms = '{{\"treated\": {{}}}}' WHERE id = {draft_evidence}",
    "evidence_no_more_events_than_people": (
        'UPDATE claims_evidence SET arms = \'{{"treated": {{"n": 3, "events": 4}}, "control": {{}}}}\' WHERE id = {draft_evidence}'
    ),
    "evidence_p_between_zero_and_one": "UPDATE claims_evidence SET p_value = 2 WHERE id = {draft_evidence}",
    "evidence_n_not_negative": "UPDATE claims_evidence SET n = -1 WHERE id = {draft_evidence}",
    "evidence_interval_level": "UPDATE claims_evidence SET ci_level = 100 WHERE id = {draft_evidence}",
    "evidence_words_are_known": "UPDATE claims_evidence SET direction = 'up' WHERE id = {draft_evidence}",
    "evidence_own_risk_of_bias_has_a_reason": "UPDATE claims_evidence SET risk_of_bias = 'high' WHERE id = {draft_evidence}",
    "evidence_quote_is_short": (
        "UPDATE claims_evidence SET quote_role = 'result', quote = repeat('word ', 25) || 'word' WHERE id = {draft_evidence}"
    ),
    "evidence_quote_has_a_role": "UPDATE claims_evidence SET quote = 'It went down.' WHERE id = {draft_evidence}",
    "evidence_of_an_open_version": "UPDATE claims_evidence SET n = 1 WHERE id = {evidence}",
    "judgement_once_per_domain": (
        "INSERT INTO claims_judgement SELECT (jsonb_populate_record(j, jsonb_build_object('id', 999999))).* "
        "FROM claims_judgement j WHERE version_id = {draft}"
    ),
    "judgement_step_within_its_domain": "UPDATE claims_judgement SET step = 1 WHERE version_id = {draft}",
    "judgement_step_has_a_reason": "UPDATE claims_judgement SET step = -1, reason_nl = '' WHERE version_id = {draft}",
    "judgement_of_an_open_version": "DELETE FROM claims_judgement WHERE version_id = {version}",
}
ARTICLES = {
    "article_hash_is_sha256": "UPDATE claims_article SET sha256 = 'abc'",
    "citation_number_once": (
        "INSERT INTO claims_articlecitation (article_id, number, named_en, named_nl, state, assessment_en, assessment_nl) "
        "SELECT {article}, 5, 'a', 'b', 'found', '', '' FROM generate_series(1, 2)"
    ),
    "citation_state_is_known": (
        "INSERT INTO claims_articlecitation (article_id, number, named_en, named_nl, state, assessment_en, assessment_nl) "
        "VALUES ({article}, 5, 'a', 'b', 'lost', '', '')"
    ),
    "mention_number_once": (
        'INSERT INTO claims_mention (article_id, number, says_en, says_nl, start, "end", sha256, before_sha256, '
        "after_sha256, hedge, attribution) SELECT {article}, 5, 'a', 'b', 0, 9, "
        + HASH
        + ", '', '', 'asserted', 'none' "
        "FROM generate_series(1, 2)"
    ),
    "mention_place_runs_forward": 'UPDATE claims_mention SET start = 9, "end" = 3',
    "mention_hash_is_sha256": "UPDATE claims_mention SET sha256 = 'abc'",
    "mention_words_are_known": "UPDATE claims_mention SET hedge = 'shouted'",
}
FLAG = (
    "INSERT INTO claims_flag (claim_id, version_id, kind, text, doi, pmid, created_at, outcome, text_is_shown, answer_en, "
    "answer_nl) VALUES ({claim}, {version}, "
)
RATING = "INSERT INTO claims_secondrating (version_id, rater_id, asked_by_id, asked_at, judgements, outcome, note_en, note_nl"
COMMENT = "INSERT INTO claims_comment (version_id, field, text, author_id, created_at, settled_at) VALUES ({draft}, '', "
STATEMENT = "INSERT INTO claims_intereststatement (person_id, has_conflict, text, made_at, valid_until) VALUES ({reviewer}, false, "
AROUND = {
    "sent_request_key_once": (
        "INSERT INTO claims_sentrequest (person_id, key, sha256, headers, answer, sent_at) "
        "SELECT {reviewer}, 'once', '', '{{}}', '', now() FROM generate_series(1, 2)"
    ),
    "standing_one_now": (
        "INSERT INTO claims_standing (version_id, overlay, since) VALUES ({version}, '{{}}', now() + interval '1 day')"
    ),
    "standing_once_a_moment": (
        "INSERT INTO claims_standing (version_id, overlay, since, until) "
        "SELECT version_id, overlay, since, now() FROM claims_standing"
    ),
    "standing_is_only_closed": "UPDATE claims_standing SET overlay = '{{}}'",
    "changes_are_only_added": "DELETE FROM claims_change",
    "change_kind_is_known": (
        "INSERT INTO claims_change (seq, at, kind, claim_id, version_id, standing_id, detail) "
        "SELECT 999999, at, 'whim', claim_id, version_id, standing_id, '{{}}' FROM claims_change"
    ),
    "flag_words_are_known": FLAG + "'rant', 'x', '', '', now(), '', false, '', '')",
    "flag_says_something": FLAG + "'seems-wrong', '', '', '', now(), '', false, '', '')",
    "flag_answered_in_full": FLAG + "'seems-wrong', 'x', '', '', now(), 'acted-on', false, 'a', 'b')",
    "comment_says_something": COMMENT + "'  ', {reviewer}, now(), NULL)",
    "comment_settled_in_full": COMMENT + "'x', {reviewer}, now(), now())",
    "statement_says_something": STATEMENT + "' ', now(), now() + interval '1 year')",
    "statement_valid_for_a_while": STATEMENT + "'x', now(), now())",
    "statements_are_only_added": "UPDATE claims_intereststatement SET text = 'Nothing at all.'",
    "blind_rater_wrote_none_of_it": (
        RATING
        + ") SELECT id, author_id, author_id, now(), '{{}}', '', '', '' FROM claims_claimversion WHERE id = {draft}"
    ),
    "second_rating_given_in_full": (
        RATING + ", strength) VALUES ({draft}, {reviewer}, {reviewer}, now(), '{{}}', '', '', '', 3)"
    ),
    "second_rating_outcome_is_known": (
        RATING
        + ", strength, given_at) VALUES ({draft}, {reviewer}, {reviewer}, now(), '{{}}', 'fight', '', '', 3, now())"
    ),
    "given_rating_stays": (
        RATING
        + ", strength, given_at) VALUES ({draft}, {reviewer}, {reviewer}, now(), '{{}}', '', '', '', 3, now()); "
        "UPDATE claims_secondrating SET strength = 4"
    ),
}
WEBHOOK = (
    "INSERT INTO claims_webhook (owner_id, address, kinds, has_documents, seed, former_seed, former_until, made_under, "
    "registered_at, delivered_seq, failures, failing_since, trouble, trouble_detail, paused_at, paused_for) "
    "SELECT id, 'https://example.org/', '{{}}', false, 'a', '', NULL, '', now(), 0, 0, NULL, '', '', NULL, '' FROM auth_user LIMIT 1"
)
WEBHOOKS = {
    "webhook_address_is_one": WEBHOOK.replace("https:", "file:"),
    "webhook_kinds_are_known": WEBHOOK.replace("'{{}}'", "'{{gossip}}'"),
    "webhook_delivered_seq_is_one": WEBHOOK.replace("now(), 0, 0", "now(), -1, 0"),
    "webhook_failing_in_full": WEBHOOK.replace("now(), 0, 0", "now(), 0, 1"),
    "webhook_paused_in_full": WEBHOOK.replace("NULL, '' FROM", "now(), '' FROM"),
    "webhook_former_secret_ends": WEBHOOK.replace("'a', ''", "'a', 'b'"),
}
CHAINS = {
    "chain_named_in_both_languages": "UPDATE claims_chain SET name_nl = ''",
    "step_position_from_one": "UPDATE claims_chainstep SET position = 0 WHERE position = 1",
    "step_once_per_position": "UPDATE claims_chainstep SET position = 1",
    "step_to_a_topic_once": "UPDATE claims_chainstep SET leads_to_id = {broader}, claim_id = NULL",
    "step_is_about_its_topic": "UPDATE claims_chainstep SET claim_id = {claim}",
}
RELEASE = (
    "INSERT INTO claims_release (day, state, asked_at, rows_written, rows_expected, trouble, sha256, counts, changes) "
    "VALUES ('2026-01-01', 'queued', now(), 0, 0, '', '', '{{}}', '{{}}')"
)
RELEASES = {
    "release_state_is_known": RELEASE.replace("queued", "lost"),
    "release_made_in_full": RELEASE.replace("queued", "made"),
    "release_failed_says_why": RELEASE.replace("queued", "failed"),
}
ATTEMPTS = {
    **STUDIES,
    **CLAIMS,
    **VERSIONS,
    **EVIDENCE,
    **ARTICLES,
    **AROUND,
    **WEBHOOKS,
    **CHAINS,
    **RELEASES,
}
# Triggers that refuse nothing: they write down what the database knows, and are tested where that is read.
WRITING = {"version_counts_its_revisions", "version_remembers_its_ground", "changed_quote_is_unchecked"}

# A CHECK names itself in the refusal; a trigger is known by its sentence.
SENTENCES = {
    "study_merges_into_a_standing_one": "merged into one that stands",
    "merged_study_is_read_only": "A merged study is not written in.",
    "publication_merges_into_a_standing_one": "A publication is merged into one that stands",
    "publication_that_took_one_in_keeps_its_study": "Merge the studies first",
    "merged_publication_is_read_only": "A merged publication is not written in.",
    "studies_of_one_paper_stay_together": "Publications of these two studies are one paper",
    "notices_are_append_only": "Cannot update",
    "bias_assessment_keeps_its_tool": "Cannot update",
    "bias_domain_is_of_the_tool": "This domain is of another tool.",
    "topic_has_no_cycle": "A topic cannot be broader than itself.",
    "claim_keeps_its_identity": "A claim with an accession keeps it",
    "accession_from_the_sequence": "An accession comes from the sequence.",
    "claim_with_accession_stays": "withdrawn or merged, never deleted",
    "version_starts_as_draft": "A version starts as a draft.",
    "version_follows_the_diagram": "cannot go from draft to superseded",
    "version_rests_on_results": "A row counts when its result",
    "version_rated_by_its_rules": "The steps give strength",
    "version_keeps_claim_and_author": "A version keeps its claim, its author",
    "claim_merges_into_a_standing_one": "merged into another one that was published and still stands",
    "claim_not_merged_into_itself": "merged into another one that was published and still stands",
    "version_in_review_is_frozen": "A version in review is not written in",
    "version_follows_the_published_one": "Another version was published since",
    "standing_is_only_closed": "How a version stood is never rewritten",
    "changes_are_only_added": "The feed of changes is never rewritten",
    "statements_are_only_added": "A statement of interests is never rewritten",
    "blind_rater_wrote_none_of_it": "A second rater wrote nothing of the version",
    "step_is_about_its_topic": "The claim of a step is about what the step leads to.",
    "publication_reports_the_study": "This publication reports another study.",
    "given_rating_stays": "A second rating that was given is not changed",
    "reviewer_wrote_none_of_it": "Nobody publishes what they wrote in themselves.",
    "published_version_is_immutable": "A published version never changes",
    "published_version_stays": "A published version is never deleted",
    "evidence_of_an_open_version": "change only while the version is a draft",
    "judgement_of_an_open_version": "change only while the version is a draft",
    "version_number_once": "Another version was published since",  # the trigger is faster than the index
    "version_state_is_known": "A version starts as a draft.",  # the trigger is faster than the check
    "topic_not_broader_than_itself": "A topic cannot be broader than itself.",
}


@pytest.fixture
def world(db):
    """Ids of a published version, a draft and a version in review, each of its own claim, and what hangs on them."""
    version, open_draft, review = published(), draft(), in_review()
    return things_around(version, open_draft, review)


def things_around(version, open_draft, review):
    from claims.models import Article, Mention, Topic
    from studies.models import IntegrityNotice, Publication, ReviewInclusion

    first, second = Publication.objects.order_by("pk")[:2]
    ReviewInclusion.objects.create(review=first.study, trial=second.study)
    IntegrityNotice.objects.create(publication=first, kind="correction", source="s", source_record_id="1")
    broader = Topic.objects.order_by("pk").first()
    narrower = Topic.objects.order_by("pk").last()
    narrower.broader = broader
    narrower.save()
    article = Article.objects.create(
        slug="a", title="A", publisher="P", language="nl", url="https://example.org/a", sha256="a" * 64
    )
    Mention.objects.create(
        article=article,
        number=1,
        says_en="x",
        says_nl="y",
        start=0,
        end=4,
        sha256="a" * 64,
        hedge="asserted",
        attribution="none",
    )
    return {
        "claim": version.claim_id,
        "version": version.pk,
        "evidence": version.evidence.get().pk,
        "draft": open_draft.pk,
        "draft_claim": open_draft.claim_id,
        "draft_evidence": open_draft.evidence.get().pk,
        "review": review.pk,
        "reviewer": person("reviewer").pk,
        "study": first.study_id,
        "publication": first.pk,
        "broader": broader.pk,
        "narrower": narrower.pk,
        "article": article.pk,
    }


@pytest.mark.parametrize("rule", ATTEMPTS)
def test_the_database_refuses_to_break(rule, world):
    with transaction.atomic(), connection.cursor() as cursor:
        attempt = ATTEMPTS[rule].format(**world)
        with pytest.raises(DatabaseError) as refusal:
            cursor.execute(attempt)
        transaction.set_rollback(True)
    assert SENTENCES.get(rule, rule) in str(refusal.value)


def test_every_rule_is_tried():
    models = [*apps.get_app_config("studies").get_models(), *apps.get_app_config("claims").get_models()]
    ours = [model for model in models if not model.__name__.endswith("Event")]
    constraints = {constraint.name for model in ours for constraint in model._meta.constraints}
    triggers = {
        trigger.name
        for _model, trigger in pgtrigger.registered()
        if not trigger.name.endswith(("insert_insert", "update_update", "delete_delete"))
    }
    assert constraints | triggers == set(ATTEMPTS) | WRITING


def test_bulk_update_cannot_pass_either(world):
    from claims.models import ClaimVersion

    version = ClaimVersion.objects.get(pk=world["version"])
    version.summary_en = "better"
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        ClaimVersion.objects.bulk_update([version], ["summary_en"])
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        ClaimVersion.objects.filter(pk=version.pk).update(strength=4)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (ENTRY.format("twice", ANOTHER_STUDY, "{publication}", "x"), "Merge the studies first"),
        (
            ENTERED_TWICE + "UPDATE studies_publication SET title = 'y' WHERE key = 'twice'",
            "is not written in",
        ),
        (
            ENTERED_TWICE
            + ENTRY.format("other", "{study}", "NULL", "")
            + "UPDATE studies_publication SET merged_into_id = (SELECT id FROM studies_publication WHERE key = 'other'), "
            "merged_reason = 'x' WHERE id = {publication}",
            "no other is merged into it",
        ),
    ],
)
def test_the_other_ways_round_a_merged_publication_are_refused_too(attempt, sentence, world):
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match=sentence):
            cursor.execute(attempt.format(**world))
        transaction.set_rollback(True)
