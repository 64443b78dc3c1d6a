"""One study's bearing on one version of a claim."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.arms import TOO_MANY, UNKNOWN, problems_of
from claims.choices import Directness, EffectMeasure, EvidenceDirection, QuoteRole
from claims.models.version import ClaimVersion, prose
from claims.quoting import PARTS, SIZE
from claims.synthesis.contradictions import (
    ERROR_ABOVE_ZERO,
    ERROR_FITS,
    ERROR_OF_AN_ESTIMATE,
    INTERVAL_RUNS,
    RATIO_ABOVE_ZERO,
    contradictions_of,
)
from claims.synthesis.numbers import Reported
from claims.triggers import (
    changed_quote_is_unchecked,
    part_of_an_open_version,
    publication_reports_the_study,
)
from kb.lib.history import track
from studies.choices import RiskOfBias
from studies.models import Publication, Study

OWN_RISK_NEEDS_REASON = _(
    "A risk of bias of its own has a reason in both languages, and no reason stands without it."
)
QUOTE_SIZE = _("A quote has 3 to 25 words, and 2 or more on either side of [...], where words are left out.")
QUOTE_NEEDS_ROLE = _("A quote says what it is in its source, and no role stands without a quote.")
RATIOS = (EffectMeasure.RR, EffectMeasure.OR, EffectMeasure.HR)


PRINTED = ("measure", "estimate", "ci_low", "ci_high", "ci_level", "standard_error", "p_value", "p_text")


def figure(words, **options):
    """A number as its source prints it; ten digits, six of them behind the point."""
    return models.DecimalField(words, max_digits=16, decimal_places=6, null=True, blank=True, **options)


def said(arm, name, sentence):
    return f"{arm}.{name}: {sentence}" if arm else sentence


@track
class Evidence(models.Model):
    version = models.ForeignKey(
        ClaimVersion, models.CASCADE, related_name="evidence", verbose_name=_("version")
    )
    position = models.IntegerField(_("position"), default=0)
    study = models.ForeignKey(Study, models.PROTECT, related_name="evidence", verbose_name=_("study"))
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="evidence", verbose_name=_("reported in")
    )
    direction = models.CharField(_("direction"), max_length=16, choices=EvidenceDirection)
    directness = models.CharField(
        _("directness"), max_length=20, choices=Directness, default=Directness.DIRECT
    )
    outcome_measure_en = models.CharField(_("outcome measured (English)"), max_length=300)
    outcome_measure_nl = models.CharField(_("outcome measured (Dutch)"), max_length=300)
    finding_en = prose(_("finding (English)"))
    finding_nl = prose(_("finding (Dutch)"))
    measure = models.CharField(
        _("effect measure"), max_length=12, choices=EffectMeasure, blank=True, default=""
    )
    measure_label_en = models.CharField(
        _("what the number is (English)"), max_length=200, blank=True, default=""
    )
    measure_label_nl = models.CharField(
        _("what the number is (Dutch)"), max_length=200, blank=True, default=""
    )
    estimate = figure(_("estimate"))
    ci_low = figure(_("interval from"))
    ci_high = figure(_("interval to"))
    ci_level = models.IntegerField(_("interval level (%)"), default=95)
    standard_error = figure(
        _("standard error"),
        help_text=_("Of a ratio that of its logarithm, of a correlation that of Fisher’s z."),
    )
    unit_en = models.CharField(_("unit (English)"), max_length=120, blank=True, default="")
    unit_nl = models.CharField(_("unit (Dutch)"), max_length=120, blank=True, default="")
    p_value = models.FloatField("p", null=True, blank=True)
    p_text = models.CharField(_("p as printed"), max_length=60, blank=True, default="")
    arms = models.JSONField(_("numbers per arm"), null=True, blank=True)
    n = models.IntegerField("n", null=True, blank=True)
    locator = models.CharField(_("where in the source"), max_length=300, blank=True, default="")
    counts_in_synthesis = models.BooleanField(_("counts in the synthesis"), default=True)
    note_en = prose(_("warning (English)"))
    note_nl = prose(_("warning (Dutch)"))
    risk_of_bias = models.CharField(
        _("risk of bias of this result"),
        max_length=16,
        choices=RiskOfBias,
        blank=True,
        default="",
        help_text=_("Only where it is another than that of the study."),
    )
    risk_of_bias_reason_en = prose(_("why it is another than that of the study (English)"))
    risk_of_bias_reason_nl = prose(_("why it is another than that of the study (Dutch)"))
    quote = models.CharField(
        _("quote"),
        max_length=400,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "At most 25 words, exactly as the publication has them; [...] where you leave words out."
        ),
    )
    quote_role = models.CharField(
        _("what the quote is there"), max_length=12, choices=QuoteRole, blank=True, default="", db_default=""
    )
    quote_checked_on = models.DateField(
        _("quote checked on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the machine saw these words in the text of the publication."),
    )
    verified_from = models.CharField(_("seen at"), max_length=500, blank=True, default="")
    is_secondary = models.BooleanField(
        _("secondary source"),
        default=False,
        help_text=_("Seen on a page about the study, not in its own report."),
    )

    class Meta:
        ordering = ("version", "position", "id")
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        triggers = (
            part_of_an_open_version("evidence_of_an_open_version"),
            publication_reports_the_study(),
            changed_quote_is_unchecked(),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("version", "study", "outcome_measure_en"),
                name="evidence_once_per_outcome",
                violation_error_message=_("This study already has a row for this outcome."),
            ),
            models.CheckConstraint(
                condition=(Q(ci_low__isnull=True) | Q(estimate__isnull=True) | Q(ci_low__lte=F("estimate")))
                & (Q(ci_high__isnull=True) | Q(estimate__isnull=True) | Q(ci_high__gte=F("estimate")))
                & (Q(ci_low__isnull=True) | Q(ci_high__isnull=True) | Q(ci_low__lte=F("ci_high"))),
                name="evidence_interval_holds_the_estimate",
                violation_error_message=INTERVAL_RUNS,
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=RATIOS)
                | (
                    (Q(estimate__isnull=True) | Q(estimate__gt=0))
                    & (Q(ci_low__isnull=True) | Q(ci_low__gt=0))
                    & (Q(ci_high__isnull=True) | Q(ci_high__gt=0))
                ),
                name="evidence_ratio_above_zero",
                violation_error_message=RATIO_ABOVE_ZERO,
            ),
            models.CheckConstraint(
                condition=~Q(measure=EffectMeasure.R)
                | Q(estimate__isnull=True)
                | Q(estimate__gte=-1, estimate__lte=1),
                name="evidence_correlation_within_one",
                violation_error_message=_("A correlation lies between -1 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(estimate__isnull=True, ci_low__isnull=True, ci_high__isnull=True)
                | ~Q(measure=""),
                name="evidence_number_has_a_measure",
                violation_error_message=_("A number says which effect measure it is."),
            ),
            models.CheckConstraint(
                condition=Q(standard_error__isnull=True) | Q(standard_error__gt=0),
                name="evidence_standard_error_above_zero",
                violation_error_message=ERROR_ABOVE_ZERO,
            ),
            models.CheckConstraint(
                condition=Q(standard_error__isnull=True) | Q(estimate__isnull=False),
                name="evidence_standard_error_of_an_estimate",
                violation_error_message=ERROR_OF_AN_ESTIMATE,
            ),
            models.CheckConstraint(
                # Gross errors alone: half the interval is one to ten standard errors. `contradictions_of` looks closer.
                condition=models.Func(
                    *map(F, ("measure", "estimate", "ci_low", "ci_high", "ci_level", "standard_error")),
                    function="claims_error_fits_interval",
                    output_field=models.BooleanField(),
                ),
                name="evidence_standard_error_fits_its_interval",
                violation_error_message=ERROR_FITS,
            ),
            models.CheckConstraint(
                condition=Q(arms__isnull=True) | Q(arms__has_keys=["treated", "control"]),
                name="evidence_numbers_of_two_arms",
                violation_error_message=UNKNOWN,
            ),
            models.CheckConstraint(
                condition=(
                    Q(arms__treated__events__isnull=True)
                    | Q(arms__treated__events__lte=F("arms__treated__n"))
                )
                & (
                    Q(arms__control__events__isnull=True)
                    | Q(arms__control__events__lte=F("arms__control__n"))
                ),
                name="evidence_no_more_events_than_people",
                violation_error_message=TOO_MANY,
            ),
            models.CheckConstraint(
                condition=Q(p_value__isnull=True) | Q(p_value__gte=0, p_value__lte=1),
                name="evidence_p_between_zero_and_one",
                violation_error_message=_("p lies between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(n__gte=0) | Q(n__isnull=True),
                name="evidence_n_not_negative",
                violation_error_message=_("The number of people cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(ci_level__gt=0, ci_level__lt=100),
                name="evidence_interval_level",
                violation_error_message=_("The level of an interval lies between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(risk_of_bias="", risk_of_bias_reason_en="", risk_of_bias_reason_nl="")
                | Q(risk_of_bias__in=RiskOfBias.values)
                & ~Q(risk_of_bias_reason_en="")
                & ~Q(risk_of_bias_reason_nl=""),
                name="evidence_own_risk_of_bias_has_a_reason",
                violation_error_message=OWN_RISK_NEEDS_REASON,
            ),
            models.CheckConstraint(
                condition=Q(quote="") | Q(quote__regex=SIZE) & Q(quote__regex=PARTS),
                name="evidence_quote_is_short",
                violation_error_message=QUOTE_SIZE,
            ),
            models.CheckConstraint(
                condition=Q(quote="", quote_role="", quote_checked_on=None)
                | ~Q(quote="") & Q(quote_role__in=QuoteRole.values),
                name="evidence_quote_has_a_role",
                violation_error_message=QUOTE_NEEDS_ROLE,
            ),
            models.CheckConstraint(
                condition=(
                    Q(direction__in=EvidenceDirection.values)
                    & Q(directness__in=Directness.values)
                    & Q(measure__in=["", *EffectMeasure.values])
                ),
                name="evidence_words_are_known",
                violation_error_message=_("This is not a direction, directness or measure we know."),
            ),
        )

    def __str__(self):
        return f"{self.study_id}: {self.outcome_measure_en}"

    @property
    def numbers(self):
        """The effect as its source prints it: those of estimate and interval that are there."""
        return [each for each in (self.estimate, self.ci_low, self.ci_high) if each is not None]

    @property
    def rests_on_a_result(self):
        """Whether it may count: its result was quoted, or was seen somewhere; beside a quote of something else, as a number."""
        if self.quote and self.quote_role == QuoteRole.RESULT:
            return True
        has_number = self.numbers or self.p_value is not None or self.p_text or self.arms
        return bool(self.verified_from and (has_number or not self.quote))

    def clean_fields(self, exclude=None):
        """Also what no single field shows: numbers that cannot stand together, and numbers per arm that cannot be."""
        super().clean_fields(exclude=exclude)
        excluded = set(exclude or ())
        found = {}
        if excluded.isdisjoint(PRINTED):
            found = {
                name: ValidationError(problem.sentence, code=problem.rule)
                for name, problem in contradictions_of(Reported.by(self)).items()
            }
        problems = {} if "arms" in excluded else problems_of(self.arms, self.measure)
        if problems:
            found["arms"] = [said(*place, sentence) for place, sentence in problems.items()]
        if found:
            raise ValidationError(found)
