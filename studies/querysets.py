"""Questions about many studies and publications."""

from django.db import models
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Window,
)
from django.db.models.functions import Coalesce, FirstValue

from studies.choices import NoticeKind, PublicationRole

DECIDING = (NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT)
LATEST = (F("noticed_on").desc(nulls_last=True), F("id").desc())


def related(queryset, name):
    """The model at the other end of this queryset's relation `name`."""
    return queryset.model._meta.get_field(name).related_model


def were_here(model, key):
    """Whether one of this key was here and was taken back, as undoing an import does."""
    return related(model.objects, "events").objects.filter(key=key).exists()


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
        latest = notices.order_by(*LATEST).values("kind")[:1]
        return self.annotate(deciding=Subquery(latest))

    def retracted(self):
        """Every entry of a retracted paper. Read from the notices, which are few, and not from all publications."""
        paper = Coalesce("publication__merged_into", "publication")
        latest = Window(FirstValue("kind"), partition_by=[paper], order_by=LATEST)
        notices = related(self, "notices").objects.filter(kind__in=DECIDING).order_by()
        fallen = notices.annotate(paper=paper, latest=latest).filter(latest=NoticeKind.RETRACTION)
        merged = self.model.objects.filter(merged_into__in=fallen.values("paper")).order_by()
        return self.filter(pk__in=fallen.values("paper").union(merged.values("pk"), all=True))

    def matching(self, words):
        """Those of a paper that any entry says these words about."""
        said = self.model.objects.filter(told(words) | Q(study__label__icontains=words))
        return self.filter(pk__in=said.order_by().values(paper=Coalesce("merged_into", "pk")))

    def studies(self):
        """The keys (`id`) of the studies that these report, as a subquery: of a merged study the one it is in now."""
        return self.order_by().values(standing=Coalesce("study__merged_into", "study"))


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
        fallen = self.papers().retracted().filter(role=PublicationRole.PRIMARY).studies()
        return self.annotate(has_fallen=ExpressionWrapper(Q(pk__in=fallen), output_field=BooleanField()))

    def papers(self):
        return related(self, "publications").objects

    def reported(self, *, since=None, until=None):
        """A report of it, or of one that was merged into it, is of these years, both included; None is no bound."""
        bounds = {"year__gte": since, "year__lte": until}
        given = {name: year for name, year in bounds.items() if year is not None}
        papers = self.papers().unmerged().filter(**given)
        merged = papers.filter(study__merged_into__isnull=False).studies()
        return self.filter(Exists(papers.filter(study=OuterRef("pk"))) | Q(pk__in=merged))

    def matching(self, words):
        """Found by what it says itself, by its reports, or by those of one that was merged into it."""
        described = self.model.objects.filter(
            Q(label__icontains=words) | Q(population_en__icontains=words) | Q(population_nl__icontains=words)
        )
        described = described.order_by().values(standing=Coalesce("merged_into", "pk"))
        return self.filter(pk__in=described.union(self.papers().filter(told(words)).studies(), all=True))


def told(words):
    """Said by a publication itself. A DOI is kept in small letters, so its index finds it."""
    return (
        Q(title__icontains=words) | Q(doi=words.lower()) | Q(pmid=words) | Q(container_title__icontains=words)
    )
