"""Rules on merged studies that reach over more than one row. The sentences are for people."""

import pgtrigger


def refuse(sentence):
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';"


def merges_into_a_standing_study():
    """One step deep, so nothing goes round; two merges at once take turns."""
    return pgtrigger.Trigger(
        name="study_merges_into_a_standing_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=f"""
        PERFORM pg_advisory_xact_lock(hashtext('merge studies'));
        IF EXISTS (SELECT 1 FROM studies_study WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
           OR EXISTS (SELECT 1 FROM studies_study WHERE merged_into_id = NEW.id AND id <> NEW.id) THEN
            {refuse("A study is merged into one that stands, and no other is merged into it.")}
        END IF;
        RETURN NEW;
        """,
    )


def merged_study_is_read_only():
    return pgtrigger.Trigger(
        name="merged_study_is_read_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__merged_into__isnull=False, new__merged_into__isnull=False),
        func=refuse("A merged study is not written in."),
    )
