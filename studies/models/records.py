"""A study is a piece of research, and a review names those it includes.

Nothing here knows of claims. Every rule of this room is kept by the database, with the sentence a person reads.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from kb.lib.history import track
from studies.choices import Design, RiskOfBias
from studies.querysets import StudyQuerySet
from studies.triggers import (
    merged_study_is_read_only,
    merges_into_a_standing_study,
    study_stays_with_what_its_papers_went_up_in,
)


def in_letters(*columns):
    """Each column for an index by its trigrams, in the form in which `icontains` asks for them."""
    return [OpClass(Upper(column), name="gin_trgm_ops") for column in columns]


def prose(words):
    """Free text in one language; its twin in the other stands beside it."""
    return models.TextField(words, blank=True, default="")


@track
class Study(models.Model):
    """One piece of research, which one or more publications report."""

    key = models.SlugField(
        _("key"), max_length=80, unique=True, help_text=_("Name in files and URLs, such as abbasi-2012.")
    )
    label = models.CharField(_("label"), max_length=120, help_text=_("Short name, such as Abbasi 2012."))
    design = models.CharField(_("design"), max_length=24, choices=Design)
    species = models.CharField(_("species"), max_length=80, blank=True, default="human")
    participants = models.IntegerField(_("participants"), null=True, blank=True)
    population_en = prose(_("population (English)"))
    population_nl = prose(_("population (Dutch)"))
    country = models.CharField(_("country"), max_length=120, blank=True, default="")
    intervention_en = prose(_("intervention (English)"))
    intervention_nl = prose(_("intervention (Dutch)"))
    comparator_en = prose(_("comparator (English)"))
    comparator_nl = prose(_("comparator (Dutch)"))
    dose_mg = models.DecimalField(
        _("dose in mg a day"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    duration_weeks = models.DecimalField(
        _("duration in weeks"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    registry_ids = ArrayField(
        models.CharField(max_length=40), verbose_name=_("registry numbers"), blank=True, default=list
    )
    funding_en = prose(_("funding (English)"))
    funding_nl = prose(_("funding (Dutch)"))
    risk_of_bias_tool = models.CharField(_("risk of bias: tool"), max_length=120, blank=True, default="")
    risk_of_bias = models.CharField(
        _("risk of bias"), max_length=16, choices=RiskOfBias, blank=True, default=""
    )
    risk_of_bias_notes_en = prose(_("risk of bias: notes (English)"))
    risk_of_bias_notes_nl = prose(_("risk of bias: notes (Dutch)"))
    includes = models.ManyToManyField(
        "self", through="ReviewInclusion", symmetrical=False, related_name="included_in"
    )
    verified_from = ArrayField(models.CharField(max_length=500), blank=True, default=list)
    unverified_fields = ArrayField(models.TextField(), blank=True, default=list)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_reason = models.TextField(_("why it was merged"), blank=True, default="")
    merge_changed = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder, help_text=_("What merging changed in the other.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ("label", "key")
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        triggers = (
            merges_into_a_standing_study(),
            merged_study_is_read_only(),
            study_stays_with_what_its_papers_went_up_in(),
        )
        indexes = (
            models.Index("label", "key", condition=Q(merged_into=None), name="study_listed"),
            models.Index(
                "design", "label", "key", condition=Q(merged_into=None), name="study_listed_by_design"
            ),
            models.Index("merged_into", condition=Q(merged_into__isnull=False), name="study_merged"),
            GinIndex(
                *in_letters("label", "population_en", "population_nl"), name="study_words", fastupdate=False
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")) | Q(merged_into__isnull=True),
                name="study_not_merged_into_itself",
                violation_error_message=_("A study cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_reason="")
                | (Q(merged_into__isnull=False) & ~Q(merged_reason="")),
                name="study_merged_with_a_reason",
                violation_error_message=_("A study is merged with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(design__in=Design.values),
                name="study_design_is_known",
                violation_error_message=_("This is not a study design we know."),
            ),
            models.CheckConstraint(
                condition=Q(participants__gte=0) | Q(participants__isnull=True),
                name="study_participants_not_negative",
                violation_error_message=_("The number of participants cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(duration_weeks__gt=0) | Q(duration_weeks__isnull=True),
                name="study_duration_above_zero",
                violation_error_message=_("A duration is longer than zero weeks."),
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0) | Q(dose_mg__isnull=True),
                name="study_dose_above_zero",
                violation_error_message=_("A dose is more than zero milligrams."),
            ),
            models.CheckConstraint(
                condition=Q(risk_of_bias__in=["", *RiskOfBias.values]),
                name="study_risk_of_bias_is_known",
                violation_error_message=_("This is not a risk of bias we know."),
            ),
        )

    def __str__(self):
        return self.label

    @property
    def reports(self):
        """Its publications, and those of the studies that were merged into it; of one paper the one that stays."""
        return [
            paper
            for study in (self, *self.merged.all())
            for paper in study.publications.all()
            if paper.merged_into_id is None
        ]

    @property
    def assessments(self):
        """Its risk of bias as judged by domain, and that of the studies that were merged into it."""
        return [found for study in (self, *self.merged.all()) for found in study.bias_assessments.all()]

    @property
    def leads_to(self):
        """The study it was merged into, or itself."""
        return self.merged_into or self

    def natural_key(self):
        return (self.key,)


@track
class ReviewInclusion(models.Model):
    """A review includes this trial; so a trial that falls reaches the review and what rests on it."""

    review = models.ForeignKey(Study, models.PROTECT, related_name="inclusions")
    trial = models.ForeignKey(Study, models.PROTECT, related_name="inclusions_in")
    basis = models.TextField(_("how we know"), blank=True, default="")

    class Meta:
        ordering = ("review", "trial")
        verbose_name = _("trial in a review")
        verbose_name_plural = _("trials in reviews")
        constraints = (
            models.UniqueConstraint(
                fields=("review", "trial"),
                name="review_includes_trial_once",
                violation_error_message=_("This review already lists this trial."),
            ),
            models.CheckConstraint(
                condition=~Q(review=F("trial")),
                name="review_does_not_include_itself",
                violation_error_message=_("A review cannot include itself."),
            ),
        )

    def __str__(self):
        return f"{self.review} > {self.trial}"
