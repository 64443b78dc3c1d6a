"""The release of a day is made from history: whatever came later, its bytes stay the same."""

import datetime
import hashlib
import json
import zipfile
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims import actions
from claims.actions import Refused
from claims.models import Claim, Release, Topic
from claims.releases import making
from claims.releases.past import KEPT, Unsettled, standing_at
from studies.actions import assess_study, save_record
from studies.bias import TOOLS
from studies.models import Study
from tests.factories import claim, draft, notice, person, published, study, version_again

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"
    return settings.RELEASES_DIR


def today():
    return timezone.localdate()


def days_pass(days):
    """What happened until now happened so many days ago: the history is moved, and nothing else."""
    with connection.cursor() as cursor:
        for model in KEPT:
            cursor.execute(
                f"UPDATE {model.pgh_event_model._meta.db_table} SET pgh_created_at = pgh_created_at - %s",
                [datetime.timedelta(days=days)],
            )


def released(day):
    return making.make_release(making.queue_release(day))


def content(release, name):
    with zipfile.ZipFile(making.path_of(release)) as archive:
        return archive.read(name).decode()


class TestSameBytes:
    def test_what_came_later_changes_nothing(self, db):
        version, hidden = published(), draft()
        days_pass(4)
        made = released(today() - 3 * DAY)
        before = making.path_of(made).read_bytes()

        version_again(version, summary_en="It says otherwise now.")
        published()
        actions.publish_version(actions.submit_version(hidden, by=person("editor")), by=person("reviewer"))
        actions.withdraw_claim(
            Claim.objects.get(accession="KB000002"), by=person("reviewer"), reason_en="a", reason_nl="b"
        )
        actions.merge_claims(
            Claim.objects.get(accession="KB000003"),
            into=Claim.objects.get(accession="KB000001"),
            by=person("reviewer"),
        )
        actions.link_topics(version.claim, [Topic.objects.get(slug="magnesium")], by=person("editor"))
        row = version.evidence.get()
        row.study.label, row.publication.title = "Renamed", "Retitled"
        save_record(row.study, by=person("editor"))
        save_record(row.publication, by=person("editor"))
        notice(row.publication)
        study()
        topic = Topic.objects.get(slug="magnesium")
        topic.name_en, topic.slug = "Other", "other"
        actions.save_record(topic, by=person("admin"))

        assert making.rebuild_release(made) == made.sha256 == hashlib.sha256(before).hexdigest()
        days_pass(2)
        later = released(today() - DAY)
        assert later.sha256 != made.sha256
        assert "It says otherwise now." in content(later, "versions.jsonl")
        assert "It says otherwise now." not in content(made, "versions.jsonl")

    def test_is_the_release_of_the_base_as_it_stands_when_nothing_came_later(self, db, tmp_path):
        days_pass(2)
        made = released(today() - DAY)
        call_command("release", tmp_path / "out", stdout=StringIO(), stderr=StringIO())
        for path in sorted((tmp_path / "out").rglob("*.*")):
            name = str(path.relative_to(tmp_path / "out"))
            if name not in ("people.jsonl", "manifest.json", "datapackage.json"):
                assert content(made, name) == path.read_bytes().decode(), name

    def test_what_was_deleted_since_is_there_and_what_was_deleted_before_is_not(self, db):
        gone, later = study(key="gone-2001"), study(key="later-2002")
        published()
        gone.delete()
        days_pass(2)
        later.delete()
        made = released(today() - DAY)
        assert "later-2002" in content(made, "studies.jsonl")
        assert "gone-2001" not in content(made, "studies.jsonl")

    def test_the_risk_of_bias_is_as_it_was_judged_then(self, db):
        of = published().evidence.get().study
        words = {"by": person("editor"), "tool": "rob-2"}
        assess_study(of, **words, judgements=dict.fromkeys(TOOLS["rob-2"].domains, ("low", "Then.", "Toen.")))
        days_pass(4)
        made = released(today() - 3 * DAY)
        assess_study(of, **words, judgements=dict.fromkeys(TOOLS["rob-2"].domains, ("high", "Now.", "Nu.")))
        assert making.rebuild_release(made) == made.sha256
        assert '"overall":"low"' in content(made, "bias_assessments.jsonl")
        lines = content(made, "bias_domains.jsonl").splitlines()
        assert len(lines) == 5 and all("Then." in line for line in lines)
        assert '"risk_of_bias":"low"' in content(made, "studies.jsonl")
        days_pass(2)
        assert "Now." in content(released(today() - DAY), "bias_domains.jsonl")

    def test_who_only_judged_is_among_the_people(self, db):
        published()
        judge = get_user_model().objects.create_user("the-judge")
        judge.groups.add(Group.objects.get(name="editor"))
        domains = dict.fromkeys(TOOLS["rob-2"].domains, ("low", "", ""))
        assess_study(study(), by=judge, tool="rob-2", judgements=domains)
        days_pass(2)
        assert '{"username":"the-judge","roles":["editor"]}' in content(
            released(today() - DAY), "people.jsonl"
        )

    def test_no_draft_is_told_also_when_it_was_published_since(self, db):
        hidden = draft(statement_en="Hidden words.")
        days_pass(2)
        actions.publish_version(actions.submit_version(hidden, by=person("editor")), by=person("reviewer"))
        made = released(today() - DAY)
        with zipfile.ZipFile(making.path_of(made)) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "Hidden words." not in text
        assert hidden.claim.intervention.slug not in text

    def test_loads_into_an_empty_base(self, db, tmp_path):
        days_pass(2)
        made = released(today() - DAY)
        with zipfile.ZipFile(making.path_of(made)) as archive:
            archive.extractall(tmp_path / "kb")
        count = Claim.objects.ever_published().count()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            names = connection.introspection.table_names()
            cursor.execute(
                f"TRUNCATE {', '.join(n for n in names if n.startswith(('claims_', 'studies_')))} CASCADE"
            )
            cursor.execute("DELETE FROM auth_user_groups")
            cursor.execute("DELETE FROM auth_user")
        call_command("load_kb", tmp_path / "kb", verbosity=0)
        assert Claim.objects.ever_published().count() == count

    def test_the_tables_of_the_past_are_gone_after_it(self, db):
        with standing_at(timezone.now() - 400 * DAY):
            assert Study.objects.count() == 0
        assert Study.objects.count() > 0

    def test_waits_for_what_began_before_the_end_of_the_day(self, db):
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1")
            with pytest.raises(Unsettled), standing_at(timezone.now()):
                pass
        finally:
            other.close()


