"""The shape of studies and publications in the API."""

from django.conf import settings
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from kb.lib.texts import Text
from studies.models import BiasAssessment, DomainJudgement, IntegrityNotice, Publication, Study

LICENCE = "CC-BY-4.0"


def both(name):
    """A field made of two columns, as a Text."""

    class Both(serializers.Field):
        def to_representation(self, thing):
            return {language: getattr(thing, f"{name}_{language}") for language in ("en", "nl")}

    return extend_schema_field(Text)(Both)(source="*", read_only=True)


class NoticeSerializer(serializers.ModelSerializer):
    reasons = both("reasons")

    class Meta:
        model = IntegrityNotice
        fields = ("kind", "noticed_on", "reasons", "notice_doi", "notice_pmid", "source")


class PublicationSerializer(serializers.ModelSerializer):
    study = serializers.CharField(source="study.key")
    notices = NoticeSerializer(source="all_notices", many=True)
    is_retracted = serializers.SerializerMethodField()
    permalink = serializers.SerializerMethodField()
    licence = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "key", "permalink", "study", "role", "csl_type", "title", "title_is_verified", "authors", "container_title",
            "year", "volume", "issue", "pages", "language", "url", "doi", "pmid", "pmcid", "is_retracted", "notices",
            "updated_at", "licence",
        )  # fmt: skip

    def get_is_retracted(self, publication) -> bool:
        return publication.is_retracted

    def get_permalink(self, publication) -> str:
        return f"{settings.SITE_URL}/studies/{publication.study.key}/#{publication.key}"

    def get_licence(self, publication) -> str:
        return LICENCE


class DomainJudgementSerializer(serializers.ModelSerializer):
    domain = serializers.SerializerMethodField(help_text="A domain of the tool; see docs/risk-of-bias.md.")
    reason = both("reason")

    class Meta:
        model = DomainJudgement
        fields = ("domain", "judgement", "reason")

    def get_domain(self, row) -> str:
        return row.code


class BiasAssessmentSerializer(serializers.ModelSerializer):
    """A study's risk of bias judged with one tool, domain by domain."""

    study = serializers.CharField(
        source="study.key", help_text="Another key where that study was merged into this one."
    )
    outcome = serializers.CharField(help_text="What it is about; empty for the whole study.")
    suggested = serializers.CharField(
        help_text="The overall that the rule of the tool gives; empty for none."
    )
    overall = serializers.CharField(help_text="In the words of the tool; empty for none.")
    reason = both("reason")
    assessed_by = serializers.SerializerMethodField()
    domains = DomainJudgementSerializer(source="judgements", many=True)

    class Meta:
        model = BiasAssessment
        fields = (
            "study",
            "tool",
            "outcome",
            "suggested",
            "overall",
            "reason",
            "assessed_on",
            "assessed_by",
            "domains",
        )

    def get_assessed_by(self, assessment) -> str:
        return assessment.assessed_by.get_full_name() or assessment.assessed_by.get_username()


class StudySerializer(serializers.ModelSerializer):
    population = both("population")
    intervention = both("intervention")
    comparator = both("comparator")
    funding = both("funding")
    risk_of_bias_notes = both("risk_of_bias_notes")
    risk_of_bias_assessments = BiasAssessmentSerializer(source="assessments", many=True, read_only=True)
    publications = PublicationSerializer(source="reports", many=True)
    includes = serializers.SerializerMethodField()
    has_fallen = serializers.BooleanField(read_only=True)
    permalink = serializers.SerializerMethodField()
    licence = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = (
            "key", "permalink", "label", "design", "species", "participants", "population", "country", "intervention",
            "comparator", "dose_mg", "duration_weeks", "registry_ids", "funding", "risk_of_bias_tool", "risk_of_bias",
            "risk_of_bias_notes", "risk_of_bias_assessments", "includes", "has_fallen", "publications", "verified_from", "unverified_fields",
            "updated_at", "licence",
        )  # fmt: skip

    def get_includes(self, study) -> list[str]:
        return [inclusion.trial.key for inclusion in study.inclusions.all()]

    def get_permalink(self, study) -> str:
        return f"{settings.SITE_URL}/studies/{study.key}/"

    def get_licence(self, study) -> str:
        return LICENCE


@extend_schema_serializer(many=False)
class PageSerializer(serializers.Serializer):
    count = serializers.IntegerField(allow_null=True, help_text="Of all pages; null on a walk with cursor.")
    page = serializers.IntegerField(allow_null=True, help_text="Null on a walk with cursor.")
    page_size = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class StudyListSerializer(PageSerializer):
    results = StudySerializer(many=True)


class PublicationListSerializer(PageSerializer):
    results = PublicationSerializer(many=True)
