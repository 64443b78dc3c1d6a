"""Many studies at once: in a few statements, each with a key of its own, and with who made it in its history."""

import json

import pytest

from studies.actions import Refused
from studies.chosen import NEW, Choice
from studies.importing import load_import, undo_import
from studies.making import free_keys
from studies.models import Import, Publication, Study
from studies.previewing import preview_file
from tests.factories import draft, evidence, person, study


def brought(records):
    works = [
        {"type": "article-journal", "title": f"Made-up work {number}", "author": [{"family": f"Zymurg{number % 7}"}]}
        for number in range(records)
    ]  # fmt: skip
    return preview_file("list.json", json.dumps(works).encode(), by=person("editor"))


def all_new(imported):
    return {number: Choice(NEW, "rct") for number in range(1, len(imported.rows) + 1)}


def test_three_hundred_are_loaded_and_undone_in_a_few_questions(db, django_assert_max_num_queries):
    imported, editor = brought(300), person("editor")
    editor.has_perm("studies.add_study")
    before = [Study.objects.count(), Publication.objects.count()]
    with django_assert_max_num_queries(20):
        imported = load_import(imported, by=editor, choices=all_new(imported))
    assert imported.made[:8:7] == ["zymurg0", "zymurg0-2"] and len(set(imported.made)) == 300
    made = Study.objects.get(key="zymurg6-42")
    for record in (made, made.publications.get()):
        (event,) = record.events.all()
        assert event.pgh_context.metadata["user"] == editor.pk
    with django_assert_max_num_queries(60):
        undo_import(imported, by=editor)
    assert [Study.objects.count(), Publication.objects.count()] == before


def test_keys_are_the_first_that_are_free(db):
    for key in ("free", "free-3", "free-of-it", "other-2"):
        study(key=key)
    assert free_keys(["free", "free", "other", "other", "free-of"]) == [
        "free-2", "free-4", "other", "other-3", "free-of",
    ]  # fmt: skip


def test_a_key_that_ends_in_a_number_is_not_given_twice(db):
    study(key="zymurg-2012")
    keys = free_keys(["zymurg-2012", "zymurg-2012-2", "zymurg", "zymurg-2012"])
    assert keys == ["zymurg-2012-2", "zymurg-2012-2-2", "zymurg", "zymurg-2012-3"]


def test_the_line_that_no_column_holds_is_told_and_nothing_is_made(db):
    imported = brought(3)
    imported.rows[1]["fields"]["volume"] = "9" * 99
    imported.rows[1]["line"] = 17
    imported.save()
    before = Study.objects.count()
    with pytest.raises(Refused, match="Line 17"):
        load_import(imported, by=person("editor"), choices=all_new(imported))
    assert Study.objects.count() == before and Import.objects.get().state == "previewed"


def test_what_is_in_use_is_named_and_nothing_is_undone(db):
    imported = brought(5)
    imported = load_import(imported, by=person("editor"), choices=all_new(imported))
    evidence(draft(), publication=Publication.objects.get(key="zymurg3"))
    before = Study.objects.count()
    with pytest.raises(Refused, match="zymurg3 is in use"):
        undo_import(imported, by=person("editor"))
    assert Study.objects.count() == before
