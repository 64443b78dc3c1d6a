"""A table that is brought in: its columns are shown, chosen, and what is not kept is told."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from studies import formats
from studies.actions import Refused
from studies.choices import ImportState
from studies.formats import table_in
from studies.models import Import
from studies.previewing import MOST_ROWS
from studies.tabling import choose_columns, keep_table, throw_table_away
from tests.factories import person

PAGE = "/en/desk/sources/"
TABLE = """Naam van het stuk;Jaar;DOI;Samenvatting;;Notitie
Een verzonnen stuk;2021;10.5555/table-one;lang;los;
Nog een verzonnen stuk;2022;10.5555/table-two;;;bekijken
"""
MAPPING = {"Naam van het stuk": "title", "Jaar": "year", "DOI": "doi", "Samenvatting": "", "Notitie": ""}


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def kept(text=TABLE, name="list.csv"):
    data = text.encode()
    return keep_table(name, data, table_in(name, data), by=person("editor"))


def sheet(rows):
    """A spreadsheet as its smallest parts."""
    cells = "".join(
        "<row>" + "".join(f'<c t="str"><v>{cell}</v></c>' for cell in row) + "</row>" for row in rows
    )
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return book.getvalue()


class TestTableIn:
    def test_headings_first_values_and_what_we_take_them_for(self):
        table = table_in("list.csv", TABLE.encode())
        assert (table.kind, table.rows, table.nameless) == ("csv", 2, 1)
        assert [(column.heading, column.guess) for column in table.columns] == [
            ("Naam van het stuk", ""), ("Jaar", "year"), ("DOI", "doi"), ("Samenvatting", ""), ("Notitie", ""),
        ]  # fmt: skip
        assert table.columns[0].values == ["Een verzonnen stuk", "Nog een verzonnen stuk"]
        assert table.columns[4].values == ["bekijken"]

    def test_a_spreadsheet(self):
        table = table_in("list.xlsx", sheet([["Titel", "Nr"], ["Een verzonnen stuk", "7"]]))
        assert (table.kind, table.rows) == ("xlsx", 1)
        assert [(column.guess, column.values) for column in table.columns] == [
            ("title", ["Een verzonnen stuk"]),
            ("", ["7"]),
        ]

    def test_other_kinds_are_no_table(self):
        assert table_in("a.ris", b"TY  - JOUR\nTI  - x\nER  - \n") is None

    @pytest.mark.parametrize(
        "data", [b"--;==\n1;2\n", ";".join(f"h{n}" for n in range(201)).encode(), b"PK\x03\x04 broken"]
    )
    def test_no_headings_too_many_or_a_broken_file_is_said(self, data):
        with pytest.raises(formats.Unreadable):
            table_in("a.csv", data)


class TestPage:
    def test_from_upload_to_list_without_javascript(self, desk):
        answer = desk.post(PAGE, {"file": SimpleUploadedFile("list.csv", TABLE.encode())}, follow=True)
        imported = Import.objects.get()
        assert answer.redirect_chain[-1][0] == f"{PAGE}{imported.pk}/columns/"
        page = answer.content.decode()
        assert "Een verzonnen stuk · Nog een verzonnen stuk" in page and "1 column has no heading" in page
        assert '<option value="year" selected>' in page
        answer = desk.post(
            f"{PAGE}{imported.pk}/columns/",
            {"column-0": "title", "column-1": "year", "column-2": "doi"},
            follow=True,
        )
        imported.refresh_from_db()
        assert imported.state == ImportState.PREVIEWED and imported.table is None
        assert dict(imported.mapping) == MAPPING
        assert [row["fields"]["title"] for row in imported.rows] == [
            "Een verzonnen stuk",
            "Nog een verzonnen stuk",
        ]
        assert imported.dropped == {"Samenvatting": 1, "Notitie": 1, "-": 1}
        page = answer.content.decode()
        assert "Naam van het stuk: Title" in page and "<li>Samenvatting: <em>not kept</em></li>" in page

    def test_a_pasted_table_is_chosen_for_too(self, desk):
        answer = desk.post(PAGE, {"text": "Title,DOI\nA made-up one,10.5555/pasted\n"}, follow=True)
        assert answer.redirect_chain[-1][0].endswith("/columns/")

    @pytest.mark.parametrize(
        ("posted", "said"),
        [
            ({"column-1": "year"}, "one of them is needed"),
            ({"column-0": "colour"}, "Select a valid choice"),
        ],
    )
    def test_a_wrong_choice_says_why_and_keeps_the_table(self, desk, posted, said):
        imported = kept()
        answer = desk.post(f"{PAGE}{imported.pk}/columns/", posted)
        assert answer.status_code == 400 and said in answer.content.decode()
        imported.refresh_from_db()
        assert imported.state == ImportState.UPLOADED and bytes(imported.table) == TABLE.encode()

    def test_thrown_away(self, desk):
        imported = kept()
        assert desk.post(f"{PAGE}{imported.pk}/columns/", {"throw_away": "1"}).status_code == 302
        assert not Import.objects.exists()

    def test_too_many_rows_are_refused_beside_the_file(self, desk):
        data = b"DOI\n" + b"10.5555/x\n" * (MOST_ROWS + 1)
        answer = desk.post(PAGE, {"file": SimpleUploadedFile("list.csv", data)})
        assert answer.status_code == 400 and f"{MOST_ROWS + 1} references" in answer.content.decode()
        assert not Import.objects.exists()

    def test_doors(self, client, db):
        page = f"{PAGE}{kept().pk}/columns/"
        assert client.get(page).status_code == 302
        client.force_login(person("reader"))
        assert client.get(page).status_code == 404
        client.force_login(person("editor"))
        assert client.put(page).status_code == 405
        assert client.get(f"{PAGE}987654/columns/").status_code == 404

    def test_chosen_once(self, desk):
        imported = kept()
        choose_columns(imported, by=person("editor"), mapping=MAPPING)
        assert desk.get(f"{PAGE}{imported.pk}/columns/").url == f"{PAGE}{imported.pk}/"
        with pytest.raises(Refused):
            choose_columns(imported, by=person("editor"), mapping=MAPPING)
        with pytest.raises(Refused):
            throw_table_away(imported, by=person("editor"))


class TestKeeping:
    def test_what_nobody_chose_for_within_a_day_goes_with_the_next(self, db):
        old, young = kept(), kept()
        Import.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(hours=25))
        kept()
        assert not Import.objects.filter(pk=old.pk).exists() and Import.objects.filter(pk=young.pk).exists()

    def test_the_actions_refuse_whoever_may_not_add_studies(self, db):
        imported, reader = kept(), person("reader")
        with pytest.raises(PermissionDenied):
            keep_table("a.csv", b"DOI\n", table_in("a.csv", b"DOI\n"), by=reader)
        with pytest.raises(PermissionDenied):
            choose_columns(imported, by=reader, mapping=MAPPING)
        with pytest.raises(PermissionDenied):
            throw_table_away(imported, by=reader)
