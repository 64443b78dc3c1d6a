"""Deeds on two studies that are one: let one go up in the other, and take that back.

Nothing moves: publications, evidence and inclusions stay where they are, and whoever asks the one hears of the other too.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from studies.actions import Refused, needs_to_add, save_record
from studies.models import Study

COMPARED = (
    *("design", "species", "participants", "population_en", "population_nl", "country"),
    *("intervention_en", "intervention_nl", "comparator_en", "comparator_nl", "dose_mg", "duration_weeks"),
    *("registry_ids", "funding_en", "funding_nl", "risk_of_bias_tool", "risk_of_bias"),
    *("risk_of_bias_notes_en", "risk_of_bias_notes_nl"),
)


def differences(kept, gone):
    """{field: (as kept has it, as gone has it)}, where gone says something else."""
    return {
        name: (getattr(kept, name), getattr(gone, name))
        for name in COMPARED
        if getattr(gone, name) not in (None, "", [], getattr(kept, name))
    }


@transaction.atomic
def merge_studies(kept, gone, *, by, reason, take=()):
    """Let `gone` go up in `kept`: its address leads there. `take` names the fields in which gone is right."""
    needs_to_add(by)
    kept, gone = locked(kept, gone)
    if kept == gone:
        raise Refused(_("A study cannot be merged into itself."))
    if kept.merged_into_id or gone.merged_into_id or gone.merged.exists():
        raise Refused(_("A study is merged into one that stands, and no other is merged into it."))
    if not reason.strip():
        raise Refused(_("Say why these two are one study."))
    differing = differences(kept, gone)
    if not set(take) <= set(differing):
        raise Refused(_("There is nothing to take in this field."))
    gone.merge_changed = {name: list(differing[name]) for name in take}
    for name in take:
        setattr(kept, name, differing[name][1])
    if take:
        save_record(kept, by=by)
    gone.merged_into, gone.merged_reason = kept, reason.strip()
    return save_record(gone, by=by)


@transaction.atomic
def unmerge_study(gone, *, by):
    """Let a merged study stand by itself again, and put back what merging changed in the other."""
    needs_to_add(by)
    if not gone.merged_into_id:
        raise Refused(_("This study was not merged."))
    kept, gone = locked(gone.merged_into, gone)
    if gone.merged_into_id != kept.pk:
        raise Refused(_("This study was not merged."))
    for name, (before, after) in gone.merge_changed.items():
        field = Study._meta.get_field(name)
        if field.to_python(after) != getattr(kept, name):
            raise Refused(_("%(key)s was changed since, so nothing was undone.") % {"key": kept.key})
        setattr(kept, name, field.to_python(before))
    if gone.merge_changed:
        save_record(kept, by=by)
    gone.merged_into, gone.merged_reason, gone.merge_changed = None, "", {}
    return save_record(gone, by=by)


def locked(*studies):
    """These as they now stand, locked in the order of their keys, so that two at once never wait for each other."""
    found = {
        study.pk: study
        for study in Study.objects.select_for_update().filter(pk__in=[s.pk for s in studies]).order_by("pk")
    }
    try:
        return [found[study.pk] for study in studies]
    except KeyError as error:
        raise Refused(_("One of these studies is not here any more.")) from error
