"""What was judged of the risk of bias of the studies under a claim: as it is known now, and of a result where its version says so."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from studies.charts import drawing_of
from studies.lights import Judged, all_of, risk_light
from studies.models import BiasAssessment, Study


@dataclass(frozen=True)
class Strip:
    """What was judged, in the order of the evidence. `by_study` is {study: what was judged of the whole of it}."""

    judged: tuple
    by_study: dict

    @cached_property
    def drawing(self):
        return drawing_of(self.judged)


def strip_of(evidence):
    """A Strip of these rows of a document; what was judged of merged studies stands once."""
    studies = {study.key: study for study in Study.objects.filter(key__in={key_of(row) for row in evidence})}
    assessments = assessments_of(studies.values())
    judged, by_study = {}, {}
    for row in evidence:
        study = studies[key_of(row)]
        found = judged.setdefault(root_of(study), all_of(study, assessments.get(root_of(study), [])))
        by_study[study.key] = [each for each in found if not each.outcome_en]
        if own := own_of(row):
            judged[key_of(row), row["outcome_measure"]["en"]] = [own]
    return Strip(tuple(each for found in judged.values() for each in found), by_study)


def key_of(row):
    return row["study"]["key"]


def root_of(study):
    """The study that stands for this one: itself, or the one it was merged into."""
    return study.merged_into_id or study.pk


def assessments_of(studies):
    """{root: assessments of the study and of those merged into it}"""
    roots = {root_of(study) for study in studies}
    together = BiasAssessment.objects.filter(Q(study__in=roots) | Q(study__merged_into__in=roots))
    found = {}
    for assessment in together.select_related("study").prefetch_related("judgements").order_by("pk"):
        found.setdefault(root_of(assessment.study), []).append(assessment)
    return found


def own_of(row):
    """The judgement that this result has for itself, or None."""
    if "risk_of_bias" not in row:
        return None
    return Judged(
        study=key_of(row),
        label=row["study"]["label"],
        tool="",
        tool_name="",
        outcome_en=row["outcome_measure"]["en"],
        outcome_nl=row["outcome_measure"]["nl"],
        overall=risk_light(row["risk_of_bias"]["code"]),
        notes_en=row["risk_of_bias_reason"]["en"],
        notes_nl=row["risk_of_bias_reason"]["nl"],
        is_own=True,
    )
