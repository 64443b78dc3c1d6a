"""What a result says about how it was made, and why something was not pooled: a code for programs, a sentence for people."""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

NOTES = {
    "exact-correction": _("Hedges' g with the exact correction for small samples."),
    "approximate-correction": _("Hedges' g with the approximate correction for small samples."),
    "half-added": _("0.5 was added to every cell, because one was empty."),
    "paired": _("Paired data; the correlation between both measurements was taken to be %(correlation)s."),
    "clustered": _(
        "The variance was multiplied by %(factor)s, for clusters of %(size)s with an intraclass correlation of %(icc)s."
    ),
    "from-interval": _("The standard error was worked out from the %(level)s%% interval."),
    "from-p": _("The standard error was worked out from the p-value."),
    "lopsided": _("The estimate does not lie in the middle of its interval, as this method takes it to."),
    "arms-not-used": _(
        "The numbers per arm could not be used as they stand, so what the source prints of the effect was."
    ),
    "few-studies": _("With fewer than five studies the variance between them is hardly known."),
    "bound-to-its-error": _(
        "With this effect measure the test finds asymmetry too often, since the effect and its standard error move together."
    ),
}

REFUSALS = {
    "too-few": _("Pooling takes at least two studies."),
    "same-study-twice": _("%(study)s is there more than once, which counts the same people twice."),
    "merged-studies": _("%(studies)s are one study; counting each counts the same people twice."),
    "review-and-its-trials": _("%(review)s includes %(trials)s; counting both counts the same people twice."),
    "reviews-share-trials": _(
        "%(review)s and %(other)s both include %(trials)s; counting both counts the same people twice."
    ),
    "mixed-measures": _("These results are in different effect measures: %(measures)s."),
    "mixed-outcomes": _("These results measure different outcomes."),
    "trials-unknown": _(
        "%(review)s is a review whose trials are not listed here, so the same people may be counted twice."
    ),
    "randomised-and-not": _("Randomised and other studies are not pooled together."),
    "mixed-units": _("These results are in different units: %(units)s."),
    "not-poolable": _("There is no pooling numbers of this kind: %(measure)s."),
    "human-and-animal": _("People and animals are not pooled together."),
    "zero-variance": _("%(study)s has a variance of zero, so it would outweigh all other studies."),
    "no-spread": _("All studies give the same result, so this interval would have no width."),
    "no-contrast": _("Nobody or everybody had the outcome in both groups, so a ratio says nothing."),
    "fixed-effect": _("A fixed effect says nothing of the effect in a next study."),
    "too-few-to-predict": _("A prediction interval takes at least three studies."),
    "too-few-for-asymmetry": _("A test for asymmetry takes at least ten studies; here there are %(k)s."),
    "same-precision": _("All studies are equally precise, so asymmetry cannot be seen."),
    "one-group": _("Comparing groups takes at least two groups that can be pooled."),
}


@dataclass(frozen=True)
class Remark:
    """`values` fill the sentence; the sentence is in the language of whoever reads it."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    SENTENCES = MappingProxyType({})

    def __post_init__(self):
        if self.code not in self.SENTENCES:
            raise ValueError(f"There is no {type(self).__name__.lower()} called {self.code}.")

    @classmethod
    def of(cls, code, **values):
        return cls(code, tuple((name, str(value)) for name, value in values.items()))

    @property
    def sentence(self):
        template = str(self.SENTENCES[self.code])
        return template % dict(self.values) if self.values else template


class Note(Remark):
    """Said with a result: how a number came about, or what to beware of."""

    SENTENCES = MappingProxyType(NOTES)


class Refusal(Remark):
    """Given instead of a result: what was asked makes no sense, and why."""

    SENTENCES = MappingProxyType(REFUSALS)
