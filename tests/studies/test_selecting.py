"""A long list: a hundred rows a page, choices that are kept from page to page, one for all that is new, and loading in the background."""

import json
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from studies import sources
from studies.actions import Refused
from studies.chosen import NEW, Choice, choices_kept
from studies.formats import Record
from studies.models import Import, Publication, Study
from studies.pasting import preview_lines
from studies.previewing import preview_file
from studies.selecting import ask_to_load, choose_for_all_new, keep_choices, load_asked, stop_asking
from tests.factories import person, publication, study

PAGE = "/en/desk/sources/"


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def brought(records=250, **words):
    works = [
        {"type": "article-journal", "title": f"Work number {number} that somebody made up"} | words
        for number in range(1, records + 1)
    ]
    return preview_file("list.json", json.dumps(works).encode(), by=person("editor"))


def kept(imported):
    return choices_kept(Import.objects.get(pk=imported.pk))


class TestPages:
    def test_a_hundred_rows_stand_on_a_page(self, desk):
        address = f"{PAGE}{brought().pk}/"
        first, last = (desk.get(address + query).content.decode() for query in ("", "?page=3"))
        assert "Page 1 of 3" in first and 'name="row-100"' in first and 'name="row-101"' not in first
        assert 'name="row-201"' in last and 'name="row-200"' not in last
        for wild in ("?page=99", "?page=-1", "?page=x", "?page="):
            assert desk.get(address + wild).status_code == 200

    def test_what_is_chosen_is_kept_from_page_to_page_and_loaded_together(self, desk):
        imported = brought()
        address = f"{PAGE}{imported.pk}/"
        answer = desk.post(address, {"row-3": "new:rct", "page": "2"})
        assert answer.headers["Location"] == f"{address}?page=2"
        desk.post(f"{address}?page=2", {"row-150": "new:cohort", "row-3": "", "page": "1"})
        assert kept(imported) == {3: Choice(NEW, "rct"), 150: Choice(NEW, "cohort")}
        page = desk.get(address).content.decode()
        assert '<option value="new:rct" selected>' in page and "2 rows were chosen so far" in page
        desk.post(f"{address}?page=3", {"row-201": "new:rct"})
        assert Import.objects.get().state == "loaded" and len(Import.objects.get().made) == 3

    def test_what_is_changed_or_left_out_later_counts(self, desk):
        imported = brought()
        address = f"{PAGE}{imported.pk}/"
        desk.post(address, {"row-1": "new:rct", "row-2": "new:rct", "page": "2"})
        desk.post(address, {"row-1": "", "row-2": "new:cohort", "page": "2"})
        assert kept(imported) == {2: Choice(NEW, "cohort")}

    def test_what_is_ticked_is_kept_too(self, desk):
        ours = publication(
            study(), title="Work number 1 that somebody made up", year=2020, doi="10.5555/ours"
        )
        imported = brought(1, DOI="10.5555/ours", issued={"date-parts": [[2021]]})
        posted = {"row-1": f"same:{ours.key}", f"take-1-{ours.key}": ["year"], "page": "1"}
        desk.post(f"{PAGE}{imported.pk}/", posted)
        assert kept(imported)[1].take == ("year",)
        assert desk.get(f"{PAGE}{imported.pk}/").content.decode().count(" checked") == 1

    def test_a_row_that_is_found_before_them_does_not_shift_the_choices(self, db, monkeypatch):
        from studies import lookup, pasting

        imported = preview_lines("10.5555/a\n10.5555/b", by=person("editor"))

        def found(text):
            record = Record(1, {"title": f"About {text}", "doi": text})
            return lookup.Found(record, lookup.Answer("doi", "https://doi.org/", timezone.now(), "", b""))

        pasting.keep_looked_up(imported, 2, found("10.5555/b"), "")
        keep_choices(imported, {1: Choice(NEW, "rct")}, by=person("editor"), among=[1])
        pasting.keep_looked_up(imported, 1, found("10.5555/a"), "")
        assert kept(imported) == {2: Choice(NEW, "rct")}

    def test_lines_that_were_pasted_have_pages_too(self, desk):
        imported = preview_lines("\n".join(f"Nothing {n} at all" for n in range(130)), by=person("editor"))
        page = desk.get(f"{PAGE}{imported.pk}/?page=2").content.decode()
        assert "Page 2 of 2" in page and "Nothing 129 at all" in page and "Nothing 99 at all" not in page
        assert "Needs a look: 130" in page

    def test_a_page_of_a_long_list_asks_little(self, desk, django_assert_max_num_queries):
        imported = brought()
        with django_assert_max_num_queries(7):
            desk.get(f"{PAGE}{imported.pk}/?page=2")


