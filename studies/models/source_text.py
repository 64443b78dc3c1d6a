"""What an editor pasted of a publication, so that the machine can see whether a quote or a number stands in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from studies.models.publication import Publication

LONGEST_TEXT = 400_000  # characters; a long paper has a fifth of it

models.TextField.register_lookup(Length)


class SourceText(models.Model):
    """Somebody else's words: no page, feed, export, history or release holds them, and a base loaded elsewhere has none."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, related_name="source_text", verbose_name=_("publication")
    )
    text = models.TextField(_("text"))
    pasted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("pasted by")
    )
    pasted_at = models.DateTimeField(_("pasted at"))

    class Meta:
        ordering = ("publication",)
        verbose_name = _("pasted text")
        verbose_name_plural = _("pasted texts")
        constraints = (
            models.CheckConstraint(
                condition=Q(text__length__gt=0, text__length__lte=LONGEST_TEXT),
                name="source_text_of_a_readable_length",
                violation_error_message=_("A pasted text has at most 400,000 characters, and is not empty."),
            ),
        )

    def __str__(self):
        return str(self.publication_id)
