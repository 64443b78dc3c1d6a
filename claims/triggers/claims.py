"""What a claim is, its accession, how it is closed, and where its topics stand."""

import pgtrigger

from claims.triggers.refusals import refuse


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
