"""The shape of claims, versions and topics in the API, for its description: the records themselves are documents."""

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from claims.choices import FeedKind
from studies.serializers import Bilingual, PageSerializer


class Text(Bilingual):
    """A text of a claim in both languages; with `lang` the one asked for, as a string."""


class TextInTheSchema(OpenApiSerializerExtension):
    target_class = Text

    def get_name(self, auto_schema, direction):
        return "Text"

    def map_serializer(self, auto_schema, direction):
        both = {"type": "object", "properties": {"en": {"type": "string"}, "nl": {"type": "string"}}}
        return {"oneOf": [both | {"required": ["en", "nl"]}, {"type": "string"}], "description": Text.__doc__}


class Term(serializers.Serializer):
    code = serializers.CharField()
    label = Text()


class StrengthSerializer(Term):
    value = serializers.IntegerField(min_value=1, max_value=4)
    status = serializers.CharField(
        help_text="The scheme's own word: very-low to high (GRADE), speculative to established (EBM+)."
    )
    words = Text()


class TopicEntrySerializer(serializers.Serializer):
    slug = serializers.SlugField()
    kind = Term()
    name = Text()


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


class EvidenceStudySerializer(serializers.Serializer):
    key = serializers.SlugField()
    label = serializers.CharField()
    design = Term()
    species = serializers.CharField()
    participants = serializers.IntegerField(allow_null=True)


class EvidencePublicationSerializer(serializers.Serializer):
    key = serializers.SlugField()
    reference = serializers.CharField(help_text="Vancouver style, plain text.")
    year = serializers.IntegerField(allow_null=True)
    doi = serializers.CharField(allow_null=True)
    pmid = serializers.CharField(allow_null=True)
    pmcid = serializers.CharField(allow_null=True)
    url = serializers.URLField(allow_null=True)


class EffectSerializer(serializers.Serializer):
    measure = Term(allow_null=True)
    label = Text(allow_null=True)
    estimate = serializers.FloatField(allow_null=True)
    ci_low = serializers.FloatField(allow_null=True)
    ci_high = serializers.FloatField(allow_null=True)
    ci_level = serializers.IntegerField()
    standard_error = serializers.FloatField(
        required=False,
        help_text="As printed; of a ratio that of its logarithm, of a correlation that of Fisher's z.",
    )
    unit = Text(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    p_text = serializers.CharField(allow_null=True)


class ArmSerializer(serializers.Serializer):
    n = serializers.IntegerField()
    mean = serializers.FloatField(required=False)
    sd = serializers.FloatField(required=False)
    se = serializers.FloatField(
        required=False, help_text="Of the mean, where no standard deviation is printed."
    )
    events = serializers.IntegerField(required=False)


class ArmsSerializer(serializers.Serializer):
    treated = ArmSerializer()
    control = ArmSerializer()


class DerivedSerializer(serializers.Serializer):
    """A number that we worked out from those that the source prints. It takes the place of none of them."""

    name = serializers.CharField(
        help_text="Where a source would print it: estimate, standard_error, ci_low and ci_high (of 95%), treated.sd, control.sd."
    )
    value = serializers.FloatField()
    scale = serializers.ChoiceField(
        ["logarithm", "fisher-z"],
        allow_null=True,
        help_text="What a standard error is of; null: the effect as printed.",
    )
    made_from = serializers.ChoiceField(["arms", "standard-error", "interval", "p"])
    formula = Term()
    source = serializers.CharField(help_text="Where the formula stands.")


class QuoteSerializer(serializers.Serializer):
    text = serializers.CharField()
    language = serializers.CharField(allow_null=True)
    role = Term()
    checked_on = serializers.DateField(
        help_text="When the machine saw these words in the text of the publication."
    )


class EvidenceSerializer(serializers.Serializer):
    study = EvidenceStudySerializer()
    publication = EvidencePublicationSerializer()
    direction = Term()
    directness = Term()
    outcome_measure = Text()
    finding = Text(allow_null=True)
    effect = EffectSerializer(allow_null=True)
    arms = ArmsSerializer(required=False, help_text="Numbers per arm, where the source prints them.")
    derived = DerivedSerializer(
        many=True,
        required=False,
        help_text="What follows from numbers per arm or a standard error; of every result it is under synthesis/.",
    )
    n = serializers.IntegerField(allow_null=True)
    locator = serializers.CharField(allow_null=True)
    counts_in_synthesis = serializers.BooleanField()
    note = Text(allow_null=True)
    risk_of_bias = Term(
        required=False, help_text="Of this result, where it is another than that of its study."
    )
    risk_of_bias_reason = Text(required=False)
    quote = QuoteSerializer(
        required=False,
        help_text="At most 25 words of the publication, where somebody quoted it; [...] stands where words are left out.",
    )
    is_secondary = serializers.BooleanField()
    verified_from = serializers.CharField(allow_null=True)


class TalliesSerializer(serializers.Serializer):
    supports = serializers.IntegerField()
    disputes = serializers.IntegerField()
    inconclusive = serializers.IntegerField()
    studies = serializers.IntegerField()
    counted = serializers.IntegerField()

    def get_fields(self):
        return super().get_fields() | {"no-difference": serializers.IntegerField()}


class NoticeEntrySerializer(serializers.Serializer):
    study = serializers.SlugField()
    publication = serializers.SlugField()
    kind = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    reasons = Text()
    notice_doi = serializers.CharField(allow_null=True)
    notice_pmid = serializers.CharField(allow_null=True)


class FallenTrialSerializer(serializers.Serializer):
    review = serializers.SlugField()
    trial = serializers.SlugField()
    label = serializers.CharField()


class StaleMarkSerializer(serializers.Serializer):
    reason = serializers.CharField()
    label = Text()
    object = serializers.CharField()
    detail = serializers.DictField(
        help_text="What it was and what it is, by field; or the publication or number that is new."
    )
    severity = serializers.IntegerField()
    since = serializers.DateTimeField()


class ClosedSerializer(serializers.Serializer):
    how = serializers.ChoiceField(["merged", "withdrawn"])
    into = serializers.CharField(
        required=False, help_text="The accession that answers now, of a merged claim."
    )
    at = serializers.DateTimeField(required=False)
    reason = Text(required=False)


class StandingSerializer(serializers.Serializer):
    """What changed under the record without a new version: retractions, open stale marks, merged or withdrawn."""

    under_review = serializers.BooleanField()
    closed = ClosedSerializer(allow_null=True)
    notices = NoticeEntrySerializer(many=True)
    fallen_studies = serializers.ListField(child=serializers.SlugField())
    fallen_trials = FallenTrialSerializer(many=True)
    stale_marks = StaleMarkSerializer(many=True)


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
    name = Bilingual()
    synonyms = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
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
