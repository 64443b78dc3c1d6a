"""What once went wrong while bringing sources in: time, twins, two people at once, and values that no column holds."""

import json
import threading
from io import StringIO
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from studies import formats, importing, lookup, pasting
from studies.actions import Refused
from studies.lookup import Unavailable, look_up
from studies.models import Import, Publication, Study
from studies.pasting import leave_waiting_out, look_up_waiting, preview_lines
from studies.previewing import preview_file
from tests.factories import person

PAGE = "/en/desk/sources/"
LINES = "\n".join(f"10.5555/made-up-{number}" for number in range(1, 6))


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def brought(records):
    return preview_file("list.json", json.dumps(records).encode(), by=person("editor"))


def work(number=1, **words):
    return {"type": "article-journal", "title": f"Made-up work {number} for this test"} | words


def answering(monkeypatch, seconds_each):
    """look_up gives a record after this long, by a clock of its own; or raises OutOfTime as the real one does."""
    clock = {"now": 0.0}

    def answer(text, until):
        clock["now"] += seconds_each
        if clock["now"] > until:
            raise lookup.OutOfTime("slow")
        record = formats.Record(1, {"title": f"About {text}", "doi": text})
        return lookup.Found(record, lookup.Answer("doi", f"https://doi.org/{text}", timezone.now(), "", b""))

    monkeypatch.setattr(pasting, "look_up", answer)
    monkeypatch.setattr(pasting, "monotonic", lambda: clock["now"])


class TestTime:
    def test_a_place_that_hangs_is_not_waited_for_beyond_the_time(self, source, settings):
        hanging = threading.Event()
        source.RequestHandlerClass = type(
            "Hanging", (source.RequestHandlerClass,), {"do_GET": lambda self: hanging.wait(5)}
        )
        settings.LOOKUP_INTERVAL = 0
        began = monotonic()
        with pytest.raises(Unavailable):
            look_up("10.5555/hangs", monotonic() + 0.4)
        assert monotonic() - began < 2
        hanging.set()

    def test_nothing_is_asked_when_the_time_is_up(self, source):
        with pytest.raises(lookup.OutOfTime):
            look_up("10.5555/late", monotonic() - 1)
        assert source.asked == []

    def test_lines_that_did_not_come_to_their_turn_wait_and_go_on(self, db, monkeypatch):
        answering(monkeypatch, seconds_each=6)
        imported = look_up_waiting(preview_lines(LINES, by=person("editor")), by=person("editor"))
        assert [row["line"] for row in imported.rows] == [1, 2]
        assert [line for line, _text in imported.waiting] == [3, 4, 5]
        imported = look_up_waiting(imported, by=person("editor"))
        assert [row["line"] for row in imported.rows] == [1, 2, 3, 4]
        assert look_up_waiting(imported, by=person("editor")).waiting == []

    def test_a_line_too_slow_for_all_the_time_there_is_waits_behind_the_rest(self, db, monkeypatch):
        answering(monkeypatch, seconds_each=16)
        imported = look_up_waiting(preview_lines(LINES, by=person("editor")), by=person("editor"))
        assert imported.problems == [] and imported.unreached == "slow"
        assert [line for line, _text in imported.waiting] == [2, 3, 4, 5, 1]

    def test_the_page_says_which_lines_wait_and_has_both_ways_on(self, desk, monkeypatch):
        answering(monkeypatch, seconds_each=6)
        page = desk.post(PAGE, {"text": LINES}, follow=True).content.decode()
        assert "3 lines were not looked up yet" in page and "10.5555/made-up-5" in page
        imported = Import.objects.get()
        address = f"{PAGE}{imported.pk}/"
        assert "Load what has" not in page
        refused = desk.post(address, {"row-1": "new:rct"})
        assert refused.status_code == 409 and "lines that wait" in refused.content.decode()
        desk.post(address, {"look_up": "1"})
        assert len(Import.objects.get().waiting) == 1
        assert "left out" in desk.post(address, {"leave_out": "1"}, follow=True).content.decode()
        assert Import.objects.get().problems == [[5, "10.5555/made-up-5: left out."]]
        assert desk.post(address, {"row-1": "new:rct"}).status_code == 302

    def test_only_one_looks_up_a_list_at_a_time(self, db, monkeypatch):
        monkeypatch.setattr(pasting, "look_up", lambda *asked: pytest.fail("asked twice at once"))
        imported = preview_lines(LINES, by=person("editor"))
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                name = f"look up import {imported.pk}"
                cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
            assert len(look_up_waiting(imported, by=person("editor")).waiting) == 5
        finally:
            other.close()

    def test_the_command_looks_up_all_that_waits(self, db, monkeypatch):
        answering(monkeypatch, seconds_each=25)
        lists = [preview_lines(text, by=person("editor")) for text in (LINES, "10.5555/of-another-list")]
        out = StringIO()
        call_command("look_up_lists", "--once", "-v2", stdout=out)
        assert [len(imported.rows) for imported in Import.objects.order_by("pk")] == [5, 1]
        assert out.getvalue().splitlines() == [
            f"list {lists[0].pk}: 3 lines left",
            f"list {lists[1].pk}: 0 lines left",
            f"list {lists[0].pk}: 1 lines left",
            f"list {lists[0].pk}: 0 lines left",
        ]

    def test_the_command_leaves_lists_of_who_may_no_longer_add(self, db, monkeypatch):
        monkeypatch.setattr(pasting, "look_up", lambda *asked: pytest.fail("asked"))
        imported = preview_lines(LINES, by=person("editor"))
        imported.made_by.groups.clear()
        err = StringIO()
        call_command("look_up_lists", "--once", stderr=err)
        assert f"list {imported.pk}: " in err.getvalue()

    def test_five_hundred_lines_are_taken_in_a_few_questions(self, db, django_assert_max_num_queries):
        text = "\n".join(f"10.5555/made-up-{number}" for number in range(500))
        editor = person("editor")
        editor.has_perm("studies.add_study")
        with django_assert_max_num_queries(4):
            assert len(preview_lines(text, by=editor).waiting) == 500

    def test_lines_are_left_out_once(self, db):
        imported = leave_waiting_out(preview_lines(LINES, by=person("editor")), by=person("editor"))
        with pytest.raises(Refused, match="No line"):
            leave_waiting_out(imported, by=person("editor"))


