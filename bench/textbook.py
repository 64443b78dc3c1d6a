"""The API and the page as most would write them: model serializers and generic views over the tables, all prefetched."""

from functools import cache

import django_filters
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, pagination, serializers

from claims.models import Claim, ClaimVersion, Evidence, Judgement, Topic
from kb.urls import urlpatterns as house
from studies.models import Publication, Study


class TopicSerializer(serializers.ModelSerializer):
    class Meta:
        model = Topic
        fields = ("slug", "kind", "name_en", "name_nl")


class ClaimSerializer(serializers.ModelSerializer):
    topics = TopicSerializer(many=True)
    intervention = TopicSerializer()
    outcome = TopicSerializer()

    class Meta:
        model = Claim
        fields = ("accession", "slug", "kind", "direction", "intervention", "outcome", "topics")


class StudySerializer(serializers.ModelSerializer):
    class Meta:
        model = Study
        fields = ("key", "label", "design", "participants")


class PublicationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Publication
        fields = ("key", "title", "authors", "container_title", "year", "doi", "pmid")


class EvidenceSerializer(serializers.ModelSerializer):
    study = StudySerializer()
    publication = PublicationSerializer()

    class Meta:
        model = Evidence
        exclude = ("version",)


class JudgementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Judgement
        exclude = ("version",)


class CardSerializer(serializers.ModelSerializer):
    claim = ClaimSerializer()

    class Meta:
        model = ClaimVersion
        fields = (
            "number",
            "claim",
            "statement_en",
            "statement_nl",
            "summary_en",
            "summary_nl",
            "strength",
            "verdict",
        )


class VersionSerializer(CardSerializer):
    evidence = EvidenceSerializer(many=True)
    judgements = JudgementSerializer(many=True)

    class Meta(CardSerializer.Meta):
        fields = (*CardSerializer.Meta.fields, "evidence", "judgements")


class VersionFilter(django_filters.FilterSet):
    topic = django_filters.CharFilter(field_name="claim__topics__slug", distinct=True)
    kind = django_filters.CharFilter(field_name="claim__kind")
    q = django_filters.CharFilter(field_name="summary_en", lookup_expr="icontains")

    class Meta:
        model = ClaimVersion
        fields = {"strength": ["exact", "gte"], "verdict": ["exact"]}


class Pages(pagination.PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"


class VersionList(generics.ListAPIView):
    queryset = (
        ClaimVersion.objects.current()
        .select_related("claim__intervention", "claim__outcome")
        .prefetch_related("claim__topics")
        .order_by("-strength", "-id")
    )
    serializer_class = CardSerializer
    pagination_class = Pages
    filter_backends = (DjangoFilterBackend,)
    filterset_class = VersionFilter


class VersionDetail(generics.RetrieveAPIView):
    queryset = VersionList.queryset.prefetch_related("evidence__study", "evidence__publication", "judgements")
    serializer_class = VersionSerializer
    lookup_field = "claim__accession"
    lookup_url_kwarg = "accession"


PAGE = """
<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Claims</title></head><body><h1>Claims</h1>
<form>{{ form.as_p }}</form>
{% for name, rows in counts %}<h2>{{ name }}</h2><ul>{% for row in rows %}<li>{{ row.0 }} ({{ row.1 }})</li>{% endfor %}</ul>{% endfor %}
<p>{{ page.paginator.count }} claims</p>
{% for version in page %}<article><h3><a href="/claims/{{ version.claim.accession }}/">{{ version.statement_nl }}</a></h3>
<p>{{ version.get_strength_display }}, {{ version.get_verdict_display }}, {{ version.claim.get_kind_display }}</p>
<p>{{ version.claim.intervention.name_nl }}, {{ version.claim.outcome.name_nl }}</p>
<ul>{% for topic in version.claim.topics.all %}<li>{{ topic.name_nl }}</li>{% endfor %}</ul></article>{% endfor %}
</body></html>
"""


def version_page(request):
    found = VersionFilter(request.GET, VersionList.queryset)
    page = Paginator(found.qs, 25).get_page(request.GET.get("page"))
    rows = found.qs.order_by()
    counts = [
        (name, rows.values_list(column).annotate(Count("pk", distinct=True)).order_by(column))
        for name, column in (("Strength", "strength"), ("Verdict", "verdict"), ("Kind", "claim__kind"))
    ]
    context = {"page": page, "counts": counts, "form": found.form}
    return HttpResponse(template().render(context, request))


@cache
def template():
    return engines["django"].from_string(PAGE)


urlpatterns = [
    path("textbook/pages/", version_page),
    path("textbook/claims/", VersionList.as_view()),
    path("textbook/claims/<str:accession>/", VersionDetail.as_view()),
    *house,
]
