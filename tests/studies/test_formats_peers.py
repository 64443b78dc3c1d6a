"""What we write, other programs read as we mean it: rispy for RIS, bibtexparser for BibTeX, citeproc-py for CSL-JSON."""

import json
from pathlib import Path

import bibtexparser
import rispy
from citeproc.source.json import CiteProcJSON

from studies.formats import write

FIXTURES = Path(__file__).parents[2] / "fixtures" / "publications.jsonl"
PUBLICATIONS = [json.loads(line) for line in FIXTURES.read_text().splitlines()]


def name_of(author):
    return author.get("literal") or ", ".join(
        author[part] for part in ("family", "suffix", "given") if author.get(part)
    )


def meant(publication):
    return {
        "title": publication["title"],
        "authors": [name_of(author) for author in publication.get("authors", ())],
        "year": str(publication["year"]) if publication.get("year") else None,
        "doi": publication.get("doi") or None,
        "pmid": publication.get("pmid") or None,
        "pmcid": publication.get("pmcid") or None,
    }


def by_rispy(entry):
    return {
        "title": entry["title"],
        "authors": [
            name.rstrip(",") for name in entry.get("authors", [])
        ],  # RIS ends an organisation with one
        "year": entry.get("year"),
        "doi": entry.get("doi"),
        "pmid": entry.get("accession_number"),
        "pmcid": entry.get("custom2"),
    }


def unbraced(text):
    return text.replace("{", "").replace("}", "")


def by_bibtexparser(entry):
    values = {name: field.value for name, field in entry.fields_dict.items()}
    return {
        "title": unbraced(values["title"]),
        "authors": [unbraced(name) for name in values.get("author", [])],
        **{name: values.get(name) for name in ("year", "doi", "pmid", "pmcid")},
    }


def test_rispy_reads_every_publication_as_it_is():
    entries = rispy.loads("".join(write("ris", PUBLICATIONS)))
    assert [by_rispy(entry) for entry in entries] == [meant(each) for each in PUBLICATIONS]


def test_bibtexparser_reads_every_publication_as_it_is():
    middleware = bibtexparser.middlewares
    library = bibtexparser.parse_string(
        "".join(write("bibtex", PUBLICATIONS)),
        append_middleware=[middleware.SeparateCoAuthors(), middleware.LatexDecodingMiddleware()],
    )
    assert library.failed_blocks == []
    assert [by_bibtexparser(entry) for entry in library.entries] == [meant(each) for each in PUBLICATIONS]


def by_citeproc(entry):
    said = {name: str(entry[name]) for name in ("title", "DOI", "PMID", "PMCID") if name in entry}
    return {
        "title": said["title"],
        "authors": [name_of(author) for author in entry.get("author", ())],
        "year": str(entry["issued"].year) if "issued" in entry else None,
        **{name.lower(): said.get(name) for name in ("DOI", "PMID", "PMCID")},
    }


def test_citeproc_reads_every_publication_as_it_is():
    found = CiteProcJSON(json.loads("".join(write("csl-json", PUBLICATIONS))))
    assert [by_citeproc(found[each["key"].lower()]) for each in PUBLICATIONS] == [
        meant(each) for each in PUBLICATIONS
    ]
