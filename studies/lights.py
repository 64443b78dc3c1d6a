"""Traffic lights: what was judged of the risk of bias as a shape, a letter and a word. Colour is never the only sign."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from studies.bias import TOOLS, suggest
from studies.choices import RiskOfBias

GOOD, MEDIUM, BAD, WORST, UNKNOWN = "good", "medium", "bad", "worst", "unknown"
LEVELS = {
    "low": GOOD, "yes": GOOD, "some-concerns": MEDIUM, "moderate": MEDIUM, "unclear": MEDIUM, "partial-yes": MEDIUM,
    "high": BAD, "serious": BAD, "no": BAD, "critical": WORST,
}  # fmt: skip
LETTERS = {
    "low": pgettext_lazy("letter of: low", "L"),
    "some-concerns": pgettext_lazy("letter of: some concerns", "S"),
    "moderate": pgettext_lazy("letter of: moderate", "M"),
    "unclear": pgettext_lazy("letter of: unclear", "U"),
    "high": pgettext_lazy("letter of: high", "H"),
    "serious": pgettext_lazy("letter of: serious", "S"),
    "critical": pgettext_lazy("letter of: critical", "C"),
    "critically-low": pgettext_lazy("letter of: critically low", "C"),
    "yes": pgettext_lazy("letter of: yes", "Y"),
    "partial-yes": pgettext_lazy("letter of: partial yes", "P"),
    "no": pgettext_lazy("letter of: no", "N"),
}
NO_LETTER = "?"


@dataclass(frozen=True, kw_only=True)
class Light:
    """`about` is the domain, empty for the overall."""

    code: str
    level: str
    words: str
    about: str = ""
    reason_en: str = ""
    reason_nl: str = ""

    @property
    def letter(self):
        return LETTERS.get(self.code, NO_LETTER)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was judged of a study with a tool, or of one of its results.

    `tool` is its code, empty where no domains are known; `suggested` is the Light of what the tool gives, where it is
    another, and `why` how the tool comes to it.
    """

    study: str
    label: str
    tool: str
    tool_name: str
    outcome_en: str = ""
    outcome_nl: str = ""
    overall: Light
    suggested: Light | None = None
    domains: tuple = ()
    notes_en: str = ""
    notes_nl: str = ""
    why: str = ""
    assessment: object = None
    is_own: bool = False

    @property
    def is_judged(self):
        return bool(self.tool or self.overall.code)

    @property
    def assessed_by(self):
        return self.assessment.assessed_by.get_full_name() or self.assessment.assessed_by.get_username()


def of_assessment(assessment, study):
    """An assessment with its domains, which must be loaded."""
    tool = TOOLS[assessment.tool]
    return Judged(
        study=study.key,
        label=study.label,
        tool=assessment.tool,
        tool_name=tool.name,
        outcome_en=assessment.outcome,
        outcome_nl=assessment.outcome,
        overall=overall_of(assessment.tool, assessment.overall),
        suggested=overall_of(assessment.tool, assessment.suggested)
        if assessment.overall != assessment.suggested
        else None,
        domains=tuple(domain_light(tool, row) for row in assessment.judgements.all()),
        notes_en=assessment.reason_en,
        notes_nl=assessment.reason_nl,
        why=why_of(assessment),
        assessment=assessment,
    )


def why_of(assessment):
    """How the rule of the tool comes to what it gives."""
    try:
        return suggest(assessment.tool, {row.code: row.judgement for row in assessment.judgements.all()}).why
    except ValueError:  # a domain is not there
        return ""


def overall_of(tool, code):
    words = TOOLS[tool].overall_words[code]
    risk = TOOLS[tool].overalls[code]
    return Light(code=code, level=LEVELS.get(risk, UNKNOWN), words=words)


def domain_light(tool, row):
    return Light(
        code=row.judgement,
        level=LEVELS.get(row.judgement, UNKNOWN),
        words=tool.judgements[row.judgement],
        about=tool.domains[row.code],
        reason_en=row.reason_en,
        reason_nl=row.reason_nl,
    )


def of_study(study):
    """The overall judgement that a study carries, without domains."""
    return Judged(
        study=study.key,
        label=study.label,
        tool="",
        tool_name=study.risk_of_bias_tool,
        overall=risk_light(study.risk_of_bias),
        notes_en=study.risk_of_bias_notes_en,
        notes_nl=study.risk_of_bias_notes_nl,
    )


def risk_light(risk):
    """`risk` is a RiskOfBias, or empty where nobody judged."""
    words = RiskOfBias(risk).label if risk else _("Not judged")
    return Light(code=risk, level=LEVELS.get(risk, UNKNOWN), words=words)


def all_of(study, assessments):
    """Each assessment of a study; first its overall alone, where none of them is about the whole of it."""
    judged = [of_assessment(each, each.study) for each in assessments]
    if any(not each.outcome for each in assessments):
        return judged
    return [of_study(study), *judged]
