"""What can change under a published version without a new one: the live overlay, read beside the document."""

from django.db.models import CharField, F, Value

from claims.choices import Severity
from claims.models import StaleMark
from studies.choices import NoticeKind, PublicationRole
from studies.models import IntegrityNotice

CITED = "publication__study__evidence__version"
INCLUDED = "publication__study__inclusions_in__review__evidence__version"


def overlays(version_ids):
    """The standing of these versions: {version id: {"notices", "fallen", "trials", "marks", "under_review"}}.

    `notices` are those on the reports of cited studies, oldest first; `fallen` the keys of cited studies whose main
    report is retracted today; `trials` the fallen trials inside cited reviews as {(review key, trial key): label};
    `marks` the open stale marks. Two queries, whatever the number of versions.
    """
    found = {
        pk: {"notices": [], "fallen": set(), "trials": {}, "marks": [], "under_review": False}
        for pk in version_ids
    }
    for row in notices_on(version_ids):
        overlay = found[row["version"]]
        if row["review"] is None:
            overlay["notices"].append(row)
            if changes_standing(row):
                change = overlay["fallen"].add if is_retraction(row) else overlay["fallen"].discard
                change(row["study_key"])
        elif changes_standing(row):
            overlay["trials"].pop((row["review"], row["study_key"]), None)
            if is_retraction(row):
                overlay["trials"][row["review"], row["study_key"]] = row["study_label"]
    for mark in open_marks(version_ids):
        overlay = found[mark["version"]]
        overlay["marks"].append(mark)
        overlay["under_review"] |= mark["severity"] == Severity.CRITICAL
    return found


def overlay_of(version):
    return overlays([version.pk])[version.pk]


def notices_on(version_ids):
    """The notices that reach these versions, oldest first: on reports of cited studies, and of trials in cited reviews."""
    cited = notices_along(CITED, version_ids, Value(None, output_field=CharField()))
    included = notices_along(INCLUDED, version_ids, F("publication__study__inclusions_in__review__key"))
    return cited.union(included).order_by(F("noticed_on").asc(nulls_first=True), "id")


def notices_along(path, version_ids, review):
    rows = IntegrityNotice.objects.filter(**{f"{path}__in": version_ids}).order_by()
    return rows.values(
        "id",
        "kind",
        "noticed_on",
        "reasons_en",
        "reasons_nl",
        "notice_doi",
        "notice_pmid",
        version=F(path),
        publication_key=F("publication__key"),
        role=F("publication__role"),
        study_key=F("publication__study__key"),
        study_label=F("publication__study__label"),
        review=review,
    )


def open_marks(version_ids):
    marks = StaleMark.objects.filter(resolved_at=None, claim__versions__in=version_ids)
    return marks.values("reason", "object_key", "severity", "detected_at", version=F("claim__versions"))


def changes_standing(row):
    """Only a retraction or reinstatement of the main report makes a study fall or stand again."""
    return row["role"] == PublicationRole.PRIMARY and (
        is_retraction(row) or row["kind"] == NoticeKind.REINSTATEMENT
    )


def is_retraction(row):
    return row["kind"] == NoticeKind.RETRACTION
