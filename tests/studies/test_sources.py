"""Bringing sources in: what a list would bring, loading it as one, undoing it as one; wrong input loses nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studies.actions import Refused
from studies.chosen import NEW, Choice
from studies.importing import load_import, undo_import
from studies.models import Import, Publication, Study
from studies.pasting import preview_lines
from studies.previewing import preview_file
from tests.factories import draft, evidence, person

PAGE = "/en/desk/sources/"
NEW_TRIALS = {1: Choice(NEW, "rct"), 2: Choice(NEW, "rct")}
RIS = """TY  - JOUR
AU  - Zymurg, Anna
TI  - A first made-up record for this test
JO  - Journal of Tests
PY  - 2024
DO  - 10.5555/first
ER  -
TY  - JOUR
AU  - Zymurg, Anna
TI  - A second made-up record for this test
PY  - 2024
C7  - not kept
ER  -
this line belongs to no record
"""


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def counts():
    return [model.objects.count() for model in (Study, Publication)]


def brought(text=RIS, name="list.ris"):
    return preview_file(name, text.encode(), by=person("editor"))


class TestDoors:
    def test_strangers_sign_in_and_readers_find_nothing(self, client, db):
        pages = (PAGE, f"{PAGE}{brought().pk}/")
        for page in pages:
            assert client.get(page).status_code == 302
        client.force_login(person("reader"))
        for page in pages:
            assert client.get(page).status_code == 404

    def test_the_actions_refuse_whoever_may_not_add_studies(self, db):
        from django.core.exceptions import PermissionDenied

        imported = brought()
        with pytest.raises(PermissionDenied):
            preview_file("a.ris", RIS.encode(), by=person("reader"))
        with pytest.raises(PermissionDenied):
            load_import(imported, by=person("reader"), choices={1: Choice(NEW, "rct")})
        with pytest.raises(PermissionDenied):
            undo_import(imported, by=person("reader"))


class TestLooking:
    def test_a_preview_changes_nothing_in_the_catalogue(self, db):
        before = counts()
        imported = brought()
        assert counts() == before
        assert [row["fields"]["title"][:7] for row in imported.rows] == ["A first", "A secon"]
        assert imported.dropped == {"C7": 1, "-": 1}

    def test_what_is_here_is_told_with_what_differs(self, db):
        paper = Publication.objects.exclude(doi=None).exclude(year=None).first()
        text = f"TY  - JOUR\nTI  - Another title\nDO  - {paper.doi}\nPY  - {paper.year}\nER  - \n"
        (row,) = brought(text).rows
        (found,) = row["here"]
        assert (found["key"], found["study"]) == (paper.key, paper.study.key)
        assert found["conflicts"] == {"title": [paper.title, "Another title"]}

    @pytest.mark.parametrize(
        ("posted", "said"),
        [
            ({}, "Paste something or choose a file"),
            ({"text": "   "}, "Paste something or choose a file"),
            ({"text": "\x00\x01 nothing of the kind"}, ""),
            ({"text": "hello there"}, ""),
        ],
    )
    def test_wrong_input_says_why_and_keeps_what_was_typed(self, desk, posted, said):
        answer = desk.post(PAGE, posted)
        page = answer.content.decode()
        assert answer.status_code in (302, 400)
        if answer.status_code == 400:
            assert said in page and "errorlist" in page
        assert not Study.objects.filter(label__startswith="hello").exists()

    def test_a_binary_file_is_refused_beside_its_field(self, desk):
        answer = desk.post(PAGE, {"file": SimpleUploadedFile("x.ris", bytes(range(256)) * 40)})
        assert answer.status_code == 400 and "errorlist" in answer.content.decode()
        assert Import.objects.count() == 0

    def test_identifiers_that_are_here_need_no_network(self, desk):
        papers = list(Publication.objects.exclude(doi=None)[:3])
        lines = "\n".join(f"https://doi.org/{paper.doi}" for paper in papers)
        answer = desk.post(PAGE, {"text": lines})
        imported = Import.objects.get()
        assert answer.status_code == 302 and len(imported.rows) == 3
        assert all(row["here"] for row in imported.rows)

    def test_without_a_contact_the_page_says_so_once_and_the_line_waits(self, desk, settings):
        settings.LOOKUP_CONTACT = ""
        paper = Publication.objects.exclude(doi=None).first()
        lines = f"{paper.doi}\n10.5555/never-heard-of\n10.5555/nor-of-this"
        page = desk.post(PAGE, {"text": lines}, follow=True).content.decode()
        imported = Import.objects.get()
        assert len(imported.rows) == 1 and imported.problems == []
        assert {line for line, _text in imported.waiting} == {2, 3}
        assert page.count("LOOKUP_CONTACT is set") == 1

    def test_too_many_lines(self, db):
        with pytest.raises(Refused, match="500"):
            preview_lines("\n".join(f"10.5555/{number}" for number in range(501)), by=person("editor"))


class TestLoading:
    def test_what_has_a_design_is_loaded_and_the_rest_is_left_out(self, desk):
        imported = brought()
        answer = desk.post(f"{PAGE}{imported.pk}/", {"row-1": "new:rct"})
        assert answer.status_code == 302
        study = Study.objects.get(label="Zymurg 2024")
        assert (study.key, study.design) == ("zymurg-2024", "rct")
        paper = study.publications.get()
        assert (paper.doi, paper.year, paper.role) == ("10.5555/first", 2024, "primary")
        assert paper.authors == [{"family": "Zymurg", "given": "Anna"}]
        assert not Publication.objects.filter(title__startswith="A second").exists()

    def test_two_of_one_author_and_year_get_keys_of_their_own(self, db):
        imported = brought()
        choices = {1: Choice(NEW, "cohort"), 2: Choice(NEW, "cohort")}
        assert load_import(imported, by=person("editor"), choices=choices).made == [
            "zymurg-2024",
            "zymurg-2024-2",
        ]

    def test_nothing_is_loaded_where_one_cannot_be(self, db):
        imported = brought()
        imported.rows[1]["fields"]["doi"] = "10.5555/FIRST not a doi"
        imported.save()
        before = counts()
        with pytest.raises(Refused, match=f"Line {imported.rows[1]['line']}"):
            load_import(imported, by=person("editor"), choices=NEW_TRIALS)
        assert counts() == before

    def test_without_a_design_or_twice_it_is_refused(self, desk):
        imported = brought()
        page = f"{PAGE}{imported.pk}/"
        assert desk.post(page, {}).status_code == 409
        assert desk.post(page, {"row-1": "new:hearsay"}).status_code == 409
        assert desk.post(page, {"row-1": "new:rct"}).status_code == 302
        again = desk.post(page, {"row-1": "new:rct"})
        assert again.status_code == 409 and "loaded before" in again.content.decode()

    def test_what_came_in_the_meantime_is_not_made_twice(self, db):
        one, other = brought(), brought()
        choices = {1: Choice(NEW, "rct")}
        load_import(one, by=person("editor"), choices=choices)
        with pytest.raises(Refused, match="in the meantime"):
            load_import(other, by=person("editor"), choices=choices)


class TestUndoing:
    def test_undo_restores_the_base(self, desk):
        before = counts()
        imported = brought()
        load_import(imported, by=person("editor"), choices=NEW_TRIALS)
        assert counts() == [number + 2 for number in before]
        assert desk.post(f"{PAGE}{imported.pk}/", {"undo": "1"}).status_code == 302
        assert counts() == before
        assert Import.objects.get().state == "undone"

    def test_a_study_in_use_stays_and_so_does_the_rest(self, desk):
        imported = brought()
        load_import(imported, by=person("editor"), choices=NEW_TRIALS)
        evidence(draft(), publication=Publication.objects.get(key="zymurg-2024-2"))
        before = counts()
        answer = desk.post(f"{PAGE}{imported.pk}/", {"undo": "1"})
        assert answer.status_code == 409 and "in use" in answer.content.decode()
        assert counts() == before and Import.objects.get().state == "loaded"

    def test_what_was_never_loaded_cannot_be_undone(self, db):
        with pytest.raises(Refused, match="nothing to undo"):
            undo_import(brought(), by=person("editor"))


def test_the_pages_ask_little(desk, django_assert_max_num_queries):
    imported = brought()
    with django_assert_max_num_queries(8):
        page = desk.get(PAGE).content.decode()
    assert "list.ris" in page
    with django_assert_max_num_queries(7):
        page = desk.get(f"{PAGE}{imported.pk}/").content.decode()
    assert len(re.findall("<select", page)) == 2
    assert "C7: 1" in page
