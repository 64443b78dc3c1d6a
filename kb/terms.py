"""Words of the method, said plainly in both languages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Term:
    slug: str
    name: str
    meaning: str


TERMS = (
    Term("bias", _("Bias"), _("A fault in how a study was set up or carried out that pushes its result to one side. More people do not cure it.")),
    Term("blinding", _("Blinding"), _("Those who take part, treat or measure do not know who gets what, so that hope cannot colour the result.")),
    Term("case-control", _("Case-control study"), _("People who have an illness are compared with people who do not: what did they do differently before? It shows a link, not a cause.")),
    Term("certainty", _("Certainty"), _("How sure we are that an effect as found is close to the true one. In four steps: very low, low, moderate, high.")),
    Term("claim", pgettext_lazy("of a health text", "Claim"), _("One statement about health that can be checked, such as: magnesium shortens the time it takes to fall asleep.")),
    Term("cohort", _("Cohort study"), _("A group of people is followed for a long time to see who gets what. It shows a link, and only rarely a cause.")),
    Term("confidence-interval", _("Confidence interval"), _("The range in which the true effect probably lies. The narrower, the more precise. If it holds zero, or for a ratio one, there may be no difference at all.")),
    Term("confounding", _("Confounding"), _("Something else that explains a link. People who eat much magnesium also eat more vegetables; which of the two is it?")),
    Term("control-group", _("Control group"), _("People in a study who do not get what is tested. Without them you do not know what would have happened anyway.")),
    Term("crossover", _("Crossover trial"), _("Everyone gets both treatments, one after the other. That needs fewer people, but the first may still be at work during the second.")),
    Term("dose-response", _("Dose-response"), _("More of it gives a larger effect. That makes it more likely that it is the cause.")),
    Term("ebm-plus", _("EBM+"), _("The method by which we rate mechanisms: speculative, arguable, provisionally established or established.")),
    Term("effect-size", _("Size of the effect"), _("How much difference it makes. Sure and large are two things: we can be very sure of a very small effect.")),
    Term("grade", _("GRADE"), _("The method by which guideline makers all over the world rate how sure evidence is. We follow it, and show every step.")),
    Term("imprecision", _("Imprecision"), _("Too few people or events, so that the result may as well be chance. A reason to be less sure.")),
    Term("inconsistency", _("Inconsistency"), _("Studies of the same question give different answers and nobody knows why. A reason to be less sure.")),
    Term("indirectness", _("Indirectness"), _("The studies were about other people, another substance or another outcome than the claim. A reason to be less sure.")),
    Term("mean-difference", _("Mean difference"), _("The average in one group minus that in the other, in the unit that was measured: minutes, points, millimetres of mercury.")),
    Term("mechanism", _("Mechanism"), _("How something may work in the body. That a mechanism exists does not tell whether people notice anything.")),
    Term("meta-analysis", _("Meta-analysis"), _("The results of several studies calculated together into one. It is as good as the studies that go into it.")),
    Term("observational", _("Observational study"), _("Researchers watch, without deciding who gets what. So they see links, and other causes cannot be ruled out.")),
    Term("odds-ratio", _("Odds ratio"), _("The odds of something in one group divided by those in the other. One is no difference. For what is common it looks larger than the difference in risk.")),
    Term("outcome", _("Outcome"), _("What a study measures, such as minutes until asleep. A level in the blood is another outcome than how somebody feels.")),
    Term("p-value", _("p-value"), _("How often chance alone would give a result like this if there were no effect. A small p does not say that the effect is large or matters.")),
    Term("pico", _("PICO"), _("The four parts of a good question: which people, what is tested, compared with what, and which outcome.")),
    Term("placebo", _("Placebo"), _("A pill or treatment without the active part, so that both groups expect the same.")),
    Term("publication-bias", _("Publication bias"), _("Studies with a good result are published more often than those without, so what can be read looks better than it is.")),
    Term("randomised-trial", _("Randomised trial"), _("Chance decides who gets what. So the groups are alike, and a difference comes from what is tested.")),
    Term("retraction", _("Retraction"), _("A journal takes back a paper because it cannot be trusted. A claim that leans on it is looked at again here.")),
    Term("risk-of-bias", _("Risk of bias"), _("How likely it is that faults in set-up or execution pushed the result to one side. A reason to be less sure.")),
    Term("risk-ratio", _("Risk ratio"), _("The risk in one group divided by that in the other. One is no difference, a half is half the risk. It does not say how high the risk was.")),
    Term("smd", _("Standardised mean difference"), _("A difference expressed in the usual spread between people, so that studies with different scales can be put together.")),
    Term("systematic-review", _("Systematic review"), _("Researchers look for all studies on one question by a method laid down beforehand, and judge each of them.")),
    Term("verdict", _("Which way the evidence points"), _("Whether studies point to a claim, away from it, both ways, or nowhere. It is not the same as how sure that is.")),
)  # fmt: skip
MEANINGS = {term.slug: term.meaning for term in TERMS}
MEASURES = {"MD": "mean-difference", "SMD": "smd", "RR": "risk-ratio", "OR": "odds-ratio"}
