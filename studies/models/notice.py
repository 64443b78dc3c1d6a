"""What later happened to a publication."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from studies.choices import NoticeKind
from studies.models.publication import Publication
from studies.models.records import prose
from studies.querysets import DECIDING, LATEST


@pghistory.track(pghistory.InsertEvent())
class IntegrityNotice(models.Model):
    """What later happened to a publication. Notices are only ever added; the latest one that decides counts."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="notices", verbose_name=_("publication")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=NoticeKind)
    noticed_on = models.DateField(
        _("date"), null=True, blank=True, help_text=_("Empty where the day was never seen.")
    )
    reasons_en = prose(_("reasons (English)"))
    reasons_nl = prose(_("reasons (Dutch)"))
    notice_doi = models.CharField(_("DOI of the notice"), max_length=210, blank=True, default="")
    notice_pmid = models.CharField(_("PMID of the notice"), max_length=9, blank=True, default="")
    source = models.CharField(_("source"), max_length=40)
    source_record_id = models.CharField(_("record in the source"), max_length=120)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("publication", F("noticed_on").asc(nulls_first=True), "id")
        verbose_name = _("integrity notice")
        verbose_name_plural = _("integrity notices")
        triggers = (
            pgtrigger.Protect(name="notices_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )
        indexes = (
            models.Index(
                "publication",
                *LATEST,
                include=("kind",),
                condition=Q(kind__in=DECIDING),
                name="notice_deciding",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_record_id"),
                name="notice_recorded_once",
                violation_error_message=_("This record of this source is already here."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values),
                name="notice_kind_is_known",
                violation_error_message=_("This is not a kind of notice we know."),
            ),
        )

    def __str__(self):
        return f"{self.get_kind_display()}: {self.publication_id}"


class NoticeCheck(models.Model):
    """When Crossref was last asked which notices there are about a publication; `sha256` is of its answer, empty where it
    does not know the DOI."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, related_name="notice_check", verbose_name=_("publication")
    )
    asked_at = models.DateTimeField(_("asked at"))
    url = models.CharField(_("address"), max_length=2000)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")

    class Meta:
        ordering = ("-asked_at", "id")
        verbose_name = _("look-up of notices")
        verbose_name_plural = _("look-ups of notices")

    def __str__(self):
        return f"{self.publication_id}: {self.asked_at:%Y-%m-%d}"
