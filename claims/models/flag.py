"""What a reader without an account tells us about a claim, and what we answered, in public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import FlagKind, FlagOutcome
from claims.models.claim import Claim
from claims.models.version import ClaimVersion
from kb.lib.history import track


@track
class Flag(models.Model):
    """The text of an open flag is for editors alone; once answered, the answer is public with it or without it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="flags", verbose_name=_("claim"))
    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="flags", verbose_name=_("version"))
    kind = models.CharField(_("kind"), max_length=16, choices=FlagKind)
    text = models.TextField(_("what is wrong, or why this source"), max_length=4_000, blank=True, default="")
    doi = models.CharField("DOI", max_length=210, blank=True, default="")
    pmid = models.CharField("PMID", max_length=9, blank=True, default="")
    created_at = models.DateTimeField(_("raised at"), auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=FlagOutcome, blank=True, default="")
    text_is_shown = models.BooleanField(_("show the reader's words"), default=False)
    answer_en = models.TextField(_("answer (English)"), blank=True, default="")
    answer_nl = models.TextField(_("answer (Dutch)"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=FlagKind.values) & Q(outcome__in=["", *FlagOutcome.values]),
                name="flag_words_are_known",
                violation_error_message=_("This is not a kind or outcome we know."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(doi="") | ~Q(pmid=""),
                name="flag_says_something",
                violation_error_message=_("Say what is wrong, or give a DOI or PMID."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True, answered_by__isnull=True)
                | (
                    ~Q(outcome="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer_en="")
                    & ~Q(answer_nl="")
                ),
                name="flag_answered_in_full",
                violation_error_message=_("An answer has an outcome and words in both languages."),
            ),
        )

    def __str__(self):
        return f"{self.claim_id}: {self.get_kind_display()}"
