"""Questions about many studies and publications."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from studies.choices import NoticeKind, PublicationRole

DECIDING = (NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT)


def related(queryset, name):
    """The model at the other end of this queryset's relation `name`."""
    return queryset.model._meta.get_field(name).related_model


class PublicationQuerySet(models.QuerySet):
    def unmerged(self):
        return self.filter(merged_into=None)

    def with_notices(self):
        """Has what `all_notices` of the ones that stay gives at hand."""
        return self.prefetch_related("notices", "merged__notices")

    def with_standing(self):
        """Adds `deciding`: "retraction", "reinstatement" or None, of the paper, whichever of its entries was told so.

        A correction or a concern never hides an earlier retraction. A notice without a date counts as older.
        """
        entries = self.model.objects.filter(
            Q(pk=OuterRef(OuterRef("pk")))
            | Q(pk=OuterRef(OuterRef("merged_into")))
            | Q(merged_into=OuterRef(OuterRef("pk")))
            | Q(merged_into=OuterRef(OuterRef("merged_into")))
        )
        notices = related(self, "notices").objects.filter(
            publication__in=entries.order_by().values("pk"), kind__in=DECIDING
        )
        latest = notices.order_by(F("noticed_on").desc(nulls_last=True), "-id").values("kind")[:1]
        return self.annotate(deciding=Subquery(latest))

    def retracted(self):
        return self.with_standing().filter(deciding=NoticeKind.RETRACTION)

    def matching(self, words):
        """What says these words, or took in an entry that says them."""
        said = (
            Q(title__icontains=words)
            | Q(doi__iexact=words)
            | Q(pmid=words)
            | Q(container_title__icontains=words)
            | Q(study__label__icontains=words)
        )
        merged = self.model.objects.exclude(merged_into=None).filter(said)
        return self.filter(said | Q(pk__in=merged.order_by().values("merged_into")))


class StudyQuerySet(models.QuerySet):
    def unmerged(self):
        return self.filter(merged_into=None)

    def with_reports(self):
        """Has what `reports` gives at hand, each with what later happened to it."""
        papers = related(self, "publications").objects.unmerged().with_notices().order_by("key")
        return self.prefetch_related(
            Prefetch("publications", papers), Prefetch("merged__publications", papers)
        )

    def with_assessments(self):
        """Has what `assessments` gives at hand."""
        parts = ("bias_assessments__judgements", "bias_assessments__assessed_by")
        return self.prefetch_related(*parts, *(f"merged__{part}" for part in parts))

    def with_standing(self):
        """Adds `has_fallen`: the main report of the study, or of one that was merged into it, is retracted."""
        primary = (
            related(self, "publications")
            .objects.retracted()
            .filter(
                Q(study=OuterRef("pk")) | Q(study__merged_into=OuterRef("pk")), role=PublicationRole.PRIMARY
            )
        )
        return self.annotate(has_fallen=Exists(primary))

    def matching(self, words):
        reports = related(self, "publications").objects.matching(words)
        told = reports.filter(study=OuterRef("pk"))
        of_merged = reports.exclude(study__merged_into=None).order_by().values("study__merged_into")
        return self.filter(
            Q(label__icontains=words)
            | Q(population_en__icontains=words)
            | Q(population_nl__icontains=words)
            | Exists(told)
            | Q(pk__in=of_merged)
        )
