"""The life of a version: its states, who may bring it there, and what stays as it was."""

import pgtrigger

from claims.triggers.refusals import refuse


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
