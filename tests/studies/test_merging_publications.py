"""Two publications that are one paper: what identifies them, their addresses, their notices, and taking it back."""

import json
import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from studies.actions import Refused, save_record
from studies.merging import (
    differences,
    merge_publications,
    merge_studies,
    merge_with_studies,
    unmerge_publication,
    unmerge_study,
)
from studies.models import Publication, Study
from studies.pairing import find_pairs
from tests.conftest import emptied
from tests.factories import person, publication
from tests.studies.test_merging import as_kept as as_kept_study
from tests.studies.twice import TITLE, WHY, as_kept, fresh, merge, told, unmerge


class TestMerging:
    def test_what_identifies_it_goes_along_and_what_was_chosen_is_taken(self, kept, gone):
        assert differences(kept, gone) == {
            "year": (2020, 2021),
            "pages": ("", "1161-9"),
            "pmid": (None, "87654321"),
        }
        merge(kept, gone, take=("pages",))
        now, merged = fresh(kept), fresh(gone)
        assert (now.doi, now.pmid, now.pages, now.year) == ("10.5555/two.entries", "87654321", "1161-9", 2020)
        assert (merged.pmid, merged.merged_into, merged.merged_reason) == (None, kept, WHY)

    def test_identifiers_that_differ_change_places_where_that_is_chosen(self, kept, gone):
        gone.doi = "10.5555/the.right.one"
        save_record(gone, by=person("editor"))
        before = as_kept(kept), as_kept(gone)
        merge(kept, gone, take=("doi",))
        assert (fresh(kept).doi, fresh(gone).doi) == ("10.5555/the.right.one", "10.5555/two.entries")
        unmerge(gone)
        assert (as_kept(kept), as_kept(gone)) == before

    @pytest.mark.parametrize("take", [(), ("pages", "year")])
    def test_unmerging_puts_everything_back(self, kept, gone, take):
        before = as_kept(kept), as_kept(gone)
        merge(kept, gone, take=take)
        unmerge(gone)
        assert (as_kept(kept), as_kept(gone)) == before

    @pytest.mark.parametrize("changed", [{"pages": "1"}, {"pmid": "5"}, {"pmid": None}])
    def test_what_somebody_changed_since_is_not_put_back(self, kept, gone, changed):
        merge(kept, gone, take=("pages",))
        Publication.objects.filter(pk=kept.pk).update(**changed)
        with pytest.raises(Refused, match="changed since"):
            unmerge(gone)
        assert fresh(gone).merged_into == kept

    def test_the_main_report_goes_on_to_the_one_that_stays(self, kept, gone):
        before = as_kept(kept), as_kept(gone)
        merge(gone, kept)
        assert (fresh(gone).role, fresh(kept).role) == ("primary", "primary")
        unmerge(kept)
        assert (as_kept(kept), as_kept(gone)) == before

    def test_a_study_keeps_the_main_report_it_had(self, kept, gone, elsewhere):
        merge_studies(kept.study, elsewhere.study, by=person("editor"), reason=WHY)
        merge(gone, elsewhere)
        assert (fresh(gone).role, fresh(kept).role) == ("secondary", "primary")

    def test_a_main_report_that_came_since_stands_in_the_way_of_another(self, kept, gone, elsewhere):
        merge_with_studies(kept, elsewhere, by=person("editor"), reason=WHY)
        publication(elsewhere.study, key="came-since")
        with pytest.raises(Refused, match="another main report"):
            unmerge(elsewhere)

    def test_into_itself_in_a_chain_or_a_circle_is_refused(self, kept, gone):
        third = publication(kept.study, key=f"{kept.key}-third", role="secondary")
        with pytest.raises(Refused, match="itself"):
            merge(kept, kept)
        merge(kept, gone)
        for one, other in ((gone, kept), (gone, third), (third, kept), (third, gone)):
            with pytest.raises(Refused, match="one that stands"):
                merge(one, other)

    def test_a_reason_and_known_fields_are_asked_for(self, kept, gone):
        with pytest.raises(Refused, match="Say why"):
            merge_publications(kept, gone, by=person("editor"), reason=" ")
        for field in ("title", "key", "study", "nonsense"):
            with pytest.raises(Refused, match="nothing to take"):
                merge(kept, gone, take=(field,))

    def test_what_was_not_merged_is_not_taken_apart(self, kept):
        with pytest.raises(Refused, match="not merged"):
            unmerge(kept)

    def test_while_it_is_merged_it_is_not_written_in_and_not_deleted(self, kept, gone):
        merge(kept, gone)
        with pytest.raises(IntegrityError, match="not written in"), transaction.atomic():
            Publication.objects.filter(pk=gone.pk).update(title="Another")
        with pytest.raises(IntegrityError, match="not written in"), transaction.atomic():
            fresh(gone).delete()
        assert told(gone, "correction").pk

    def test_its_history_says_who_did_it(self, kept, gone):
        merge(kept, gone)
        event = gone.pgh_event_model.objects.filter(pgh_obj_id=gone.pk).latest("pgh_id")
        assert (event.merged_into_id, event.pgh_context.metadata["user"]) == (kept.pk, person("editor").pk)


