"""What can change under a published version without a new one: the live overlay, read beside the document.

The database works it out and keeps every state it was in (`claims_restate`), so how a version stood at any past moment
is read, not reconstructed.
"""

from claims.models import Standing

NOTHING = {
    "notices": [],
    "fallen": [],
    "trials": {},
    "marks": [],
    "under_review": False,
    "closed": None,
}


def overlays(version_ids, at=None):
    """The standing of these public versions: {version id: overlay}; one query, whatever their number.

    An overlay has `notices` on the reports of cited studies, oldest first; `fallen`, the keys of cited studies whose
    main report is retracted; `trials`, the fallen trials inside cited reviews as {(review key, trial key): label};
    `marks`, the open stale marks; `under_review`; and `closed`, how the claim was merged or withdrawn, or None.
    `at` is a past moment; None is now.
    """
    rows = Standing.objects.at(at).filter(version__in=version_ids).values_list("version", "overlay")
    found = {pk: overlay | {"trials": by_place(overlay["trials"])} for pk, overlay in rows}
    return {pk: found.get(pk, NOTHING) for pk in version_ids}


def overlay_of(version, at=None):
    return overlays([version.pk], at)[version.pk]


def by_place(trials):
    return {(row["review"], row["trial"]): row["label"] for row in trials}
