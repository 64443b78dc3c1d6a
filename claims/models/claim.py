"""The identity of a claim, for ever: what it is about and the accession it answers to. What we say is in its versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import ClaimDirection, ClaimKind, LegalStatus
from claims.models.topic import Topic
from claims.querysets import ClaimQuerySet
from claims.triggers import (
    accession_comes_from_the_sequence,
    claim_keeps_its_identity,
    claim_merges_into_a_standing_one,
    claim_with_accession_stays,
)
from kb.lib.history import track


def part(words, name, **options):
    """A topic in one of the roles of PICO."""
    return models.ForeignKey(
        Topic, models.PROTECT, related_name=f"as_{name}", verbose_name=words, null=True, blank=True, **options
    )


@track
class Claim(models.Model):
    accession = models.CharField(
        _("accession"), max_length=12, unique=True, null=True, blank=True, editable=False
    )
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=ClaimKind)
    intervention = models.ForeignKey(
        Topic, models.PROTECT, related_name="as_intervention", verbose_name=_("intervention or exposure")
    )
    outcome = part(_("outcome"), "outcome")
    comparator = part(_("comparator"), "comparator")
    population = part(_("population"), "population")
    condition = part(_("condition"), "condition")
    direction = models.CharField(  # noqa: DJ001 (a norm has no direction)
        _("direction"), max_length=16, choices=ClaimDirection, null=True, blank=True
    )
    topics = models.ManyToManyField(Topic, related_name="claims", verbose_name=_("topics"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason_en = models.TextField(_("reason of withdrawal (English)"), blank=True, default="")
    withdrawn_reason_nl = models.TextField(_("reason of withdrawal (Dutch)"), blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("accession", "slug")
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        triggers = (
            claim_keeps_its_identity(),
            accession_comes_from_the_sequence(),
            claim_with_accession_stays(),
            claim_merges_into_a_standing_one(),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(accession__regex=r"^KB(?!0+$)([0-9]{6}|[1-9][0-9]{6,})$")
                | Q(accession__isnull=True),
                name="claim_accession_form",
                violation_error_message=_("An accession is KB and at least six digits."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ClaimKind.values),
                name="claim_kind_is_known",
                violation_error_message=_("This is not a kind of claim we know."),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=ClaimDirection.values) | Q(direction__isnull=True),
                name="claim_direction_is_known",
                violation_error_message=_("This is not a direction we know."),
            ),
            models.CheckConstraint(
                condition=Q(direction__isnull=False) | Q(kind__in=(ClaimKind.INTAKE, ClaimKind.DIAGNOSIS)),
                name="claim_has_a_direction",
                violation_error_message=_("Only claims about intake or diagnosis have no direction."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | (~Q(withdrawn_reason_en="") & ~Q(withdrawn_reason_nl="")),
                name="claim_withdrawn_with_a_reason",
                violation_error_message=_("A withdrawal gives its reason in both languages."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")),
                name="claim_not_merged_into_itself",
                violation_error_message=_("A claim cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(withdrawn_at__isnull=True),
                name="claim_closed_one_way",
                violation_error_message=_("A claim is merged or withdrawn, not both."),
            ),
            models.UniqueConstraint(
                fields=(
                    "kind",
                    "intervention",
                    "outcome",
                    "comparator",
                    "population",
                    "condition",
                    "direction",
                ),
                condition=Q(merged_into__isnull=True, withdrawn_at__isnull=True, direction__isnull=False),
                nulls_distinct=False,
                name="claim_stated_once",
                violation_error_message=_("There is already a claim about exactly this."),
            ),
        )
        permissions = (
            ("edit_draft", _("Write drafts and submit them")),
            ("review_version", _("Review and publish what somebody else wrote")),
        )

    def __str__(self):
        return f"{self.accession or _('draft')} {self.slug}"

    def natural_key(self):
        return (self.slug,)


@track
class RegulatoryStatus(models.Model):
    """The claim before the law of one jurisdiction."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="statuses", verbose_name=_("claim"))
    jurisdiction = models.CharField(_("jurisdiction"), max_length=8, default="EU")
    status = models.CharField(_("status"), max_length=12, choices=LegalStatus)
    wording_en = models.TextField(_("wording (English)"), blank=True, default="")
    wording_nl = models.TextField(_("wording (Dutch)"), blank=True, default="")
    caveat_en = models.TextField(_("caveat (English)"), blank=True, default="")
    caveat_nl = models.TextField(_("caveat (Dutch)"), blank=True, default="")
    reference = models.ForeignKey(
        "studies.Publication", models.PROTECT, null=True, blank=True, related_name="statuses"
    )

    class Meta:
        ordering = ("claim", "jurisdiction")
        verbose_name = _("regulatory status")
        verbose_name_plural = _("regulatory statuses")
        constraints = (
            models.UniqueConstraint(
                fields=("claim", "jurisdiction"),
                name="status_once_per_jurisdiction",
                violation_error_message=_("This claim already has a status there."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=LegalStatus.values),
                name="status_is_known",
                violation_error_message=_("This is not a status we know."),
            ),
        )

    def __str__(self):
        return f"{self.claim_id} {self.jurisdiction}: {self.status}"
