"""What is only ever added to: standings, the feed of changes, statements and given ratings; and who may rate blind."""

import pgtrigger

from claims.triggers.refusals import refuse


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
