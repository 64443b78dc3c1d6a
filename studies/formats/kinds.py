"""Which kind of file this is, by its content; its name decides only where the content leaves it open."""

import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from studies.formats.reading import Unknown, Unreadable
from studies.formats.rows import first_row, is_heading_row

DETECTED = {
    "ris": "RIS",
    "bibtex": "BibTeX",
    "nbib": "NBIB (PubMed)",
    "csl-json": "CSL-JSON",
    "pubmed-xml": "PubMed XML",
    "csv": "CSV",
    "xlsx": "Excel (XLSX)",
}
ENDINGS = {
    "ris": "ris",
    "bib": "bibtex",
    "bibtex": "bibtex",
    "nbib": "nbib",
    "medline": "nbib",
    "json": "csl-json",
    "csv": "csv",
    "tsv": "csv",
    "xlsx": "xlsx",
}
LINES = (
    ("ris", re.compile(r"^\ufeff?TY[ \t]{1,2}-(?:[ \t]|$)", re.MULTILINE)),
    ("nbib", re.compile(r"^\ufeff?(?:PMID|OWN |STAT|DCOM)- ", re.MULTILINE)),
    ("bibtex", re.compile(r"^\ufeff?[ \t]*@[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE)),
)
JSON = re.compile(r"\[\s*(?:[\[{\]]|\"|-?[0-9.]+\s*,|null\b|$)|\{\s*[\"}]")


def kind_of(name, source, mapping=None):
    """A key of DETECTED. Raises Unreadable for what we cannot read, saying what it seems to be."""
    if not source.is_text:
        return kind_of_archive(source.data)
    text = source.sample.lstrip("\ufeff \t\n")
    if text.startswith("<"):
        return kind_of_markup(text)
    hint = name if name in DETECTED else ENDINGS.get(PurePath(name).suffix.lower().lstrip("."))
    if JSON.match(text) or (hint == "csl-json" and text.startswith(("[", "{"))):
        return "csl-json"
    found = [(match.start(), kind) for kind, start in LINES if (match := start.search(text))]
    at, kind = min(found, default=(len(text), None))
    if at and (mapping or is_heading_row(first_row(source))):
        return "csv"
    if kind:
        return kind
    if hint and hint not in ("xlsx", "csl-json", "pubmed-xml"):
        return hint
    raise Unknown(
        _("We do not know this kind of file. We read %(kinds)s.") % {"kinds": ", ".join(DETECTED.values())}
    )


def kind_of_archive(data):
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _(
                "This is a spreadsheet or document of an older kind, or one with a password. Save it as .xlsx or .csv, without a password."
            )
        )
    if data.startswith(b"\x1f\x8b"):
        raise Unreadable(_("This file is compressed. Unpack it first."))
    raise Unreadable(
        _("This is a document, not a list of references. Export the list from your reference manager.")
    )


def kind_of_markup(text):
    if re.search(
        r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|!DOCTYPE\s+PubmedArticleSet)\b", text
    ):
        return "pubmed-xml"
    if re.search(r"<(?:!doctype\s+html|html|head|body)\b", text, re.IGNORECASE):
        raise Unreadable(_("This is a web page, not the file itself. Download the file and try again."))
    raise Unreadable(_("This is XML of another kind; of XML we read that of PubMed only."))
