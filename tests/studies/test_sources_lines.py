"""A paste of anything, mixed: each line is here already, found at its source, needs a look, or is not found; none is dropped."""

from datetime import UTC, datetime

import pytest

from studies import pasting
from studies.actions import Refused
from studies.chosen import NEW, Choice
from studies.formats import Record
from studies.importing import load_import, undo_import
from studies.lookup import Answer, Found, NotFound
from studies.models import Import, Publication, Study
from studies.pasting import are_lines, look_up_waiting, preview_lines
from studies.states import states_of
from tests.factories import person, publication, study

PAGE = "/en/desk/sources/"
MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)
TITLE = "Zymurgical supplementation and imaginary sleep: a made-up trial"


@pytest.fixture
def ours(db):
    return publication(
        study(), title=TITLE, year=2020, doi="10.5555/ours", pmid="999999991", authors=[{"family": "van Zymürg"}]
    )  # fmt: skip


@pytest.fixture
def desk(client, db):
    client.force_login(person("editor"))
    return client


@pytest.fixture
def world(db, monkeypatch):
    """Sources that know of 10.5555/known alone."""

    def answer(text, until):
        if text != "10.5555/known":
            raise NotFound("doi.org does not know this.")
        fields = {"title": "A made-up paper that is known", "doi": text}
        return Found(Record(1, fields), Answer("doi", f"https://doi.org/{text}", MOMENT, "f" * 64, b"{}"))

    monkeypatch.setattr(pasting, "look_up", answer)


def states(imported):
    found = states_of(imported.lines, imported.rows, imported.waiting)
    return {line: state.value for line, state in found.items()}


def pasted(text):
    return look_up_waiting(preview_lines(text, by=person("editor")), by=person("editor"))


MIXED = f"""https://doi.org/10.5555/OURS

1. Van Zymurg A, Quill B. {TITLE}. J Tests
   2020;17:1161. doi:10.5555/ours. PMID: 999999991
2. Known A. A made-up paper that is known. doi:10.5555/known.
10.5555/never-heard-of
[3] van Zymurg A. {TITLE}. J Tests 2020;17.

Nothing that anybody wrote
10.5555/a, 10.5555/b
"""


def test_each_line_is_one_of_four(ours, world):
    imported = pasted(MIXED)
    assert states(imported) == {
        1: "here", 3: "here", 5: "found", 6: "missing", 7: "look", 9: "look", 10: "look"
    }  # fmt: skip
    assert imported.lines[1]["same_as"] == 1
    (found,) = imported.lines[4]["likely"]
    assert (found["study"], found["title"], found["years"], found["author"]) == (ours.study.key, 1.0, 0, True)


def test_the_page_says_so_in_words_and_shapes_with_a_count_of_each(ours, world, desk):
    page = desk.post(PAGE, {"text": MIXED}, follow=True).content.decode()
    for said in (
        "</span> Found here already: 2", "</span> Found at the source: 1", "</span> Needs a look: 3", "</span> Not found: 1",
        "The same paper as line 1.", "doi.org does not know this.", "No DOI, PMID or PMCID was found in it.",
        "Looks like (1.0)", "Its title stands in it", f"/en/studies/{ours.study.key}/", "Nothing that anybody wrote",
        "It names more than one paper (10.5555/a, 10.5555/b)",
    ):  # fmt: skip
        assert said in page, said
    assert "Waits to be looked up" not in page and page.count("<select") == 2


def test_what_was_found_is_loaded_from_such_a_page(world, desk):
    desk.post(PAGE, {"text": "Nothing at all\n10.5555/known"})
    imported = Import.objects.get()
    assert desk.post(f"{PAGE}{imported.pk}/", {"row-1": "new:rct"}).status_code == 302
    assert Publication.objects.filter(doi="10.5555/known").exists()


