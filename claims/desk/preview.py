"""What a draft comes down to as it stands on the page: its sum, its plain sentences, and what an editor should look at."""

from django.utils.translation import get_language

from claims.choices import EvidenceState, MechanismStatus, Scheme, Strength
from claims.documents import plain_sentence
from claims.formats.derived import PAIRED, derived_from
from claims.forms.words import PAIRS
from claims.grading import Override, grade
from claims.lint import DraftFacts, RowFacts, StudyFacts, lint
from claims.synthesis.contradictions import doubts_of
from claims.synthesis.numbers import Reported
from studies.models import Study


def preview_of(version, forms):
    """{"grade": Grade or None, "level": the strength in words or None, "sentences": {language: text}, "findings": [...], ...}."""
    written = forms.words.instance
    written.claim = version.claim
    worked_out = grade_of(forms)
    if not forms.words.is_bound or forms.words.is_valid():
        strength = written.strength
    else:
        strength = worked_out and worked_out.computed
    written.strength = strength
    scale = MechanismStatus if written.scheme == Scheme.EBM_PLUS else Strength
    findings = lint(facts(forms, worked_out))
    by_field, names = {}, names_of(forms)
    for finding in findings:
        by_field.setdefault(finding.field, []).append(finding)
    return {
        "grade": worked_out,
        "level": scale(strength) if strength else None,
        "sentences": {language: plain_sentence(written, language) for language in ("en", "nl")},
        "findings": [(names.get(finding.field, ""), finding) for finding in findings],
        "by_field": by_field,
        "derived": worked_out_in(forms.rows),
    }


def worked_out_in(rows):
    """[(name of the row, what follows from its numbers)] of the rows that are whole."""
    found = []
    for form in rows:
        row = form.instance
        if is_a_row(form) and not form.errors and row.study_id:
            numbers = Reported.by(row, is_paired=row.study.design in PAIRED)
            found.append((f"{row.study.label}: {both_words(row)}", derived_from(numbers)))
    return [(name, derived) for name, derived in found if derived]


def both_words(row):
    return getattr(row, f"outcome_measure_{get_language()}", "") or row.outcome_measure_en


def names_of(forms):
    """What people call the place of a finding: {field, "judgement:<domain>" or "evidence:<key>": words}."""
    return (
        {name: field.label for name, field in forms.words.fields.items()}
        | {f"judgement:{form.domain}": form.domain.label for form in forms.steps}
        | {form.place: form.instance.study.label for form in forms.rows if form.place}
    )


def grade_of(forms):
    """The sum of a GRADE rating as the page has it, also where a reason is not written yet; else None."""
    words = forms.words.instance
    if words.scheme != Scheme.GRADE or not words.start or words.evidence_state != EvidenceState.FOUND:
        return None
    judged = [form.taken() for form in forms.steps if form.is_judged]
    chosen = words.strength and Override(Strength(words.strength), "chosen", "gekozen")
    try:
        return grade(Strength(words.start), judged, chosen)
    except ValueError:  # a step off its scale, which its own form says
        return None


def facts(forms, worked_out):
    """The draft as plain values, for `claims.lint`."""
    words = forms.words.instance
    rows = [form.instance for form in forms.rows if is_a_row(form)]
    studies = studies_of({row.study_id for row in rows})
    return DraftFacts(
        kind=words.claim.kind,
        scheme=words.scheme,
        evidence_state=words.evidence_state,
        strength=words.strength,
        computed=worked_out.computed if worked_out else None,
        verdict=words.verdict,
        texts={
            name: {language: getattr(words, f"{name}_{language}") for language in ("en", "nl")}
            for name in PAIRS
        },
        steps={
            form.domain.value: (form.instance.step, form.instance.reason_en, form.instance.reason_nl)
            for form in forms.steps
            if form.is_judged
        },
        rows=tuple(
            RowFacts(
                study=studies[row.study_id],
                outcome_measure_en=row.outcome_measure_en,
                outcome_measure_nl=row.outcome_measure_nl,
                counts_in_synthesis=row.counts_in_synthesis,
                directness=row.directness,
                rests_on_a_result=row.rests_on_a_result,
                doubts=tuple(doubts_of(Reported.by(row))),
            )
            for row in rows
        ),
        searched_through=words.searched_through,
        next_review_due=words.next_review_due,
        start=words.start,
    )


def is_a_row(form):
    return not form.is_removed and not form.is_idle and form.instance.study_id is not None


def studies_of(keys):
    """{pk: StudyFacts}, in two queries."""
    studies = Study.objects.with_standing().filter(pk__in=keys).prefetch_related("inclusions__trial")
    return {
        study.pk: StudyFacts(
            key=study.key,
            label=study.label,
            design=study.design,
            species=study.species,
            is_fallen=study.has_fallen,
            trials=tuple(inclusion.trial.key for inclusion in study.inclusions.all()),
        )
        for study in studies
    }
