"""The rules that no write can pass: not the admin, not bulk_update, not plain SQL.

Each is a PostgreSQL trigger whose refusal is a sentence a person can read. `check_violation` makes Django raise
IntegrityError, as for any other constraint.
"""

import pgtrigger

OPEN_STATES = "('draft', 'changes-requested')"


def refuse(sentence):
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';"


def version_starts_as_draft():
    return pgtrigger.Trigger(
        name="version_starts_as_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__state__df="draft"),
        func=refuse("A version starts as a draft."),
    )


def version_follows_the_diagram():
    """draft > in review > published > superseded, with changes requested and discarded beside it."""
    return pgtrigger.Trigger(
        name="version_follows_the_diagram",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
        func="""
        IF (OLD.state, NEW.state) NOT IN (
            ('draft', 'in-review'), ('draft', 'discarded'),
            ('in-review', 'changes-requested'), ('in-review', 'published'), ('in-review', 'discarded'),
            ('changes-requested', 'in-review'), ('changes-requested', 'discarded'),
            ('published', 'superseded')
        ) THEN
            RAISE EXCEPTION 'A version cannot go from % to %.', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    )


def published_version_is_immutable():
    """Only its being superseded may still be written."""
    return pgtrigger.Trigger(
        name="published_version_is_immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["published", "superseded"]),
        func=f"""
        IF (to_jsonb(NEW) - 'state' - 'superseded_at') IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'superseded_at')
           OR (OLD.state = 'superseded' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD))
           OR (NEW.state = 'published' AND NEW.superseded_at IS NOT NULL) THEN
            {refuse("A published version never changes; start a new draft.")}
        END IF;
        RETURN NEW;
        """,
    )


def published_version_stays():
    return pgtrigger.Trigger(
        name="published_version_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__state__in=["published", "superseded"]),
        func=refuse("A published version is never deleted."),
    )


def version_rated_by_its_rules():
    """What is published carries the strength its start and steps give, or says why not (GRADE handbook, chapter 5)."""
    return pgtrigger.Trigger(
        name="version_rated_by_its_rules",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="in-review", new__state="published"),
        declare=[("computed", "integer"), ("about", "text")],
        func=f"""
        SELECT kind INTO about FROM claims_claim WHERE id = NEW.claim_id;
        IF (about = 'mechanism') <> (NEW.scheme = 'ebm-plus') THEN
            {refuse("A mechanism is rated on EBM+, everything else never is.")}
        END IF;
        IF NEW.scheme = 'none' AND about <> 'intake' THEN
            {refuse("Only a claim about intake may go without a rating scheme.")}
        END IF;
        IF NEW.evidence_state = 'found' AND NOT EXISTS (SELECT 1 FROM claims_evidence WHERE version_id = NEW.id) THEN
            {refuse("Evidence that was found stands in at least one row.")}
        END IF;
        IF NEW.scheme = 'grade' AND NEW.strength IS NOT NULL THEN
            SELECT greatest(1, least(4, NEW.start + coalesce(sum(step), 0)))
                INTO computed FROM claims_judgement WHERE version_id = NEW.id;
            IF computed <> NEW.strength AND (trim(NEW.override_reason_en) = '' OR trim(NEW.override_reason_nl) = '') THEN
                RAISE EXCEPTION 'The steps give strength %, not %; another value needs a reason in both languages.',
                    computed, NEW.strength USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
        """,
    )


def reviewer_wrote_none_of_it():
    """Whoever wrote a word of a draft, its author or somebody who helped, is not the second person."""
    return pgtrigger.Trigger(
        name="reviewer_wrote_none_of_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__state="published"),
        func=f"""
        IF EXISTS (
            SELECT 1 FROM claims_claimversion_contributors
            WHERE claimversion_id = NEW.id AND user_id = NEW.reviewer_id
        ) THEN
            {refuse("Nobody publishes what they wrote in themselves.")}
        END IF;
        RETURN NEW;
        """,
    )


def version_keeps_claim_and_author():
    """What a version is about and who wrote it is said once, when it is started."""
    return pgtrigger.Trigger(
        name="version_keeps_claim_and_author",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__claim__df=pgtrigger.F("new__claim"))
        | pgtrigger.Q(old__author__df=pgtrigger.F("new__author"))
        | pgtrigger.Q(old__base__df=pgtrigger.F("new__base")),
        func=refuse("A version keeps its claim, its author and what it was made from."),
    )


# What review and publication write; all else is as it was when it was submitted.
WRITTEN_AT_REVIEW = (
    "state number reviewer_id reviewer_interests published_at change_kind change_note document card document_sha256 "
    "fingerprint ground revision"
).split()


def version_in_review_is_frozen():
    """What a reviewer reads is what is published: nobody writes in it meanwhile."""
    columns = ", ".join(f"'{name}'" for name in WRITTEN_AT_REVIEW)
    return pgtrigger.Trigger(
        name="version_in_review_is_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="in-review"),
        func=f"""
        IF to_jsonb(NEW) - ARRAY[{columns}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{columns}] THEN
            {refuse("A version in review is not written in; ask for changes first.")}
        END IF;
        RETURN NEW;
        """,
    )


def version_counts_its_revisions():
    """Every change of an open version, whichever door it came through, gives it a new revision number."""
    return pgtrigger.Trigger(
        name="version_counts_its_revisions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state__in=["draft", "in-review", "changes-requested"]),
        func="NEW.revision := OLD.revision + 1; RETURN NEW;",
    )


def version_follows_the_published_one():
    """A new version takes the place of the one it was made from, and the number after it."""
    return pgtrigger.Trigger(
        name="version_follows_the_published_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="in-review", new__state="published"),
        declare=[("latest", "record")],
        func=f"""
        SELECT id, number INTO latest FROM claims_claimversion
            WHERE claim_id = NEW.claim_id AND number IS NOT NULL ORDER BY number DESC LIMIT 1;
        IF latest.id IS DISTINCT FROM NEW.base_id OR NEW.number <> coalesce(latest.number, 0) + 1 THEN
            {refuse("Another version was published since this draft was started.")}
        END IF;
        IF EXISTS (SELECT 1 FROM claims_claim
                   WHERE id = NEW.claim_id AND (merged_into_id IS NOT NULL OR withdrawn_at IS NOT NULL)) THEN
            {refuse("Nothing is published under a claim that was merged or withdrawn.")}
        END IF;
        RETURN NEW;
        """,
    )


def version_remembers_its_ground():
    """At publication the base keeps what the rating rests on, to see later what moved (claims_check_ratings)."""
    return pgtrigger.Trigger(
        name="version_remembers_its_ground",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="in-review", new__state="published"),
        func="NEW.ground := claims_ground(NEW.id); RETURN NEW;",
    )


def part_of_an_open_version(name):
    """Evidence and judgements change only while their version is open to its author."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("touched", "bigint[]")],
        func=f"""
        IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.version_id];
        ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.version_id];
        ELSE touched := ARRAY[OLD.version_id, NEW.version_id];
        END IF;
        PERFORM 1 FROM claims_claimversion WHERE id = ANY(touched) FOR SHARE;  -- so that none is published meanwhile
        IF EXISTS (
            SELECT 1 FROM claims_claimversion WHERE id = ANY(touched) AND state NOT IN {OPEN_STATES}
        ) THEN
            {refuse("Evidence and judgements change only while the version is a draft.")}
        END IF;
        RETURN coalesce(NEW, OLD);
        """,
    )


