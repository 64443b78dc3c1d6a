"""One person's judgement of one GRADE domain, in one version of a claim."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import LOWERING_DOMAINS, Domain
from claims.models.version import ClaimVersion, prose
from claims.triggers import part_of_an_open_version
from kb.lib.history import track

RAISED_BY_ONE = (Domain.DOSE_RESPONSE, Domain.OPPOSING_CONFOUNDING)


@track
class Judgement(models.Model):
    version = models.ForeignKey(
        ClaimVersion, models.CASCADE, related_name="judgements", verbose_name=_("version")
    )
    domain = models.CharField(_("domain"), max_length=24, choices=Domain)
    step = models.IntegerField(
        _("step"),
        default=0,
        help_text=_("-2 to 0 for the first five, 0 to 1 for the last three, 2 for a very large effect."),
    )
    reason_en = prose(_("reason (English)"))
    reason_nl = prose(_("reason (Dutch)"))

    class Meta:
        ordering = ("version", "id")
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        triggers = (part_of_an_open_version("judgement_of_an_open_version"),)
        constraints = (
            models.UniqueConstraint(
                fields=("version", "domain"),
                name="judgement_once_per_domain",
                violation_error_message=_("This domain is already judged."),
            ),
            models.CheckConstraint(
                condition=(Q(domain__in=LOWERING_DOMAINS) & Q(step__gte=-2, step__lte=0))
                | (Q(domain=Domain.LARGE_EFFECT) & Q(step__gte=0, step__lte=2))
                | (Q(domain__in=RAISED_BY_ONE) & Q(step__gte=0, step__lte=1)),
                name="judgement_step_within_its_domain",
                violation_error_message=_(
                    "The first five domains can only lower, the last three only raise, by two for a very large effect."
                ),
            ),
            models.CheckConstraint(
                condition=Q(step=0) | (~Q(reason_en="") & ~Q(reason_nl="")),
                name="judgement_step_has_a_reason",
                violation_error_message=_("A step up or down gives its reason in both languages."),
            ),
        )

    def __str__(self):
        return f"{self.get_domain_display()} {self.step:+d}"
