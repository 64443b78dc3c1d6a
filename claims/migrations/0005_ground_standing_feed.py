"""What moves under a rating, how a version stands because of it, and the feed of all changes: kept by the database.

Four functions and the triggers that call them, so that a notice or a correction reaches every claim that leans on it
in the same transaction, whichever door it came through.

- `claims_ground(version)`: what a rating rests on that is not its own: the cited studies, the trials inside cited
  reviews, and numbers that another claim changed for the same result. A version keeps its own at publication.
- `claims_standing_of(version)`: the live overlay as JSON.
- `claims_check_ratings(versions)`: opens a stale mark for each thing in the ground that moved; NULL looks at all.
- `claims_restate(versions)`: writes down how versions stand where that changed, and tells the feed.
"""

from django.db import migrations

GROUND = """
CREATE FUNCTION claims_ground(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'studies', (
            SELECT coalesce(jsonb_object_agg(study.key, jsonb_build_object(
                'design', study.design,
                'species', study.species,
                'participants', study.participants,
                'risk_of_bias', study.risk_of_bias,
                'notices', (
                    SELECT coalesce(jsonb_agg(jsonb_build_array(publication.key, notice.kind, notice.noticed_on)
                                              ORDER BY publication.key, notice.noticed_on NULLS FIRST, notice.id), '[]')
                    FROM studies_integritynotice notice
                    JOIN studies_publication publication ON publication.id = notice.publication_id
                    WHERE publication.study_id = study.id
                ),
                'retracted', (
                    SELECT coalesce(jsonb_agg(publication.key ORDER BY publication.key), '[]')
                    FROM studies_publication publication
                    WHERE publication.study_id = study.id AND 'retraction' = (
                        SELECT notice.kind FROM studies_integritynotice notice
                        WHERE notice.publication_id = publication.id AND notice.kind IN ('retraction', 'reinstatement')
                        ORDER BY notice.noticed_on DESC NULLS LAST, notice.id DESC LIMIT 1
                    )
                )
            )), '{}')
            FROM studies_study study
            WHERE study.id IN (
                SELECT study_id FROM claims_evidence WHERE version_id = wanted
                UNION
                SELECT inclusion.trial_id FROM claims_evidence evidence
                JOIN studies_reviewinclusion inclusion ON inclusion.review_id = evidence.study_id
                WHERE evidence.version_id = wanted
            )
        ),
        'elsewhere', (
            SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object(
                'study', study.key, 'outcome', mine.outcome_measure_en, 'measure', theirs.measure,
                'estimate', theirs.estimate, 'ci_low', theirs.ci_low, 'ci_high', theirs.ci_high, 'n', theirs.n
            )), '[]')
            FROM claims_evidence mine
            JOIN claims_claimversion version ON version.id = mine.version_id
            JOIN studies_study study ON study.id = mine.study_id
            JOIN claims_evidence theirs ON theirs.study_id = mine.study_id AND theirs.measure = mine.measure
                AND lower(theirs.outcome_measure_en) = lower(mine.outcome_measure_en)
            JOIN claims_claimversion other ON other.id = theirs.version_id
                AND other.state = 'published' AND other.claim_id <> version.claim_id
            WHERE mine.version_id = wanted AND mine.measure <> ''
                AND (theirs.estimate, theirs.ci_low, theirs.ci_high, theirs.n)
                    IS DISTINCT FROM (mine.estimate, mine.ci_low, mine.ci_high, mine.n)
                AND EXISTS (  -- and it once gave ours: so it is the same result, and it was changed there
                    SELECT 1 FROM claims_evidence once JOIN claims_claimversion older ON older.id = once.version_id
                    WHERE older.claim_id = other.claim_id AND older.number < other.number
                        AND once.study_id = mine.study_id AND once.measure = mine.measure
                        AND lower(once.outcome_measure_en) = lower(mine.outcome_measure_en)
                        AND (once.estimate, once.ci_low, once.ci_high, once.n)
                            IS NOT DISTINCT FROM (mine.estimate, mine.ci_low, mine.ci_high, mine.n)
                )
        )
    )
$$
"""

