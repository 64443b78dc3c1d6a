"""The base as it stood at the end of a day, as one file to download."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import ReleaseState


class Release(models.Model):
    """`changes` says what the release has that the one before it had not, with the day of that one in `since`."""

    day = models.DateField(
        _("day"), unique=True, help_text=_("A day that is over; the release is of its end.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReleaseState, default=ReleaseState.QUEUED, editable=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    made_at = models.DateTimeField(_("made at"), null=True, editable=False)
    rows_written = models.BigIntegerField(_("rows written"), default=0, editable=False)
    rows_expected = models.BigIntegerField(_("rows to write"), default=0, editable=False)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True, default="", editable=False)
    size = models.BigIntegerField(_("size in bytes"), null=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="", editable=False)
    counts = models.JSONField(_("rows of each file"), default=dict, editable=False)
    changes = models.JSONField(_("what changed"), default=dict, editable=False)

    class Meta:
        ordering = ("-day",)
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=ReleaseState.values),
                name="release_state_is_known",
                violation_error_message=_("This is not a state we know."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.MADE)
                | Q(made_at__isnull=False, size__gt=0, sha256__regex="^[0-9a-f]{64}$"),
                name="release_made_in_full",
                violation_error_message=_("A release that was made has its moment, size and SHA-256."),
            ),
            models.CheckConstraint(
                condition=(Q(state=ReleaseState.FAILED) & ~Q(trouble=""))
                | (~Q(state=ReleaseState.FAILED) & Q(trouble="")),
                name="release_failed_says_why",
                violation_error_message=_("A release that failed says why."),
            ),
        )

    def __str__(self):
        return f"onderbouwd-{self.day}"

    @property
    def file_name(self):
        return f"onderbouwd-{self.day}.zip"

    @property
    def rows(self):
        """{table: rows} of the CSV files: of each claim what stands, or last stood."""
        files = {name: rows for name, rows in self.counts.items() if name.startswith("csv/")}
        return {name.removeprefix("csv/").removesuffix(".csv"): rows for name, rows in files.items()}

    @property
    def since(self):
        """The day of the release that `changes` compares with."""
        return date.fromisoformat(self.changes["since"]) if self.changes else None
