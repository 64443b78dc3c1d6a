"""Files as they really come: cut off, in the wrong encoding, hostile, or something else altogether."""

import pytest
from django.utils import translation

from studies.formats import Unreadable, read

NO_ER = "This record has no ER line at its end; it is read up to the next."
CUT = "This record has no ER line at its end; the file may have been cut off."
NO_TY = "From this line there is no record: a TY line is missing."
NAMELESS = "This record has no title and no DOI, PMID or PMCID; it is skipped."
NOT_CLOSED = "A brace or quote of this entry is not closed; the entry is skipped."
NOT_JSON = "This record is no valid JSON, or names a field twice; it is skipped."
BROKEN_XML = "The XML is broken or cut off here; the rest of the file is not read."
QUOTES = "A cell of this row is too long, or its quotes do not match; the row is skipped."
DAMAGED = "Some bytes are no text in {}; they are shown as �."
LOST = "{}: “{}” cannot be read and is left out."

ONE = "TY  - JOUR\nTI  - One\nER  - \n"
PUBMED = (
    "<PubmedArticleSet>\n<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{}</ArticleTitle>"
    "</Article></MedlineCitation></PubmedArticle>\n{}"
)


def pubmed(title="One", rest="</PubmedArticleSet>", before=""):
    return before + PUBMED.format(title, rest)