class TestTwins:
    def test_one_doi_twice_is_told_and_not_loaded_twice(self, desk):
        imported = brought([work(1, DOI="10.5555/twin"), work(2, DOI="10.5555/TWIN"), work(3)])
        address = f"{PAGE}{imported.pk}/"
        page = desk.get(address).content.decode()
        assert "The same paper as line 1" in page and page.count("<select") == 2
        refused = desk.post(address, {"row-1": "new:rct", "row-2": "new:rct"})
        assert refused.status_code == 409 and "the same paper as line" in refused.content.decode()
        assert not Publication.objects.filter(doi="10.5555/twin").exists()

    def test_one_identifier_pasted_twice_is_looked_up_once(self, db):
        imported = preview_lines("10.5555/a\nhttps://doi.org/10.5555/A", by=person("editor"))
        assert imported.waiting == [[1, "10.5555/a"]]
        assert [line["same_as"] for line in imported.lines] == [None, 1]

    def test_records_on_one_line_are_chosen_one_by_one(self, desk):
        imported = brought([work(1), work(2)])
        assert [row["line"] for row in imported.rows] == [1, 1]
        desk.post(f"{PAGE}{imported.pk}/", {"row-2": "new:rct"})
        assert Publication.objects.get(title__startswith="Made-up work").title == work(2)["title"]


def test_who_loses_a_race_reads_a_sentence_and_nothing_is_half_loaded(desk, monkeypatch):
    imported = brought([work(1), work(2, DOI="10.5555/raced")])
    kept = importing.make_studies

    def make_studies(chosen, *, by):
        kept(chosen[:1], by=by)
        raise IntegrityError("publication_doi_unique")

    monkeypatch.setattr(importing, "make_studies", make_studies)
    answer = desk.post(f"{PAGE}{imported.pk}/", {"row-1": "new:rct", "row-2": "new:rct"})
    assert answer.status_code == 409 and "at this moment" in answer.content.decode()
    assert not Study.objects.filter(label__startswith="Made-up").exists()
    assert Import.objects.get().state == "previewed"


class TestValues:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"title": "", "DOI": "10.5555/untitled"}, "Without a title"),
            ({"container-title": "J" * 301}, "container_title"),
            ({"volume": "9" * 41}, "volume"),
            ({"page": "1" * 61}, "pages"),
            ({"URL": "https://example.org/" + "a" * 500}, "url"),
        ],
    )
    def test_what_no_column_holds_is_said_before_loading(self, desk, words, said):
        imported = brought([work(1, **words)])
        address = f"{PAGE}{imported.pk}/"
        page = desk.get(address).content.decode()
        assert said in page and "<select" not in page
        answer = desk.post(address, {"row-1": "new:rct"})
        assert answer.status_code == 409 and said in answer.content.decode()

    @pytest.mark.parametrize("year", ["99999999999999", "-5", "0", "next year"])
    def test_a_year_out_of_range_is_told_and_left_out(self, desk, year):
        imported = brought([work(1, issued={"date-parts": [[year]]})])
        assert "year" not in imported.rows[0]["fields"] and imported.problems
        assert desk.post(f"{PAGE}{imported.pk}/", {"row-1": "new:rct"}).status_code == 302

    def test_columns_that_we_do_not_take_do_no_harm(self, desk):
        table = "key,title,role,zodiac\nsomebodys-key,A made-up title for this test,protocol,Leo\n"
        answer = desk.post(PAGE, {"file": SimpleUploadedFile("list.csv", table.encode())})
        imported = Import.objects.get()
        assert answer.status_code == 302
        assert desk.post(f"{PAGE}{imported.pk}/columns/", {"column-1": "title"}).status_code == 302
        imported.refresh_from_db()
        assert imported.dropped == {"key": 1, "role": 1, "zodiac": 1}
        assert desk.post(f"{PAGE}{imported.pk}/", {"row-1": "new:rct"}).status_code == 302
        assert Publication.objects.get(title="A made-up title for this test").key != "somebodys-key"

    def test_a_file_name_with_signs_that_no_text_holds(self, db):
        imported = preview_file("a\x00\ud800b.json", json.dumps([work()]).encode(), by=person("editor"))
        assert imported.name == "a��b.json"

    @pytest.mark.parametrize("contact", ["redactie@voorbeeld.nl\nX: y", "rédactie@example.org"])
    def test_a_contact_that_no_header_holds(self, settings, contact):
        settings.LOOKUP_CONTACT = contact
        with pytest.raises(Unavailable, match="LOOKUP_CONTACT"):
            look_up("10.5555/first")
