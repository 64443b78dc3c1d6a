"""How a version of a claim itself is cited: as a CSL item, from which every style and format is made."""

from django.conf import settings


def citation(document, language):
    """The columns of a publication (see `studies.formats`) that stand for this version: its sentence, its number, its date."""
    name = f"{document['accession']}.{document['version']}"
    said = (
        document["statement"]
        if document["rating"]["scheme"]["code"] == "none"
        else document["plain_sentence"]
    )
    return {
        "key": name,
        "csl_type": "webpage",
        "title": f"{said[language].removesuffix('.')} ({name})",
        "authors": [{"literal": "Onderbouwd"}],
        "year": int(document["updated_at"][:4]),
        "language": language,
        "url": f"{settings.SITE_URL}{document['path']}",
    }
