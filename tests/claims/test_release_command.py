"""`release --date` and `make_releases`: made, told, and made once more the same."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import Release
from claims.releases import making
from tests.claims.test_release_of_a_day import DAY, days_pass, released, today
from tests.factories import person


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"


class TestCommand:
    def run(self, *words):
        out, err = StringIO(), StringIO()
        call_command("release", *words, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    def test_makes_tells_and_makes_the_same_again(self, db):
        days_pass(2)
        day = str(today() - DAY)
        out, err = self.run("--date", day)
        release = Release.objects.get()
        assert out.startswith(release.sha256)
        assert f"of {release.rows_expected} rows" in err
        making.path_of(release).unlink()
        out, _err = self.run("--date", day)
        assert "the same once more" in out
        assert hashlib.sha256(making.path_of(release).read_bytes()).hexdigest() == release.sha256

    def test_says_so_where_it_is_not_the_same(self, db):
        days_pass(2)
        released(today() - DAY)
        Release.objects.update(sha256="a" * 64)
        with pytest.raises(CommandError, match="not aaaa"):
            self.run("--date", str(today() - DAY))

    @pytest.mark.parametrize(
        "words", [(), ("--date", "31-1-2026"), ("--date", "2999-01-01"), ("--date", "9999-12-31")]
    )
    def test_a_wrong_question_is_one_line(self, db, words):
        with pytest.raises(CommandError):
            self.run(*words)

    def test_makes_what_was_asked_for_in_the_background(self, db):
        days_pass(2)
        making.ask_release(today() - DAY, by=person("admin"))
        out = StringIO()
        call_command("make_releases", "--once", stdout=out)
        assert Release.objects.get().sha256 in out.getvalue()
