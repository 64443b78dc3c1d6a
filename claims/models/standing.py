"""What moves under a published version: its open marks, its live standing at every moment, and the feed of all changes.

Rows of standing and of the feed are written by the database itself (see `claims.triggers` and the migrations), so no
door can forget them, and a reader of any past moment finds what was served then.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import FeedKind, Severity, StaleReason
from claims.models.claim import Claim
from claims.models.version import ClaimVersion
from claims.querysets import ChangeQuerySet, StandingQuerySet
from claims.triggers import changes_are_only_added, standing_is_only_closed
from kb.lib.history import track


@track
class StaleMark(models.Model):
    """Why a published rating needs another look."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="stale_marks", verbose_name=_("claim"))
    version = models.ForeignKey(
        ClaimVersion, models.PROTECT, related_name="stale_marks", verbose_name=_("version")
    )
    reason = models.CharField(_("reason"), max_length=24, choices=StaleReason)
    object_key = models.CharField(
        _("what changed"), max_length=120, help_text=_("Such as study:abbasi-2012.")
    )
    detail = models.JSONField(_("from what to what"), default=dict, blank=True)
    severity = models.IntegerField(_("severity"), choices=Severity)
    detected_at = models.DateTimeField(_("detected at"), auto_now_add=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    resolution = models.TextField(_("resolution"), blank=True, default="")

    class Meta:
        ordering = ("-severity", "detected_at", "id")
        verbose_name = _("stale mark")
        verbose_name_plural = _("stale marks")
        constraints = (
            models.UniqueConstraint(
                fields=("claim", "reason", "object_key"),
                condition=Q(resolved_at__isnull=True),
                name="stale_mark_open_once",
                violation_error_message=_("This claim already has an open mark for this."),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=StaleReason.values) & Q(severity__in=Severity.values),
                name="stale_mark_reason_is_known",
                violation_error_message=_("This is not a reason or severity we know."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="stale_mark_resolved_in_full",
                violation_error_message=_("A resolved mark says when, by whom and how."),
            ),
        )

    def __str__(self):
        return f"{self.claim_id}: {self.get_reason_display()}"


class Standing(models.Model):
    """How one version stood from one moment to the next: the overlay as `claims_standing_of` worked it out."""

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="standings")
    overlay = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ("version", "since", "id")
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        triggers = (standing_is_only_closed(),)
        constraints = (
            models.UniqueConstraint(
                fields=("version",),
                condition=Q(until__isnull=True),
                name="standing_one_now",
                violation_error_message=_("A version stands one way at a time."),
            ),
            models.UniqueConstraint(
                fields=("version", "since"),
                name="standing_once_a_moment",
                violation_error_message=_("A version stands one way at a time."),
            ),
        )

    def __str__(self):
        return f"{self.version_id} {self.since}"


class Change(models.Model):
    """One entry of the change feed. Numbers run from 1 without a gap, in the order in which changes were committed."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=FeedKind)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="changes")
    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="changes")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="changes")
    detail = models.JSONField(default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("seq",)
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        triggers = (changes_are_only_added(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=FeedKind.values),
                name="change_kind_is_known",
                violation_error_message=_("This is not a kind of change we know."),
            ),
        )

    def __str__(self):
        return f"{self.seq} {self.kind}"
