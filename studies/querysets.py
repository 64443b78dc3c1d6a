"""Questions about many studies and publications."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from studies.choices import NoticeKind, PublicationRole

DECIDING = (NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT)


def related(queryset, name):
    """The model at the other end of this queryset's relation `name`."""
    return queryset.model._meta.get_field(name).related_model


class PublicationQuerySet(models.QuerySet):
    def with_standing(self):
        """Adds `deciding`: "retraction", "reinstatement" or None.

        A correction or a concern never hides an earlier retraction. A notice without a date counts as older.
        """
        notices = related(self, "notices").objects.filter(publication=OuterRef("pk"), kind__in=DECIDING)
        latest = notices.order_by(F("noticed_on").desc(nulls_last=True), "-id").values("kind")[:1]
        return self.annotate(deciding=Subquery(latest))

    def retracted(self):
        return self.with_standing().filter(deciding=NoticeKind.RETRACTION)

    def matching(self, words):
        return self.filter(
            Q(title__icontains=words)
            | Q(doi__iexact=words)
            | Q(pmid=words)
            | Q(container_title__icontains=words)
            | Q(study__label__icontains=words)
        )


class StudyQuerySet(models.QuerySet):
    def unmerged(self):
        return self.filter(merged_into=None)

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
        told = related(self, "publications").objects.filter(study=OuterRef("pk")).matching(words)
        return self.filter(
            Q(label__icontains=words)
            | Q(population_en__icontains=words)
            | Q(population_nl__icontains=words)
            | Exists(told)
        )
