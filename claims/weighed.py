"""A weighed claim as the API serves it: its shape, for the description, and its record."""

from django.utils.translation import override
from rest_framework import serializers

from claims.choices import EffectMeasure, EvidenceDirection
from claims.documents import LANGUAGES, labels, strength_entry, term
from claims.formats.derived import entry_of
from claims.pools import WHY_LEFT_OUT
from claims.serializers import DerivedSerializer, StrengthSerializer, Term
from claims.synthesis import Pooled, Prediction, printed_scale
from claims.weighing import ENDINGS
from kb.lib.texts import Text


class AsPublishedSerializer(serializers.Serializer):
    strength = StrengthSerializer(allow_null=True)
    plain_sentence = Text()


class SuggestedStepSerializer(serializers.Serializer):
    domain = Term()
    published = serializers.IntegerField(min_value=-2, max_value=2)
    suggested = serializers.IntegerField(
        min_value=-2,
        max_value=0,
        allow_null=True,
        help_text="null where the numbers do not speak of the domain.",
    )
    reasons = Term(many=True)


class ResultSerializer(serializers.Serializer):
    study = serializers.SlugField()
    label = serializers.CharField()
    direction = Term()
    measure = Term(allow_null=True)
    unit = Text(allow_null=True)
    outcome = Text()
    estimate = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(
        allow_null=True,
        help_text="On the pooled scale: the logarithm of a ratio, Fisher's z of a correlation.",
    )
    variance = serializers.FloatField(allow_null=True)
    made_from = serializers.ChoiceField(["arms", "standard-error", "interval", "p"], allow_null=True)
    derived = DerivedSerializer(many=True, help_text="Every number here that its source does not print.")
    left_out = Term(allow_null=True)


class LimitsSerializer(serializers.Serializer):
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class WeightSerializer(serializers.Serializer):
    study = serializers.SlugField()
    percent = serializers.FloatField()


class PooledSerializer(LimitsSerializer):
    estimate = serializers.FloatField(allow_null=True)
    p = serializers.FloatField()
    k = serializers.IntegerField()
    q = serializers.FloatField()
    i2 = serializers.FloatField(help_text="Per cent.")
    tau2 = serializers.FloatField(allow_null=True)
    prediction = LimitsSerializer(allow_null=True)
    weights = WeightSerializer(many=True)


class PoolSerializer(serializers.Serializer):
    measure = Term()
    unit = Text(allow_null=True)
    outcome = Text(allow_null=True)
    studies = serializers.ListField(child=serializers.SlugField())
    pooled = PooledSerializer(allow_null=True)
    refused = Term(allow_null=True, help_text="Why these results were not pooled.")


class WeighedSerializer(serializers.Serializer):
    ending = Term(help_text="rated, or why no rating follows.")
    strength = StrengthSerializer(allow_null=True)
    plain_sentence = Text(allow_null=True)
    studies = serializers.IntegerField()
    counted = serializers.IntegerField()
    tally = serializers.DictField(child=serializers.IntegerField())
    steps = SuggestedStepSerializer(many=True)
    pools = PoolSerializer(many=True)
    results = ResultSerializer(many=True)


class SynthesisSerializer(serializers.Serializer):
    """A preview of what the numbers suggest. Nothing in it changes the published rating."""

    accession = serializers.CharField()
    version = serializers.IntegerField()
    without = serializers.ListField(child=serializers.SlugField())
    estimator = Term()
    interval = Term()
    published = AsPublishedSerializer()
    with_every_study = WeighedSerializer()
    left = WeighedSerializer(help_text="Without the studies left out.")


def synthesis_record(version, document, choice, whole, left):
    """`whole` and `left` are the claim weighed with every study, and without those of the choice."""
    return {
        "accession": document["accession"],
        "version": version.number,
        "without": sorted(choice.without),
        "estimator": term(choice.estimator),
        "interval": term(choice.interval),
        "published": {
            "strength": document["rating"]["strength"],
            "plain_sentence": document["plain_sentence"],
        },
        "with_every_study": weighed_record(whole),
        "left": weighed_record(left),
    }


def weighed_record(weighed):
    return {
        "ending": named(weighed.ending, ENDINGS),
        "strength": strength_entry(weighed.scheme, weighed.strength),
        "plain_sentence": weighed.sentence,
        "studies": weighed.studies,
        "counted": weighed.counted,
        "tally": weighed.tally,
        "steps": [step_record(step) for step in weighed.steps],
        "pools": [pool_record(scale, pool) for scale in weighed.scales for pool in scale.pools],
        "results": [result_record(result) for result in weighed.results],
    }


def step_record(step):
    return {
        "domain": term(step.domain),
        "published": step.published,
        "suggested": step.suggested,
        "reasons": [remark(reason) for reason in step.reasons],
    }


def pool_record(scale, pool):
    is_pooled = isinstance(pool.pooled, Pooled)
    return {
        "measure": term(EffectMeasure(scale.measure)),
        "unit": pair(scale.unit),
        "outcome": pair(pool.outcome),
        "studies": [result.study for result in pool.results],
        "pooled": pooled_record(pool.pooled) if is_pooled else None,
        "refused": None if is_pooled else remark(pool.pooled),
    }


def pooled_record(pooled):
    estimate, low, high = pooled.printed
    found, prediction = pooled.heterogeneity, pooled.prediction
    ends = (
        [printed_scale(pooled.measure, end) for end in (prediction.low, prediction.high)]
        if isinstance(prediction, Prediction)
        else None
    )
    return {
        "low": low,
        "high": high,
        "estimate": estimate,
        "p": pooled.p,
        "k": pooled.k,
        "q": found.q,
        "i2": found.i2,
        "tau2": found.tau2,
        "prediction": ends and dict(zip(("low", "high"), ends, strict=True)),
        "weights": [{"study": weight.study, "percent": weight.percent} for weight in pooled.weights],
    }


def result_record(result):
    effect = result.effect
    return {
        "study": result.study,
        "label": result.label,
        "direction": term(EvidenceDirection(result.direction)),
        "measure": term(EffectMeasure(result.measure)) if result.measure else None,
        "unit": pair(result.unit),
        "outcome": pair(result.outcome),
        "estimate": effect and effect.printed,
        "value": effect and effect.value,
        "variance": effect and effect.variance,
        "made_from": result.made_from or None,
        "derived": [entry_of(each) for each in result.derived],
        "left_out": named(result.left_out, WHY_LEFT_OUT) if result.left_out else None,
    }


def pair(words):
    return dict(zip(LANGUAGES, words, strict=True)) if words and any(words) else None


def named(code, known):
    return {"code": code, "label": labels(known[code])}


def remark(made):
    """A reason or a refusal, with its sentence in both languages."""
    sentences = {}
    for language in LANGUAGES:
        with override(language):
            sentences[language] = made.sentence
    return {"code": made.code, "label": sentences}
