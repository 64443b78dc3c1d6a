"""What people say about a version before it is published: comments, declared interests, a second rating made blind."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import DissentOutcome, Strength
from claims.models.version import ClaimVersion
from claims.triggers import blind_rater_wrote_none_of_it, given_rating_stays, statements_are_only_added
from kb.lib.history import track


def person(words, **options):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=words, **options
    )


@track
class Comment(models.Model):
    """A remark on one field, row of evidence or domain of a version, in a thread that somebody settles."""

    version = models.ForeignKey(
        ClaimVersion, models.PROTECT, related_name="comments", verbose_name=_("version")
    )
    field = models.CharField(
        _("about"),
        max_length=420,
        blank=True,
        default="",
        help_text=_(
            "Such as statement_nl, evidence:abbasi-2012:score or judgement:imprecision; empty for the whole."
        ),
    )
    text = models.TextField(_("comment"), max_length=20_000)
    author = person(_("by"))
    created_at = models.DateTimeField(auto_now_add=True)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = person(_("settled by"), null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = (
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="comment_says_something",
                violation_error_message=_("Write what you want to say."),
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="comment_settled_in_full",
                violation_error_message=_("A settled comment says when and by whom."),
            ),
        )

    def __str__(self):
        return self.text[:60]


class StatementQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(valid_until__gt=timezone.now())


@track
class InterestStatement(models.Model):
    """What a reviewer declares of interests that may conflict. Valid for one year; shown with each of their reviews."""

    person = person(_("person"))
    has_conflict = models.BooleanField(_("has interests to declare"))
    text = models.TextField(_("statement"), max_length=4_000)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    valid_until = models.DateTimeField(_("valid until"))

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name = _("statement of interests")
        verbose_name_plural = _("statements of interests")
        triggers = (statements_are_only_added(),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_at")),
                name="statement_valid_for_a_while",
                violation_error_message=_("A statement is valid from when it is made."),
            ),
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="statement_says_something",
                violation_error_message=_("Write what you declare, or that you have nothing to declare."),
            ),
        )

    def __str__(self):
        return self.text[:60]


@track
class SecondRating(models.Model):
    """The domains of a draft judged by a second person who does not see the first judgements."""

    version = models.OneToOneField(
        ClaimVersion, models.PROTECT, related_name="second_rating", verbose_name=_("version")
    )
    rater = person(_("rater"))
    asked_by = person(_("asked by"))
    asked_at = models.DateTimeField(auto_now_add=True)
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    start = models.IntegerField(_("starting level"), choices=Strength, null=True, blank=True)
    strength = models.IntegerField(_("strength"), choices=Strength, null=True, blank=True)
    judgements = models.JSONField(
        _("judgements"),
        default=dict,
        blank=True,
        help_text=_('By domain: {"imprecision": {"step": -1, "reason_en": "...", "reason_nl": "..."}}.'),
    )
    outcome = models.CharField(
        _("how it ended"), max_length=8, choices=DissentOutcome, blank=True, default=""
    )
    note_en = models.TextField(_("note (English)"), blank=True, default="")
    note_nl = models.TextField(_("note (Dutch)"), blank=True, default="")

    class Meta:
        ordering = ("asked_at", "id")
        verbose_name = _("second rating")
        verbose_name_plural = _("second ratings")
        triggers = (blind_rater_wrote_none_of_it(), given_rating_stays())
        constraints = (
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, strength__isnull=True, outcome="")
                | Q(given_at__isnull=False, strength__isnull=False),
                name="second_rating_given_in_full",
                violation_error_message=_("A rating that is given has a strength."),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *DissentOutcome.values]),
                name="second_rating_outcome_is_known",
                violation_error_message=_("This is not an outcome we know."),
            ),
        )

    def __str__(self):
        return f"{self.version_id}: {self.rater_id}"
