"""Deeds on studies and publications. Each is atomic and says who does it."""

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from studies.bias import TOOLS, suggest, tools_for
from studies.models import BiasAssessment, DomainJudgement, SourceText, Study

ADD = "studies.add_study"


class Refused(ValueError):
    """The message is for the person who asked."""


def needs_to_add(by):
    if not by.has_perm(ADD):
        raise PermissionDenied(_("Your account may not do this."))


@transaction.atomic
def save_record(record, *, by):
    """Keep a study, a publication or a review's trial as it now stands, with who did it in its history."""
    with pghistory.context(user=by.pk):
        record.clean_fields()  # the rest is checked by the form before, and kept by the database
        record.save()
    return record


@transaction.atomic
def add_notice(notice, *, by):
    """Record what happened to a publication. Notices are never changed or taken away."""
    if not by.has_perm("studies.add_integritynotice"):
        raise PermissionDenied(_("Your account may not do this."))
    if notice.pk is not None:
        raise ValueError("A notice is only ever added.")
    return save_record(notice, by=by)


@transaction.atomic
def keep_source_text(publication, text, *, by):
    """Keep what was pasted of a publication, in place of what was there. Raises ValidationError."""
    remove_source_text(publication, by=by)
    kept = SourceText(publication=publication, text=text.strip(), pasted_by=by, pasted_at=timezone.now())
    kept.full_clean()
    kept.save()
    return kept


@transaction.atomic
def remove_source_text(publication, *, by):
    """Throw away what was pasted. Quotes that were checked against it stay checked."""
    needs_to_add(by)
    SourceText.objects.filter(publication__in=publication.entries).delete()


@transaction.atomic
def assess_study(study, *, by, tool, judgements, outcome="", overall=None, reason=("", "")):
    """Judge a study's risk of bias with a tool, as `record_assessment` has it.

    Without an outcome it is about the whole study, whose own risk of bias follows it. Raises ValidationError.
    """
    if not by.has_perm("studies.change_study"):
        raise PermissionDenied(_("Your account may not do this."))
    study = Study.objects.select_for_update().get(pk=study.pk)
    if tool not in tools_for(study.design):
        raise ValidationError({"tool": _("This tool was not made for this design of study.")})
    assessment = record_assessment(
        study,
        by=by,
        tool=tool,
        judgements=judgements,
        outcome=outcome.strip(),
        overall=overall,
        reason=reason,
    )
    if not assessment.outcome:
        study.risk_of_bias_tool = TOOLS[tool].name
        study.risk_of_bias = TOOLS[tool].overalls[assessment.overall]
        save_record(study, by=by)
    return assessment


@transaction.atomic
def record_assessment(study, *, by, tool, judgements, outcome, overall, reason, assessed_on=None):
    """What a tool says of a study, in place of what was judged with it before for this outcome.

    `judgements` is {domain: (judgement, reason in English, reason in Dutch)}; `overall` None takes what the tool gives.
    """
    try:
        suggested = suggest(tool, {domain: given[0] for domain, given in judgements.items()}).overall
    except ValueError as error:
        raise ValidationError(
            {"judgements": _("Judge every domain of the tool, in the words of the tool.")}
        ) from error
    with pghistory.context(user=by.pk):
        assessment, _is_new = BiasAssessment.objects.update_or_create(
            study=study,
            tool=tool,
            outcome=outcome,
            defaults=checked_overall(tool, suggested, overall, reason)
            | {"assessed_on": assessed_on or timezone.localdate(), "assessed_by": by},
        )
        assessment.judgements.all().delete()
        DomainJudgement.objects.bulk_create(
            DomainJudgement(
                assessment=assessment,
                domain=f"{tool}/{domain}",
                judgement=judgements[domain][0],
                reason_en=judgements[domain][1],
                reason_nl=judgements[domain][2],
            )
            for domain in TOOLS[tool].domains
        )
    return assessment


def checked_overall(tool, suggested, overall, reason):
    """The columns of the overall judgement; one that differs from the tool's own has its reason in both languages."""
    overall = suggested if overall is None else overall
    reason_en, reason_nl = (words.strip() for words in reason)
    if overall not in TOOLS[tool].overalls:
        raise ValidationError({"overall": _("This tool does not give this overall judgement.")})
    if overall != suggested and not (reason_en and reason_nl):
        raise ValidationError({"reason": _("Say in both languages why it differs from what the tool gives.")})
    return {"suggested": suggested, "overall": overall, "reason_en": reason_en, "reason_nl": reason_nl}
