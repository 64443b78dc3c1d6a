"""One paper that was entered twice, for the tests on merging publications."""

from studies.actions import add_notice
from studies.merging import merge_publications, unmerge_publication
from studies.models import IntegrityNotice, Publication
from tests.factories import person

WHY = "The same paper, entered by its DOI and by its PMID."
TITLE = "Magnesium in a made-up trial of two entries"


def merge(kept, gone, **words):
    return merge_publications(kept, gone, by=person("editor"), reason=WHY, **words)


def unmerge(gone):
    return unmerge_publication(fresh(gone), by=person("editor"))


def fresh(paper):
    return Publication.objects.get(pk=paper.pk)


def as_kept(paper):
    return Publication.objects.filter(pk=paper.pk).values().get() | {"updated_at": None}


def told(paper, kind="retraction", **words):
    given = {"source": "a test", "source_record_id": f"{kind}-{paper.key}"}
    return add_notice(IntegrityNotice(publication=paper, kind=kind, **given | words), by=person("editor"))