# What it is: bytes, (kind, encoding), {line: title}, [(line, problem)], {what was dropped: how often}
READ = {
    "RIS": (ONE, ("ris", "UTF-8"), {1: "One"}, [], {}),
    "RIS that ends its lines with CR alone": (ONE.replace("\n", "\r"), ("ris", "UTF-8"), {1: "One"}, [], {}),
    "RIS with CRLF": (ONE.replace("\n", "\r\n"), ("ris", "UTF-8"), {1: "One"}, [], {}),
    "RIS with a byte order mark": (b"\xef\xbb\xbf" + ONE.encode(), ("ris", "UTF-8"), {1: "One"}, [], {}),
    "two RIS files glued together, each with its mark": (
        2 * (b"\xef\xbb\xbf" + ONE.encode()),
        ("ris", "UTF-8"),
        {1: "One", 4: "One"},
        [],
        {},
    ),
    "RIS in UTF-16, little end first": (
        b"\xff\xfe" + ONE.encode("utf-16-le"),
        ("ris", "UTF-16"),
        {1: "One"},
        [],
        {},
    ),
    "RIS in UTF-16, big end first": (
        b"\xfe\xff" + ONE.encode("utf-16-be"),
        ("ris", "UTF-16"),
        {1: "One"},
        [],
        {},
    ),
    "RIS in UTF-16, cut in a character": (
        ONE.encode("utf-16")[:-1],
        ("ris", "UTF-16"),
        {1: "One"},
        [(3, DAMAGED.format("UTF-16"))],
        {},
    ),
    "RIS in UTF-32": (ONE.encode("utf-32"), ("ris", "UTF-32"), {1: "One"}, [], {}),
    "RIS from Windows": (
        "TY  - JOUR\nTI  - Café “X”\nER  - ".encode("cp1252"),
        ("ris", "Windows-1252"),
        {1: "Café “X”"},
        [],
        {},
    ),
    "RIS in Latin-1 with a control character": (
        b"TY  - JOUR\nTI  - Caf\xe9 \x81\nER  - \n",
        ("ris", "Latin-1"),
        {1: "Café �"},
        [],
        {},
    ),
    "RIS in UTF-8, cut in a character": (
        "TY  - JOUR\nTI  - Één é".encode()[:-1],
        ("ris", "UTF-8"),
        {1: "Één �"},
        [(2, DAMAGED.format("UTF-8")), (1, CUT)],
        {},
    ),
    "RIS from Windows, cut behind its one accent": (
        b"TY  - JOUR\nTI  - Caf\xe9",
        ("ris", "Windows-1252"),
        {1: "Café"},
        [(1, CUT)],
        {},
    ),
    "RIS with the mark of UTF-8 and other bytes": (
        b"\xef\xbb\xbfTY  - JOUR\nTI  - a\xffb\nER  - \n",
        ("ris", "UTF-8"),
        {1: "a�b"},
        [(2, DAMAGED.format("UTF-8"))],
        {},
    ),
    "RIS that holds the sign for unknown itself": (
        "TY  - JOUR\nTI  - a�b\nER  - \n",
        ("ris", "UTF-8"),
        {1: "a�b"},
        [],
        {},
    ),
    "RIS without ER": (
        "TY  - JOUR\nTI  - One\n" + ONE.replace("One", "Two"),
        ("ris", "UTF-8"),
        {1: "One", 3: "Two"},
        [(1, NO_ER)],
        {},
    ),
    "RIS cut off": (ONE + "TY  - JOUR\nTI  - Tw", ("ris", "UTF-8"), {1: "One", 4: "Tw"}, [(4, CUT)], {}),
    "RIS with a record that says nothing": (
        "TY  - JOUR\nER  - \n" + ONE,
        ("ris", "UTF-8"),
        {3: "One"},
        [(1, NAMELESS)],
        {},
    ),
    "RIS without TY at its second record": (
        ONE + "AU  - Smith, J\nTI  - Two\nER  - \n" + ONE,
        ("ris", "UTF-8"),
        {1: "One", 7: "One"},
        [(4, NO_TY)],
        {"AU": 1, "TI": 1, "ER": 1},
    ),
    "RIS with words around its records": (
        "Provider: X\n" + ONE + "\nBye\n",
        ("ris", "UTF-8"),
        {2: "One"},
        [],
        {"-": 2},
    ),
    "RIS with values that are none": (
        "TY  - JOUR\nTI  - One\nDO  - soon\nPY  - in press\nUR  - javascript:alert(1)\nLA  - 12\nER  - \n",
        ("ris", "UTF-8"),
        {1: "One"},
        [
            (1, LOST.format("Year", "in press")),
            (1, LOST.format("Language", "12")),
            (1, LOST.format("Address", "javascript:alert(1)")),
            (1, LOST.format("DOI", "soon")),
        ],
        {},
    ),
    "RIS of a type that we do not have": (
        "TY  - THES\nTI  - One\nKW  - a\nKW  - b\nAB  - text\n that goes on\nER  -",
        ("ris", "UTF-8"),
        {1: "One"},
        [],
        {"THES": 1, "KW": 2, "AB": 1},
    ),
    "RIS with control characters": (
        "TY  - JOUR\nTI  - a\x07b\x0bc\nER  - \n",
        ("ris", "UTF-8"),
        {1: "a�b c"},
        [],
        {},
    ),
    "RIS with a line that looks like a tag": (
        "TY  - JOUR\nTI  - Seen on\nT1-weighted images\nER  - \n",
        ("ris", "UTF-8"),
        {1: "Seen on T1-weighted images"},
        [],
        {},
    ),
    "RIS with a line of three million characters": (
        f"TY  - JOUR\nTI  - One\nAB  - {'y' * 3_000_000}\nER  - \n",
        ("ris", "UTF-8"),
        {1: "One"},
        [],
        {"AB": 1},
    ),
    "RIS with a journal of thirty thousand characters": (
        f"TY  - JOUR\nTI  - One\nJF  - {'x' * 30_000}\nER  - \n",
        ("ris", "UTF-8"),
        {1: "One"},
        [(1, "Journal or site: the value is longer than 20000 characters and is left out.")],
        {},
    ),
    "BibTeX with a brace that is not closed": (
        "@article{a, title={One\n\n@article{b, title={Two}}\n",
        ("bibtex", "UTF-8"),
        {3: "Two"},
        [(1, NOT_CLOSED)],
        {},
    ),
    "BibTeX with a quote that is not closed": (
        '@article{a, title="One}\n@article{b, title={Two}}\n',
        ("bibtex", "UTF-8"),
        {2: "Two"},
        [(1, NOT_CLOSED)],
        {},
    ),
    "BibTeX cut off in a value": (
        "@article{a, title={One}}\n@article{b, title={Tw",
        ("bibtex", "UTF-8"),
        {1: "One"},
        [(2, NOT_CLOSED)],
        {},
    ),
    "BibTeX cut off behind a comma": (
        "@article{a, title={One},\n  year = 2012,\n",
        ("bibtex", "UTF-8"),
        {},
        [(1, "This entry is not closed, the file may have been cut off; the entry is skipped.")],
        {},
    ),
    "BibTeX with one key twice": (
        "@article{a, title={One}}\n@article{a, title={Two}}\n",
        ("bibtex", "UTF-8"),
        {1: "One", 2: "Two"},
        [(2, "The key “a” is that of the entry on line 1 too; both are read.")],
        {},
    ),
    "BibTeX with one field twice": (
        "@article{a, title={One}, TITLE={Uno}}",
        ("bibtex", "UTF-8"),
        {1: "One"},
        [(1, "The field “title” stands twice in this entry; the first counts.")],
        {"title": 1},
    ),
    "BibTeX with a macro that is not there": (
        "@article{a, title=one, month=jan}",
        ("bibtex", "UTF-8"),
        {1: "one"},
        [(1, "“one” stands without quotes or braces and is no macro of this file; it is read as text.")],
        {"month": 1},
    ),
    "BibTeX without an equals sign": (
        "@article{a, title {One}, year=2000}\n@book{b, title={Two}}",
        ("bibtex", "UTF-8"),
        {2: "Two"},
        [(1, "The entry cannot be read from “title {One}, year=2000}”; it is skipped.")],
        {},
    ),
    "BibTeX closed by the wrong bracket": (
        "@article(a, title={One}}\n@book(b, title={Two})",
        ("bibtex", "UTF-8"),
        {2: "Two"},
        [(1, "The entry cannot be read from “}”; it is skipped.")],
        {},
    ),
    "BibTeX without commas": ("@article{a, title={One} year=2000}", ("bibtex", "UTF-8"), {1: "One"}, [], {}),
    "BibTeX without keys": (
        "@article{title={One}}\n@article{,title={Two}}",
        ("bibtex", "UTF-8"),
        {1: "One", 2: "Two"},
        [],
        {},
    ),
    "BibTeX with braces inside braces": (
        "@article{a, title={{{O}n{e {t}w}o}}}",
        ("bibtex", "UTF-8"),
        {1: "One two"},
        [],
        {},
    ),
    "BibTeX with words and notes between": (
        'Some words\n@comment{jabref {x}}\n@preamble{"x"}\n@article{a, title={One}}\nBye',
        ("bibtex", "UTF-8"),
        {4: "One"},
        [],
        {"-": 2, "@comment": 1, "@preamble": 1},
    ),
    "BibTeX on one line": (
        "@article{a,title={One}}@book{b,title={Two}} @misc{c,title={Three}}",
        ("bibtex", "UTF-8"),
        [(1, "One"), (1, "Two"), (1, "Three")],
        [],
        {"misc": 1},
    ),
    "NBIB without empty lines between": (
        "PMID- 1\nTI  - One.\nPMID- 2\nTI  - Two.\n",
        ("nbib", "UTF-8"),
        {1: "One", 3: "Two"},
        [],
        {},
    ),
    "NBIB cut off in a tag": ("PMID- 1\nTI  - One.\nPG", ("nbib", "UTF-8"), {1: "One. PG"}, [], {}),
    "NBIB with a number that is none": (
        "PMID- none\nTI  - One.\n\nPMID- 2\nTI  - Two.\n",
        ("nbib", "UTF-8"),
        {1: "One", 4: "Two"},
        [(1, LOST.format("PMID", "none"))],
        {},
    ),
    "NBIB with an empty line inside a record": (
        "PMID- 1\nTI  - One.\n\nVI  - 3\n",
        ("nbib", "UTF-8"),
        {1: "One"},
        [(4, NAMELESS)],
        {},
    ),
    "JSON cut off in a record": (
        '[{"title":"One"},\n{"title":"Tw',
        ("csl-json", "UTF-8"),
        {1: "One"},
        [(2, "The file ends within this record; it is skipped.")],
        {},
    ),
    "JSON cut off between records": (
        '[{"title":"One"},\n',
        ("csl-json", "UTF-8"),
        {1: "One"},
        [(2, "The file ends before its list does; it may have been cut off.")],
        {},
    ),
    "JSON with a comma too many": (
        '[{"title":"One",},\n{"title":"Two"}]',
        ("csl-json", "UTF-8"),
        {2: "Two"},
        [(1, NOT_JSON)],
        {},
    ),
    "JSON with a name twice": (
        '[{"title":"One","title":"Uno"},\n{"title":"Two"}]',
        ("csl-json", "UTF-8"),
        {2: "Two"},
        [(1, NOT_JSON)],
        {},
    ),
    "JSON with a number that is none": (
        '[{"title":"One","volume":NaN}]',
        ("csl-json", "UTF-8"),
        {},
        [(1, NOT_JSON)],
        {},
    ),
    "JSON with brackets that do not match": (
        '[{"title":"One"],\n{"title":"Two"}]',
        ("csl-json", "UTF-8"),
        {2: "Two"},
        [(1, NOT_JSON)],
        {},
    ),
    "JSON with other things than records": (
        '[1, [2],\nnull, {"title":"One"}] rest',
        ("csl-json", "UTF-8"),
        {2: "One"},
        [
            (1, "“1” is no record; it is passed over."),
            (1, "“[2]” is no record; it is passed over."),
            (2, "“null” is no record; it is passed over."),
            (2, "“rest” is no record; it is passed over."),
        ],
        {},
    ),
    "JSON with half a character and a null": (
        r'[{"title":"a\ud800b\u0000c"}]',
        ("csl-json", "UTF-8"),
        {1: "a�b�c"},
        [],
        {},
    ),
    "JSON with values of other types": (
        '[{"DOI":"10.1000/x","title":{"a":1},"volume":true,"note":{"b":2}}]',
        ("csl-json", "UTF-8"),
        {1: None},
        [(1, "title: this is no text, and is left out."), (1, "volume: this is no text, and is left out.")],
        {"note": 1},
    ),
    "JSON of no records": ("[]", ("csl-json", "UTF-8"), {}, [], {}),
    "JSON, a record on each line": (
        '{"title":"One"}\n{"title":"Two"}\n',
        ("csl-json", "UTF-8"),
        {1: "One", 2: "Two"},
        [],
        {},
    ),
    "XML cut off": (
        pubmed(rest="<PubmedArticle><MedlineCitation><PM"),
        ("pubmed-xml", "UTF-8"),
        {2: "One"},
        [(3, BROKEN_XML)],
        {},
    ),
    "XML with an entity of web pages": (
        pubmed(rest="<PubmedArticle>&eacute;</PubmedArticle>"),
        ("pubmed-xml", "UTF-8"),
        {2: "One"},
        [(3, BROKEN_XML)],
        {},
    ),
    "XML that says that it is Latin-1": (
        pubmed("Café", before='<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        ("pubmed-xml", "ISO-8859-1"),
        {2: "Café"},
        [],
        {},
    ),
    "XML in UTF-16": (
        pubmed("Café", before='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
        ("pubmed-xml", "UTF-16"),
        {2: "Café"},
        [],
        {},
    ),
    "XML that says UTF-8 and is not": (
        pubmed("Café", before='<?xml version="1.0" encoding="utf-8"?>').encode("latin-1"),
        ("pubmed-xml", "UTF-8"),
        {},
        [(2, BROKEN_XML)],
        {},
    ),
    "XML in an encoding that nobody knows": (
        pubmed(before='<?xml version="1.0" encoding="klingon"?>'),
        ("pubmed-xml", "KLINGON"),
        {},
        [(1, BROKEN_XML)],
        {},
    ),
    "XML with markup in a title": (
        pubmed("CO<sub>2</sub> &lt; <i>5</i>.<!-- x -->"),
        ("pubmed-xml", "UTF-8"),
        {2: "CO2 < 5"},
        [],
        {"sub": 1, "i": 1},
    ),
    "XML of no records": ("<PubmedArticleSet></PubmedArticleSet>", ("pubmed-xml", "UTF-8"), {}, [], {}),
    "CSV with a quote that is not closed": (
        'title,doi\n"One,10.1000/x\nTwo,10.1000/y\n',
        ("csv", "UTF-8"),
        {3: "Two"},
        [(2, QUOTES)],
        {},
    ),
    "CSV with text behind a quote": (
        'title,doi\n"One"x,10.1000/x\nTwo,10.1000/y\n',
        ("csv", "UTF-8"),
        {3: "Two"},
        [(2, QUOTES)],
        {},
    ),
    "CSV with lines inside its cells": (
        'title,year\r\n"One\r\nand more",2012\r\n\r\nTwo,2013\r\n',
        ("csv", "UTF-8"),
        {2: "One and more", 5: "Two"},
        [],
        {},
    ),
    "CSV with more and fewer cells than headings": (
        "title,year\nOne,2012,3,,4\nTwo\n",
        ("csv", "UTF-8"),
        {2: "One", 3: "Two"},
        [],
        {"-": 2},
    ),
    "CSV with a mark and CR alone": (
        b"\xef\xbb\xbftitle,year\rOne,2012\r",
        ("csv", "UTF-8"),
        {2: "One"},
        [],
        {},
    ),
    "CSV from Excel in Dutch": (
        "sep=;\r\nTitel;Jaar\r\nEén;2012\r\n".encode("cp1252"),
        ("csv", "Windows-1252"),
        {3: "Eén"},
        [],
        {},
    ),
    "CSV with a cell of two million characters": (
        f"title,year\n{'x' * 2_000_000},2012\nTwo,2013\n",
        ("csv", "UTF-8"),
        {3: "Two"},
        [(2, QUOTES)],
        {},
    ),
    "CSV with a record of another format in a cell": (
        f'title,year\n"{ONE}",2012\n',
        ("csv", "UTF-8"),
        {2: "TY - JOUR TI - One ER -"},
        [],
        {},
    ),
    "CSV with one heading twice": (
        "title,title,doi\nOne,Uno,\n",
        ("csv", "UTF-8"),
        {2: "One"},
        [],
        {"title": 1},
    ),
}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_of_it_is_read_and_the_rest_is_told(name):
    data, what, titles, problems, dropped = READ[name]
    with translation.override("en"):
        reading = read("list.txt", data if isinstance(data, bytes) else data.encode())
    assert (reading.kind, reading.encoding) == what
    found = [(record.line, record.fields.get("title")) for record in reading.records]
    assert found == (list(titles.items()) if isinstance(titles, dict) else titles)
    assert [(problem.line, problem.sentence) for problem in reading.problems] == problems
    assert reading.dropped == dropped


NOT_TEXT = "This is not a text file, and no spreadsheet that we can read."
ENTITIES = "The XML declares or uses entities of its own. We do not read that, since it can do harm."
TOO_DEEP = "Brackets or elements in the file stand more than 60 deep inside each other."
DOCUMENT = "This is a document, not a list of references. Export the list from your reference manager."
DOCTYPE = "<!DOCTYPE PubmedArticleSet "
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

REFUSED = {
    "nothing": (b"", "The file is empty."),
    "blanks": (b" \r\n\t\r\n", "The file is empty."),
    "a byte order mark alone": (b"\xef\xbb\xbf", "The file is empty."),
    "a photograph": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NOT_TEXT),
    "every byte there is": (bytes(range(256)), NOT_TEXT),
    "RIS with a null byte": (ONE.encode() + b"\x00", NOT_TEXT),
    "a PDF": (b"%PDF-1.7\n", DOCUMENT),
    "RTF": (b"{\\rtf1 x}", DOCUMENT),
    "something compressed": (b"\x1f\x8b\x08\x00abc", "This file is compressed. Unpack it first."),
    "an old spreadsheet": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "This is a spreadsheet or document of an older kind, or one with a password. Save it as .xlsx or .csv, without a password.",
    ),
    "half a spreadsheet": (
        b"PK\x03\x04 and no more",
        "The spreadsheet is damaged or is none. Save it again as .xlsx or .csv.",
    ),
    "the page where one signs in": (
        b"\n<!DOCTYPE html><html>Sign in</html>",
        "This is a web page, not the file itself. Download the file and try again.",
    ),
    "XML of EndNote": (
        b"<?xml version='1.0'?><xml><records></records></xml>",
        "This is XML of another kind; of XML we read that of PubMed only.",
    ),
    "a letter": (
        b"Dear reader,\nhere are my references.\n",
        "We do not know this kind of file. We read RIS, BibTeX, NBIB (PubMed), CSL-JSON, PubMed XML, CSV, Excel (XLSX).",
    ),
    "the list of Retraction Watch": (
        b"Record ID,Title,RetractionDOI,OriginalPaperDOI,RetractionNature\n1,x,,,Retraction\n",
        "This is the list of Retraction Watch, which has an import of its own.",
    ),
    "a billion laughs": (f'{DOCTYPE}[<!ENTITY l0 "ha">{LAUGHS}]>{pubmed("&l9;")}'.encode(), ENTITIES),
    "an entity that is never used": (f'{DOCTYPE}[<!ENTITY a "b">]>{pubmed()}'.encode(), ENTITIES),
    "a file from the machine": (
        f'{DOCTYPE}[<!ENTITY x SYSTEM "file:///etc/passwd">]>{pubmed("&x;")}'.encode(),
        ENTITIES,
    ),
    "a definition from elsewhere": (
        f'{DOCTYPE}[<!ENTITY % x SYSTEM "http://example.org/x.dtd"> %x;]>{pubmed()}'.encode(),
        ENTITIES,
    ),
    "an entity of a definition that is not read": (
        f'{DOCTYPE}SYSTEM "x.dtd">{pubmed("caf&eacute;")}'.encode(),
        ENTITIES,
    ),
    "XML a hundred deep": (b"<PubmedArticleSet>" + b"<a>" * 100, TOO_DEEP),
    "JSON a hundred deep": (b"[" * 100 + b"]" * 100, TOO_DEEP),
    "JSON a hundred thousand deep in a record": (b'[{"title":"x","y":' + b"[" * 100_000, TOO_DEEP),
    "BibTeX a hundred deep": (b"@article{a, title=" + b"{" * 100 + b"}" * 100 + b"}", TOO_DEEP),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_of_references_is_refused_with_the_reason(name):
    data, sentence = REFUSED[name]
    with translation.override("en"), pytest.raises(Unreadable) as refusal:
        read("list.txt", data)
    assert str(refusal.value) == sentence


def test_there_are_enough_of_them():
    assert len(READ) + len(REFUSED) >= 50
