"""What a program sent under a key of its own, so that sending it again is not doing it again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentRequest(models.Model):
    """A write that was acknowledged, and its answer. Kept for a day; a refused write leaves none."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    key = models.CharField(_("key"), max_length=200)
    sha256 = models.CharField(_("hash of the address and the body"), max_length=64)
    status = models.IntegerField(_("status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    answer = models.TextField(_("answer"), default="")
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("sent request")
        verbose_name_plural = _("sent requests")
        indexes = (models.Index(fields=("sent_at",), name="sent_request_by_age"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "key"),
                name="sent_request_key_once",
                violation_error_message=_("This key was used already."),
            ),
        )

    def __str__(self):
        return f"{self.person_id}: {self.key}"