class TestAsking:
    def test_only_admins_ask(self, db):
        days_pass(2)
        for role in ("reader", "editor", "reviewer"):
            with pytest.raises(PermissionDenied):
                making.ask_release(today() - DAY, by=person(role))
        assert making.ask_release(today() - DAY, by=person("admin")).state == "queued"

    @pytest.mark.parametrize(
        ("ago", "rule"), [(0, "day-not-over"), (-3, "day-not-over"), (4000, "nothing-then")]
    )
    def test_a_day_without_a_release_is_refused(self, db, ago, rule):
        days_pass(2)
        with pytest.raises(Refused) as refusal:
            making.ask_release(today() - ago * DAY, by=person("admin"))
        assert refusal.value.rule == rule
        assert not Release.objects.exists()

    def test_a_day_once(self, db):
        days_pass(2)
        making.ask_release(today() - DAY, by=person("admin"))
        with pytest.raises(Refused, match="already"):
            making.ask_release(today() - DAY, by=person("admin"))

    def test_what_changed_since_the_one_before(self, db):
        version = published()
        days_pass(3)
        first = released(today() - 2 * DAY)
        assert first.changes == {}
        version_again(version, summary_en="Other.")
        new = published()
        actions.withdraw_claim(
            Claim.objects.get(accession="KB000002"), by=person("reviewer"), reason_en="a", reason_nl="b"
        )
        claim()
        # Of what happened now only, so that the first release stays where it was; to noon of yesterday,
        # so that the hour of this test does not matter.
        noon = timezone.make_aware(datetime.datetime.combine(today() - DAY, datetime.time(12)))
        with connection.cursor() as cursor:
            for model in KEPT:
                cursor.execute(
                    f"UPDATE {model.pgh_event_model._meta.db_table} SET pgh_created_at = pgh_created_at - (now() - %s) "
                    "WHERE pgh_created_at > now() - interval '1 hour'",
                    [noon],
                )
        changes = released(today() - DAY).changes
        assert changes["since"] == str(first.day)
        assert changes["new"] == {"count": 1, "claims": [new.claim.accession]}
        assert changes["changed"] == {"count": 1, "claims": [version.claim.accession]}
        assert changes["withdrawn"] == {"count": 1, "claims": ["KB000002"]}


class TestMaking:
    def test_keeps_how_far_it_is_and_what_was_made(self, db):
        days_pass(2)
        making.queue_release(today() - DAY)
        seen = []
        [made] = making.make_releases(
            tell=lambda release: seen.append((release.rows_written, release.rows_expected))
        )
        assert seen and seen == sorted(seen)
        assert made.state == "made" and made.size == making.path_of(made).stat().st_size
        assert made.rows_written == made.rows_expected == sum(made.counts.values())

    def test_a_failure_is_kept_and_tried_again_when_asked(self, db, place):
        days_pass(2)
        place.parent.mkdir(exist_ok=True)
        place.write_text("in the way")
        making.queue_release(today() - DAY)
        [failed] = making.make_releases()
        assert failed.state == "failed" and failed.trouble
        assert list(making.make_releases()) == []
        place.unlink()
        making.ask_release(today() - DAY, by=person("admin"))
        [made] = making.make_releases()
        assert made.state == "made" and made.trouble == ""

    def test_one_whose_maker_died_is_taken_up(self, db):
        days_pass(2)
        release = making.queue_release(today() - DAY)
        Release.objects.update(state="building")
        [made] = making.make_releases()
        assert (made.pk, made.state) == (release.pk, "made")

    def test_one_that_another_is_making_is_passed_over(self, db):
        days_pass(2)
        release = making.queue_release(today() - DAY)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [making.LOCK, release.pk])
            assert list(making.make_releases()) == []
        finally:
            other.close()
        assert [made.state for made in making.make_releases()] == ["made"]

    def test_leaves_no_other_file(self, db, place):
        days_pass(2)
        made = released(today() - DAY)
        making.rebuild_release(made)
        assert [path.name for path in place.iterdir()] == [made.file_name]


def test_the_data_package_says_of_which_day_it_is(db):
    days_pass(2)
    made = released(today() - DAY)
    assert json.loads(content(made, "datapackage.json"))["version"] == str(made.day)


def test_a_day_has_one_release(db):
    Release.objects.create(day=today())
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(day=today())