class TestAllNew:
    def test_it_is_for_what_is_plainly_new(self, desk):
        imported = brought(20)
        imported.rows[6]["alike"] = [{"key": "another"}]
        imported.rows[2]["flaws"] = ["A flaw."]
        for place in (3, 4):
            imported.rows[place]["fields"]["doi"] = "10.5555/twins"
        imported.save()
        desk.post(f"{PAGE}{imported.pk}/", {"for_all": "1", "all_new": "cohort"})
        chosen = kept(imported)
        assert set(chosen) == set(range(1, 21)) - {3, 5, 7}
        assert set(chosen.values()) == {Choice(NEW, "cohort")}

    def test_leaving_all_out_and_a_design_that_there_is_not(self, desk):
        imported = brought(20)
        address = f"{PAGE}{imported.pk}/"
        _list, count = choose_for_all_new(imported, "rct", by=person("editor"))
        assert count == len(kept(imported)) == 20
        assert desk.post(address, {"for_all": "1", "all_new": "hearsay"}).status_code == 409
        desk.post(address, {"for_all": "1", "all_new": ""})
        assert kept(imported) == {}


class TestBackground:
    @pytest.fixture
    def long(self, desk, monkeypatch):
        monkeypatch.setattr(sources, "MOST_AT_ONCE", 15)
        imported, _count = choose_for_all_new(brought(20), "rct", by=person("editor"))
        desk.post(f"{PAGE}{imported.pk}/", {f"row-{number}": "new:rct" for number in range(1, 21)})
        imported.refresh_from_db()
        return imported

    def test_a_long_list_waits_and_the_command_loads_it(self, long, desk):
        assert (long.state, long.loading_by) == ("previewed", person("editor"))
        page = desk.get(f"{PAGE}{long.pk}/").content.decode()
        assert "20 rows are loaded in the background" in page and "<select" not in page
        assert Publication.objects.filter(title__startswith="Work number").count() == 0
        out = StringIO()
        call_command("load_lists", "--once", "-v2", stdout=out)
        assert out.getvalue() == f"list {long.pk}: 20 new studies\n"
        long.refresh_from_db()
        assert (long.state, len(long.made), long.loading_asked_at) == ("loaded", 20, None)

    def test_while_it_waits_nothing_is_changed_until_that_is_taken_back(self, long, desk):
        address = f"{PAGE}{long.pk}/"
        refused = desk.post(address, {"row-1": "new:cohort", "page": "1"})
        assert refused.status_code == 409 and "waits to be loaded" in refused.content.decode()
        assert desk.post(address, {"wait": "1"}).status_code == 302
        call_command("load_lists", "--once")
        assert Import.objects.get().state == "previewed"
        again = desk.post(address, {"wait": "1"})
        assert again.status_code == 409 and "any more" in again.content.decode()

    def test_why_it_could_not_be_loaded_stands_on_its_page(self, long, desk):
        publication(study(), doi="10.5555/came-meanwhile")
        long.rows[4]["fields"]["doi"] = "10.5555/came-meanwhile"
        long.save()
        before = Study.objects.count()
        call_command("load_lists", "--once")
        page = desk.get(f"{PAGE}{long.pk}/").content.decode()
        assert "came here in the meantime" in page and "<select" in page
        assert Study.objects.count() == before

    def test_who_may_no_longer_add_loads_nothing(self, long):
        long.loading_by.groups.clear()
        loaded = load_asked(Import.objects.get())
        assert loaded.state == "previewed" and "may not do this" in loaded.loading_trouble

    def test_lines_that_wait_come_first(self, db):
        imported = preview_lines("10.5555/a", by=person("editor"))
        with pytest.raises(Refused, match="lines that wait"):
            ask_to_load(imported, by=person("editor"))

    def test_the_base_keeps_who_asked_with_the_moment(self, db):
        imported = brought(1)
        with pytest.raises(IntegrityError, match="import_waits_to_be_loaded"), transaction.atomic():
            Import.objects.filter(pk=imported.pk).update(loading_asked_at=timezone.now())


def test_the_actions_refuse_whoever_may_not_add_studies(db):
    imported, reader = brought(1), person("reader")
    for deed in (
        lambda: keep_choices(imported, {}, by=reader, among=[]),
        lambda: choose_for_all_new(imported, "rct", by=reader),
        lambda: ask_to_load(imported, by=reader),
        lambda: stop_asking(imported, by=reader),
    ):
        with pytest.raises(PermissionDenied):
            deed()