STANDING_OF = """
CREATE FUNCTION claims_standing_of(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH cited AS (
        SELECT DISTINCT study.id, study.key, study.label, NULL::varchar AS review
        FROM claims_evidence evidence JOIN studies_study study ON study.id = evidence.study_id
        WHERE evidence.version_id = wanted
        UNION
        SELECT DISTINCT trial.id, trial.key, trial.label, review.key
        FROM claims_evidence evidence
        JOIN studies_reviewinclusion inclusion ON inclusion.review_id = evidence.study_id
        JOIN studies_study review ON review.id = inclusion.review_id
        JOIN studies_study trial ON trial.id = inclusion.trial_id
        WHERE evidence.version_id = wanted
    ), noticed AS (
        SELECT cited.review, cited.key, cited.label, publication.key AS publication_key, publication.role, notice.*
        FROM cited
        JOIN studies_publication publication ON publication.study_id = cited.id
        JOIN studies_integritynotice notice ON notice.publication_id = publication.id
    ), fallen AS (
        SELECT * FROM (
            SELECT DISTINCT ON (review, key) review, key, label, kind FROM noticed
            WHERE role = 'primary' AND kind IN ('retraction', 'reinstatement')
            ORDER BY review, key, noticed_on DESC NULLS LAST, id DESC
        ) latest WHERE kind = 'retraction'
    ), marked AS (
        SELECT * FROM claims_stalemark WHERE version_id = wanted AND resolved_at IS NULL
    )
    SELECT jsonb_build_object(
        'notices', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'study_key', key, 'publication_key', publication_key, 'kind', kind, 'noticed_on', noticed_on,
                'reasons_en', reasons_en, 'reasons_nl', reasons_nl, 'notice_doi', notice_doi, 'notice_pmid', notice_pmid
            ) ORDER BY noticed_on NULLS FIRST, id), '[]') FROM noticed WHERE review IS NULL
        ),
        'fallen', (SELECT coalesce(jsonb_agg(key ORDER BY key), '[]') FROM fallen WHERE review IS NULL),
        'trials', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('review', review, 'trial', key, 'label', label)
                                      ORDER BY review, key), '[]') FROM fallen WHERE review IS NOT NULL
        ),
        'marks', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'reason', reason, 'object_key', object_key, 'detail', detail, 'severity', severity,
                'detected_at', to_char(detected_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            ) ORDER BY severity DESC, detected_at, id), '[]') FROM marked
        ),
        'under_review', EXISTS (SELECT 1 FROM marked WHERE severity = 3),
        'closed', (
            SELECT CASE
                WHEN claim.merged_into_id IS NOT NULL THEN jsonb_build_object(
                    'how', 'merged', 'into', successor.accession)
                WHEN claim.withdrawn_at IS NOT NULL THEN jsonb_build_object(
                    'how', 'withdrawn', 'reason_en', claim.withdrawn_reason_en, 'reason_nl', claim.withdrawn_reason_nl,
                    'at', to_char(claim.withdrawn_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            END
            FROM claims_claimversion version
            JOIN claims_claim claim ON claim.id = version.claim_id
            LEFT JOIN claims_claim successor ON successor.id = claim.merged_into_id
            WHERE version.id = wanted
        )
    )
$$
"""

