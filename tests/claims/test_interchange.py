"""Load, release, load, release: the same bytes. A bad row is named and nothing changes."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import ClaimVersion, Evidence
from studies.actions import assess_study
from studies.bias import TOOLS
from studies.models import BiasAssessment, DomainJudgement, Study
from tests.conftest import emptied
from tests.factories import person, published, study

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FIXTURES, tmp_path / "kb"))


def rows_of(folder, name):
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def write(folder, name, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{name}.jsonl").write_text(text)


def load(folder, *options):
    call_command("load_kb", folder, *options, verbosity=0)


class TestRoundTrip:
    def test_the_loaded_base_releases_the_fixtures_byte_for_byte(self, db, tmp_path):
        call_command("release", tmp_path / "out", stdout=StringIO())
        for path in sorted(FIXTURES.glob("*.json*")):
            assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name

    def test_loading_into_an_empty_base_gives_the_same_release(self, empty_base, tmp_path):
        load(FIXTURES)
        call_command("release", tmp_path / "out", stdout=StringIO())
        names = sorted(path.name for path in FIXTURES.glob("*.jsonl"))
        assert [(tmp_path / "out" / name).read_bytes() for name in names] == [
            (FIXTURES / name).read_bytes() for name in names
        ]

    def test_loading_twice_changes_nothing(self, db, capsys):
        call_command("load_kb", FIXTURES)
        lines = capsys.readouterr().out.splitlines()
        assert lines and all(" 0 new" in line and " 0 changed" in line for line in lines)


class TestRiskOfBias:
    @pytest.fixture
    def judged(self, db, tmp_path):
        """A release with two assessments of a study, one of them with an overall of its own."""
        of = study()
        domains = dict.fromkeys(TOOLS["rob-2"].domains, ("low", "Seen.", ""))
        assess_study(of, by=person("editor"), tool="rob-2", judgements=domains)
        assess_study(
            of, by=person("editor"), tool="rob-2", outcome="Sleep", judgements=domains, overall="high",
            reason=("Few.", "Weinig."),
        )  # fmt: skip
        published()  # so that the reviewer is among the people
        call_command("release", tmp_path / "kb", stdout=StringIO(), stderr=StringIO())
        return tmp_path / "kb"

    def test_comes_back_byte_for_byte(self, judged, tmp_path):
        assert len(rows_of(judged, "bias_assessments")) == 2
        assert len(rows_of(judged, "bias_domains")) == 10
        assert "the-editor" in (judged / "people.jsonl").read_text()
        emptied()
        load(judged)
        call_command("release", tmp_path / "again", stdout=StringIO(), stderr=StringIO())
        for path in sorted(judged.glob("*.json*")):
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
        assert BiasAssessment.objects.first().judgements.first().domain == "rob-2/randomisation"

    def test_another_judgement_of_a_domain_is_loaded_with_its_assessment(self, judged, capsys):
        rows = rows_of(judged, "bias_domains")
        changed = next(row for row in rows if row["outcome"] and row["domain"] == "rob-2/reporting")
        changed["reason_nl"] = "Gezien."
        write(judged, "bias_domains", rows)
        load(judged, "--edited")
        assert DomainJudgement.objects.get(reason_nl="Gezien.").assessment.outcome == "Sleep"
        assert DomainJudgement.objects.count() == 10
        call_command("load_kb", judged, "--edited")
        assert all(" 0 new" in line and " 0 changed" in line for line in capsys.readouterr().out.splitlines())

    @pytest.mark.parametrize(
        ("name", "change", "sentence"),
        [
            (
                "bias_domains",
                {"judgement": "serious"},
                "bias_assessments.jsonl, line 1, judgements: Judge every",
            ),
            (
                "bias_domains",
                {"domain": 5},
                "bias_domains.jsonl, line 1, domain: there is no such assessment",
            ),
            ("bias_domains", {"outcome": "Other"}, "line 1, domain: there is no such assessment"),
            ("bias_assessments", {"suggested": "high"}, "line 1, suggested: the tool gives 'low'"),
            ("bias_assessments", {"overall": "high"}, "line 1, reason: Say in both languages"),
            ("bias_assessments", {"assessed_by": "nobody"}, "line 1, assessed_by: there is no 'nobody'"),
            ("bias_assessments", {"tool": "dice"}, "line 1, tool: "),
            ("bias_assessments", {"assessed_on": "soon"}, "line 1, assessed_on: "),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_changes(self, judged, name, change, sentence):
        rows = rows_of(judged, name)
        write(judged, name, [rows[0] | change, *rows[1:]])
        emptied()
        with pytest.raises(CommandError) as error:
            load(judged, "--edited")
        assert sentence in str(error.value)
        assert not Study.objects.exists()

    def test_a_release_from_before_is_whole_without(self, folder, empty_base):
        manifest = json.loads((folder / "manifest.json").read_text())
        for name in ("bias_assessments.jsonl", "bias_domains.jsonl"):
            (folder / name).unlink()
            del manifest["files"][name]
        (folder / "manifest.json").write_text(json.dumps(manifest))
        load(folder)
        assert Study.objects.exists()


BROKEN = {
    "an unknown field": ("studies", lambda row: row | {"colour": "red"}, "line 1, colour: is not a field"),
    "an unknown design": ("studies", lambda row: row | {"design": "hearsay"}, "line 1, design: "),
    "a missing reference": (
        "publications",
        lambda row: row | {"study": "nobody-1900"},
        "line 1, study: there is no",
    ),
    "a list as a reference": ("publications", lambda row: row | {"study": []}, "line 1, study: "),
    "text for a number": ("studies", lambda row: row | {"participants": "many"}, "line 1, participants: "),
    "a null character": ("studies", lambda row: row | {"label": "a\x00b"}, "line 1, label: "),
    "a DOI that is an address": (
        "publications",
        lambda row: row | {"doi": "https://doi.org/10.1/x"},
        "line 1, doi: ",
    ),
    "a topic that is nowhere": (
        "claims",
        lambda row: row | {"topics": ["nowhere"]},
        "line 1, topics: there is no 'nowhere'",
    ),
    "a changed published version": (
        "versions",
        lambda row: row | {"summary_en": "Better."},
        "line 1, summary_en: differs",
    ),
    "a changed published row of evidence": (
        "evidence",
        lambda row: row | {"n": 999999},
        "line 1, n: differs",
    ),
}


class TestBadRows:
    @pytest.mark.parametrize("what", BROKEN)
    def test_names_file_line_and_field_and_changes_nothing(self, db, folder, what):
        name, spoil, expected = BROKEN[what]
        rows = rows_of(folder, name)
        write(folder, name, [spoil(rows[0]), *rows[1:]])
        before = (Study.objects.count(), Evidence.objects.count())
        with pytest.raises(CommandError) as refusal:
            load(folder, "--edited")
        assert f"{name}.jsonl, {expected}" in str(refusal.value)
        assert (Study.objects.count(), Evidence.objects.count()) == before

    def test_a_row_twice_is_named(self, db, folder):
        rows = rows_of(folder, "topics")
        write(folder, "topics", [*rows, rows[0]])
        with pytest.raises(
            CommandError, match=f"topics.jsonl, line {len(rows) + 1}, slug: stands in line 1 already"
        ):
            load(folder, "--edited")

    def test_what_the_database_refuses_is_named_too(self, empty_base, folder):
        moderate = {
            row["claim"]
            for row in rows_of(folder, "versions")
            if row["scheme"] == "grade" and row.get("strength") == 3
        }
        rows = rows_of(folder, "judgements")
        next(row for row in rows if row["claim"] in moderate and row["step"] == -1)["step"] = 0
        write(folder, "judgements", rows)
        with pytest.raises(
            CommandError, match=r"versions.jsonl, line \d+, row: The steps give strength 4, not 3"
        ):
            load(folder, "--edited")
        assert ClaimVersion.objects.count() == 0

    @pytest.mark.parametrize("text", ["not json", "[1]", '{"a": 1, "a": 2}', '{"a": ' + "[" * 100_000])
    def test_a_line_that_is_no_row_is_named(self, db, folder, text):
        (folder / "topics.jsonl").write_text(text)
        with pytest.raises(CommandError, match=r"topics.jsonl, line 1: "):
            load(folder, "--edited")

    def test_bytes_that_are_no_text_are_named(self, db, folder):
        (folder / "topics.jsonl").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(CommandError, match=r"topics.jsonl: not UTF-8"):
            load(folder, "--edited")

    def test_an_edited_file_is_noticed(self, db, folder):
        write(folder, "topics", rows_of(folder, "topics")[:-1])
        with pytest.raises(CommandError, match=r"topics.jsonl is not the file the manifest names"):
            load(folder)

    def test_a_folder_that_is_not_there(self, db, tmp_path):
        with pytest.raises(CommandError, match="is not a folder"):
            load(tmp_path / "nowhere")


class TestTheEvidenceArrives:
    """Counts of the shared evidence after the merge map and the audit: nothing is lost on the way."""

    def test_every_row_of_the_fixtures_is_in_the_base(self, db):
        assert Study.objects.count() == len(rows_of(FIXTURES, "studies"))
        assert Evidence.objects.count() == len(rows_of(FIXTURES, "evidence"))

    def test_no_sentence_of_an_article_is_kept(self, db):
        columns = set(rows_of(FIXTURES, "mentions")[0])
        assert columns <= {
            "article", "claim", "citation", "number", "says_en", "says_nl", "start", "end", "sha256", "before_sha256",
            "after_sha256", "hedge", "attribution",
        }  # fmt: skip
