"""Clauses in English and Dutch: who does what to which outcome, as a main clause and after "whether" or "that".

A clause is said in one of these senses: yes, large, small, hardly, no, indeed (yes, though it was denied), whether.
Dutch puts its verb elsewhere in a main clause than after "of" or "dat", and so needs two patterns where English needs one.
"""

from dataclasses import dataclass

from claims.choices import ClaimDirection, Strength

# What a predicate turns into when hardly anything was seen. Not listed: needed, sign and reliable, which are so or not.
HARDLY = {
    "acts": "difference",
    "affects": "difference",
    "difference": "difference",
    "associated": "association",
    "shift": "association",
    "effect": "effect",
    "linked": "linked",
}
RISK_DIRECTIONS = (ClaimDirection.INCREASES, ClaimDirection.DECREASES, ClaimDirection.NO_DIFFERENCE)


def squeeze(*words):
    return " ".join(" ".join(words).split())


@dataclass(frozen=True)
class Clause:
    """The parts of one clause. `predicate` is a key of the tables below; `is_harm` says the outcome is a risk."""

    predicate: str
    direction: str | None
    subject: str
    is_plural: bool
    outcome: str | None
    population: str | None
    comparator: str | None
    verb: tuple[str, str] | None
    is_harm: bool

    def about(self):
        """The outcome and whom it is seen in, such as "the risk of diarrhoea in older adults"."""
        outcome = self.outcome or ""
        if self.is_risk():
            outcome = f"{self.risk} {outcome}"
        return squeeze(outcome, f"{self.preposition} {self.population}" if self.population else "")

    def is_risk(self):
        starts = (self.outcome or "").lower().startswith(self.risk_words)
        return bool(
            self.is_harm
            and self.outcome
            and not self.verb
            and self.direction in RISK_DIRECTIONS
            and not starts
        )

    def compared(self, clause):
        return f"{clause}, {self.compared_with} {self.comparator}" if self.comparator else clause


class EnglishClause(Clause):
    preposition = "in"
    compared_with = "compared with"
    risk = "the risk of"
    risk_words = ("the risk", "risk", "the chance", "the number")
    verbs = {
        ClaimDirection.INCREASES: ("increases", "increase"),
        ClaimDirection.DECREASES: ("reduces", "reduce"),
        ClaimDirection.IMPROVES: ("improves", "improve"),
        ClaimDirection.WORSENS: ("worsens", "worsen"),
    }
    nouns = {
        ClaimDirection.INCREASES: "increase in",
        ClaimDirection.DECREASES: "reduction in",
        ClaimDirection.IMPROVES: "improvement in",
        ClaimDirection.WORSENS: "worsening of",
    }
    predicates = {
        "associated": ("is", "be", "{how} associated with {about}"),
        "association": ("has", "have", "{how} association with {about}"),
        "shift": ("is", "be", "associated with {how} {noun} {about}"),
        "needed": ("is", "be", "needed for {about}"),
        "sign": ("is", "be", "a reliable sign of {about}"),
        "reliable": ("is", "be", "reliable {about}"),
        "difference": ("makes", "make", "{how} difference to {about}"),
        "effect": ("has", "have", "{how} effect {about}"),
        "linked": ("shows", "show", "{how} association {about}"),
    }
    hows = {
        "associated": {"yes": "", "large": "strongly", "small": "weakly"},
        "shift": {"large": "a large", "small": "a small"},
        "effect": {"yes": "an", "large": "a large", "small": "a small"},
        "linked": {"yes": "an", "large": "a strong", "small": "a weak"},
    }

    def main(self, sense, strength=Strength.HIGH):
        singular, base, rest = self.parts(sense)
        words = squeeze(self.verb_group(singular, base, strength, is_denied=sense == "no"), rest)
        return self.compared(squeeze(self.subject, words))

    def after(self, sense):
        return self.main(sense)

    def parts(self, sense):
        key = HARDLY[self.predicate] if sense == "hardly" else self.predicate
        if key in ("acts", "affects"):
            return self.acting(sense)
        singular, base, rest = self.predicates[key]
        noun = self.nouns.get(self.direction, "")
        hows = {
            "yes": "an" if noun.startswith("i") else "a",
            "hardly": "little to no",
            **self.hows.get(key, {}),
        }
        how = hows.get(sense, hows["yes"])
        return singular, base, rest.format(how=how, noun=noun, about=self.about())

    def acting(self, sense):
        singular, base = self.verb_forms()
        if sense == "small":
            return f"slightly {singular}", f"slightly {base}", self.about()
        if sense == "large" and self.predicate == "affects":
            return f"strongly {singular}", f"strongly {base}", self.about()
        if sense == "large":
            return "results", "result", f"in a large {self.nouns[self.direction]} {self.about()}"
        return singular, base, self.about()

    def verb_forms(self):
        if self.predicate == "affects":
            return "affects", "affect"
        return self.verb or self.verbs[self.direction]

    def verb_group(self, singular, base, strength, is_denied):
        denied = "not" if is_denied else ""
        probably = "probably" if strength == Strength.MODERATE else ""
        if strength == Strength.LOW:
            return squeeze("may", denied, base)
        if base == "be":
            return squeeze("are" if self.is_plural else "is", probably, denied)
        if is_denied:
            return squeeze(probably, "do" if self.is_plural else "does", "not", base)
        return squeeze(probably, base if self.is_plural else singular)


