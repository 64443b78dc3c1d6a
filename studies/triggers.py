"""Rules on merged studies and publications that reach over more than one row. The sentences are for people."""

import pgtrigger


def refuse(sentence):
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';"


TAKE_TURNS = "PERFORM pg_advisory_xact_lock(hashtext('merge studies'));"
APART = "Merge the studies first: these two publications report different ones."


def merges_into_a_standing_study():
    """One step deep, so nothing goes round; two merges at once take turns."""
    return pgtrigger.Trigger(
        name="study_merges_into_a_standing_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=f"""
        {TAKE_TURNS}
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


def study_stays_with_what_its_papers_went_up_in():
    """Two studies are taken apart after the publications of the one that went up in one of the other."""
    return pgtrigger.Trigger(
        name="studies_of_one_paper_stay_together",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__merged_into__df=pgtrigger.F("new__merged_into")),
        func=f"""
        {TAKE_TURNS}
        IF EXISTS (
            SELECT 1 FROM studies_publication gone JOIN studies_publication kept ON kept.id = gone.merged_into_id
            WHERE (gone.study_id = NEW.id OR kept.study_id = NEW.id)
                AND kept.study_id NOT IN (SELECT studies_together(gone.study_id))
        ) THEN
            {refuse("Publications of these two studies are one paper; take those apart first.")}
        END IF;
        RETURN NULL;
        """,
    )


def merges_into_a_standing_publication():
    """One step deep as for studies, and within what is one study; all merges take turns."""
    return pgtrigger.Trigger(
        name="publication_merges_into_a_standing_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__merged_into__isnull=False),
        func=f"""
        {TAKE_TURNS}
        IF EXISTS (SELECT 1 FROM studies_publication WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
           OR EXISTS (SELECT 1 FROM studies_publication WHERE merged_into_id = NEW.id AND id <> NEW.id) THEN
            {refuse("A publication is merged into one that stands, and no other is merged into it.")}
        END IF;
        IF (SELECT study_id FROM studies_publication WHERE id = NEW.merged_into_id)
           NOT IN (SELECT studies_together(NEW.study_id)) THEN
            {refuse(APART)}
        END IF;
        RETURN NEW;
        """,
    )


def publication_stays_with_what_went_up_in_it():
    return pgtrigger.Trigger(
        name="publication_that_took_one_in_keeps_its_study",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__study__df=pgtrigger.F("new__study")),
        func=f"""
        {TAKE_TURNS}
        IF EXISTS (
            SELECT 1 FROM studies_publication gone
            WHERE gone.merged_into_id = NEW.id AND gone.study_id NOT IN (SELECT studies_together(NEW.study_id))
        ) THEN
            {refuse(APART)}
        END IF;
        RETURN NULL;
        """,
    )


def merged_publication_is_read_only():
    """Nor is it deleted: its address leads on, and what the other took from it must find its way back."""
    return pgtrigger.Trigger(
        name="merged_publication_is_read_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__merged_into__isnull=False),
        func=f"""
        IF TG_OP = 'DELETE' OR NEW.merged_into_id IS NOT NULL THEN
            {refuse("A merged publication is not written in.")}
        END IF;
        RETURN NEW;
        """,
    )
