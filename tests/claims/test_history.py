"""The public history: versions, the rating over time, two versions side by side, and what readers tell us."""

import pytest
from django.db import connection
from django.utils import timezone

from claims import actions, reviewing
from claims.charts import rating_over_time
from claims.models import Flag, StaleMark
from tests.factories import draft, notice, person, published, version_again


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kb_throttle")


@pytest.fixture
def claim(db):
    first = published(summary_en="The first words.", summary_nl="De eerste woorden.")
    version_again(first, summary_en="The second words.", summary_nl="De tweede woorden.")
    return first.claim


def at(claim, page, language="en"):
    return f"/{language}/claims/{claim.accession}/{page}/"


class TestHistory:
    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_shows_every_version_who_and_with_which_interests(self, client, claim, language):
        page = client.get(at(claim, "history", language)).content.decode()
        assert f"{claim.accession}.1" in page and f"{claim.accession}.2" in page
        assert "Nothing to declare." in page and "<svg" in page

    def test_shows_what_happened_and_how_it_was_settled(self, client, claim):
        notice(claim.versions.get(state="published").evidence.get().publication)
        actions.dismiss_mark(
            StaleMark.objects.get(claim=claim), by=person("reviewer"), resolution="Its rows did not count."
        )
        page = client.get(at(claim, "history")).content.decode()
        assert "A source was retracted" in page and "Its rows did not count." in page

    def test_a_draft_leaves_no_trace(self, client, claim):
        before = client.get(at(claim, "history")).content
        made = actions.start_draft(claim, by=person("editor"), summary_en="Secret.")
        reviewing.comment_on(made, by=person("editor"), text="Secret too.")
        reviewing.ask_second_rating(made, by=person("editor"), rater=person("reviewer"))
        after = client.get(at(claim, "history")).content
        assert [line for line in after.split(b"\n") if b"chart" not in line] == [
            line for line in before.split(b"\n") if b"chart" not in line
        ]

    def test_a_claim_that_was_never_published_has_none(self, client, db):
        draft()
        assert client.get("/en/claims/KB999999/history/").status_code == 404

    def test_a_withdrawn_claim_keeps_its_history(self, client, claim):
        actions.withdraw_claim(claim, by=person("reviewer"), reason_en="Twice.", reason_nl="Dubbel.")
        assert "Withdrawn" in client.get(at(claim, "history")).content.decode()

    def test_asks_the_database_as_little_for_more_versions(
        self, client, claim, django_assert_max_num_queries
    ):
        for number in range(5):
            version_again(claim.versions.get(state="published"), summary_en=f"Words {number}.")
        with django_assert_max_num_queries(6):
            client.get(at(claim, "history"))


class TestCompare:
    def test_shows_both_texts_with_a_word_beside_the_colour(self, client, claim):
        page = client.get(at(claim, "compare"), {"from": 1, "to": 2}).content.decode()
        assert "<del>" in page and "<ins>" in page and "taken away" in page and "second" in page

    def test_without_numbers_it_takes_the_last_two(self, client, claim):
        assert client.get(at(claim, "compare")).context["chosen"] == {"from": 1, "to": 2}

    @pytest.mark.parametrize("number", ["0", "9", "x", "99999999", "٣", ""])
    def test_a_version_that_is_not_there_is_told_beside_its_field(self, client, claim, number):
        page = client.get(at(claim, "compare"), {"from": number})
        assert page.status_code == 400 and "This claim has no such version." in page.content.decode()

    def test_a_draft_has_no_number_to_ask_for(self, client, claim):
        actions.start_draft(claim, by=person("editor"))
        assert client.get(at(claim, "compare"), {"from": 3}).status_code == 400

    def test_a_difference_in_the_evidence_is_shown(self, client, claim):
        made = actions.start_draft(claim, by=person("editor"))
        row = made.evidence.get()
        row.n = 4321
        actions.save_part(row, by=person("editor"))
        actions.publish_version(actions.submit_version(made, by=person("editor")), by=person("reviewer"))
        page = client.get(at(claim, "compare"), {"from": 2, "to": 3}).content.decode()
        assert "4321" in page and "46" in page

    def test_every_pair_of_real_versions_can_be_shown(self, client, db):
        assert client.get("/nl/claims/KB000001/compare/").status_code == 200


class TestFlag:
    words = {"kind": "seems-wrong", "text": "The dose is not right.", "doi": "", "pmid": "", "website": ""}

    def test_is_kept_and_shown_without_its_words_until_it_is_answered(self, client, claim):
        answer = client.post(at(claim, "flag"), self.words, follow=True)
        page = answer.content.decode()
        assert (
            "This seems wrong" in page and "Not answered yet" in page and "The dose is not right." not in page
        )
        reviewing.answer_flag(
            Flag.objects.get(), by=person("editor"), outcome="acted-on", answer_en="Mended.", answer_nl="Hersteld.",
            text_is_shown=True,
        )  # fmt: skip
        page = client.get(at(claim, "history", "nl")).content.decode()
        assert "Hersteld." in page and "The dose is not right." in page

    def test_a_source_is_normalised(self, client, claim):
        client.post(
            at(claim, "flag"), self.words | {"kind": "suggested-source", "doi": "https://doi.org/10.1000/ABC"}
        )
        assert Flag.objects.get().doi == "10.1000/abc"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"text": "", "doi": "", "pmid": ""},
            {"kind": "suggested-source"},
            {"kind": "gossip"},
            {"doi": "not a doi"},
            {"pmid": "0"},
            {"text": "x" * 4001},
            {"website": "https://example.org"},
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client, claim, wrong):
        answer = client.post(at(claim, "flag"), self.words | wrong)
        assert answer.status_code == 400 and not Flag.objects.exists()
        if "text" not in wrong:
            assert "The dose is not right." in answer.content.decode()

    def test_more_than_a_few_an_hour_wait_with_their_words_kept(self, client, claim):
        answers = [client.post(at(claim, "flag"), self.words).status_code for _try in range(6)]
        assert answers == [302] * 5 + [429]
        answer = client.post(at(claim, "flag"), self.words)
        assert int(answer["Retry-After"]) > 0 and "The dose is not right." in answer.content.decode()

    def test_a_draft_cannot_be_flagged(self, client, db):
        assert client.get("/en/claims/KB999999/flag/").status_code == 404

    def test_another_method_is_refused(self, client, claim):
        assert client.put(at(claim, "flag")).status_code == 405


class TestRatingOverTime:
    def test_the_line_holds_each_level_until_the_next_version(self):
        start = timezone.now()
        days = [start + timezone.timedelta(days=day) for day in (0, 50, 100)]
        chart = rating_over_time([(1, days[0], 1), (2, days[1], 3)], days[2])
        first, second = chart.steps
        assert (first.x, first.to, second.to) == (chart.left, second.x, chart.right)
        assert second.x == (chart.left + chart.right) / 2
        assert first.y > second.y

    def test_not_rated_is_the_lowest_line(self):
        moment = timezone.now()
        chart = rating_over_time([(1, moment, None)], moment)
        assert chart.steps[0].y == max(height for _level, height in chart.levels)
