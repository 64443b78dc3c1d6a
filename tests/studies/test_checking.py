"""Retractions looked up: what Crossref says is recorded once, with its source, and puts the claims under review."""

import pytest
from django.core.management import CommandError, call_command

from claims.standing import overlays
from studies.checking import check_publication, name_of, publications_to_ask
from studies.lookup import Unavailable
from studies.models import IntegrityNotice, NoticeCheck, Publication
from studies.updates import Update, updates_of
from tests.factories import notice, person, publication, published

OURS = "10.5555/ours"


def update(kind="retraction", doi="10.5555/Notice", **words):
    """As Crossref's REST API writes it."""
    made = {
        "updated": {"date-parts": [[2024, 5, 6]]},
        "DOI": doi,
        "type": kind,
        "source": "publisher",
        "label": "x",
    }
    return made | words


def message(*updates):
    return {"status": "ok", "message-type": "work", "message": {"DOI": OURS, "updated-by": list(updates)}}


@pytest.fixture
def paper(db):
    Publication.objects.exclude(doi=None).update(doi=None)  # the base of the tests holds others
    return publication(doi=OURS)


@pytest.fixture
def look_up(source, capsys):
    def run(**options):
        call_command("look_up_retractions", by=person("editor").username, **options)
        return capsys.readouterr().out

    return run


def standing(paper):
    return Publication.objects.with_standing().get(pk=paper.pk).deciding


class TestUpdates:
    def test_kind_day_and_record(self, source):
        source.will_answer(
            200,
            message(
                update(),
                update("expression_of_concern", "10.5555/concern", updated={"date-parts": [[2024, 5]]}),
                update("erratum", "10.5555/erratum", source="retraction-watch", **{"record-id": 50438}),
                update("new_version", "10.5555/second"),
            ),
        )
        found, answer = updates_of(OURS)
        assert [(each.kind, each.doi, str(each.noticed_on), each.record) for each in found] == [
            ("retraction", "10.5555/notice", "2024-05-06", ""),
            ("concern", "10.5555/concern", "None", ""),
            ("correction", "10.5555/erratum", "2024-05-06", "50438"),
        ]
        assert answer.url.endswith("/crossref/10.5555%2Fours")
        assert "editor@example.org" in source.asked[0][1]["User-Agent"]

    @pytest.mark.parametrize(
        "body", [{"message": {"updated-by": "no list"}}, {"message": {"updated-by": [{}]}}, [], b"<"]
    )
    def test_another_shape_is_no_answer(self, source, body):
        source.will_answer(200, body)
        with pytest.raises(Unavailable):
            updates_of(OURS)

    def test_nothing_happened(self, source):
        source.will_answer(200, {"message": {"DOI": OURS}})
        assert updates_of(OURS)[0] == []


