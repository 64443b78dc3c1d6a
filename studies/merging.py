"""Deeds on two studies, or two publications, that are one: let one go up in the other, and take that back.

Nothing moves: publications, evidence, inclusions and notices stay where they are, and whoever asks the one hears of the
other too. Only identifiers change places, since each stands once in the base.
"""

from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studies.actions import Refused, needs_to_add, save_record
from studies.choices import PublicationRole
from studies.imports import IDENTIFIERS
from studies.models import Publication, Study

COMPARED = {
    Study: (
        *("design", "species", "participants", "population_en", "population_nl", "country"),
        *(
            "intervention_en",
            "intervention_nl",
            "comparator_en",
            "comparator_nl",
            "dose_mg",
            "duration_weeks",
        ),
        *("registry_ids", "funding_en", "funding_nl", "risk_of_bias_tool", "risk_of_bias"),
        *("risk_of_bias_notes_en", "risk_of_bias_notes_nl"),
    ),
    Publication: (
        *("csl_type", "title", "title_is_verified", "authors", "container_title", "year", "volume", "issue"),
        *("pages", "language", "url", *IDENTIFIERS),
    ),
}


class Sentences(NamedTuple):
    itself: Promise
    standing: Promise
    why: Promise
    unmerged: Promise
    away: Promise


SAID = {
    Study: Sentences(
        gettext_lazy("A study cannot be merged into itself."),
        gettext_lazy("A study is merged into one that stands, and no other is merged into it."),
        gettext_lazy("Say why these two are one study."),
        gettext_lazy("This study was not merged."),
        gettext_lazy("One of these studies is not here any more."),
    ),
    Publication: Sentences(
        gettext_lazy("A publication cannot be merged into itself."),
        gettext_lazy("A publication is merged into one that stands, and no other is merged into it."),
        gettext_lazy("Say why these two are one paper."),
        gettext_lazy("This publication was not merged."),
        gettext_lazy("One of these publications is not here any more."),
    ),
}


def differences(kept, gone):
    """{field: (as kept has it, as gone has it)}, where gone says something else."""
    return {
        name: (getattr(kept, name), getattr(gone, name))
        for name in COMPARED[type(kept)]
        if getattr(gone, name) not in (None, "", [], getattr(kept, name))
    }


def goes_along(kept, gone):
    """The identifiers that the one that stays lacks, and so takes over."""
    return [name for name in IDENTIFIERS if getattr(gone, name) and not getattr(kept, name)]


def are_apart(kept, gone):
    """Whether these publications report two studies that were not merged."""
    return kept.study.leads_to != gone.study.leads_to


@transaction.atomic
def merge_studies(kept, gone, *, by, reason, take=()):
    """Let `gone` go up in `kept`: its address leads there. `take` names the fields in which gone is right."""
    needs_to_add(by)
    kept, gone = locked(kept, gone)
    gone.merge_changed = changes_of(kept, gone, reason, take)
    write(kept, after(gone.merge_changed), by=by)
    gone.merged_into, gone.merged_reason = kept, reason.strip()
    return save_record(gone, by=by)


@transaction.atomic
def merge_publications(kept, gone, *, by, reason, take=()):
    """Let `gone`, the same paper as `kept`, go up in it. What identifies it and `kept` lacks goes along.

    `kept` becomes the main report of its study where `gone` was that, or where its study had none.
    """
    needs_to_add(by)
    kept, gone = locked(kept, gone)
    changes = changes_of(kept, gone, reason, {*take, *goes_along(kept, gone)})
    if are_apart(kept, gone):
        raise Refused(_("These two report different studies; merge the studies first."))
    if is_to_be_main(kept, gone):
        changes["role"] = [kept.role, gone.role]
    give_up(kept, before(changes), by=by)
    hand_over(gone, before(changes))
    gone.merged_into, gone.merged_reason, gone.merge_changed = kept, reason.strip(), changes
    save_record(gone, by=by)
    write(kept, after(changes), by=by)
    return gone


@transaction.atomic
def merge_with_studies(kept, gone, *, by, reason, take=()):
    """The same, and their studies with them where those stand apart."""
    if are_apart(kept, gone):
        merge_studies(kept.study.leads_to, gone.study.leads_to, by=by, reason=reason)
    return merge_publications(kept, gone, by=by, reason=reason, take=take)


