"""An address of somebody that is told of each change, what it wants to hear, and how far we got in telling it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import FeedKind, PauseReason, Trouble
from claims.models.topic import Topic
from claims.querysets import WebhookQuerySet

UNTROUBLED = {"failures": 0, "failing_since": None, "next_try_at": None, "trouble": "", "trouble_detail": ""}


class Webhook(models.Model):
    """Changes up to `delivered_seq` were taken, or are of a kind or topic that was not asked for."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks", verbose_name=_("owner")
    )
    address = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=FeedKind),
        verbose_name=_("kinds of change"),
        blank=True,
        default=list,
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="webhooks", verbose_name=_("topics"))
    has_documents = models.BooleanField(
        _("documents too"), default=False, help_text=_("Send the document of each published version along.")
    )
    registered_at = models.DateTimeField(_("registered at"), auto_now_add=True)

    # Secrets are worked out from these and the key of the site, so that a copy of the base signs nothing.
    seed = models.CharField(max_length=43, editable=False)
    former_seed = models.CharField(max_length=43, editable=False, blank=True, default="")
    former_until = models.DateTimeField(_("former secret signs until"), null=True, blank=True, editable=False)
    made_under = models.CharField(max_length=64, editable=False)

    delivered_seq = models.BigIntegerField(_("delivered up to number"), editable=False)
    delivered_at = models.DateTimeField(_("last delivered at"), null=True, editable=False)
    tried_at = models.DateTimeField(_("last tried at"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    next_try_at = models.DateTimeField(_("next try at"), null=True, editable=False)
    trouble = models.CharField(
        _("trouble"), max_length=16, choices=Trouble, blank=True, default="", editable=False
    )
    trouble_detail = models.CharField(max_length=200, blank=True, default="", editable=False)
    paused_at = models.DateTimeField(_("paused at"), null=True, editable=False)
    paused_for = models.CharField(
        _("why paused"), max_length=8, choices=PauseReason, blank=True, default="", editable=False
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        permissions = (("oversee_webhooks", "Can look at and pause the webhooks of others"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(address__regex="^https?://[!-~]+$"),
                name="webhook_address_is_one",
                violation_error_message=_("An address starts with https:// and has no spaces."),
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=FeedKind.values),
                name="webhook_kinds_are_known",
                violation_error_message=_("This is not a kind of change we know."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_seq__gte=0),
                name="webhook_delivered_seq_is_one",
                violation_error_message=_("Changes are numbered from 1."),
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None, next_try_at=None, trouble="")
                | (Q(failures__gt=0, failing_since__isnull=False) & Q(trouble__in=Trouble.values)),
                name="webhook_failing_in_full",
                violation_error_message=_("A webhook that fails says since when and why."),
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_for="")
                | Q(paused_at__isnull=False, paused_for__in=PauseReason.values),
                name="webhook_paused_in_full",
                violation_error_message=_("A paused webhook says since when and why."),
            ),
            models.CheckConstraint(
                condition=Q(former_seed="", former_until=None)
                | (~Q(former_seed="") & Q(former_until__isnull=False)),
                name="webhook_former_secret_ends",
                violation_error_message=_("A former secret has an end."),
            ),
        )

    def __str__(self):
        return self.address

    @property
    def what_is_wrong(self):
        """In words, with what was seen, such as a status; empty where nothing is."""
        return " ".join(filter(None, (self.get_trouble_display(), self.trouble_detail)))

    def keep(self, **words):
        """Writes these columns and no other, since the rest may have moved on."""
        for name, value in words.items():
            setattr(self, name, value)
        self.clean_fields(exclude={field.name for field in self._meta.fields} - set(words))
        self.save(update_fields=list(words))
        return self