class TestTwoStudies:
    def test_those_that_stand_apart_are_merged_first(self, kept, elsewhere):
        with pytest.raises(Refused, match="merge the studies first"):
            merge(kept, elsewhere)
        merge_studies(kept.study, elsewhere.study, by=person("editor"), reason=WHY)
        merge(fresh(kept), fresh(elsewhere))
        assert fresh(kept).pmcid == "PMC7654321"

    def test_both_at_once(self, kept, elsewhere):
        before = as_kept(kept), as_kept(elsewhere), as_kept_study(elsewhere.study)
        merge_with_studies(kept, elsewhere, by=person("editor"), reason=WHY)
        assert Study.objects.get(pk=elsewhere.study_id).merged_into == kept.study
        with pytest.raises(Refused, match="one paper"):
            unmerge_study(Study.objects.get(pk=elsewhere.study_id), by=person("editor"))
        unmerge(elsewhere)
        unmerge_study(Study.objects.get(pk=elsewhere.study_id), by=person("editor"))
        assert (as_kept(kept), as_kept(elsewhere), as_kept_study(elsewhere.study)) == before

    def test_neither_is_merged_where_the_papers_cannot_be(self, kept, elsewhere):
        with pytest.raises(Refused):
            merge_with_studies(kept, elsewhere, by=person("editor"), reason=WHY, take=("key",))
        assert Study.objects.get(pk=elsewhere.study_id).merged_into is None

    def test_two_of_one_study_let_it_be_taken_apart_from_another(self, kept, gone, elsewhere):
        merge(kept, gone)
        merge_studies(elsewhere.study, kept.study, by=person("editor"), reason=WHY)
        unmerge_study(Study.objects.get(pk=kept.study_id), by=person("editor"))
        assert fresh(gone).merged_into == kept


