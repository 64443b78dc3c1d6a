"""What programs sign in with. (The counts of `kb.lib.throttle` are a table without a model.)"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

READ, WRITE = "read", "write"


class Token(AbstractAuthToken):
    """Kept as a hash: the token itself is shown once, to whom it was made for."""

    class Scope(models.TextChoices):
        READ = READ, _("Read")
        WRITE = WRITE, _("Read and write")

    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope)
    # Changes with the password: `get_session_auth_hash` of the owner when it was made.
    made_under = models.CharField(max_length=128, editable=False)

    objects = AuthTokenManager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created", "digest"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=[READ, WRITE]),
                name="token_scope_is_known",
                violation_error_message=_("A token may read, or read and write."),
            ),
            models.CheckConstraint(
                condition=models.Q(expiry__isnull=False),
                name="token_expires",
                violation_error_message=_("A token expires."),
            ),
        ]

    def __str__(self):
        return self.name
