"""What we say about a claim at one moment: its words, its rating and, once published, its document."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.choices import (
    ChangeKind,
    EffectSize,
    EvidenceState,
    Scheme,
    Strength,
    Verdict,
    VersionState,
)
from claims.models.claim import Claim
from claims.models.topic import Topic
from claims.querysets import VersionQuerySet
from claims.triggers import (
    published_version_is_immutable,
    published_version_stays,
    reviewer_wrote_none_of_it,
    version_counts_its_revisions,
    version_follows_the_diagram,
    version_follows_the_published_one,
    version_in_review_is_frozen,
    version_keeps_claim_and_author,
    version_rated_by_its_rules,
    version_remembers_its_ground,
    version_rests_on_results,
    version_starts_as_draft,
)
from kb.lib.history import track

PUBLIC = (VersionState.PUBLISHED, VersionState.SUPERSEDED)
OPEN = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED)

NOT_FOUND_YET = (EvidenceState.NONE_FOUND, EvidenceState.NOT_SEARCHED)


def prose(words):
    return models.TextField(words, blank=True, default="")


@track(exclude=("document", "card", "ground"))
class ClaimVersion(models.Model):
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="versions", verbose_name=_("claim"))
    number = models.IntegerField(_("number"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=VersionState, default=VersionState.DRAFT)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="drafts", editable=False
    )

    statement_en = prose(_("statement (English)"))
    statement_nl = prose(_("statement (Dutch)"))
    summary_en = prose(_("summary (English)"))
    summary_nl = prose(_("summary (Dutch)"))
    population_en = prose(_("population (English)"))
    population_nl = prose(_("population (Dutch)"))
    comparator_en = prose(_("compared with (English)"))
    comparator_nl = prose(_("compared with (Dutch)"))
    caveats_en = prose(_("limits (English)"))
    caveats_nl = prose(_("limits (Dutch)"))

    scheme = models.CharField(_("scheme"), max_length=12, choices=Scheme, default=Scheme.GRADE)
    evidence_state = models.CharField(
        _("evidence"), max_length=16, choices=EvidenceState, default=EvidenceState.FOUND
    )
    start = models.IntegerField(
        _("starting level"),
        choices=((Strength.HIGH, _("High: randomised trials")), (Strength.LOW, _("Low: other studies"))),
        null=True,
        blank=True,
    )
    strength = models.IntegerField(_("strength"), choices=Strength, null=True, blank=True)
    strength_in_people = models.IntegerField(
        _("in people who take it"),
        choices=Strength,
        null=True,
        blank=True,
        help_text=_("Mechanisms only: how well shown in people, rated apart."),
    )
    override_reason_en = prose(_("why another strength than the steps give (English)"))
    override_reason_nl = prose(_("why another strength than the steps give (Dutch)"))
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict, default=Verdict.INSUFFICIENT)
    effect_size = models.CharField(
        _("size of the effect"), max_length=12, choices=EffectSize, default=EffectSize.UNKNOWN
    )
    rationale_en = prose(_("why this rating (English)"))
    rationale_nl = prose(_("why this rating (Dutch)"))
    would_change_en = prose(_("what would change it (English)"))
    would_change_nl = prose(_("what would change it (Dutch)"))
    searched_through = models.DateField(_("searched through"), null=True, blank=True)
    next_review_due = models.DateField(_("next review due"), null=True, blank=True)

    change_kind = models.CharField(
        _("what changed"), max_length=20, choices=ChangeKind, blank=True, default="", editable=False
    )
    change_note = models.TextField(_("note on the change"), blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="versions_written", verbose_name=_("author")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions_reviewed",
        verbose_name=_("reviewer"),
    )
    reviewer_interests = models.TextField(
        _("interests the reviewer declared"), blank=True, default="", editable=False
    )
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        blank=True,
        editable=False,
        verbose_name=_("who wrote in it"),
    )
    topics = models.ManyToManyField(
        Topic, related_name="versions", blank=True, editable=False, verbose_name=_("topics when published")
    )
    revision = models.BigIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    document = models.TextField(blank=True, default="", editable=False)
    card = models.TextField(blank=True, default="", editable=False)
    document_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, default="", editable=False)
    ground = models.JSONField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("claim", F("number").asc(nulls_last=True))
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        triggers = (
            version_starts_as_draft(),
            version_follows_the_diagram(),
            version_rated_by_its_rules(),
            version_follows_the_published_one(),
            version_in_review_is_frozen(),
            version_counts_its_revisions(),
            version_remembers_its_ground(),
            version_rests_on_results(),
            reviewer_wrote_none_of_it(),
            version_keeps_claim_and_author(),
            published_version_is_immutable(),
            published_version_stays(),
        )
        indexes = (
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(state=VersionState.PUBLISHED),
                name="version_published_newest",
            ),
            models.Index(
                F("strength").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(state=VersionState.PUBLISHED),
                name="version_published_strongest",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(state=VersionState.PUBLISHED),
                name="claim_has_one_published_version",
                violation_error_message=_("This claim already has a published version."),
            ),
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(state__in=OPEN),
                name="claim_has_one_open_draft",
                violation_error_message=_("This claim already has an open draft."),
            ),
            models.UniqueConstraint(
                fields=("claim", "number"),
                name="version_number_once",
                violation_error_message=_("This claim already has a version with this number."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values),
                name="version_state_is_known",
                violation_error_message=_("This is not a state we know."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) | Q(number__isnull=True),
                name="version_number_from_one",
                violation_error_message=_("Version numbers start at one."),
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("author")),
                name="version_reviewer_is_not_the_author",
                violation_error_message=_("Nobody publishes their own work."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC)
                | (
                    Q(
                        number__isnull=False,
                        reviewer__isnull=False,
                        published_at__isnull=False,
                        searched_through__isnull=False,
                        next_review_due__isnull=False,
                    )
                    & ~Q(statement_en="")
                    & ~Q(statement_nl="")
                    & ~Q(summary_en="")
                    & ~Q(summary_nl="")
                    & ~Q(document="")
                    & ~Q(change_kind="")
                ),
                name="version_published_in_full",
                violation_error_message=_(
                    "A published version has a reviewer, both languages, the date searched through and the next review."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=PUBLIC)
                | Q(number__isnull=True, published_at__isnull=True, document=""),
                name="version_unpublished_has_no_number",
                violation_error_message=_("Only a published version has a number and a document."),
            ),
            models.CheckConstraint(
                condition=(Q(state=VersionState.SUPERSEDED) & Q(superseded_at__isnull=False))
                | (~Q(state=VersionState.SUPERSEDED) & Q(superseded_at__isnull=True)),
                name="version_superseded_has_its_moment",
                violation_error_message=_("A superseded version has the moment it was superseded."),
            ),
            models.CheckConstraint(
                condition=Q(next_review_due__isnull=True)
                | Q(searched_through__isnull=True)
                | Q(next_review_due__gt=F("searched_through")),
                name="version_review_due_after_search",
                violation_error_message=_("The next review is due after the date searched through."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(scheme__in=Scheme.values)
                    & Q(evidence_state__in=EvidenceState.values)
                    & Q(verdict__in=Verdict.values)
                    & Q(effect_size__in=EffectSize.values)
                    & Q(change_kind__in=["", *ChangeKind.values])
                ),
                name="version_words_are_known",
                violation_error_message=_("This is not a scheme, verdict or size we know."),
            ),
            models.CheckConstraint(
                condition=(Q(strength__in=Strength.values) | Q(strength__isnull=True))
                & (Q(strength_in_people__in=Strength.values) | Q(strength_in_people__isnull=True)),
                name="version_strength_on_the_scale",
                violation_error_message=_("Strength runs from 1 (very low) to 4 (high)."),
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state__in=PUBLIC)
                    | Q(strength__isnull=False)
                    | Q(evidence_state__in=NOT_FOUND_YET)
                    | Q(scheme=Scheme.NONE)
                ),
                name="version_strength_empty_only_without_evidence",
                violation_error_message=_(
                    "Only a claim without evidence, or a reference value, has no strength."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(evidence_state=EvidenceState.FOUND) & ~Q(scheme=Scheme.NONE))
                | Q(strength__isnull=True),
                name="version_no_evidence_no_strength",
                violation_error_message=_(
                    "Without evidence, or for a reference value, there is no strength."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(scheme=Scheme.GRADE, strength__isnull=False) | Q(start__isnull=False),
                name="version_grade_has_a_start",
                violation_error_message=_("A GRADE rating has a starting level."),
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True)
                | (Q(scheme=Scheme.GRADE) & Q(start__in=(Strength.LOW, Strength.HIGH))),
                name="version_start_is_high_or_low",
                violation_error_message=_("GRADE starts at high or at low; EBM+ has no start."),
            ),
            models.CheckConstraint(
                condition=Q(strength_in_people__isnull=True) | Q(scheme=Scheme.EBM_PLUS),
                name="version_in_people_only_for_mechanisms",
                violation_error_message=_("Only a mechanism is rated apart for people."),
            ),
        )

    def __str__(self):
        return self.permanent_name

    @property
    def permanent_name(self):
        """KB000012.3 once published; until then the slug and the state."""
        if self.number:
            return f"{self.claim.accession}.{self.number}"
        return f"{self.claim.slug} ({self.get_state_display()})"

    @property
    def is_public(self):
        return self.state in PUBLIC

    @property
    def is_editable(self):
        return self.state in (VersionState.DRAFT, VersionState.CHANGES_REQUESTED)