class TestDesk:
    def address(self, kept, gone):
        return f"/en/desk/merge-publications/{kept.key}/{gone.key}/"

    def test_strangers_sign_in_and_readers_find_nothing(self, client, kept, gone):
        choosing = f"/en/desk/studies/{kept.study.key}/reports/"
        assert client.get(self.address(kept, gone)).status_code == client.get(choosing).status_code == 302
        client.force_login(person("reader"))
        assert client.post(self.address(kept, gone), {"reason": WHY}).status_code == 404
        assert client.get(choosing).status_code == 404
        assert "are one paper" not in client.get(f"/en/studies/{kept.study.key}/").content.decode()
        assert fresh(gone).merged_into is None

    def test_from_the_study_to_the_merge_and_back(self, client, kept, gone):
        client.force_login(person("editor"))
        choosing = f"/en/desk/studies/{kept.study.key}/reports/"
        assert f'href="{choosing}"' in client.get(f"/en/studies/{kept.study.key}/").content.decode()
        assert kept.key in client.get(choosing).content.decode()
        answer = client.get(choosing, {"kept": kept.key, "gone": gone.key})
        assert answer["Location"] == self.address(kept, gone)
        page = client.get(answer["Location"]).content.decode()
        assert 'value="pages"' in page and 'value="pmid"' not in page and "goes along" in page
        page = client.post(
            answer["Location"], {"reason": WHY, "take": ["pages"]}, follow=True
        ).content.decode()
        assert WHY in page and "Make them two publications again" in page
        said = f"{gone.key} went up in {kept.key}"
        assert said in client.get("/en/desk/duplicates/").content.decode()
        assert said in client.get(choosing).content.decode()
        client.post(answer["Location"], {"unmerge": "1"})
        assert fresh(gone).merged_into is None and fresh(kept).pages == ""

    def test_from_a_likely_pair_both_deeds_at_once(self, client, kept, elsewhere):
        find_pairs()
        client.force_login(person("editor"))
        address = self.address(kept, elsewhere)
        assert f'href="{address}"' in client.get("/en/desk/duplicates/").content.decode()
        assert "They report two studies" in client.get(address).content.decode()
        assert client.post(address, {"reason": WHY}).status_code == 409
        client.post(address, {"reason": WHY, "studies": "1"})
        assert fresh(elsewhere).merged_into == kept
        assert Study.objects.get(pk=elsewhere.study_id).merged_into == kept.study

    @pytest.mark.parametrize(
        "posted",
        [{}, {"reason": "x" * 2001}, {"reason": "\0"}, {"reason": "x", "take": ["key"]}, {"unmerge": "1"}],
    )
    def test_wrong_input_says_why_and_keeps_what_was_typed(self, client, kept, gone, posted):
        client.force_login(person("editor"))
        answer = client.post(self.address(kept, gone), posted)
        page = answer.content.decode()
        assert (
            answer.status_code == 409
            and 'role="alert"' in page
            and posted.get("reason", "").strip("\0") in page
        )
        assert fresh(gone).merged_into is None

    def test_addresses_of_nothing_and_other_methods(self, client, kept, gone):
        client.force_login(person("editor"))
        for path in (f"{kept.key}/{kept.key}", f"{kept.key}/nobody", f"nobody/{kept.key}"):
            assert client.get(f"/en/desk/merge-publications/{path}/").status_code == 404
        assert client.put(self.address(kept, gone)).status_code == 405
        assert client.post(f"/en/desk/studies/{kept.study.key}/reports/").status_code == 405
        assert client.get("/en/desk/studies/nobody/reports/").status_code == 404

    @pytest.mark.parametrize("chosen", [{"kept": "x", "gone": "y"}, {"kept": "same", "gone": "same"}])
    def test_a_choice_that_is_none_says_so(self, client, kept, gone, chosen):
        client.force_login(person("editor"))
        chosen = {name: kept.key if key == "same" else key for name, key in chosen.items()}
        answer = client.get(f"/en/desk/studies/{kept.study.key}/reports/", chosen)
        assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()

    def test_the_reports_of_a_merged_study_are_chosen_at_the_other(self, client, kept, elsewhere):
        merge_studies(kept.study, elsewhere.study, by=person("editor"), reason=WHY)
        client.force_login(person("editor"))
        answer = client.get(f"/en/desk/studies/{elsewhere.study.key}/reports/")
        assert answer["Location"] == f"/en/desk/studies/{kept.study.key}/reports/"

    def test_the_admin_shows_a_merged_publication_and_changes_nothing(self, client, kept, gone):
        merge(kept, gone)
        client.force_login(person("admin"))
        address = f"/admin/studies/publication/{gone.pk}/change/"
        page = client.get(address).content.decode()
        assert WHY in page and "merge_changed" not in page
        client.post(address, {"title": "Another"})
        assert fresh(gone).title == TITLE


class TestRelease:
    def test_it_goes_round_byte_for_byte(self, empty_base, tmp_path):
        call_command("load_kb", "fixtures", verbosity=0)
        first, last = Publication.objects.filter(role="primary").order_by("key")[:2]
        merge_with_studies(last, first, by=person("editor"), reason=WHY)
        files = released(tmp_path / "one")
        row = next(row for row in rows_of(files) if row["key"] == first.key)
        assert (row["merged_into"], row["merged_reason"]) == (last.key, WHY)
        emptied()
        call_command("load_kb", tmp_path / "one", verbosity=0)
        assert released(tmp_path / "two") == files
        unmerge(Publication.objects.get(key=first.key))

    def test_a_base_from_before_takes_it_in(self, kept, gone, tmp_path):
        gone.doi = "10.5555/the.right.one"
        save_record(gone, by=person("editor"))
        before = released(tmp_path / "before")
        merge(gone, kept, take=("doi",))
        files = released(tmp_path / "one")
        emptied()
        call_command("load_kb", tmp_path / "before", verbosity=0)
        assert released(tmp_path / "again") == before
        call_command("load_kb", tmp_path / "one", verbosity=0)
        assert released(tmp_path / "two") == files


