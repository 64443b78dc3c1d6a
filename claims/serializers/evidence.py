"""A row of evidence, with its numbers and its quote."""

from rest_framework import serializers

from claims.serializers.terms import Term
from kb.lib.texts import Text


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