CHECK_RATINGS = """
CREATE FUNCTION claims_check_ratings(wanted bigint[] DEFAULT NULL) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE opened integer;
BEGIN
    PERFORM claims_moment();  -- the feed's lock, before any mark is touched
    WITH current AS (
        SELECT version.id, version.claim_id, version.number, version.next_review_due, claim.accession,
               version.ground AS was, claims_ground(version.id) AS is_now
        FROM claims_claimversion version JOIN claims_claim claim ON claim.id = version.claim_id
        WHERE version.state = 'published' AND claim.merged_into_id IS NULL AND claim.withdrawn_at IS NULL
            AND (wanted IS NULL OR version.id = ANY(wanted))
    ), moved AS (
        SELECT current.id, current.claim_id, study.key, current.was->'studies'->study.key AS was, each.value AS is_now,
            EXISTS (SELECT 1 FROM claims_evidence evidence
                    WHERE evidence.version_id = current.id AND evidence.study_id = study.id) AS is_cited,
            EXISTS (SELECT 1 FROM claims_evidence evidence
                    WHERE evidence.version_id = current.id AND evidence.study_id = study.id
                        AND evidence.counts_in_synthesis) AS counts,
            EXISTS (SELECT 1 FROM claims_evidence evidence
                    JOIN studies_reviewinclusion inclusion ON inclusion.review_id = evidence.study_id
                    WHERE evidence.version_id = current.id AND inclusion.trial_id = study.id
                        AND evidence.counts_in_synthesis) AS counts_by_review
        FROM current
        CROSS JOIN LATERAL jsonb_each(current.is_now->'studies') AS each
        JOIN studies_study study ON study.key = each.key
        WHERE each.value IS DISTINCT FROM current.was->'studies'->each.key
    ), news AS (
        SELECT id, claim_id, CASE WHEN is_cited THEN 'study-retracted' ELSE 'review-trial-retracted' END AS reason,
            'study:' || key AS object_key, jsonb_build_object('publication', publication) AS detail,
            CASE WHEN is_cited AND counts AND EXISTS (
                    SELECT 1 FROM studies_publication
                    WHERE studies_publication.key = publication AND role = 'primary') THEN 3
                WHEN counts OR counts_by_review THEN 2 ELSE 1 END AS severity
        FROM moved CROSS JOIN LATERAL jsonb_array_elements_text(is_now->'retracted') AS publication
        WHERE NOT coalesce(was->'retracted', '[]') ? publication
        UNION ALL
        SELECT id, claim_id, CASE WHEN is_cited THEN 'study-reinstated' ELSE 'review-trial-reinstated' END,
            'study:' || key, jsonb_build_object('publication', publication),
            CASE WHEN counts OR counts_by_review THEN 2 ELSE 1 END
        FROM moved CROSS JOIN LATERAL jsonb_array_elements_text(was->'retracted') AS publication
        WHERE NOT is_now->'retracted' ? publication
        UNION ALL
        SELECT id, claim_id,
            CASE notice->>1 WHEN 'concern' THEN CASE WHEN is_cited THEN 'study-concern' ELSE 'review-trial-concern' END
                ELSE CASE WHEN is_cited THEN 'study-corrected' ELSE 'review-trial-corrected' END END,
            'study:' || key, jsonb_build_object('publication', notice->0, 'date', notice->2),
            CASE WHEN notice->>1 = 'concern' AND (counts OR counts_by_review) THEN 2 ELSE 1 END
        FROM moved CROSS JOIN LATERAL jsonb_array_elements(is_now->'notices') AS notice
        WHERE notice->>1 IN ('concern', 'correction')
            AND NOT coalesce(was->'notices', '[]') @> jsonb_build_array(notice)
        UNION ALL
        SELECT id, claim_id, 'study-changed', 'study:' || key,
            jsonb_object_agg(field, jsonb_build_array(was->field, is_now->field)),
            max(CASE WHEN counts OR counts_by_review THEN 2 ELSE 1 END)
        FROM moved CROSS JOIN unnest(ARRAY['design', 'species', 'participants', 'risk_of_bias']) AS field
        WHERE was IS NOT NULL AND was->field IS DISTINCT FROM is_now->field
        GROUP BY id, claim_id, key
        UNION ALL
        SELECT id, claim_id, 'result-changed', 'study:' || (result->>'study'), result - 'study', 2
        FROM current CROSS JOIN LATERAL jsonb_array_elements(is_now->'elsewhere') AS result
        WHERE NOT coalesce(was->'elsewhere', '[]') @> jsonb_build_array(result)
        UNION ALL
        SELECT id, claim_id, 'review-overdue', 'version:' || accession || '.' || number,
            jsonb_build_object('due', next_review_due), 1
        FROM current WHERE next_review_due < current_date
    )
    INSERT INTO claims_stalemark (claim_id, version_id, reason, object_key, detail, severity, detected_at, resolution)
    SELECT DISTINCT ON (news.claim_id, news.reason, news.object_key)
        news.claim_id, news.id, news.reason, news.object_key, news.detail, news.severity, clock_timestamp(), ''
    FROM news
    WHERE NOT EXISTS (
        SELECT 1 FROM claims_stalemark known
        WHERE known.claim_id = news.claim_id AND known.reason = news.reason AND known.object_key = news.object_key
            AND (known.resolved_at IS NULL OR (known.version_id = news.id AND known.detail = news.detail))
    )
    ORDER BY news.claim_id, news.reason, news.object_key, news.severity DESC, news.detail::text
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS opened = ROW_COUNT;
    RETURN opened;
END
$$
"""

