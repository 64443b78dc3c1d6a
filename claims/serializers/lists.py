"""Lists of claims, versions, topics and changes."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from claims.choices import FeedKind
from claims.serializers.evidence import EvidenceSerializer
from claims.serializers.records import (
    CardRatingSerializer,
    ChangeSerializer,
    ClaimCardSerializer,
    DocumentSerializer,
    JudgementSerializer,
)
from claims.serializers.standing import StandingSerializer
from kb.lib.texts import Text, Texts
from studies.serializers import PageSerializer


class ListedRatingSerializer(CardRatingSerializer):
    judgements = JudgementSerializer(many=True, required=False, help_text="With include=judgements.")


class ListedClaimSerializer(ClaimCardSerializer):
    """The card of a claim; with include=document the whole record."""

    rating = ListedRatingSerializer()
    evidence = EvidenceSerializer(many=True, required=False, help_text="With include=evidence.")


class ClaimListSerializer(PageSerializer):
    missing = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Of the accessions that were asked for, those that no standing claim has.",
    )
    searched_for = serializers.CharField(
        required=False,
        help_text="What was looked for, where that had to be something else than the words of `q`.",
    )
    count_at_least = serializers.BooleanField(
        required=False,
        help_text="With `q`, where there are more matches than `count`: the strongest were ranked; `cursor` walks all of them.",
    )
    results = ListedClaimSerializer(many=True)


class VersionEntrySerializer(serializers.Serializer):
    accession = serializers.CharField()
    version = serializers.IntegerField()
    permalink = serializers.URLField()
    state = serializers.CharField()
    strength = serializers.IntegerField(allow_null=True)
    verdict = serializers.CharField()
    change = ChangeSerializer()
    published_at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.CharField()
    document = serializers.URLField(help_text="The bytes that sha256 is of; they never change.")
    licence = serializers.CharField()


@extend_schema_serializer(many=False)
class VersionListSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    results = VersionEntrySerializer(many=True)


class TopicSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    permalink = serializers.URLField()
    kind = serializers.CharField()
    name = Text()
    synonyms = Texts()
    broader = serializers.SlugField(allow_null=True)
    mesh_id = serializers.CharField(allow_null=True)
    wikidata_id = serializers.CharField(allow_null=True)
    claims = serializers.IntegerField()
    licence = serializers.CharField()


class TopicListSerializer(PageSerializer):
    results = TopicSerializer(many=True)


class FeedEntrySerializer(serializers.Serializer):
    seq = serializers.IntegerField(min_value=1)
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(FeedKind.values)
    accession = serializers.CharField()
    version = serializers.IntegerField()
    permalink = serializers.URLField()
    sha256 = serializers.CharField(help_text="Of the version's document.")
    strength = serializers.IntegerField(allow_null=True)
    verdict = serializers.CharField()
    standing = StandingSerializer(help_text="How the claim stands after this change.")
    document = DocumentSerializer(
        required=False, help_text="With include=document, where a version was published."
    )


@extend_schema_serializer(many=False)
class FeedSerializer(serializers.Serializer):
    since = serializers.IntegerField(min_value=0)
    latest = serializers.IntegerField(min_value=0, help_text="The last number given out.")
    next = serializers.URLField(allow_null=True)
    results = FeedEntrySerializer(many=True)