class DutchClause(Clause):
    preposition = "bij"
    compared_with = "vergeleken met"
    risk = "de kans op"
    risk_words = ("de kans", "het risico", "het aantal", "kans", "risico")
    hedges = {Strength.MODERATE: "waarschijnlijk", Strength.LOW: "mogelijk"}
    verbs = {
        ClaimDirection.INCREASES: ("verhoogt", "verhogen"),
        ClaimDirection.DECREASES: ("vermindert", "verminderen"),
        ClaimDirection.IMPROVES: ("verbetert", "verbeteren"),
        ClaimDirection.WORSENS: ("verslechtert", "verslechteren"),
    }
    risk_verbs = {
        ClaimDirection.INCREASES: ("vergroot", "vergroten"),
        ClaimDirection.DECREASES: ("verkleint", "verkleinen"),
    }
    nouns = {
        ClaimDirection.INCREASES: "toename",
        ClaimDirection.DECREASES: "afname",
        ClaimDirection.IMPROVES: "verbetering",
        ClaimDirection.WORSENS: "verslechtering",
    }
    # Singular and plural verb, the main clause, the clause after "of" or "dat".
    predicates = {
        "associated": (
            "hangt",
            "hangen",
            "{verb} {hedge} {how} samen met {about}",
            "{how} samen{verb} met {about}",
        ),
        "association": (
            "hangt",
            "hangen",
            "{verb} {hedge} {how} samen met {about}",
            "{how} samen{verb} met {about}",
        ),
        "shift": (
            "hangt",
            "hangen",
            "{verb} {hedge} {denied} samen met een {how} {noun} van {about}",
            "{denied} samen{verb} met een {how} {noun} van {about}",
        ),
        "needed": (
            "is",
            "zijn",
            "{verb} {hedge} {how} nodig voor {about}",
            "{how} nodig {verb} voor {about}",
        ),
        "sign": (
            "is",
            "zijn",
            "{verb} {hedge} {how} betrouwbare aanwijzing voor {about}",
            "{how} betrouwbare aanwijzing {verb} voor {about}",
        ),
        "reliable": (
            "is",
            "zijn",
            "{verb} {hedge} {about} {how} betrouwbaar",
            "{about} {how} betrouwbaar {verb}",
        ),
        "difference": (
            "maakt",
            "maken",
            "{verb} {hedge} {how} verschil voor {about}",
            "{how} verschil {verb} voor {about}",
        ),
        "effect": ("heeft", "hebben", "{verb} {hedge} {about} {how} effect", "{about} {how} effect {verb}"),
        "linked": (
            "vertoont",
            "vertonen",
            "{verb} {hedge} {about} {how} verband",
            "{about} {how} verband {verb}",
        ),
    }
    hows = {
        "acts": {"no": "niet", "large": "sterk", "small": "een beetje"},
        "affects": {"no": "niet", "large": "sterk", "small": "een beetje"},
        "associated": {"no": "niet", "large": "sterk", "small": "zwak"},
        "association": {"hardly": "nauwelijks of niet"},
        "shift": {"large": "grote", "small": "kleine"},
        "needed": {"no": "niet"},
        "sign": {"yes": "een", "no": "geen"},
        "reliable": {"no": "niet"},
        "difference": {"no": "geen", "hardly": "weinig of geen", "indeed": "wel"},
        "effect": {"no": "geen", "hardly": "weinig of geen", "large": "een groot", "small": "een klein"},
        "linked": {
            "yes": "een",
            "no": "geen",
            "hardly": "weinig of geen",
            "large": "een sterk",
            "small": "een zwak",
        },
    }

    def main(self, sense, strength=Strength.HIGH):
        return self.fill(sense, self.hedges.get(strength, ""), is_main=True)

    def after(self, sense):
        return self.fill(sense, "", is_main=False)

    def fill(self, sense, hedge, *, is_main):
        key = HARDLY[self.predicate] if sense == "hardly" else self.predicate
        hows = self.hows[key]
        how = hows.get(sense, hows.get("yes", ""))
        singular, plural, main, after = (
            self.acting(how) if key in ("acts", "affects") else self.predicates[key]
        )
        pattern = main if is_main else after
        words = pattern.format(
            verb=plural if self.is_plural else singular,
            hedge=hedge,
            how=how,
            denied="niet" if sense == "no" else "",
            noun=self.nouns.get(self.direction, ""),
            about=self.about(),
        )
        return self.compared(squeeze(self.subject, words))

    def acting(self, how):
        """A word such as "niet" or "sterk" follows the object and draws the hedge with it."""
        main = "{verb} {about} {hedge} {how}" if how else "{verb} {hedge} {about}"
        return (*self.verb_forms(), main, "{about} {how} {verb}")

    def verb_forms(self):
        if self.predicate == "affects":
            return "beïnvloedt", "beïnvloeden"
        usual = self.risk_verbs if self.is_risk() else self.verbs
        return self.verb or usual[self.direction]


CLAUSES = {"en": EnglishClause, "nl": DutchClause}
