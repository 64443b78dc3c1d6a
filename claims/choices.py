"""The words of the claims room: every value a column may hold, with its label."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TopicKind(models.TextChoices):
    INTERVENTION = "intervention", _("Intervention")
    MECHANISM = "mechanism", _("Mechanism")
    OUTCOME = "outcome", _("Outcome")
    CONDITION = "condition", _("Condition")
    POPULATION = "population", _("Population")


class ClaimKind(models.TextChoices):
    EFFICACY = "efficacy", _("Effect")
    HARM = "harm", _("Harm")
    ASSOCIATION = "association", _("Association")
    MECHANISM = "mechanism", _("Mechanism")
    INTAKE = "intake", _("Intake")
    INTERACTION = "interaction", _("Interaction")
    BIOAVAILABILITY = "bioavailability", _("Absorption")
    DIAGNOSIS = "diagnosis", _("Diagnosis")


class ClaimDirection(models.TextChoices):
    INCREASES = "increases", _("increases")
    DECREASES = "decreases", _("decreases")
    IMPROVES = "improves", _("improves")
    WORSENS = "worsens", _("worsens")
    NO_DIFFERENCE = "no-difference", _("makes no difference to")
    ASSOCIATED = "associated", _("goes together with")
    REQUIRES = "requires", _("is needed for")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    CHANGES_REQUESTED = "changes-requested", _("Changes requested")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    DISCARDED = "discarded", _("Discarded")


class ChangeKind(models.TextChoices):
    """What a new version changed for whoever relies on the claim; worked out, never typed."""

    FIRST = "first", _("First version")
    STRENGTH_UP = "strength-up", _("Strength went up")
    STRENGTH_DOWN = "strength-down", _("Strength went down")
    VERDICT_CHANGED = "verdict-changed", _("Verdict changed")
    EVIDENCE_CHANGED = "evidence-changed", _("Evidence changed")
    WORDING_ONLY = "wording-only", _("Wording only")


class FeedKind(models.TextChoices):
    """What happened to a published claim, as programs that follow the change feed read it."""

    PUBLISHED = "published", _("Published")
    STRENGTH_UP = "strength-up", _("Strength went up")
    STRENGTH_DOWN = "strength-down", _("Strength went down")
    VERDICT_CHANGED = "verdict-changed", _("Verdict changed")
    EVIDENCE_CHANGED = "evidence-changed", _("Evidence changed")
    WORDING_ONLY = "wording-only", _("Wording only")
    SOURCE_RETRACTED = "source-retracted", _("A source was retracted")
    UNDER_REVIEW = "under-review", _("Rating under review")
    REVIEW_SETTLED = "review-settled", _("No longer under review")
    STANDING_CHANGED = "standing-changed", _("A note on its sources changed")
    MERGED = "merged", _("Merged into another claim")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REINSTATED = "reinstated", _("Reinstated")


class Scheme(models.TextChoices):
    GRADE = "grade", "GRADE"
    EBM_PLUS = "ebm-plus", "EBM+"
    NONE = "none", _("Not rated: a reference value, not an effect")


class Strength(models.IntegerChoices):
    """One ordinal scale for both schemes (GRADE high = EBM+ established, and so on down)."""

    VERY_LOW = 1, _("Very low")
    LOW = 2, _("Low")
    MODERATE = 3, _("Moderate")
    HIGH = 4, _("High")

    @property
    def code(self):
        return self.name.lower().replace("_", "-")


BY_CODE = {strength.code: strength.value for strength in Strength}
UNRATED = "none"  # stands for no strength where strengths are chosen from
# A search reads the claims of each strength, strongest first, in two tiers: one in SLICE of them, and the rest.
SLICE = 8
TIERS = range(10)


def level_of(tier):
    """The strength of its claims, 0 for those that are not rated."""
    return 4 - tier // 2


class MechanismStatus(models.IntegerChoices):
    """EBM+ status of a mechanism (Parkkinen and others 2018) on the same four steps."""

    SPECULATIVE = 1, _("Speculative")
    ARGUABLE = 2, _("Arguable")
    PROVISIONALLY_ESTABLISHED = 3, _("Provisionally established")
    ESTABLISHED = 4, _("Established")

    @property
    def code(self):
        return self.name.lower().replace("_", "-")


class EvidenceState(models.TextChoices):
    FOUND = "found", _("Evidence found")
    NONE_FOUND = "none-found", _("Searched, none found")
    NOT_SEARCHED = "not-searched", _("Not searched yet")


class Verdict(models.TextChoices):
    """Which way the evidence that bears on the claim points; strength says how sure that is."""

    SUPPORTED = "supported", _("Points this way")
    MIXED = "mixed", _("Points both ways")
    NOT_SUPPORTED = "not-supported", _("Studied, no difference shown")
    CONTRADICTED = "contradicted", _("Points the other way")
    INSUFFICIENT = "insufficient", _("Too little to say")


class EffectSize(models.TextChoices):
    LARGE = "large", _("Large")
    MODERATE = "moderate", pgettext_lazy("size of an effect", "Moderate")
    SMALL = "small", _("Small")
    TRIVIAL = "trivial", _("Trivial")
    UNKNOWN = "unknown", _("Unknown")


class EvidenceDirection(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    DISPUTES = "disputes", _("Disputes")
    NO_DIFFERENCE = "no-difference", _("No difference")
    INCONCLUSIVE = "inconclusive", _("Inconclusive")


class Directness(models.TextChoices):
    DIRECT = "direct", _("Direct")
    OTHER_POPULATION = "other-population", _("Other population")
    OTHER_INTERVENTION = "other-intervention", _("Other intervention")
    OTHER_OUTCOME = "other-outcome", _("Other outcome")
    OTHER_COMPARATOR = "other-comparator", _("Other comparator")


class QuoteRole(models.TextChoices):
    """What the quoted words are in their paper. Only a result says what the study itself found."""

    RESULT = "result", _("Result")
    BACKGROUND = "background", _("Background")
    AIM = "aim", _("Aim")
    METHOD = "method", _("Method")


class EffectMeasure(models.TextChoices):
    MD = "MD", _("Mean difference")
    SMD = "SMD", _("Standardised mean difference")
    RR = "RR", _("Risk ratio")
    OR = "OR", _("Odds ratio")
    HR = "HR", _("Hazard ratio")
    RD = "RD", _("Risk difference")
    R = "r", _("Correlation")
    MEAN_CHANGE = "mean-change", _("Change within the group")
    PROPORTION = "proportion", _("Proportion")
    OTHER = "other", _("As printed")


class Domain(models.TextChoices):
    """The eight GRADE domains: five can lower certainty, three can raise it."""

    RISK_OF_BIAS = "risk-of-bias", _("Risk of bias")
    INCONSISTENCY = "inconsistency", _("Inconsistency")
    INDIRECTNESS = "indirectness", _("Indirectness")
    IMPRECISION = "imprecision", _("Imprecision")
    PUBLICATION_BIAS = "publication-bias", _("Publication bias")
    LARGE_EFFECT = "large-effect", _("Large effect")
    DOSE_RESPONSE = "dose-response", _("Dose-response")
    OPPOSING_CONFOUNDING = "opposing-confounding", _("Opposing confounding")


LOWERING_DOMAINS = (
    Domain.RISK_OF_BIAS,
    Domain.INCONSISTENCY,
    Domain.INDIRECTNESS,
    Domain.IMPRECISION,
    Domain.PUBLICATION_BIAS,
)
RAISING_DOMAINS = (Domain.LARGE_EFFECT, Domain.DOSE_RESPONSE, Domain.OPPOSING_CONFOUNDING)


class Severity(models.IntegerChoices):
    NOTICE = 1, _("Notice")
    IMPORTANT = 2, _("Important")
    CRITICAL = 3, _("Critical")


class StaleReason(models.TextChoices):
    STUDY_RETRACTED = "study-retracted", _("A cited study was retracted")
    STUDY_CONCERN = "study-concern", _("An expression of concern about a cited study")
    STUDY_CORRECTED = "study-corrected", _("A cited study was corrected")
    STUDY_REINSTATED = "study-reinstated", _("A cited study was reinstated")
    REVIEW_TRIAL_RETRACTED = "review-trial-retracted", _("A trial inside a cited review was retracted")
    REVIEW_TRIAL_CONCERN = (
        "review-trial-concern",
        _("An expression of concern about a trial inside a cited review"),
    )
    REVIEW_TRIAL_CORRECTED = "review-trial-corrected", _("A trial inside a cited review was corrected")
    REVIEW_TRIAL_REINSTATED = "review-trial-reinstated", _("A trial inside a cited review was reinstated")
    STUDY_CHANGED = "study-changed", _("The record of a cited study changed")
    RESULT_CHANGED = (
        "result-changed",
        _("The same result was published with other numbers under another claim"),
    )
    REVIEW_OVERDUE = "review-overdue", _("The date for a new review has passed")


class Hedge(models.TextChoices):
    """How firmly a text says it."""

    ASSERTED = "asserted", _("Stated as fact")
    PROBABLE = "probable", _("Said to be likely")
    POSSIBLE = "possible", _("Said to be possible")
    QUESTIONED = "questioned", _("Questioned")
    DENIED = "denied", _("Denied")


class Attribution(models.TextChoices):
    """What a text names as its source."""

    NONE = "none", _("No source")
    VAGUE = "vague", _("Unnamed studies")
    JOURNAL_ONLY = "journal-only", _("Only a journal")
    SPECIFIC = "specific", _("A specific source")


class Stance(models.TextChoices):
    """How what a text says stands to the evidence."""

    IN_LINE = "in-line", _("In line with the evidence")
    OVERSTATED = "overstated", _("Says more than the evidence bears")
    UNDERSTATED = "understated", _("Says less than the evidence bears")
    UNSUPPORTED = "unsupported", _("No evidence for it found")
    CONTRADICTED = "contradicted", _("Against the evidence")
    NOT_RATED = "not-rated", _("Not rated")


class CitationState(models.TextChoices):
    FOUND = "found", _("The cited paper was found")
    NOT_FOUND = "not-found", _("No such paper was found")
    DOES_NOT_SAY_THIS = "does-not-say-this", _("The paper does not say this")


class LegalStatus(models.TextChoices):
    AUTHORISED = "authorised", _("Authorised")
    REJECTED = "rejected", _("Rejected")
    ON_HOLD = "on-hold", _("On hold")
    NONE = "none", _("No authorised claim")


class FlagKind(models.TextChoices):
    """What a reader tells us."""

    SEEMS_WRONG = "seems-wrong", _("This seems wrong")
    SUGGESTED_SOURCE = "suggested-source", _("A source to look at")


class FlagOutcome(models.TextChoices):
    ACTED_ON = "acted-on", _("Acted on")
    NOT_ACTED_ON = "not-acted-on", _("Not acted on")


class DissentOutcome(models.TextChoices):
    """How two blind ratings ended."""

    AGREED = "agreed", _("Agreed")
    DISSENT = "dissent", _("Still of two minds")


class PauseReason(models.TextChoices):
    """Why nothing is sent to a webhook any more."""

    ASKED = "asked", _("Somebody paused it")
    FAILING = "failing", _("It took nothing for five days")
    GONE = "gone", _("It answered that it is gone (410)")


class Trouble(models.TextChoices):
    """Why a change was not delivered the last time it was tried; the codes of `kb.lib.outgoing` and our own."""

    ADDRESS = "address", _("We do not send to such an address")
    NOT_PUBLIC = "not-public", _("The name leads to a machine that is not on the open internet")
    NO_SUCH_NAME = "no-such-name", _("The name is not known")
    NO_CONNECTION = "no-connection", _("No connection could be made")
    TLS = "tls", _("The connection is not secure")
    TIMED_OUT = "timed-out", _("No answer within ten seconds")
    NO_HTTP = "no-http", _("The answer was not HTTP")
    REDIRECTED = "redirected", _("It sent us on to elsewhere, which we do not follow")
    STATUS = "status", _("It answered with an error")
    SECRET_LOST = "secret-lost", _("Our key changed since the secret was made: make a new secret")


class ReleaseState(models.TextChoices):
    """How far the making of a release is."""

    QUEUED = "queued", _("Waiting")
    BUILDING = "building", _("Being made")
    MADE = "made", _("Made")
    FAILED = "failed", _("Failed")