def publication_reports_the_study():
    return pgtrigger.Trigger(
        name="publication_reports_the_study",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
        IF NOT EXISTS (SELECT 1 FROM studies_publication WHERE id = NEW.publication_id AND study_id = NEW.study_id) THEN
            {refuse("This publication reports another study.")}
        END IF;
        RETURN NEW;
        """,
    )


def changed_quote_is_unchecked():
    """Other words, or words of another paper, were not seen by anybody yet."""
    return pgtrigger.Trigger(
        name="changed_quote_is_unchecked",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__quote__df=pgtrigger.F("new__quote"))
        | pgtrigger.Q(old__publication__df=pgtrigger.F("new__publication")),
        func="NEW.quote_checked_on := NULL; RETURN NEW;",
    )


def version_rests_on_results():
    """Every quote that is published was checked, and a row counts by its result: quoted, or seen somewhere."""
    return pgtrigger.Trigger(
        name="version_rests_on_results",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="in-review", new__state="published"),
        func=f"""
        IF EXISTS (SELECT 1 FROM claims_evidence
                   WHERE version_id = NEW.id AND quote <> '' AND quote_checked_on IS NULL) THEN
            {refuse("A quote is published when it was seen in the text of its publication.")}
        END IF;
        IF EXISTS (SELECT 1 FROM claims_evidence
                   WHERE version_id = NEW.id AND counts_in_synthesis AND quote_role <> 'result'
                       AND (verified_from = '' OR (quote <> '' AND num_nonnulls(estimate, ci_low, ci_high, p_value, arms) = 0
                                                   AND p_text = ''))) THEN
            {refuse("A row counts when its result was quoted, or was seen somewhere; beside a quote of something else, as a number.")}
        END IF;
        RETURN NEW;
        """,
    )


def claim_keeps_its_identity():
    """An accession is for ever, and so is what the claim it names is about."""
    return pgtrigger.Trigger(
        name="claim_keeps_its_identity",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__accession__isnull=False),
        func=f"""
        IF (NEW.accession, NEW.kind, NEW.intervention_id, NEW.outcome_id, NEW.comparator_id, NEW.population_id,
            NEW.condition_id, NEW.direction)
           IS DISTINCT FROM
           (OLD.accession, OLD.kind, OLD.intervention_id, OLD.outcome_id, OLD.comparator_id, OLD.population_id,
            OLD.condition_id, OLD.direction) THEN
            {refuse("A claim with an accession keeps it, and keeps what it is about.")}
        END IF;
        RETURN NEW;
        """,
    )


def accession_comes_from_the_sequence():
    """An accession is one the sequence has given out, so no later claim can be given it again."""
    return pgtrigger.Trigger(
        name="accession_from_the_sequence",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__accession__isnull=False),
        declare=[("given", "bigint"), ("started", "boolean")],
        func=f"""
        IF TG_OP = 'UPDATE' THEN
            IF OLD.accession IS NOT NULL THEN RETURN NEW; END IF;
        END IF;
        SELECT last_value, is_called INTO given, started FROM claims_accession;
        IF NOT started OR substr(NEW.accession, 3)::bigint > given THEN
            {refuse("An accession comes from the sequence.")}
        END IF;
        RETURN NEW;
        """,
    )


def claim_merges_into_a_standing_one():
    """So that an old accession leads, in one step or more, to a claim that answers."""
    return pgtrigger.Trigger(
        name="claim_merges_into_a_standing_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=f"""
        IF TG_OP = 'UPDATE' THEN
            IF NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN RETURN NEW; END IF;
        END IF;
        PERFORM 1 FROM claims_claim WHERE id = NEW.merged_into_id FOR SHARE;  -- so that it is not closed meanwhile
        IF NOT EXISTS (
            SELECT 1 FROM claims_claim WHERE id = NEW.merged_into_id AND id <> NEW.id
                AND accession IS NOT NULL AND merged_into_id IS NULL AND withdrawn_at IS NULL
        ) THEN
            {refuse("A claim is merged into another one that was published and still stands.")}
        END IF;
        RETURN NEW;
        """,
    )


def standing_is_only_closed():
    """A row of standing gets its end once, and is otherwise never changed or taken away."""
    return pgtrigger.Trigger(
        name="standing_is_only_closed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
        IF TG_OP = 'UPDATE' THEN
            IF OLD.until IS NULL AND to_jsonb(NEW) - 'until' = to_jsonb(OLD) - 'until' THEN RETURN NEW; END IF;
        END IF;
        {refuse("How a version stood is never rewritten.")}
        """,
    )


