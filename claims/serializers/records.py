"""A claim: its card, its document, and both as they are served."""

from rest_framework import serializers

from claims.serializers.evidence import EvidenceSerializer
from claims.serializers.standing import StandingSerializer
from claims.serializers.terms import StrengthSerializer, Term, TopicEntrySerializer
from kb.lib.texts import Text


class AboutSerializer(serializers.Serializer):
    intervention = TopicEntrySerializer()
    direction = Term(allow_null=True)
    outcome = TopicEntrySerializer(allow_null=True)
    comparator = TopicEntrySerializer(allow_null=True)
    population = TopicEntrySerializer(allow_null=True)
    condition = TopicEntrySerializer(allow_null=True)
    population_words = Text(allow_null=True)
    comparator_words = Text(allow_null=True)


class CardRatingSerializer(serializers.Serializer):
    scheme = Term()
    evidence_state = Term()
    strength = StrengthSerializer(allow_null=True)
    verdict = Term()
    effect_size = Term()


class JudgementSerializer(serializers.Serializer):
    domain = Term()
    step = serializers.IntegerField(min_value=-2, max_value=2)
    reason = Text(allow_null=True)


class RatingSerializer(CardRatingSerializer):
    start = StrengthSerializer(allow_null=True)
    strength_in_people = StrengthSerializer(allow_null=True)
    override_reason = Text(allow_null=True)
    rationale = Text(allow_null=True)
    would_change = Text(allow_null=True)
    judgements = JudgementSerializer(many=True)


class TalliesSerializer(serializers.Serializer):
    supports = serializers.IntegerField()
    disputes = serializers.IntegerField()
    inconclusive = serializers.IntegerField()
    studies = serializers.IntegerField()
    counted = serializers.IntegerField()

    def get_fields(self):
        return super().get_fields() | {"no-difference": serializers.IntegerField()}


class LicenceSerializer(serializers.Serializer):
    data = serializers.CharField()
    url = serializers.URLField()


class ServedSerializer(serializers.Serializer):
    """What a document comes with when it is served: where it lives, and how it stands today."""

    permalink = serializers.URLField()
    standing = StandingSerializer()


class CardSerializer(serializers.Serializer):
    accession = serializers.CharField()
    version = serializers.IntegerField()
    path = serializers.CharField()
    slug = serializers.SlugField()
    kind = Term()
    statement = Text()
    plain_sentence = Text()
    summary = Text()
    about = AboutSerializer()
    topics = TopicEntrySerializer(many=True)
    rating = CardRatingSerializer()
    tallies = TalliesSerializer()
    searched_through = serializers.DateField()
    next_review_due = serializers.DateField()
    updated_at = serializers.DateTimeField()
    licence = LicenceSerializer()


class ClaimCardSerializer(ServedSerializer, CardSerializer):
    """What lists show of a claim."""


class SecondJudgementSerializer(serializers.Serializer):
    domain = Term()
    steps = serializers.ListField(
        child=serializers.IntegerField(), help_text="The first and the second rater's."
    )
    second_reason = Text(allow_null=True)


class AgreementSerializer(serializers.Serializer):
    same = serializers.IntegerField()
    of = serializers.IntegerField()
    kappa = serializers.FloatField(
        allow_null=True, help_text="Cohen's kappa with linear weights; null where undefined."
    )


class SecondRatingSerializer(serializers.Serializer):
    """What a second person judged without seeing the first judgements."""

    rated_by = serializers.CharField()
    strength = StrengthSerializer()
    agreement = AgreementSerializer()
    domains = SecondJudgementSerializer(many=True)
    outcome = Term(allow_null=True)
    note = Text(allow_null=True)


class ChangeSerializer(serializers.Serializer):
    kind = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class DocumentSerializer(CardSerializer):
    """What was written at publication; its bytes never change."""

    rating = RatingSerializer()
    caveats = Text(allow_null=True)
    evidence = EvidenceSerializer(many=True)
    rated_by = serializers.CharField()
    reviewed_by = serializers.CharField()
    reviewer_interests = serializers.CharField(
        allow_null=True, help_text="What the reviewer declared; null where none is on record."
    )
    second_rating = SecondRatingSerializer(allow_null=True)
    change = ChangeSerializer()


class ClaimSerializer(ServedSerializer, DocumentSerializer):
    """The document of a claim, with its standing."""