def released(folder):
    call_command("release", folder, verbosity=0)
    return {file.name: file.read_bytes() for file in folder.glob("*.*")}


def rows_of(files):
    return map(json.loads, files["publications.jsonl"].decode().splitlines())


def on_its_own(work):
    """A thread that does this on a connection of its own, where it is committed, and where its outcome will be."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except Refused as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def outcome_of(started):
    thread, outcome = started
    thread.join(20)
    return outcome[0]


@pytest.fixture
def committed(db):
    """Somebody and two publications of one study, which other connections see too."""

    def make():
        by = get_user_model().objects.create_user("committed-editor")
        by.groups.add(Group.objects.get(name="editor"))
        of = save_record(Study(key="committed", label="Committed 2020", design="rct"), by=by)
        papers = [
            save_record(
                Publication(key=f"committed-{role}", study=of, role=role, title=TITLE, **named), by=by
            )
            for role, named in (
                ("primary", {"doi": "10.5555/committed"}),
                ("secondary", {"pmid": "87654322"}),
            )
        ]
        return by, papers

    def clear():
        by = get_user_model().objects.get(username="committed-editor")
        papers = Publication.objects.filter(study__key="committed")
        for gone in papers.exclude(merged_into=None):
            unmerge_publication(gone, by=by)
        papers.delete()
        Study.objects.filter(key="committed").delete()
        by.delete()

    yield outcome_of(on_its_own(make))
    outcome_of(on_its_own(clear))


def test_two_merges_at_once_leave_one(committed):
    by, (first, second) = committed
    ready = threading.Barrier(2)

    def merging(one, other):
        def work():
            ready.wait(10)
            return merge_publications(one, other, by=by, reason=WHY)

        return work

    pairs = ((first, second), (second, first))
    outcomes = [outcome_of(each) for each in [on_its_own(merging(*pair)) for pair in pairs]]
    merged = [each for each in outcomes if isinstance(each, Publication)]
    refused = [str(each) for each in outcomes if isinstance(each, Refused)]
    assert len(merged) == len(refused) == 1 and "one that stands" in refused[0]


def test_a_study_is_not_taken_apart_while_its_papers_are_merged(committed):
    """Whichever comes first, the two never end up apart with one paper between them."""
    by, (first, _second) = committed
    ready = threading.Barrier(2)

    def make_other():
        other = save_record(Study(key="committed-too", label="Committed 2021", design="rct"), by=by)
        paper = save_record(Publication(key="committed-too", study=other, title=TITLE), by=by)
        merge_studies(first.study, other, by=by, reason=WHY)
        return paper

    paper = outcome_of(on_its_own(make_other))

    def merging():
        ready.wait(10)
        return merge_publications(first, paper, by=by, reason=WHY)

    def parting():
        ready.wait(10)
        return unmerge_study(Study.objects.get(key="committed-too"), by=by)

    outcomes = [outcome_of(each) for each in [on_its_own(merging), on_its_own(parting)]]

    def clear():
        now = Publication.objects.get(key="committed-too")
        is_merged, are_together = bool(now.merged_into_id), bool(now.study.merged_into_id)
        if is_merged:
            unmerge_publication(now, by=by)
        if are_together:
            unmerge_study(Study.objects.get(key="committed-too"), by=by)
        Publication.objects.filter(key="committed-too").delete()
        Study.objects.filter(key="committed-too").delete()
        return is_merged, are_together

    is_merged, are_together = outcome_of(on_its_own(clear))
    assert is_merged == are_together
    assert sum(isinstance(each, Refused) for each in outcomes) == 1
