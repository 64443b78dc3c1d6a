"""Risk of bias by named tool: its domains, the words it judges with, and the overall that its own rule gives.

- RoB 2: Sterne JAC and others, BMJ 2019;366:l4898. Its variant for crossover trials has one domain more.
- ROBINS-I: Sterne JA and others, BMJ 2016;355:i4919.
- SYRCLE: Hooijmans CR and others, BMC Med Res Methodol 2014;14:43. It gives no overall and advises against a sum.
- AMSTAR 2: Shea BJ and others, BMJ 2017;358:j4008. It rates the confidence in a review, high being best.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from studies.choices import Design, RiskOfBias

LOW, SOME_CONCERNS, HIGH, CRITICAL = RiskOfBias.values


@dataclass(frozen=True)
class Verdict:
    """`overall` is empty where the tool gives none; `open_to` is a worse word that the tool lets the assessor choose."""

    overall: str
    why: str
    open_to: str = ""


@dataclass(frozen=True)
class Tool:
    """`domains` and `judgements` are {code: words}; `overalls` is {code: risk of bias of the study, empty for none}."""

    name: str
    designs: frozenset[str]
    domains: Mapping[str, str]
    judgements: Mapping[str, str]
    overalls: Mapping[str, str]
    rule: Callable[[Mapping[str, str]], Verdict]
    limited: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def allowed(self, domain):
        """The judgements that this domain may be given, as the tool has them."""
        barred = {code for code, domains in self.limited.items() if domain not in domains}
        return {code: words for code, words in self.judgements.items() if code not in barred}

    @property
    def overall_words(self):
        """{code: words} of what may be judged overall."""
        words = CONFIDENCE | dict(self.judgements)
        return {code: words.get(code, _("None")) for code in self.overalls}


def rob2_overall(judgements):
    found = list(judgements.values())
    if HIGH in found:
        return Verdict(HIGH, _("At least one domain is at high risk."))
    concerns = found.count(SOME_CONCERNS)
    if concerns > 1:
        return Verdict(
            SOME_CONCERNS,
            _("Several domains raise some concerns; where they substantially lower confidence, it is high."),
            open_to=HIGH,
        )
    if concerns:
        return Verdict(SOME_CONCERNS, _("One domain raises some concerns."))
    return Verdict(LOW, _("Every domain is at low risk."))


def robins_overall(judgements):
    """The worst domain; a lack of information decides only where nothing is serious or critical."""
    found = set(judgements.values())
    for code, why in ROBINS_ORDER.items():
        if code in found:
            return Verdict(code, why)
    return Verdict("low", _("Every domain is at low risk."))


def syrcle_overall(judgements):
    return Verdict("", _("SYRCLE gives no overall judgement; whoever gives one says why."))


def amstar_overall(judgements):
    """A weakness is an item answered no; a partial yes is none."""
    weak = {item for item, answer in judgements.items() if answer == "no"}
    critical = len(weak & AMSTAR_CRITICAL)
    if critical > 1:
        return Verdict("critically-low", _("More than one critical flaw."))
    if critical:
        return Verdict("low", _("One critical flaw."))
    if len(weak) > 1:
        return Verdict(
            "moderate", _("More than one weakness, none critical; many may lower it further."), open_to="low"
        )
    return Verdict("high", _("No weakness, or one that is not critical."))


ROBINS_ORDER = {
    "critical": _("At least one domain is at critical risk."),
    "serious": _("At least one domain is at serious risk, none at critical risk."),
    "no-information": _("Nothing points to serious risk, but at least one domain lacks information."),
    "moderate": _("At least one domain is at moderate risk, none worse."),
}
AMSTAR_CRITICAL = frozenset(f"item-{number}" for number in (2, 4, 7, 9, 11, 13, 15))
AMSTAR_PARTLY = frozenset(f"item-{number}" for number in (2, 4, 7, 8, 9))
AMSTAR_POOLED = frozenset(f"item-{number}" for number in (11, 12, 15))
ROB2_DOMAINS = {
    "randomisation": _("Randomisation process"),
    "deviations": _("Deviations from the intended interventions"),
    "missing-data": _("Missing outcome data"),
    "measurement": _("Measurement of the outcome"),
    "reporting": _("Selection of the reported result"),
}
CONFIDENCE = {
    "high": _("High confidence"),
    "moderate": _("Moderate confidence"),
    "low": _("Low confidence"),
    "critically-low": _("Critically low confidence"),
}
ROB2_WORDS = {LOW: _("Low"), SOME_CONCERNS: _("Some concerns"), HIGH: _("High")}
ROB2_OVERALLS = {LOW: LOW, SOME_CONCERNS: SOME_CONCERNS, HIGH: HIGH}

TOOLS = {
    "rob-2": Tool(
        name="RoB 2",
        designs=frozenset({Design.RCT}),
        domains=ROB2_DOMAINS,
        judgements=ROB2_WORDS,
        overalls=ROB2_OVERALLS,
        rule=rob2_overall,
    ),
    "rob-2-crossover": Tool(
        name="RoB 2 for crossover trials",
        designs=frozenset({Design.CROSSOVER_RCT}),
        domains={**ROB2_DOMAINS, "carryover": _("Period and carryover effects")},
        judgements=ROB2_WORDS,
        overalls=ROB2_OVERALLS,
        rule=rob2_overall,
    ),
    "robins-i": Tool(
        name="ROBINS-I",
        designs=frozenset({Design.NON_RANDOMISED_TRIAL, Design.COHORT, Design.CASE_CONTROL}),
        domains={
            "confounding": _("Confounding"),
            "selection": _("Selection of participants into the study"),
            "classification": _("Classification of interventions"),
            "deviations": _("Deviations from the intended interventions"),
            "missing-data": _("Missing data"),
            "measurement": _("Measurement of outcomes"),
            "reporting": _("Selection of the reported result"),
        },
        judgements={
            "low": _("Low"),
            "moderate": _("Moderate"),
            "serious": _("Serious"),
            "critical": _("Critical"),
            "no-information": _("No information"),
        },
        overalls={
            "low": LOW,
            "moderate": SOME_CONCERNS,
            "serious": HIGH,
            "critical": CRITICAL,
            "no-information": "",
        },
        rule=robins_overall,
    ),
    "syrcle": Tool(
        name="SYRCLE",
        designs=frozenset({Design.ANIMAL}),
        domains={
            "sequence": _("Sequence generation"),
            "baseline": _("Baseline characteristics"),
            "concealment": _("Allocation concealment"),
            "housing": _("Random housing"),
            "performance-blinding": _("Blinding of caregivers and investigators"),
            "random-assessment": _("Random outcome assessment"),
            "detection-blinding": _("Blinding of outcome assessors"),
            "incomplete-data": _("Incomplete outcome data"),
            "reporting": _("Selective outcome reporting"),
            "other": _("Other sources of bias"),
        },
        judgements={"low": _("Low"), "unclear": _("Unclear"), "high": _("High")},
        overalls={"": "", "low": LOW, "unclear": SOME_CONCERNS, "high": HIGH},
        rule=syrcle_overall,
    ),
    "amstar-2": Tool(
        name="AMSTAR 2",
        designs=frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW}),
        domains={
            "item-1": _("Question and inclusion criteria"),
            "item-2": _("Protocol before the review"),
            "item-3": _("Choice of study designs"),
            "item-4": _("Literature search"),
            "item-5": _("Selection by two persons"),
            "item-6": _("Extraction by two persons"),
            "item-7": _("Excluded studies listed with reasons"),
            "item-8": _("Included studies described"),
            "item-9": _("Risk of bias of the included studies"),
            "item-10": _("Funding of the included studies"),
            "item-11": _("Methods of the meta-analysis"),
            "item-12": _("Risk of bias and the pooled result"),
            "item-13": _("Risk of bias in the discussion"),
            "item-14": _("Heterogeneity explained"),
            "item-15": _("Publication bias"),
            "item-16": _("Conflicts of interest of the review"),
        },
        judgements={
            "yes": _("Yes"),
            "partial-yes": _("Partial yes"),
            "no": _("No"),
            "no-meta-analysis": _("No meta-analysis"),
        },
        overalls={"high": LOW, "moderate": SOME_CONCERNS, "low": HIGH, "critically-low": CRITICAL},
        rule=amstar_overall,
        limited={"partial-yes": AMSTAR_PARTLY, "no-meta-analysis": AMSTAR_POOLED},
    ),
}


def tools_for(design):
    return [code for code, tool in TOOLS.items() if design in tool.designs]


def suggest(tool, judgements):
    """The verdict of the tool's own rule. Raises ValueError unless every domain has a judgement the tool allows."""
    tool = TOOLS[tool]
    if set(judgements) != set(tool.domains):
        raise ValueError("Every domain of the tool is judged, and no other.")
    if any(judgement not in tool.allowed(domain) for domain, judgement in judgements.items()):
        raise ValueError("A judgement is not one of this domain.")
    return tool.rule(judgements)