class TestWhatCameFromWhere:
    def test_it_is_kept_with_the_row_and_shown(self, world, desk):
        imported = pasted("10.5555/known")
        assert imported.rows[0]["answer"] == {
            "source": "doi", "url": "https://doi.org/10.5555/known", "fetched_at": MOMENT.isoformat(), "sha256": "f" * 64,
        }  # fmt: skip
        page = desk.get(f"{PAGE}{imported.pk}/").content.decode()
        assert "From doi.org, 28 November 2026" in page

    def test_a_loaded_study_was_seen_there_as_its_history_and_its_page_say(self, world, client):
        imported = load_import(pasted("10.5555/known"), by=person("editor"), choices={1: Choice(NEW, "rct")})
        made = Study.objects.get(key=imported.made[0])
        assert made.verified_from == ["https://doi.org/10.5555/known"]
        (event,) = made.events.all()
        assert event.verified_from == made.verified_from
        assert "https://doi.org/10.5555/known" in client.get(f"/en/studies/{made.key}/").content.decode()
        undo_import(imported, by=person("editor"))
        assert not Study.objects.filter(key=made.key).exists()

    def test_an_address_too_long_to_keep_stops_nothing(self, world):
        imported = pasted("10.5555/known")
        imported.rows[0]["answer"]["url"] = "https://doi.org/10.5555/" + "%20" * 200
        imported.save()
        load_import(imported, by=person("editor"), choices={1: Choice(NEW, "rct")})
        assert Study.objects.get(publications__doi="10.5555/known").verified_from == []


def test_lines_that_were_left_out_need_a_look(db):
    imported = pasting.leave_waiting_out(
        preview_lines("10.5555/x\n10.5555/x", by=person("editor")), by=person("editor")
    )
    assert states(imported) == {1: "look", 2: "look"}


def test_identifiers_of_two_papers_on_one_line_are_told(ours, desk):
    publication(study(), title="Quite another thing", pmid="999999992")
    imported = pasted("Some text doi:10.5555/ours PMID: 999999992")
    assert len(imported.rows[0]["here"]) == 2
    assert "more than one publication here" in desk.get(f"{PAGE}{imported.pk}/").content.decode()


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("10.5555/a\n23853635", True),
        ("Zymurg A. Made-up title. 2012.", True),
        ("<https://doi.org/10.5555/a>\nZymurg A. Made-up title. 2012.", True),
        ("[1] Zymurg A. Made-up title, DOI and year. 2012.", True),
        ("TY  - JOUR\nTI  - A title\nER  - ", False),
        ("@article{a, title = {A}}", False),
        ('[{"title": "A"}]', False),
        ("title,doi,year\nA,10.5555/a,2012", False),
        ("PMID- 1\nTI  - A", False),
    ],
)
def test_what_is_a_file_is_read_as_one(text, is_so):
    assert are_lines(text) == is_so


def test_a_web_page_is_refused_beside_the_field(desk):
    answer = desk.post(PAGE, {"text": "<html><body>10.5555/a</body></html>"})
    assert answer.status_code == 400 and "This is a web page" in answer.content.decode()


def test_a_line_without_end_is_kept_to_a_length_and_does_no_harm(desk):
    answer = desk.post(PAGE, {"text": "word " * 100_000 + "\n\u200b\n%s %(x)s \\ ' \""}, follow=True)
    assert answer.status_code == 200 and len(Import.objects.get().lines) == 3


def test_five_hundred_references_are_looked_at_in_a_few_questions(db, django_assert_max_num_queries):
    titles = Publication.objects.order_by("pk").values_list("title", flat=True)
    text = "\n".join(f"{n}. Somebody A. {titles[n % 20]}. Made 2012." for n in range(1, 501))
    editor = person("editor")
    editor.has_perm("studies.add_study")
    with django_assert_max_num_queries(45):
        imported = preview_lines(text, by=editor)
    assert all(line["likely"] for line in imported.lines)
    with pytest.raises(Refused, match="500"):
        preview_lines(f"{text}\n501. One more", by=editor)


def test_the_page_asks_little(ours, world, desk, django_assert_max_num_queries):
    imported = pasted(MIXED)
    with django_assert_max_num_queries(7):
        desk.get(f"{PAGE}{imported.pk}/")
    assert not Study.objects.filter(label__startswith="Known").exists()
