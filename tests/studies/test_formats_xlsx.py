"""Spreadsheets, put together part by part as Excel and LibreOffice do."""

import io
import zipfile

import pytest
from django.utils import translation

from studies.formats import Unreadable, read

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = (
    f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets><sheet name="Refs" sheetId="4" r:id="rId7"/>'
    '<sheet name="Other" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
PLACES = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId7" Target="{}"/></Relationships>'
)
DAMAGED = "The spreadsheet is damaged or is none. Save it again as .xlsx or .csv."
SWOLLEN = "The spreadsheet unpacks to far more than it is. We do not read that."


def inline(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows):
    return f"<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData></worksheet>"


HEADINGS = f'<row r="1">{inline("A1", "Titel")}{inline("B1", "Jaar")}{inline("C1", "PMID")}</row>'
GOOD = sheet(
    HEADINGS,
    f'<row r="3">{inline("A3", "One")}<c r="B3"><v>2012</v></c><c r="C3"><v>2.3853635E7</v></c></row>',
)


def workbook(content=GOOD, texts=None, place="worksheets/sheet2.xml", workbook=WORKBOOK, **more):
    parts = {
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": PLACES.format(place),
        "xl/worksheets/sheet1.xml": sheet(),
        "xl/worksheets/sheet2.xml": content,
        **more,
    }
    if texts:
        parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{texts}</sst>"
    return packed(parts)


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_the_first_sheet_of_the_workbook_wherever_it_lies():
    reading = read("refs.csv", workbook())
    assert (reading.kind, reading.encoding) == ("xlsx", "UTF-8")
    assert [(record.line, record.fields) for record in reading.records] == [
        (3, {"title": "One", "year": 2012, "pmid": "23853635"})
    ]


def test_a_place_from_the_root_of_the_archive():
    assert len(read("x", workbook(place="/xl/worksheets/sheet2.xml")).records) == 1


def test_shared_texts_with_runs_of_their_own_and_readings():
    texts = (
        "<si><t>Title</t></si><si><t>Author</t></si><si><r><t>On CO</t></r><r><t>2</t></r><rPh><t>reading</t></rPh></si>"
        "<si><t>Smith, Jane; Doe, J</t></si>"
    )
    content = sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="C2" t="s"><v>3</v></c></row>',
    )
    assert read("x", workbook(content, texts)).records[0].fields == {
        "title": "On CO2",
        "authors": [{"family": "Smith", "given": "Jane"}, {"family": "Doe", "given": "J"}],
    }


@pytest.mark.parametrize(
    ("cell", "volume"),
    [
        ('<c r="B2"><v>12</v></c>', "12"),
        ('<c r="B2"><v>12.0</v></c>', "12"),
        ('<c r="B2"><v>12.5</v></c>', "12.5"),
        ('<c r="B2"><v>1E400</v></c>', "1E400"),
        ('<c r="B2" t="str"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', None),
        ('<c r="B2" t="s"><v>99</v></c>', None),
        ("<c><v>12</v></c>", "12"),
        ('<c r="B2" s="4"/>', None),
    ],
)
def test_each_sort_of_cell(cell, volume):
    content = sheet(
        f"<row>{inline('A1', 'title')}{inline('B1', 'volume')}</row>",
        f"<row>{inline('A2', 'One')}{cell}</row>",
    )
    assert read("x", workbook(content)).records[0].fields.get("volume") == volume


def cut(data):
    return data[: len(data) // 2]


def flipped(data):
    """The same with a byte of the packed sheet turned over."""
    at = data.index(b"xl/worksheets/sheet2.xml") + 60
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


REFUSED = {
    "cut off": (cut(workbook()), DAMAGED),
    "with a byte turned over": (flipped(workbook()), DAMAGED),
    "whose first sheet is not there": (workbook(place="worksheets/nowhere.xml"), DAMAGED),
    "without sheets": (workbook(workbook=f"<workbook {MAIN}/>"), DAMAGED),
    "whose sheet is broken": (workbook("<worksheet><sheetData><row>"), DAMAGED),
    "that is an archive of other things": (
        packed({"a.txt": "x"}),
        "This is an archive, not a spreadsheet. Unpack it first.",
    ),
    "with an empty sheet": (workbook(sheet()), "The file is empty."),
    "without headings": (
        workbook(sheet(f'<row r="2">{inline("A2", "One")}</row>')),
        "Line 2 should hold the headings; one of them has to be title, DOI, PMID or PMCID.",
    ),
    "that unpacks to a thousand times its size": (workbook(texts=" " * 20_000_000), SWOLLEN),
    "with thousands of parts": (workbook(**{f"part{number}": "" for number in range(2_001)}), SWOLLEN),
    "with entities": (
        workbook(f'<!DOCTYPE worksheet [<!ENTITY a "b">]>{GOOD}'),
        "The XML declares or uses entities of its own. We do not read that, since it can do harm.",
    ),
    "with ten thousand columns": (
        workbook(sheet(HEADINGS, f'<row r="2">{inline("NTP2", "far")}</row>')),
        "The sheet has more than 500 columns; a list of references has fewer.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_spreadsheet_is_refused_with_the_reason(name):
    data, sentence = REFUSED[name]
    with translation.override("en"), pytest.raises(Unreadable) as refusal:
        read("refs.xlsx", data)
    assert str(refusal.value) == sentence


def test_a_part_that_lies_about_its_size_is_not_unpacked_further():
    data = bytearray(workbook(texts=f"<si><t>{'x' * 3_000_000}</t></si>"))
    true_size = (3_000_000 + len(f"<sst {MAIN}></sst>") + len("<si><t></t></si>")).to_bytes(4, "little")
    assert data.count(true_size) == 2
    lying = bytes(data).replace(true_size, (100).to_bytes(4, "little"))
    with pytest.raises(Unreadable):
        read("refs.xlsx", lying)