class TestRecording:
    def test_a_retraction_puts_the_claim_under_review(self, source, look_up, paper):
        version = published()
        cited = version.evidence.get().publication
        Publication.objects.filter(pk=paper.pk).update(doi=None)
        Publication.objects.filter(pk=cited.pk).update(doi=OURS)
        assert not overlays([version.pk])[version.pk]["under_review"]
        source.will_answer(200, message(update()))
        said = look_up()
        made = IntegrityNotice.objects.get(publication=cited)
        assert (made.kind, made.source, made.notice_doi, str(made.noticed_on)) == (
            "retraction", "crossref", "10.5555/notice", "2024-05-06",
        )  # fmt: skip
        assert made.source_record_id == f"{OURS} retraction 10.5555/notice"
        assert overlays([version.pk])[version.pk]["under_review"]
        assert f"{cited.key}, {cited.study.label}: retracted" in said and "1 new notices" in said

    def test_again_it_records_nothing(self, source, look_up, paper):
        for _ in range(2):
            source.will_answer(200, message(update()))
        look_up()
        assert "0 new notices" in look_up(days=0) and paper.notices.count() == 1

    @pytest.mark.parametrize(
        "known",
        [
            {"source": "curation", "notice_doi": "10.5555/Notice"},
            {"source": "retraction-watch", "source_record_id": "50438#2"},
        ],
    )
    def test_what_we_knew_is_not_recorded_again(self, source, look_up, paper, known):
        notice(paper, **known)
        source.will_answer(200, message(update(source="retraction-watch", **{"record-id": "50438"})))
        look_up()
        assert paper.notices.count() == 1

    def test_a_later_reinstatement_stands(self, source, look_up, paper):
        notice(paper, "reinstatement", noticed_on="2025-01-01")
        source.will_answer(200, message(update()))
        look_up()
        assert paper.notices.count() == 2 and standing(paper) == "reinstatement"

    def test_the_answer_is_kept_with_its_checksum(self, source, look_up, paper):
        source.will_answer(200, message())
        look_up()
        check = NoticeCheck.objects.get(publication=paper)
        assert len(check.sha256) == 64 and check.url.endswith("10.5555%2Fours")

    def test_a_doi_that_crossref_does_not_know_is_passed_over_for_a_week(self, source, look_up, paper):
        source.will_answer(404)
        assert "1 of them unknown" in look_up()
        assert not publications_to_ask(7).exists() and publications_to_ask(0).exists()

    def test_one_notice_of_two_papers_has_two_names_and_none_is_too_long(self):
        made = Update("retraction", "10.5555/n", None, "")
        assert name_of("10.5555/a", made) != name_of("10.5555/b", made)
        assert len(name_of("10.5555/" + "a" * 200, made)) <= 120

    def test_whoever_may_not_record_notices_records_none(self, source, paper):
        from django.core.exceptions import PermissionDenied

        source.will_answer(200, message(update()))
        with pytest.raises(PermissionDenied):
            check_publication(paper, by=person("reader"))
        assert not NoticeCheck.objects.exists()


class TestGoingOn:
    def test_the_longest_unasked_come_first_and_most_is_held(self, source, look_up, paper):
        second, third = (publication(doi=f"10.5555/{name}") for name in ("b", "c"))
        for _ in range(3):
            source.will_answer(200, message())
        look_up(most=2)
        assert list(publications_to_ask(7)) == [third]
        look_up()
        assert [path.rpartition("%2F")[2] for path, _headers in source.asked] == ["ours", "b", "c"]
        assert list(publications_to_ask(0)) == [paper, second, third]

    def test_an_answer_that_cannot_be_read_stops_no_other(self, source, look_up, paper, capsys):
        publication(doi="10.5555/b")
        source.will_answer(200, b"<html>")
        source.will_answer(200, message())
        said = look_up()
        assert "1 publications asked about" in said and "1 without an answer" in said
        assert list(publications_to_ask(7)) == [paper]

    def test_it_stops_where_crossref_is_out_of_reach_and_goes_on_there(self, source, look_up, paper):
        for number in range(8):
            publication(doi=f"10.5555/{number}")
        source.shutdown()
        source.server_close()
        with pytest.raises(CommandError, match="the next run goes on here") as stopped:
            look_up()
        assert "\n" not in str(stopped.value) and "5 without an answer" in str(stopped.value)
        assert publications_to_ask(7).count() == 9

    @pytest.mark.parametrize("options", [{"days": -1}, {"most": 0}])
    def test_senseless_numbers(self, look_up, db, options):
        with pytest.raises(CommandError, match="--days is 0 or more"):
            look_up(**options)

    def test_without_a_contact_address_nothing_is_asked(self, source, look_up, paper, settings):
        settings.LOOKUP_CONTACT = ""
        with pytest.raises(CommandError, match="LOOKUP_CONTACT"):
            look_up()

    def test_nobody_of_that_name(self, db):
        with pytest.raises(CommandError, match="There is no account"):
            call_command("look_up_retractions")