# One row, locked until the transaction ends: so numbers have no gap and follow the order of commits.
FEED = """
CREATE TABLE claims_feed (id integer PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL, at timestamptz NOT NULL);

CREATE FUNCTION claims_moment() RETURNS timestamptz LANGUAGE sql AS $$
    INSERT INTO claims_feed AS feed (id, seq, at) VALUES (1, 0, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET at = greatest(clock_timestamp(), feed.at + interval '1 microsecond')
    RETURNING at
$$;

CREATE FUNCTION claims_tell(told varchar, about bigint, stood bigint, detail jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE entry record;
BEGIN
    PERFORM claims_moment();
    UPDATE claims_feed SET seq = seq + 1 RETURNING seq, at INTO entry;
    INSERT INTO claims_change (seq, at, kind, claim_id, version_id, standing_id, detail)
    SELECT entry.seq, entry.at, told, claim_id, id, stood, claims_tell.detail FROM claims_claimversion WHERE id = about;
END
$$
"""

RESTATE = """
CREATE FUNCTION claims_restate(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    version record; stood record; was jsonb; is_now jsonb; moment timestamptz; row_id bigint; told integer;
BEGIN
    FOR version IN
        SELECT id, state, published_at, change_kind FROM claims_claimversion
        WHERE id = ANY(wanted) AND state IN ('published', 'superseded') ORDER BY id
    LOOP
        PERFORM claims_moment();  -- the feed's lock, before anything is read
        is_now := claims_standing_of(version.id);
        SELECT id, overlay, since INTO stood FROM claims_standing WHERE version_id = version.id AND until IS NULL;
        was := stood.overlay;
        CONTINUE WHEN stood.id IS NOT NULL AND was = is_now;
        IF stood.id IS NULL THEN
            moment := version.published_at;
        ELSE
            moment := greatest(claims_moment(), stood.since + interval '1 microsecond');
            UPDATE claims_standing SET until = moment WHERE id = stood.id;
        END IF;
        INSERT INTO claims_standing (version_id, overlay, since) VALUES (version.id, is_now, moment) RETURNING id INTO row_id;
        CONTINUE WHEN version.state <> 'published';
        IF stood.id IS NULL THEN
            PERFORM claims_tell(CASE version.change_kind WHEN 'first' THEN 'published' ELSE version.change_kind END,
                                version.id, row_id);
            CONTINUE;
        END IF;
        told := 0;
        IF was->'closed' IS DISTINCT FROM is_now->'closed' THEN
            PERFORM claims_tell(coalesce(is_now->'closed'->>'how', 'reinstated'), version.id, row_id);
            told := told + 1;
        END IF;
        IF NOT was->'fallen' @> (is_now->'fallen') OR NOT was->'trials' @> (is_now->'trials') THEN
            PERFORM claims_tell('source-retracted', version.id, row_id);
            told := told + 1;
        END IF;
        IF was->'under_review' <> is_now->'under_review' THEN
            PERFORM claims_tell(CASE WHEN (is_now->>'under_review')::boolean THEN 'under-review' ELSE 'review-settled' END,
                                version.id, row_id);
            told := told + 1;
        END IF;
        IF told = 0 THEN
            PERFORM claims_tell('standing-changed', version.id, row_id);
        END IF;
    END LOOP;
END
$$
"""

