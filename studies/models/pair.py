"""Two publications of different studies that look alike, until somebody has said that they are not the same."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from studies.models.publication import Publication


class LikelyPair(models.Model):
    """`find_pairs` keeps these up to date. What was dismissed stays so, and is not found again."""

    first = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    second = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    score = models.DecimalField(_("score"), max_digits=3, decimal_places=2)
    title = models.DecimalField(_("likeness of the titles"), max_digits=3, decimal_places=2)
    years = models.IntegerField(_("years apart"), null=True, blank=True)
    author = models.BooleanField(_("same first author"), null=True, blank=True)
    found_at = models.DateTimeField(_("found at"))
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)

    class Meta:
        ordering = ("-score", "id")
        verbose_name = _("likely pair")
        verbose_name_plural = _("likely pairs")
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="likely_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likely_pair_in_order"),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1, title__gte=0, title__lte=1),
                name="likely_pair_score_from_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_by=None, dismissed_at=None)
                | Q(dismissed_by__isnull=False, dismissed_at__isnull=False),
                name="likely_pair_dismissed_in_full",
            ),
        )

    def __str__(self):
        return f"{self.first_id}, {self.second_id}: {self.score}"
