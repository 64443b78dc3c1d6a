"""What belongs to a version: written while it is open, and resting on results that were seen."""

import pgtrigger

from claims.triggers.refusals import refuse

OPEN_STATES = "('draft', 'changes-requested')"


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