REACH_CLAIMS = """
CREATE FUNCTION claims_leaning_on(moved bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(DISTINCT evidence.version_id)
    FROM claims_evidence evidence JOIN claims_claimversion version ON version.id = evidence.version_id
    WHERE version.state IN ('published', 'superseded') AND (
        evidence.study_id = ANY(moved)
        OR evidence.study_id IN (SELECT review_id FROM studies_reviewinclusion WHERE trial_id = ANY(moved))
    )
$$;

CREATE FUNCTION claims_ground_moved(moved bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE leaning bigint[] := claims_leaning_on(moved);
BEGIN
    IF leaning IS NOT NULL THEN
        PERFORM claims_check_ratings(leaning);
        PERFORM claims_restate(leaning);
    END IF;
END
$$;

CREATE FUNCTION claims_notice_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_ground_moved(ARRAY[study_id]) FROM studies_publication WHERE id = NEW.publication_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_notice_added AFTER INSERT ON studies_integritynotice
    FOR EACH ROW EXECUTE FUNCTION claims_notice_added();

CREATE FUNCTION claims_study_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_ground_moved(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_study_changed AFTER UPDATE ON studies_study FOR EACH ROW
    WHEN ((OLD.key, OLD.label, OLD.design, OLD.species, OLD.participants, OLD.risk_of_bias)
          IS DISTINCT FROM (NEW.key, NEW.label, NEW.design, NEW.species, NEW.participants, NEW.risk_of_bias))
    EXECUTE FUNCTION claims_study_changed();

CREATE FUNCTION claims_publication_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_ground_moved(ARRAY[OLD.study_id, NEW.study_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_publication_changed AFTER UPDATE ON studies_publication FOR EACH ROW
    WHEN ((OLD.key, OLD.role, OLD.study_id) IS DISTINCT FROM (NEW.key, NEW.role, NEW.study_id))
    EXECUTE FUNCTION claims_publication_changed();

CREATE FUNCTION claims_inclusion_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM claims_ground_moved(ARRAY[OLD.review_id]); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM claims_ground_moved(ARRAY[NEW.review_id]); END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_inclusion_changed AFTER INSERT OR UPDATE OR DELETE ON studies_reviewinclusion
    FOR EACH ROW EXECUTE FUNCTION claims_inclusion_changed();

CREATE FUNCTION claims_mark_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_restate(ARRAY[NEW.version_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_mark_changed AFTER INSERT OR UPDATE ON claims_stalemark
    FOR EACH ROW EXECUTE FUNCTION claims_mark_changed();

CREATE FUNCTION claims_claim_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_restate(array_agg(id)) FROM claims_claimversion WHERE claim_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_claim_closed AFTER UPDATE ON claims_claim FOR EACH ROW
    WHEN ((OLD.merged_into_id, OLD.withdrawn_at) IS DISTINCT FROM (NEW.merged_into_id, NEW.withdrawn_at))
    EXECUTE FUNCTION claims_claim_closed();

CREATE FUNCTION claims_version_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_restate(ARRAY[NEW.id]);
    PERFORM claims_check_ratings(beside) FROM (
        SELECT array_agg(DISTINCT other.id) AS beside
        FROM claims_evidence mine
        JOIN claims_evidence theirs ON theirs.study_id = mine.study_id AND theirs.measure = mine.measure
            AND lower(theirs.outcome_measure_en) = lower(mine.outcome_measure_en)
        JOIN claims_claimversion other ON other.id = theirs.version_id
            AND other.state = 'published' AND other.claim_id <> NEW.claim_id
        WHERE mine.version_id = NEW.id AND mine.measure <> ''
            AND (theirs.estimate, theirs.ci_low, theirs.ci_high, theirs.n)
                IS DISTINCT FROM (mine.estimate, mine.ci_low, mine.ci_high, mine.n)
    ) found WHERE beside IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_version_published AFTER UPDATE ON claims_claimversion FOR EACH ROW
    WHEN (OLD.state = 'in-review' AND NEW.state = 'published')
    EXECUTE FUNCTION claims_version_published();
"""

