"""A publication is a paper about a study. One paper may have several entries here, which were merged into one."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kb.lib.history import track
from studies.choices import CslType, NoticeKind, PublicationRole
from studies.identifiers import InvalidIdentifier, normalise_doi, normalise_pmcid, normalise_pmid
from studies.models.records import Study, in_letters
from studies.querysets import DECIDING, PublicationQuerySet
from studies.triggers import (
    merged_publication_is_read_only,
    merges_into_a_standing_publication,
    publication_stays_with_what_went_up_in_it,
)


def check_normalised(value, normalise):
    """Refuses an identifier that is none, or is not in the one form that we keep."""
    try:
        kept = normalise(value)
    except InvalidIdentifier as error:
        raise ValidationError(str(error)) from error
    if kept != value:
        raise ValidationError(_("Write it as %(kept)s.") % {"kept": kept})


def validate_doi(value):
    check_normalised(value, normalise_doi)


def validate_pmid(value):
    check_normalised(value, normalise_pmid)


def validate_pmcid(value):
    check_normalised(value, normalise_pmcid)


@track
class Publication(models.Model):
    """One citable paper, page or opinion about a study."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    study = models.ForeignKey(Study, models.PROTECT, related_name="publications", verbose_name=_("study"))
    role = models.CharField(
        _("role"), max_length=12, choices=PublicationRole, default=PublicationRole.PRIMARY
    )
    csl_type = models.CharField(_("type"), max_length=24, choices=CslType, default=CslType.ARTICLE_JOURNAL)
    title = models.TextField(_("title"))
    title_is_verified = models.BooleanField(
        _("title seen"), default=True, help_text=_("Off where the exact title was never seen.")
    )
    authors = models.JSONField(_("authors"), default=list, blank=True, help_text=_("CSL names, as a list."))
    container_title = models.CharField(_("journal or site"), max_length=300, blank=True, default="")
    year = models.IntegerField(_("year"), null=True, blank=True)
    volume = models.CharField(_("volume"), max_length=40, blank=True, default="")
    issue = models.CharField(_("issue"), max_length=40, blank=True, default="")
    pages = models.CharField(_("pages"), max_length=60, blank=True, default="")
    language = models.CharField(_("language"), max_length=8, blank=True, default="en")
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    doi = models.CharField("DOI", max_length=210, null=True, blank=True, validators=[validate_doi])  # noqa: DJ001 (unique where given)
    pmid = models.CharField("PMID", max_length=9, null=True, blank=True, validators=[validate_pmid])  # noqa: DJ001
    pmcid = models.CharField("PMCID", max_length=12, null=True, blank=True, validators=[validate_pmcid])  # noqa: DJ001
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    merged_reason = models.TextField(_("why it was merged"), blank=True, default="")
    merge_changed = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder, help_text=_("What merging changed in the other.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        triggers = (
            merges_into_a_standing_publication(),
            publication_stays_with_what_went_up_in_it(),
            merged_publication_is_read_only(),
        )
        indexes = (
            GinIndex(
                fields=("title",),
                name="publication_title_alike",
                opclasses=("gin_trgm_ops",),
                fastupdate=False,
            ),
            GinIndex(*in_letters("title", "container_title"), name="publication_words", fastupdate=False),
            models.Index("study", "year", name="publication_of_study_in_year"),
            models.Index("year", "study", name="publication_in_year"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("doi",),
                name="publication_doi_unique",
                violation_error_message=_("Another publication has this DOI."),
            ),
            models.UniqueConstraint(
                fields=("pmid",),
                name="publication_pmid_unique",
                violation_error_message=_("Another publication has this PMID."),
            ),
            models.UniqueConstraint(
                fields=("pmcid",),
                name="publication_pmcid_unique",
                violation_error_message=_("Another publication has this PMCID."),
            ),
            models.UniqueConstraint(
                fields=("study",),
                condition=Q(role=PublicationRole.PRIMARY, merged_into__isnull=True),
                name="study_has_one_primary_publication",
                violation_error_message=_("This study already has a main report."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")) | Q(merged_into__isnull=True),
                name="publication_not_merged_into_itself",
                violation_error_message=_("A publication cannot be merged into itself."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_reason="")
                | (Q(merged_into__isnull=False) & ~Q(merged_reason="")),
                name="publication_merged_with_a_reason",
                violation_error_message=_("A publication is merged with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(doi__regex=r"^10\.[0-9]{4,9}/[^[:space:][:upper:]]+$") | Q(doi__isnull=True),
                name="publication_doi_normalised",
                violation_error_message=_(
                    "A DOI starts with 10., in lower case, without an address before it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(pmid__regex=r"^[1-9][0-9]{0,8}$") | Q(pmid__isnull=True),
                name="publication_pmid_normalised",
                violation_error_message=_("A PMID is a whole number of at most nine digits."),
            ),
            models.CheckConstraint(
                condition=Q(pmcid__regex=r"^PMC[1-9][0-9]{0,8}$") | Q(pmcid__isnull=True),
                name="publication_pmcid_normalised",
                violation_error_message=_("A PMCID is PMC and a whole number."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=PublicationRole.values),
                name="publication_role_is_known",
                violation_error_message=_("This is not a role we know."),
            ),
        )

    def __str__(self):
        return self.title

    @property
    def is_retracted(self):
        """Whether the latest retraction or reinstatement is a retraction."""
        deciding = [notice.kind for notice in self.all_notices if notice.kind in DECIDING]
        return bool(deciding) and deciding[-1] == NoticeKind.RETRACTION

    @property
    def leads_to(self):
        """The publication it was merged into, or itself."""
        return self.merged_into or self

    @property
    def entries(self):
        """All that stand for the same paper, the one that stays first."""
        return [self.leads_to, *self.leads_to.merged.all()]

    @property
    def all_notices(self):
        """What later happened to the paper, oldest first, whichever of its entries it was recorded at."""
        found = [notice for entry in self.entries for notice in entry.notices.all()]
        return sorted(found, key=lambda notice: (notice.noticed_on or date.min, notice.pk))

    def natural_key(self):
        return (self.key,)
