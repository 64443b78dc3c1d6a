"""The page of downloads, the same for programs, the files, and the admin who asks for them."""

import datetime

import pytest
from django.utils import timezone

from claims.models import Release
from claims.releases import making
from tests.claims.test_release_of_a_day import days_pass
from tests.factories import person

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"


@pytest.fixture
def release(db):
    days_pass(2)
    return making.make_release(making.queue_release(timezone.localdate() - DAY))


def address(release):
    return f"/downloads/{release.file_name}"


def changed_release(release):
    kinds = {"new": ["KB000001"], "changed": [], "withdrawn": ["KB000002"]}
    found = {kind: {"count": 30 if names else 0, "claims": names} for kind, names in kinds.items()}
    return making.keep(release, changes={"since": "2026-01-31", **found})


class TestPage:
    @pytest.mark.parametrize(("language", "word"), [("en", "Downloads"), ("nl", "Downloads")])
    def test_names_the_file_its_size_its_hash_and_the_licence(self, client, release, language, word):
        text = client.get(f"/{language}/downloads/").content.decode()
        assert f"<h1>{word}</h1>" in text
        assert address(release) in text and release.sha256 in text and "CC BY 4.0" in text
        assert f"<dd>{release.rows['claims']}</dd>" in text

    def test_says_what_changed_with_links(self, client, release):
        changed_release(release)
        text = client.get("/en/downloads/").content.decode()
        assert "/en/claims/KB000001/history/" in text and "/en/claims/KB000002/history/" in text
        assert "31 January 2026" in text and "30:" in text and "…" in text

    def test_without_a_release_it_says_so(self, client, db):
        assert "There is nothing to download yet." in client.get("/en/downloads/").content.decode()

    def test_tells_nothing_of_what_is_not_made(self, client, db):
        days_pass(2)
        making.queue_release(timezone.localdate() - DAY)
        assert "There is nothing to download yet." in client.get("/en/downloads/").content.decode()

    def test_asks_two_questions_however_many_there_are(self, client, release, django_assert_num_queries):
        for ago in range(2, 12):
            Release.objects.create(
                day=release.day - ago * DAY, state="made", made_at=release.made_at, size=1, sha256="a" * 64,
                counts=release.counts,
            )  # fmt: skip
        with django_assert_num_queries(2):
            assert client.get("/en/downloads/").status_code == 200

    @pytest.mark.parametrize("page", ["0", "2", "x"])
    def test_a_page_that_is_not_there_is_a_sentence(self, client, release, page):
        response = client.get("/en/downloads/", {"page": page})
        assert response.status_code == 400 and b"Traceback" not in response.content

    def test_other_methods_are_refused(self, client, db):
        assert client.post("/en/downloads/").status_code == 405


class TestApi:
    def test_gives_every_release(self, client, release):
        changed_release(release)
        [found] = client.get("/api/v1/releases/").json()["results"]
        assert found["day"] == str(release.day) and found["sha256"] == release.sha256
        assert found["rows"]["claims.jsonl"] == release.rows["claims"]
        assert found["address"].endswith(address(release)) and found["size"] == release.size
        assert found["changes"]["new"] == {"count": 30, "claims": ["KB000001"]}

    def test_what_was_kept_is_not_given_after_a_new_release(self, client, db):
        days_pass(2)
        assert client.get("/api/v1/releases/").json()["count"] == 0
        making.make_release(making.queue_release(timezone.localdate() - DAY))
        assert client.get("/api/v1/releases/").json()["count"] == 1

    def test_walks(self, client, release):
        found = client.get("/api/v1/releases/", {"cursor": "*"}).json()
        assert len(found["results"]) == 1 and found["next"] is None

    def test_a_parameter_that_is_not_known_is_named(self, client, db):
        response = client.get("/api/v1/releases/", {"colour": "red"})
        assert response.status_code == 400 and response.json()["errors"][0]["parameter"] == "colour"


class TestFile:
    def test_is_the_file_with_its_hash_as_tag(self, client, release):
        response = client.get(address(release))
        assert b"".join(response) == making.path_of(release).read_bytes()
        assert response["ETag"] == f'"{release.sha256}"' and response["Content-Type"] == "application/zip"

    def test_the_rest_of_it_makes_it_whole(self, client, release):
        whole = making.path_of(release).read_bytes()
        response = client.get(
            address(release), headers={"Range": "bytes=1000-", "If-Range": f'"{release.sha256}"'}
        )
        assert response.status_code == 206 and whole[:1000] + b"".join(response) == whole

    @pytest.mark.parametrize(
        "path",
        [
            "/downloads/onderbouwd-2020-01-01.zip",
            "/downloads/onderbouwd-2026-13-45.zip",
            "/downloads/../manage.py",
            "/downloads/onderbouwd-..%2f..%2fmanage.py",
            "/downloads/secret_key",
        ],
    )
    def test_nothing_else_is_given(self, client, release, path):
        assert client.get(path).status_code == 404

    def test_one_that_is_not_made_or_was_lost_is_not_given(self, client, release):
        making.path_of(release).rename(making.path_of(release).with_name("elsewhere"))
        assert client.get(address(release)).status_code == 404
        making.path_of(release).with_name("elsewhere").rename(making.path_of(release))
        Release.objects.update(state="building")
        assert client.get(address(release)).status_code == 404

    def test_other_methods_are_refused(self, client, release):
        assert client.post(address(release)).status_code == 405


class TestAdmin:
    ADD = "/admin/claims/release/add/"

    def ask(self, client, role="admin", ago=1):
        client.force_login(person(role))
        return client.post(self.ADD, {"day": str(timezone.localdate() - ago * DAY)}, follow=True)

    def test_an_admin_asks_and_sees_how_far_it_is(self, client, db):
        days_pass(2)
        assert self.ask(client).status_code == 200
        release = Release.objects.get()
        assert (release.state, release.asked_by) == ("queued", person("admin"))
        shown = client.get(f"/admin/claims/release/{release.pk}/change/")
        assert "Waiting" in shown.content.decode() and shown["Refresh"] == "5"
        making.keep(release, state="building", rows_written=500, rows_expected=2000)
        assert "500 of about 2000 rows written" in client.get("/admin/claims/release/").content.decode()
        [made] = making.make_releases()
        shown = client.get(f"/admin/claims/release/{release.pk}/change/")
        assert made.sha256 in shown.content.decode() and "Refresh" not in shown

    @pytest.mark.parametrize("role", ["reader", "editor", "reviewer"])
    def test_nobody_else_asks(self, client, db, role):
        days_pass(2)
        self.ask(client, role)
        assert not Release.objects.exists()

    def test_a_day_that_is_not_over_is_a_sentence(self, client, db):
        days_pass(2)
        response = self.ask(client, ago=0)
        assert "A release is of a day that is over." in response.content.decode()
        assert not Release.objects.exists()

    def test_one_that_failed_is_asked_for_again(self, client, release):
        making.fail(release, "No space left on device")
        client.force_login(person("admin"))
        assert "No space left" in client.get("/admin/claims/release/").content.decode()
        self.ask(client)
        assert Release.objects.get().state == "queued"

    def test_nothing_is_changed_or_deleted(self, client, release):
        client.force_login(person("admin"))
        for deed in ("change", "delete"):
            assert (
                client.post(f"/admin/claims/release/{release.pk}/{deed}/", {"day": "2020-01-01"}).status_code
                == 403
            )
        release.refresh_from_db()
        assert release.day != datetime.date(2020, 1, 1)