def changes_are_only_added():
    return pgtrigger.Trigger(
        name="changes_are_only_added",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=refuse("The feed of changes is never rewritten."),
    )


def statements_are_only_added():
    return pgtrigger.Trigger(
        name="statements_are_only_added",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=refuse("A statement of interests is never rewritten; make a new one."),
    )


def blind_rater_wrote_none_of_it():
    return pgtrigger.Trigger(
        name="blind_rater_wrote_none_of_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
        IF EXISTS (
            SELECT 1 FROM claims_claimversion WHERE id = NEW.version_id AND author_id = NEW.rater_id
            UNION ALL
            SELECT 1 FROM claims_claimversion_contributors
                WHERE claimversion_id = NEW.version_id AND user_id = NEW.rater_id
        ) THEN
            {refuse("A second rater wrote nothing of the version.")}
        END IF;
        RETURN NEW;
        """,
    )


def given_rating_stays():
    """Once given, a second rating keeps its judgements; only how the two raters ended is still written."""
    return pgtrigger.Trigger(
        name="given_rating_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__given_at__isnull=False),
        func=f"""
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - ARRAY['outcome', 'note_en', 'note_nl']
               = to_jsonb(OLD) - ARRAY['outcome', 'note_en', 'note_nl'] THEN RETURN NEW; END IF;
        END IF;
        {refuse("A second rating that was given is not changed.")}
        """,
    )


def claim_with_accession_stays():
    return pgtrigger.Trigger(
        name="claim_with_accession_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__accession__isnull=False),
        func=refuse("A claim that was published is withdrawn or merged, never deleted."),
    )


def topic_has_no_cycle():
    return pgtrigger.Trigger(
        name="topic_has_no_cycle",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__broader__isnull=False),
        func=f"""
        PERFORM pg_advisory_xact_lock(hashtext('claims_topic'));  -- so that two cannot close a circle together
        IF EXISTS (
            WITH RECURSIVE up(id) AS (
                SELECT NEW.broader_id
                UNION SELECT topic.broader_id FROM claims_topic topic JOIN up ON topic.id = up.id
                WHERE topic.broader_id IS NOT NULL
            ) SELECT 1 FROM up WHERE id = NEW.id
        ) THEN
            {refuse("A topic cannot be broader than itself.")}
        END IF;
        RETURN NEW;
        """,
    )
