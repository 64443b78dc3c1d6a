"""A text in the wild, the places in it that make a claim, and the sources it names. Its sentences are not stored."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import Attribution, CitationState, Hedge
from claims.models.claim import Claim
from claims.models.version import prose
from kb.lib.history import track
from studies.models import Study

SHA256 = r"^[0-9a-f]{64}$"


def digest(words, **options):
    return models.CharField(words, max_length=64, **options)


@track
class Article(models.Model):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=120)
    language = models.CharField(_("language"), max_length=8)
    url = models.URLField(_("address"), max_length=500, unique=True)
    accessed_on = models.DateField(_("read on"), null=True, blank=True)
    sha256 = digest(_("hash of the text"))

    class Meta:
        ordering = ("slug",)
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = (
            models.CheckConstraint(
                condition=Q(sha256__regex=SHA256),
                name="article_hash_is_sha256",
                violation_error_message=_("A hash is 64 hexadecimal digits."),
            ),
        )

    def __str__(self):
        return self.title

    def natural_key(self):
        return (self.slug,)


@track
class ArticleCitation(models.Model):
    """A source the article names, and what was found of it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="citations", verbose_name=_("article"))
    number = models.IntegerField(_("number"))
    named_en = models.CharField(_("what it names (English)"), max_length=300)
    named_nl = models.CharField(_("what it names (Dutch)"), max_length=300)
    state = models.CharField(_("found"), max_length=20, choices=CitationState)
    study = models.ForeignKey(Study, models.PROTECT, null=True, blank=True, related_name="named_in")
    assessment_en = prose(_("what was found (English)"))
    assessment_nl = prose(_("what was found (Dutch)"))

    class Meta:
        ordering = ("article", "number")
        verbose_name = _("named source")
        verbose_name_plural = _("named sources")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "number"),
                name="citation_number_once",
                violation_error_message=_("This article already has a source with this number."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=CitationState.values),
                name="citation_state_is_known",
                violation_error_message=_("This is not a state we know."),
            ),
        )

    def __str__(self):
        return f"{self.article_id} {self.number}"


@track
class Mention(models.Model):
    """A place in an article that makes a claim, found again by its position, its hash and its neighbours' hashes."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="mentions", verbose_name=_("article"))
    number = models.IntegerField(_("number"))
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="mentions", verbose_name=_("claim")
    )
    says_en = models.CharField(_("what it says, in our words (English)"), max_length=400)
    says_nl = models.CharField(_("what it says, in our words (Dutch)"), max_length=400)
    start = models.IntegerField(_("from character"))
    end = models.IntegerField(_("to character"))
    sha256 = digest(_("hash"))
    before_sha256 = digest(_("hash before"), blank=True, default="")
    after_sha256 = digest(_("hash after"), blank=True, default="")
    hedge = models.CharField(_("how firmly"), max_length=12, choices=Hedge)
    attribution = models.CharField(_("source named"), max_length=16, choices=Attribution)
    citation = models.ForeignKey(
        ArticleCitation, models.PROTECT, null=True, blank=True, related_name="mentions"
    )

    class Meta:
        ordering = ("article", "number")
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "number"),
                name="mention_number_once",
                violation_error_message=_("This article already has a mention with this number."),
            ),
            models.CheckConstraint(
                condition=Q(start__gte=0) & Q(end__gt=F("start")),
                name="mention_place_runs_forward",
                violation_error_message=_("A place runs from a first character to a later one."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=SHA256)
                & (Q(before_sha256="") | Q(before_sha256__regex=SHA256))
                & (Q(after_sha256="") | Q(after_sha256__regex=SHA256)),
                name="mention_hash_is_sha256",
                violation_error_message=_("A hash is 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(hedge__in=Hedge.values) & Q(attribution__in=Attribution.values),
                name="mention_words_are_known",
                violation_error_message=_("This is not a firmness or attribution we know."),
            ),
        )

    def __str__(self):
        return f"{self.article_id} {self.number}"
