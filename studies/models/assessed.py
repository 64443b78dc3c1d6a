"""A study's risk of bias, judged domain by domain with a named tool."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kb.lib.history import track
from studies.bias import TOOLS
from studies.models.records import Study, prose


def overalls_of_the_tools():
    """Also none, where the tool itself may give none."""
    allowed = Q()
    for code, tool in TOOLS.items():
        allowed |= Q(tool=code, overall__in=list(tool.overalls))
    return allowed


def judgements_of_the_domains():
    """A domain is written as tool/domain, so that its words need no other table."""
    allowed = Q()
    for code, tool in TOOLS.items():
        for domain in tool.domains:
            allowed |= Q(domain=f"{code}/{domain}", judgement__in=list(tool.allowed(domain)))
    return allowed


@track
class BiasAssessment(models.Model):
    """One tool applied to a study, or to one of its outcomes. `suggested` is what the tool's rule gives."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="bias_assessments", verbose_name=_("study"))
    tool = models.CharField(
        _("tool"), max_length=20, choices=[(code, tool.name) for code, tool in TOOLS.items()]
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("Empty where it is about the whole study."),
    )
    suggested = models.CharField(_("what the tool gives"), max_length=16, blank=True, default="")
    overall = models.CharField(_("overall"), max_length=16, blank=True, default="")
    reason_en = prose(_("why it differs from the tool (English)"))
    reason_nl = prose(_("why it differs from the tool (Dutch)"))
    assessed_on = models.DateField(_("judged on"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("judged by")
    )

    class Meta:
        ordering = ("study", "tool", "outcome")
        verbose_name = _("risk of bias assessment")
        verbose_name_plural = _("risk of bias assessments")
        triggers = (pgtrigger.ReadOnly(name="bias_assessment_keeps_its_tool", fields=["study", "tool"]),)
        constraints = (
            models.UniqueConstraint(
                fields=("study", "tool", "outcome"),
                name="bias_assessed_once",
                violation_error_message=_("This study was already judged with this tool for this outcome."),
            ),
            models.CheckConstraint(
                condition=overalls_of_the_tools(),
                name="bias_overall_is_of_the_tool",
                violation_error_message=_("This tool does not give this overall judgement."),
            ),
            models.CheckConstraint(
                condition=Q(overall=models.F("suggested")) | ~Q(reason_en="") & ~Q(reason_nl=""),
                name="bias_override_has_a_reason",
                violation_error_message=_("Say in both languages why it differs from what the tool gives."),
            ),
        )

    def __str__(self):
        return f"{self.study} ({self.get_tool_display()})"


@track
class DomainJudgement(models.Model):
    assessment = models.ForeignKey(BiasAssessment, models.CASCADE, related_name="judgements")
    domain = models.CharField(_("domain"), max_length=40)
    judgement = models.CharField(_("judgement"), max_length=16)
    reason_en = prose(_("reason (English)"))
    reason_nl = prose(_("reason (Dutch)"))

    class Meta:
        ordering = ("assessment", "id")
        verbose_name = _("judgement of a domain")
        verbose_name_plural = _("judgements of domains")
        triggers = (
            pgtrigger.Trigger(
                name="bias_domain_is_of_the_tool",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF NOT EXISTS (SELECT 1 FROM studies_biasassessment
                               WHERE id = NEW.assessment_id AND tool = split_part(NEW.domain, '/', 1)) THEN
                    RAISE EXCEPTION 'This domain is of another tool.' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "domain"),
                name="bias_domain_judged_once",
                violation_error_message=_("This domain was already judged."),
            ),
            models.CheckConstraint(
                condition=judgements_of_the_domains(),
                name="bias_judgement_is_of_the_domain",
                violation_error_message=_("This domain does not know this judgement."),
            ),
        )

    def __str__(self):
        return f"{self.domain}: {self.judgement}"

    @property
    def code(self):
        """The domain as its tool has it."""
        return self.domain.partition("/")[2]