# Who wrote in a version, and which topics it was published with, stand as firm as the version itself.
KEPT = """
CREATE FUNCTION claims_contributors_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT 1 FROM claims_claimversion WHERE id = NEW.claimversion_id AND state IN ('draft', 'changes-requested')
    ) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'Who wrote in a version is never taken back.' USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER claims_contributors_stay BEFORE INSERT OR UPDATE OR DELETE ON claims_claimversion_contributors
    FOR EACH ROW EXECUTE FUNCTION claims_contributors_stay();

CREATE FUNCTION claims_published_topics_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM claims_claimversion WHERE state IN ('published', 'superseded')
            AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.claimversion_id END,
                       CASE WHEN TG_OP <> 'DELETE' THEN NEW.claimversion_id END)
    ) THEN
        RAISE EXCEPTION 'A published version keeps its topics.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER claims_published_topics_stay BEFORE INSERT OR UPDATE OR DELETE ON claims_claimversion_topics
    FOR EACH ROW EXECUTE FUNCTION claims_published_topics_stay();

-- A row of evidence or a judgement that changes is a change of its version: it gets a new revision number.
CREATE FUNCTION claims_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claims_claimversion SET revision = revision
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END);
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_evidence_changed AFTER INSERT OR UPDATE OR DELETE ON claims_evidence
    FOR EACH ROW EXECUTE FUNCTION claims_part_changed();
CREATE TRIGGER claims_judgement_changed AFTER INSERT OR UPDATE OR DELETE ON claims_judgement
    FOR EACH ROW EXECUTE FUNCTION claims_part_changed();
"""

# What was published before this migration gets its ground and its topics as they are today, and opens the feed.
BEFORE = """
ALTER TABLE claims_claimversion DISABLE TRIGGER USER;
UPDATE claims_claimversion SET ground = claims_ground(id) WHERE state IN ('published', 'superseded');
ALTER TABLE claims_claimversion ENABLE TRIGGER USER;
INSERT INTO claims_claimversion_topics (claimversion_id, topic_id)
    SELECT version.id, link.topic_id FROM claims_claimversion version
    JOIN claims_claim_topics link ON link.claim_id = version.claim_id
    WHERE version.state IN ('published', 'superseded');
SELECT claims_restate(array_agg(id)) FROM claims_claimversion;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_life_of_a_claim"), ("studies", "0001_initial")]

    operations = [
        migrations.RunSQL(GROUND, "DROP FUNCTION claims_ground(bigint)"),
        migrations.RunSQL(STANDING_OF, "DROP FUNCTION claims_standing_of(bigint)"),
        migrations.RunSQL(CHECK_RATINGS, "DROP FUNCTION claims_check_ratings(bigint[])"),
        migrations.RunSQL(
            FEED, "DROP FUNCTION claims_tell; DROP FUNCTION claims_moment; DROP TABLE claims_feed"
        ),
        migrations.RunSQL(RESTATE, "DROP FUNCTION claims_restate(bigint[])"),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(
            REACH_CLAIMS,
            "DROP FUNCTION claims_version_published CASCADE; DROP FUNCTION claims_claim_closed CASCADE; "
            "DROP FUNCTION claims_mark_changed CASCADE; DROP FUNCTION claims_inclusion_changed CASCADE; "
            "DROP FUNCTION claims_publication_changed CASCADE; DROP FUNCTION claims_study_changed CASCADE; "
            "DROP FUNCTION claims_notice_added CASCADE; DROP FUNCTION claims_ground_moved; DROP FUNCTION claims_leaning_on",
        ),
        migrations.RunSQL(
            KEPT,
            "DROP FUNCTION claims_part_changed CASCADE; DROP FUNCTION claims_published_topics_stay CASCADE; "
            "DROP FUNCTION claims_contributors_stay CASCADE",
        ),
    ]