@transaction.atomic
def unmerge_study(gone, *, by):
    """Let a merged study stand by itself again, and put back what merging changed in the other."""
    kept, gone = to_take_apart(gone, by)
    within, of_another = Q(study=gone), Q(merged_into__study=gone)
    merged = Publication.objects.exclude(merged_into=None)
    if merged.filter(within & ~of_another | ~within & of_another).exists():
        raise Refused(_("Publications of these two studies are one paper; take those apart first."))
    write(kept, before(gone.merge_changed), by=by)
    return stand_again(gone, by=by)


@transaction.atomic
def unmerge_publication(gone, *, by):
    """Let a merged publication stand by itself again, with its identifiers and what merging changed in the other."""
    kept, gone = to_take_apart(gone, by)
    changes = gone.merge_changed
    if gone.role == PublicationRole.PRIMARY and has_another_main(gone, kept):
        raise Refused(_("Its study has another main report by now; give that another role first."))
    give_up(kept, after(changes), by=by)
    write(kept, {name: value for name, value in before(changes).items() if name not in IDENTIFIERS}, by=by)
    hand_over(gone, after(changes))
    stand_again(gone, by=by)
    write(kept, identifying(before(changes)), by=by)
    return gone


def locked(*records):
    """These as they now stand, in the order asked for. All merges take turns, so that two at once never wait for each other."""
    model = type(records[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('merge studies'))")
    asked = model.objects.select_for_update(no_key=True).filter(pk__in=[record.pk for record in records])
    found = {record.pk: record for record in asked.order_by("pk")}
    try:
        return [found[record.pk] for record in records]
    except KeyError as error:
        raise Refused(SAID[model].away) from error


def changes_of(kept, gone, reason, take):
    """{field: [before, after]} of what `kept` takes over. Raises Refused where the two cannot be merged so."""
    said = SAID[type(kept)]
    if kept == gone:
        raise Refused(said.itself)
    if kept.merged_into_id or gone.merged_into_id or gone.merged.exists():
        raise Refused(said.standing)
    if not reason.strip():
        raise Refused(said.why)
    differing = differences(kept, gone)
    if not set(take) <= set(differing):
        raise Refused(_("There is nothing to take in this field."))
    return {name: list(both) for name, both in differing.items() if name in take}


def to_take_apart(gone, by):
    """(kept, gone) as they now stand. Raises Refused where they are not merged, or somebody changed since what was taken over."""
    needs_to_add(by)
    said = SAID[type(gone)]
    if not gone.merged_into_id:
        raise Refused(said.unmerged)
    kept, gone = locked(gone.merged_into, gone)
    if gone.merged_into_id != kept.pk:
        raise Refused(said.unmerged)
    for name, (_before, after) in gone.merge_changed.items():
        if type(kept)._meta.get_field(name).to_python(after) != getattr(kept, name):
            raise Refused(_("%(key)s was changed since, so nothing was undone.") % {"key": kept.key})
    return kept, gone


def stand_again(gone, *, by):
    gone.merged_into, gone.merged_reason, gone.merge_changed = None, "", {}
    return save_record(gone, by=by)


def before(changes):
    return {name: both[0] for name, both in changes.items()}


def after(changes):
    return {name: both[1] for name, both in changes.items()}


def identifying(values):
    return {name: value for name, value in values.items() if name in IDENTIFIERS}


def write(record, values, *, by):
    for name, value in values.items():
        setattr(record, name, type(record)._meta.get_field(name).to_python(value))
    if values:
        save_record(record, by=by)


def give_up(kept, values, *, by):
    """Free those of these identifiers that `kept` has, so that the other can have them."""
    write(kept, dict.fromkeys(name for name, value in identifying(values).items() if value), by=by)


def hand_over(gone, values):
    for name, value in identifying(values).items():
        setattr(gone, name, value)


def is_to_be_main(kept, gone):
    main = PublicationRole.PRIMARY
    return gone.role == main != kept.role and not has_another_main(kept, gone)


def has_another_main(publication, beside):
    """Whether a third publication is the main report of this one's study, or would be beside it."""
    main = PublicationRole.PRIMARY
    reports = Publication.objects.unmerged().filter(study=publication.study, role=main)
    return reports.exclude(pk__in=(publication.pk, beside.pk)).exists()
