"""The kinds of work, as each format calls them."""

import re

from studies.choices import CslType

# RIS codes, BibTeX entries, CSL types, those of Crossref and Zotero, and words: without signs, in lower case.
NAMES = {
    CslType.ARTICLE_JOURNAL: "jour ejour jfull mgzn inpr abst article articlejournal journalarticle journal suppperiodical "
    "articlemagazine articleinpress review tijdschriftartikel artikel",
    CslType.REPORT: "rprt techreport report rapport",
    CslType.BOOK: "book edbook ebook mbook collection monograph boek",
    CslType.CHAPTER: "chap echap incollection inbook chapter bookchapter booksection hoofdstuk",
    CslType.LEGISLATION: "stat legislation statute legal wetgeving",
    CslType.WEBPAGE: "elec web blog online electronic webpage www webpagina",
}
TYPES = {name: kind.value for kind, names in NAMES.items() for name in names.split()}
RIS = dict(zip(CslType.values, ("JOUR", "RPRT", "BOOK", "CHAP", "STAT", "ELEC"), strict=True))
BIBTEX = dict(
    zip(
        CslType.values,
        ("article", "techreport", "book", "incollection", "legislation", "online"),
        strict=True,
    )
)
NBIB = dict(
    zip(
        CslType.values,
        ("Journal Article", "Technical Report", "Book", "Book Chapter", "Legislation", "Web Page"),
        strict=True,
    )
)


def csl_type(reading, name):
    """The kind of work that a file calls by this name; one that we do not have is counted, and left open (None)."""
    if not name:
        return None
    found = TYPES.get(re.sub(r"[\W_]+", "", name).casefold())
    if found is None:
        reading.drop(name)
    return found
