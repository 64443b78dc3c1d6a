"""Publications out as RIS, BibTeX, NBIB or CSL-JSON, one after the other, however many there are."""

from studies.choices import CslType, PublicationRole
from studies.formats import bibtex, csl, nbib, ris
from studies.formats.columns import tidy

TEXTS = ("title", "container_title", "volume", "issue", "pages", "language", "url", "doi", "pmid", "pmcid")
MEDIA_TYPES = {
    "ris": "application/x-research-info-systems",
    "bibtex": "application/x-bibtex",
    "nbib": "application/nbib",
    "csl-json": "application/vnd.citationstyles.csl+json",
}
ENDINGS = {"ris": "ris", "bibtex": "bib", "nbib": "nbib", "csl-json": "json"}
WRITTEN = tuple(MEDIA_TYPES)


def write(kind, items):
    """Yields text. The items are columns of publications; `read` gives the same of it. Raises KeyError for another kind.

    The main report of a study needs no word; another role goes along in a note, and so does `standing` where it is "retracted".
    """
    if kind == "csl-json":
        return listed(items)
    written = {"ris": ris.written, "bibtex": bibtex.written, "nbib": nbib.written}[kind]
    return (written(neat(item), name_of(item, number)) for number, item in enumerate(items, start=1))


def listed(items):
    yield "["
    for number, item in enumerate(items, start=1):
        yield f"{',' if number > 1 else ''}\n{csl.written(neat(item), name_of(item, number))}"
    yield "\n]\n"


def name_of(item, number):
    return item.get("key") or f"reference-{number}"


def neat(item):
    kept = {name: tidy(str(item[name])) for name in TEXTS if item.get(name)}
    kept["authors"] = [
        {part: tidy(str(text)) for part, text in author.items()} for author in item.get("authors") or ()
    ]
    kept["csl_type"] = item.get("csl_type") or CslType.ARTICLE_JOURNAL.value
    if item.get("year"):
        kept["year"] = item["year"]
    if item.get("role") and item["role"] != PublicationRole.PRIMARY:
        kept["role"] = str(item["role"])
    if item.get("standing"):
        kept["standing"] = item["standing"]
    return kept
