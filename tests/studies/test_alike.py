"""Publications that look alike: how the score comes about, and what the list at the desk does with it."""

import pytest
from django.core.management import call_command
from django.db import connection

from studies import alike
from studies.actions import Refused
from studies.alike import LIKELY, Likeness, alike_to, first_author
from studies.merging import merge_studies, merge_with_studies
from studies.models import LikelyPair, Publication
from studies.pairing import dismiss_pair, find_pairs, restore_pair
from tests.factories import person, publication, study

PAGE = "/en/desk/duplicates/"
TITLE = "Zymurgical supplementation and imaginary sleep: a made-up trial"


def paper(title=TITLE, year=2020, family="Zymurg", **words):
    return publication(study(), title=title, year=year, authors=[{"family": family, "given": "A"}], **words)


def asked(title=TITLE, year=2020, family="Zymurg"):
    return {1: {"title": title, "year": year, "authors": [{"family": family}]}}


@pytest.fixture
def pair(db):
    first, second = paper(), paper(year=2021)
    find_pairs()
    return LikelyPair.objects.get(first=first, second=second)


class TestScore:
    @pytest.mark.parametrize(
        ("how", "score"),
        [
            (Likeness(1, 0, True), 1),
            (Likeness(1, 1, True), 0.92),
            (Likeness(1, None, None), 0.85),
            (Likeness(1, 2, False), 0.7),
            (Likeness(0.5, 0, True), 0.65),
        ],
    )
    def test_title_year_and_author_make_it_up(self, how, score):
        assert how.score == pytest.approx(score, abs=0.006)

    def test_the_first_author_is_compared_without_case_and_accents(self):
        assert first_author([{"family": "Müller-Özil"}]) == first_author([{"family": "MULLER OZIL"}])
        assert first_author([]) == first_author(None) == ""

    @pytest.mark.parametrize(
        "words",
        [{}, {"year": 2021}, {"title": TITLE.upper()}, {"title": f"{TITLE}."}, {"family": "ZYMÜRG"}],
    )
    def test_a_paper_is_found_though_it_is_written_otherwise(self, db, words):
        ours = paper()
        ((found, how),) = alike_to(asked(**words))[1]
        assert found == ours and how.score >= LIKELY

    @pytest.mark.parametrize(
        "title", ["Quite another thing entirely", "Beer", "", "%", "'; DROP TABLE studies_study"]
    )
    def test_what_is_not_alike_is_not_found(self, db, title):
        paper()
        assert alike_to(asked(title=title)) == {}


