"""Without a network, or with a source that is busy: it is said once, no line is lost, and looking up goes on later."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from studies import lookup
from studies.models import Import
from studies.pasting import leave_waiting_out, look_up_waiting, preview_lines
from tests.factories import person

PAGE = "/en/desk/sources/"
SIXTY = "\n".join(f"10.5555/made-up-{number}" for number in range(60))
TITLE = "A made-up paper"


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


def pasted(text):
    return look_up_waiting(preview_lines(text, by=person("editor")), by=person("editor"))


def test_a_busy_source_is_asked_for_one_line_and_the_rest_wait(source, desk):
    for _try in range(lookup.TRIES):
        source.will_answer(503)
    page = desk.post(PAGE, {"text": SIXTY}, follow=True).content.decode()
    imported = Import.objects.get()
    assert len(source.asked) == lookup.TRIES
    assert imported.problems == [] and len(imported.waiting) == 60
    assert page.count("cannot be reached now") == 1 and "60 lines were not looked up yet" in page


def test_going_on_begins_with_another_line_and_takes_the_sentence_away(source, desk):
    for _try in range(lookup.TRIES):
        source.will_answer(503)
    imported = pasted("10.5555/a\n10.5555/b")
    assert [line for line, _text in imported.waiting] == [2, 1]
    source.will_answer(200, {"title": TITLE, "DOI": "10.5555/b"})
    source.will_answer(404)
    page = desk.post(f"{PAGE}{imported.pk}/", {"look_up": "1"}, follow=True).content.decode()
    imported.refresh_from_db()
    assert [row["line"] for row in imported.rows] == [2] and imported.unreached == ""
    assert [line for line, _sentence in imported.problems] == [1]
    assert "All lines were looked up" in page and "cannot be reached" not in page


def test_lines_of_another_source_are_looked_up_all_the_same(source, db):
    for _try in range(lookup.TRIES):
        source.will_answer(503)
    source.will_answer(200, {"title": TITLE, "PMID": "999999993"})
    imported = pasted("10.5555/a\n10.5555/b\n999999993")
    assert [row["line"] for row in imported.rows] == [3]
    assert [line for line, _text in imported.waiting] == [2, 1]


def test_without_a_network_nothing_becomes_a_problem(source, desk):
    source.shutdown()
    source.server_close()
    page = desk.post(PAGE, {"text": f"{SIXTY}\n999999993\nPMC999999993"}, follow=True).content.decode()
    imported = Import.objects.get()
    assert imported.problems == [] and len(imported.waiting) == 62
    assert page.count("cannot be reached now") == 1 and "Waits to be looked up: 62" in page


def test_two_sources_out_of_reach_are_told_in_one_sentence(source, settings, db):
    settings.LOOKUP_PLACES = {"doi": "http://127.0.0.2:9/", "ncbi": "http://127.0.0.3:9/"}
    settings.LOOKUP_HOSTS = ["127.0.0.2:9", "127.0.0.3:9"]
    imported = pasted("10.5555/a\n999999993")
    assert imported.unreached == "None of 127.0.0.2:9, 127.0.0.3:9 can be reached now."


def test_an_answer_that_cannot_be_read_is_the_trouble_of_its_line_alone(source, db):
    source.will_answer(200, b"<html>")
    source.will_answer(200, {"title": TITLE, "DOI": "10.5555/b"})
    imported = pasted("10.5555/a\n10.5555/b")
    ((line, sentence),) = imported.problems
    assert line == 1 and "no answer that can be read" in sentence
    assert [row["line"] for row in imported.rows] == [2] and imported.unreached == ""


def test_the_command_lets_such_a_list_rest_for_a_while(source, db):
    for _try in range(lookup.TRIES):
        source.will_answer(503)
    pasted("10.5555/a")
    call_command("look_up_lists", "--once")
    assert len(source.asked) == lookup.TRIES
    Import.objects.update(unreached_at=timezone.now() - timedelta(minutes=6))
    source.will_answer(200, {"title": TITLE, "DOI": "10.5555/a"})
    call_command("look_up_lists", "--once")
    imported = Import.objects.get()
    assert len(imported.rows) == 1 and imported.unreached_at is None


def test_leaving_the_lines_out_takes_the_sentence_away(source, db):
    for _try in range(lookup.TRIES):
        source.will_answer(503)
    imported = leave_waiting_out(pasted("10.5555/a"), by=person("editor"))
    assert (imported.unreached, imported.unreached_at) == ("", None)


def test_the_base_keeps_the_moment_with_the_sentence(db):
    imported = preview_lines("10.5555/a", by=person("editor"))
    with pytest.raises(IntegrityError, match="import_unreached_at_a_moment"), transaction.atomic():
        Import.objects.filter(pk=imported.pk).update(unreached="Somewhere cannot be reached now.")
