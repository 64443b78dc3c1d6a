"""A topic is a concept (SKOS): what claims are about, with the words readers use for it in both languages."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.choices import TopicKind
from claims.querysets import TopicQuerySet
from claims.triggers import topic_has_no_cycle
from kb.lib.history import track


def words_of(language):
    return ArrayField(models.CharField(max_length=120), verbose_name=language, blank=True, default=list)


@track
class Topic(models.Model):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=TopicKind)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_nl = models.CharField(_("name (Dutch)"), max_length=120)
    phrase_en = models.CharField(
        _("inside a sentence (English)"),
        max_length=160,
        help_text=_("Such as: the time it takes to fall asleep"),
    )
    phrase_nl = models.CharField(
        _("inside a sentence (Dutch)"), max_length=160, help_text=_("Such as: the severity of insomnia")
    )
    is_plural_en = models.BooleanField(_("plural (English)"), default=False)
    is_plural_nl = models.BooleanField(_("plural (Dutch)"), default=False)
    verbs = models.JSONField(
        _("verbs"),
        default=dict,
        blank=True,
        help_text=_("Verbs that fit this outcome better than raise and lower, by direction and language."),
    )
    synonyms_en = words_of(_("synonyms (English)"))
    synonyms_nl = words_of(_("synonyms (Dutch)"))
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("broader topic"),
    )
    mesh_id = models.CharField("MeSH", max_length=12, blank=True, default="")
    wikidata_id = models.CharField("Wikidata", max_length=16, blank=True, default="")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        triggers = (topic_has_no_cycle(),)
        indexes = (GinIndex(fields=("synonyms_en", "synonyms_nl"), name="topic_synonyms"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=TopicKind.values),
                name="topic_kind_is_known",
                violation_error_message=_("This is not a kind of topic we know."),
            ),
            models.CheckConstraint(
                condition=~Q(broader=F("id")),
                name="topic_not_broader_than_itself",
                violation_error_message=_("A topic cannot be broader than itself."),
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_nl="") & ~Q(phrase_en="") & ~Q(phrase_nl=""),
                name="topic_named_in_both_languages",
                violation_error_message=_("A topic has a name and a phrase in both languages."),
            ),
        )

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_nl if get_language() == "nl" else self.name_en

    @property
    def synonyms(self):
        return self.synonyms_nl if get_language() == "nl" else self.synonyms_en

    def natural_key(self):
        return (self.slug,)


class TopicReach(models.Model):
    """From each topic to itself and to every topic below it, to any depth: a view that the database works out."""

    id = models.BigIntegerField(primary_key=True)
    topic = models.ForeignKey(Topic, models.DO_NOTHING, related_name="reaches")
    narrower = models.ForeignKey(Topic, models.DO_NOTHING, related_name="reached_from")

    class Meta:
        managed = False
        db_table = "claims_topicreach"

    def __str__(self):
        return f"{self.topic_id} > {self.narrower_id}"