class TestCost:
    def test_a_whole_list_costs_a_question_for_each_fifty(self, db, django_assert_max_num_queries):
        paper()
        many = {place: asked()[1] for place in range(200)}
        with django_assert_max_num_queries(
            8
        ):  # four, the publications, the setting, and the transaction around them
            assert len(alike_to(many)) == 200

    def test_the_index_on_titles_answers(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN SELECT id FROM studies_publication WHERE title %% %s", [TITLE])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "publication_title_alike" in plan


class TestPairs:
    def test_two_of_different_studies_are_a_pair_and_two_of_one_are_none(self, pair):
        report = publication(
            pair.first.study,
            title=TITLE,
            role="secondary",
            key="zymurg-report",
            authors=[{"family": "Zymurg"}],
        )
        find_pairs()
        found = LikelyPair.objects.filter(first__title=TITLE, second__title=TITLE)
        assert set(found.values_list("first", "second")) == {
            (pair.first_id, pair.second_id),
            (pair.second_id, report.pk),
        }

    def test_looking_again_changes_nothing(self, pair):
        before = list(LikelyPair.objects.values())
        find_pairs()
        assert list(LikelyPair.objects.values()) == before

    def test_what_is_no_longer_alike_goes_away(self, pair):
        Publication.objects.filter(pk=pair.second_id).update(title="Something else altogether, of this test")
        find_pairs()
        assert not LikelyPair.objects.filter(pk=pair.pk).exists()

    def test_what_was_dismissed_stays_so(self, pair):
        dismiss_pair(pair, by=person("editor"))
        find_pairs()
        pair.refresh_from_db()
        assert pair.dismissed_by == person("editor")
        with pytest.raises(Refused, match="before"):
            dismiss_pair(pair, by=person("editor"))
        restore_pair(pair, by=person("editor"))
        with pytest.raises(Refused, match="Nobody"):
            restore_pair(pair, by=person("editor"))

    def test_the_command_tells_how_many_wait(self, pair, capsys):
        waiting = LikelyPair.objects.filter(dismissed_at=None).count()
        call_command("find_duplicates")
        assert capsys.readouterr().out == f"{waiting} pairs wait for somebody to look at them.\n"


class TestPage:
    def test_strangers_sign_in_and_readers_find_nothing(self, client, db):
        assert client.get(PAGE).status_code == 302
        client.force_login(person("reader"))
        assert client.get(PAGE).status_code == client.post(PAGE, {"dismiss": "1"}).status_code == 404

    def test_a_pair_says_why_and_is_dismissed_and_taken_back(self, client, pair):
        client.force_login(person("editor"))
        page = client.get(PAGE).content.decode()
        assert "0.92" in page and "The titles are the same" in page and "1 year apart" in page
        page = client.post(PAGE, {"dismiss": pair.pk}, follow=True).content.decode()
        assert TITLE not in page
        assert client.post(PAGE, {"dismiss": pair.pk}).status_code == 409
        page = client.get(f"{PAGE}?dismissed=yes").content.decode()
        assert (TITLE in page and "The Editor" in page) or "Editor" in page
        client.post(PAGE, {"restore": pair.pk})
        assert TITLE in client.get(PAGE).content.decode()

    def test_two_whose_studies_were_merged_wait_no_longer(self, client, pair):
        merge_studies(pair.first.study, pair.second.study, by=person("editor"), reason="One trial.")
        client.force_login(person("editor"))
        assert TITLE not in client.get(PAGE).content.decode()
        find_pairs()
        assert not LikelyPair.objects.filter(pk=pair.pk).exists()

    @pytest.mark.parametrize(
        "posted", [{}, {"dismiss": "x"}, {"dismiss": "²"}, {"dismiss": "9" * 30}, {"restore": "0"}]
    )
    def test_a_button_of_nothing_is_not_found(self, client, db, posted):
        client.force_login(person("editor"))
        assert client.post(PAGE, posted).status_code == 404

    @pytest.mark.parametrize("page", ["0", "x", "99999"])
    def test_a_page_that_is_none_is_not_found(self, client, pair, page):
        client.force_login(person("editor"))
        assert client.get(PAGE, {"page": page}).status_code == 404

    def test_the_page_asks_little_however_many_pairs(self, client, db, django_assert_num_queries):
        client.force_login(person("editor"))
        for _number in range(4):
            paper()
        find_pairs()
        client.get(PAGE)
        with django_assert_num_queries(8):
            assert client.get(PAGE).content.decode().count('name="dismiss"') >= 6


def test_many_titles_are_asked_about_in_parts(db, monkeypatch, django_assert_max_num_queries):
    paper = publication(study(), title="Zymurgical supplementation and imaginary sleep", year=2020)
    monkeypatch.setattr(alike, "AT_ONCE", 2)
    fields = {"title": paper.title, "year": 2020}
    found = alike.alike_to(dict.fromkeys(range(7), fields))
    assert {place: each[0][0] for place, each in found.items()} == dict.fromkeys(range(7), paper)
    text = f"Nobody A. {paper.title}. Some Made-up Journal of Tests. 2020. A remark of some length. Another of that."
    (likely,) = alike.cited_in({3: text})[3]
    assert likely[0] == paper


def test_a_written_reference_is_laid_beside_the_entry_that_stays(db):
    title = "Zymurgical supplementation and imaginary sleep"
    kept, gone = publication(study(), title=title, year=2020), publication(study(), title=title, year=2020)
    text = f"Nobody A. {title}. Some Made-up Journal of Tests. 2020."
    assert {each for each, _how in alike.cited_in({1: text})[1]} == {kept, gone}
    merge_with_studies(kept, gone, by=person("editor"), reason="Entered twice.")
    assert [each for each, _how in alike.cited_in({1: text})[1]] == [kept]
