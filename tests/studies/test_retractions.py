"""The list of Retraction Watch: every quirk of its file, what it matches, and that nothing in it goes unsaid.

All rows are made up, with DOIs under 10.5555/, which is given out for examples.
"""

import csv
import io
import json
import tracemalloc
from datetime import date
from itertools import chain

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.utils.translation import override

from studies.actions import add_notice
from studies.choices import NoticeKind
from studies.models import IntegrityNotice, Publication
from studies.retractions import NotTheList, OurPapers, Paper, Unreadable, day, listed, read_rows, reasons
from tests.factories import notice, publication

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,"
    "RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
PLAIN = {
    "Record ID": "1",
    "Title": "A made-up paper",
    "Subject": "(B/T) Technology;(SOC) Psychology;",
    "RetractionDate": "8/16/2023 0:00",
    "RetractionDOI": "unavailable",
    "RetractionPubMedID": "0",
    "OriginalPaperDOI": "unavailable",
    "OriginalPaperPubMedID": "0",
    "RetractionNature": "Retraction",
    "Reason": "+Concerns/Issues About Data;+Rogue Editor;",
    "Paywalled": "No",
}


def text_of(*rows, end="\n", closing=()):
    """The list as text. A row is a dict of what differs from PLAIN; `closing` holds the cell too many of the live file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow([*HEADER, *closing])
    writer.writerows([*((PLAIN | row).get(name, "") for name in HEADER), *closing] for row in rows)
    return text.getvalue()


def read(text):
    return list(read_rows(io.StringIO(text, newline="")))


def row_of(**cells):
    names = {
        "record": "Record ID",
        "nature": "RetractionNature",
        "date": "RetractionDate",
        "reason": "Reason",
    }
    [row] = read(text_of({names.get(name, name): value for name, value in cells.items()}))
    return row


def titles(rows):
    return [row.cells.get("Record ID") for row in rows]


class TestReading:
    @pytest.mark.parametrize("closing", [(), ("",)], ids=["twenty columns", "a comma too many"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_the_file_as_it_is_handed_out(self, tmp_path, closing, end, encoding):
        path = tmp_path / "list.csv"
        path.write_bytes(
            text_of({"Author": "Zoë"}, {"Record ID": "2"}, end=end, closing=closing).encode(encoding)
        )
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(read_rows(file))
        assert [(row.line, row.cells["Record ID"], row.flaw) for row in rows] == [(2, "1", ""), (3, "2", "")]
        assert rows[0].cells["Reason"] == PLAIN["Reason"]

    def test_header_and_rows_need_not_agree_on_the_last_comma(self):
        with_comma, without = text_of({}, closing=("",)), text_of({})
        mixed = without.splitlines()[0] + "\n" + with_comma.splitlines()[1] + "\n" + without.splitlines()[1]
        assert [row.flaw for row in read(mixed)] == ["", ""]

    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_a_cell_of_several_lines_is_one_row(self, end):
        rows = read(
            text_of({"Notes": f'First.{end}Second, with a "quote".{end}'}, {"Record ID": "2"}, end=end)
        )
        assert [(row.line, row.flaw) for row in rows] == [(2, ""), (5, "")]

    def test_columns_are_found_by_name(self):
        other = "Extra," + ",".join(reversed(HEADER)) + "\n" + "x," + ",".join(["7"] * 20)
        assert read(other)[0].cells["Record ID"] == "7"

    def test_empty_lines_are_no_rows(self):
        assert len(read(text_of({}, {}).replace("\n", "\n\n"))) == 2

    @pytest.mark.parametrize(
        ("broken", "why"),
        [
            ("2,too short", "has 2 cells, not 20"),
            ("2" + "," * 20 + "too long", "has 21 cells, not 20"),
            ('2,"never closed' + "," * 18, "cannot be read as CSV"),
            ('2,"closed" too early' + "," * 18, "cannot be read as CSV"),
        ],
    )
    def test_a_broken_row_is_named_and_stops_no_other(self, broken, why):
        before, after = (
            text_of({}),
            text_of({"Record ID": "3", "Title": "Quoted, as it has a comma"}, {"Record ID": "4"}),
        )
        rows = read(before + broken + "\n" + after.split("\n", 1)[1])
        assert [(row.line, row.cells.get("Record ID")) for row in rows] == [
            (2, "1"),
            (3, None),
            (4, "3"),
            (5, "4"),
        ]
        assert rows[1].flaw.startswith(why)

    def test_a_quote_open_at_the_end_loses_only_its_own_row(self):
        rows = read(text_of({}) + '2,"cut off in the\nmiddle')
        assert [(row.line, bool(row.flaw)) for row in rows] == [(2, False), (3, True), (4, True)]

    def test_a_cell_longer_than_any_paper_needs_is_refused(self):
        rows = read(text_of({"Record ID": "2", "Notes": "word, " * 100_000}, {"Record ID": "3"}))
        assert rows[0].flaw and titles(rows)[-1] == "3"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            "<!DOCTYPE html>\n<html>\n",
            "PMID,DOI\n1,2\n",
            ",".join(HEADER[1:]),
            ",".join([*HEADER, "Record ID"]),
            '"',
        ],
    )
    def test_another_file_is_refused_in_one_line(self, text):
        with pytest.raises(NotTheList) as refusal:
            read(text)
        assert "\n" not in str(refusal.value)

    def test_memory_does_not_grow_with_the_list(self):
        def peak(number):
            lines = (
                text_of({"Record ID": str(n), "OriginalPaperDOI": f"10.5555/made.{n}"}) for n in range(number)
            )
            file = Trickle(chain([text_of()], (line.split("\n", 1)[1] for line in lines)))
            ours = OurPapers([(Paper(1, "made", "10.5555/made.7"), "10.5555/made.7", None)])
            tracemalloc.start()
            found = sum(1 for row in read_rows(file) if ours.named_by(row))
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert found == 1
            return most

        peak(100)
        assert peak(10_000) < peak(500) + 50_000


class Trickle:
    """A file whose lines are made when they are asked for."""

    def __init__(self, lines):
        self.lines = lines

    def readline(self, _longest):
        return next(self.lines, "")


class TestWhatARowSays:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("8/16/2023 0:00", date(2023, 8, 16)),
            ("8/6/2023", date(2023, 8, 6)),
            ("02/01/2021 00:00", date(2021, 2, 1)),
            ("2/1/2021 12:00:00 AM", date(2021, 2, 1)),
            ("2021-02-01", date(2021, 2, 1)),
            ("2021-02-01T00:00:00", date(2021, 2, 1)),
            ("", None),
        ],
    )
    def test_date(self, text, meant):
        assert day(text) == meant

    @pytest.mark.parametrize(
        "text", ["16/8/2023", "8/16/23", "2/30/2023 0:00", "0", "soon", "8/16/2023x", "0000-01-01"]
    )
    def test_a_date_that_is_none_is_refused(self, text):
        with pytest.raises(Unreadable, match="is not a date"):
            day(text)

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("+Concerns/Issues About Data;+Rogue Editor;", "Concerns/Issues About Data; Rogue Editor"),
            ("Rogue Editor;", "Rogue Editor"),
            (" + Rogue \n Editor ;;+;", "Rogue Editor"),
            ("Pages 1+2 missing", "Pages 1+2 missing"),
            ("", ""),
        ],
    )
    def test_reasons(self, text, kept):
        assert reasons(text) == kept

    @pytest.mark.parametrize(
        ("nature", "kind"),
        [
            ("Retraction", NoticeKind.RETRACTION),
            ("Correction", NoticeKind.CORRECTION),
            ("Expression of concern", NoticeKind.CONCERN),
            (" Expression of Concern ", NoticeKind.CONCERN),
            ("Reinstatement", NoticeKind.REINSTATEMENT),
        ],
    )
    def test_kind(self, nature, kind):
        assert listed(row_of(nature=nature)).kind is kind

    @pytest.mark.parametrize(
        ("cells", "why"),
        [
            ({"nature": "Partial retraction"}, "not a RetractionNature"),
            ({"nature": ""}, "not a RetractionNature"),
            ({"record": ""}, "not a Record ID"),
            ({"record": "50438#2"}, "not a Record ID"),
            ({"date": "yesterday"}, "not a date"),
            ({"reason": "Rogue\0Editor"}, "cannot be read"),
        ],
    )
    def test_what_cannot_be_told_is_refused(self, cells, why):
        with pytest.raises(Unreadable, match=why):
            listed(row_of(**cells))

    @pytest.mark.parametrize(
        ("doi", "pmid", "kept"),
        [
            ("10.5555/NOTICE", "123", ("10.5555/notice", "123")),
            ("unavailable", "0", ("", "")),
            ("see the journal", "none", ("", "")),
            ("10.123456789/" + "x" * 200, "0", ("", "")),
        ],
    )
    def test_where_the_notice_itself_is(self, doi, pmid, kept):
        said = listed(row_of(RetractionDOI=doi, RetractionPubMedID=pmid))
        assert (said.notice_doi, said.notice_pmid) == kept


class TestWhosePaperItIs:
    ours = OurPapers(
        [
            (Paper(1, "one", "10.5555/one"), "10.5555/one", "101"),
            (Paper(1, "one", "10.5555/one"), "10.5555/uno", "111"),  # merged into it
            (Paper(2, "two", "10.5555/two"), "10.5555/two", None),
            (Paper(3, "three", None), None, "103"),
            (Paper(4, "four", None), None, None),
        ]
    )

    def named(self, doi="unavailable", pmid="0", **cells):
        paper = self.ours.named_by(row_of(OriginalPaperDOI=doi, OriginalPaperPubMedID=pmid, **cells))
        return paper and paper.key

    @pytest.mark.parametrize(
        ("doi", "pmid", "key"),
        [
            ("10.5555/one", "0", "one"),
            (" https://doi.org/10.5555/ONE ", "0", "one"),
            ("doi:10.5555/One.", "", "one"),
            ("10.5555/one", "999", "one"),
            ("10.5555/uno", "0", "one"),
            ("10.5555/uno", "101", "one"),
            ("10.5555/one", "111", "one"),
            ("10.5555/one", "not known", "one"),
            ("unavailable", "101", "one"),
            ("Unavailable", "0000101", "one"),
            ("not known", "103", "three"),
            ("10.5555/other", "103", "three"),
            ("", "", None),
            ("0", "0", None),
            ("unavailable", "unavailable", None),
            ("10.5555/other", "999", None),
        ],
    )
    def test_doi_first_then_pmid(self, doi, pmid, key):
        assert self.named(doi, pmid) == key

    def test_the_notice_and_the_title_name_nobody(self):
        assert self.named(RetractionDOI="10.5555/one", RetractionPubMedID="101", Title="one") is None

    @pytest.mark.parametrize(
        ("doi", "pmid", "why"),
        [
            ("10.5555/two", "101", "the DOI 10.5555/two is two here, the PMID 101 is one"),
            ("10.5555/other", "101", "whose DOI is 10.5555/one, not 10.5555/other"),
            ("10.5555/ one", "0", "is not a DOI"),
            ("unavailable", "12 or 13", "is not a PMID"),
            ("10.5555/on\N{REPLACEMENT CHARACTER}", "0", "cannot be read"),
        ],
    )
    def test_in_doubt_it_is_refused(self, doi, pmid, why):
        with pytest.raises(Unreadable, match=why):
            self.named(doi, pmid)


@pytest.fixture
def load(tmp_path, editor, capsys):
    """Loads these rows as the editor and answers with what was said."""

    def load_rows(*rows, **options):
        path = tmp_path / "list.csv"
        path.write_text(text_of(*rows, closing=("",)), encoding="utf-8")
        call_command("load_retractions", path, **{"by": editor.username, **options})
        said = capsys.readouterr()
        assert said.err == "", "there is no bar where there is no terminal"
        return said.out

    return load_rows


def about(paper, record="1", **cells):
    names = {"nature": "RetractionNature", "date": "RetractionDate", "reason": "Reason"}
    return {
        "Record ID": record,
        "OriginalPaperDOI": paper.doi,
        **{names.get(name, name): value for name, value in cells.items()},
    }


@pytest.fixture
def paper(db):
    return publication(doi="10.5555/ours")


def from_list():
    return IntegrityNotice.objects.filter(source="retraction-watch").order_by("pk")


def standing(paper):
    return Publication.objects.with_standing().get(pk=paper.pk).deciding


class TestLoading:
    def test_a_retraction_is_recorded_with_who_did_it(self, load, paper, editor):
        said = load(
            about(paper, "50438", RetractionDOI="10.5555/notice"), {"OriginalPaperDOI": "10.5555/other"}
        )
        made = from_list().get()
        assert (made.publication, made.kind, made.noticed_on) == (paper, "retraction", date(2023, 8, 16))
        assert (made.source_record_id, made.notice_doi) == ("50438", "10.5555/notice")
        assert (made.reasons_en, made.reasons_nl) == ("Concerns/Issues About Data; Rogue Editor", "")
        assert made.events.latest("pgh_id").pgh_context.metadata["user"] == editor.pk
        assert "2 rows read: 1 matched, 1 unmatched, 0 refused." in said
        assert "New notices: 1 (retraction 1)." in said
        assert f"  {paper.key}, {paper.study.label}: retracted" in said

    def test_again_it_writes_nothing_and_says_so(self, load, paper):
        rows = about(paper, "1"), about(paper, "2", nature="Correction")
        load(*rows)
        said = load(*rows)
        assert from_list().count() == 2
        assert "Already there: 2." in said and "New notices: 0." in said and "nothing was written" in said
        assert "Standing changed: 0." in said

    @pytest.mark.parametrize("later", ["Correction", "Expression of concern"])
    def test_a_later_correction_or_concern_hides_no_retraction(self, load, paper, later):
        load(about(paper, "1"), about(paper, "2", nature=later, date="1/1/2025 0:00"))
        assert standing(paper) == "retraction"
        assert paper.notices.count() == 2

    def test_a_reinstatement_gives_it_back(self, load, paper):
        load(about(paper))
        said = load(about(paper), about(paper, "2", nature="Reinstatement", date="1/1/2025 0:00"))
        assert standing(paper) == "reinstatement"
        assert f"  {paper.key}, {paper.study.label}: reinstated" in said

    def test_what_we_knew_by_hand_changes_no_standing_again(self, load, paper):
        notice(paper, source="curation")
        said = load(about(paper))
        assert from_list().count() == 1
        assert "Already known from another source: 1." in said and "Standing changed: 0." in said

    @pytest.mark.parametrize("pmid", ["26016859", "23658180"])
    def test_the_retracted_papers_of_the_base_are_known_by_their_pmid(self, load, pmid):
        said = load({"OriginalPaperPubMedID": pmid})
        assert from_list().get().publication.pmid == pmid
        assert "Already known from another source: 1." in said and "Standing changed: 0." in said

    def test_it_is_read_with_few_questions_to_the_base(self, load, paper, django_assert_max_num_queries):
        rows = [{"Record ID": str(n), "OriginalPaperDOI": f"10.5555/made.{n}"} for n in range(500)]
        load(about(paper))
        with django_assert_max_num_queries(15):
            load(about(paper), *rows)

    def test_every_row_is_counted_once(self, load, paper):
        doubtful = {"OriginalPaperDOI": "not a DOI"}
        said = load(about(paper), about(paper, "2", nature="Rumour"), doubtful, {}, {}, about(paper))
        assert "6 rows read: 1 matched, 2 unmatched, 3 refused." in said
        assert "  line 3: “Rumour” is not a RetractionNature we know" in said
        assert "  line 4: “not a DOI” is not a DOI" in said
        assert "  line 7: record 1 stands in the list twice" in said

    def test_the_first_twenty_refusals_are_shown_and_the_rest_counted(self, load, paper):
        said = load(*({"OriginalPaperDOI": f"nothing {n}"} for n in range(25)))
        assert said.count("  line ") == 20 and "  and 5 more" in said

    def test_a_paper_named_twice_over_writes_nothing(self, load, paper):
        other = publication(pmid="99900001")
        said = load(about(paper, OriginalPaperPubMedID=other.pmid))
        assert not from_list().exists()
        assert f"the DOI 10.5555/ours is {paper.key} here, the PMID 99900001 is {other.key}" in said

    def test_a_dry_run_says_the_same_and_writes_nothing(self, load, paper):
        said = load(about(paper), dry_run=True)
        assert not from_list().exists() and standing(paper) is None
        assert f"  {paper.key}, {paper.study.label}: retracted" in said
        assert "Dry run: nothing was written." in said

    def test_report_holds_a_line_for_each_row_about_us_or_refused(self, load, paper, tmp_path):
        load(about(paper), {}, {"OriginalPaperDOI": "not a DOI"}, report=tmp_path / "report.jsonl")
        rows = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
        assert [(row["line"], row["word"], row["publication"]) for row in rows] == [
            (2, "new", paper.key),
            (4, "refused", ""),
        ]


class TestChangedAtTheSource:
    @pytest.mark.parametrize(
        ("cells", "told"),
        [
            ({"date": "8/17/2023 0:00"}, "date 2023-08-17, was 2023-08-16"),
            ({"nature": "Correction"}, "kind correction, was retraction"),
        ],
    )
    def test_another_date_or_kind_is_recorded_again(self, load, paper, cells, told):
        load(about(paper, "50438"))
        said = load(about(paper, "50438", **cells))
        assert list(from_list().values_list("source_record_id", flat=True)) == ["50438", "50438#2"]
        assert f"line 2: record 50438, {paper.key}: {told}; now also here as 50438#2" in said
        assert standing(paper) == "retraction"

    def test_and_that_only_once(self, load, paper):
        load(about(paper, "50438"))
        changed = about(paper, "50438", date="8/17/2023 0:00")
        load(changed)
        assert "nothing was written" in load(changed)
        load(about(paper, "50438"))
        assert list(from_list().values_list("source_record_id", flat=True)) == ["50438", "50438#2", "50438#3"]

    def test_a_concern_that_became_a_retraction_moves_the_standing(self, load, paper):
        load(about(paper, nature="Expression of concern"))
        assert standing(paper) is None
        assert f"  {paper.key}, {paper.study.label}: retracted" in load(about(paper))

    def test_another_paper_is_recorded_there(self, load, paper):
        other = publication(doi="10.5555/second")
        load(about(paper))
        said = load(about(other))
        assert standing(other) == "retraction"
        assert f"publication {other.key}, was {paper.key}" in said

    def test_other_reasons_are_only_told(self, load, paper):
        load(about(paper))
        said = load(about(paper, reason="+Duplication of Image;"))
        assert from_list().count() == 1
        assert "reasons Duplication of Image, was Concerns/Issues About Data; Rogue Editor" in said

    def test_a_record_that_left_the_list_is_told_and_stays(self, load, paper):
        load(about(paper, "50438"))
        said = load({"OriginalPaperDOI": "10.5555/other"})
        assert f"No longer in the list: 1.\n  record 50438, {paper.key}" in said
        assert standing(paper) == "retraction"


class TestRefusal:
    def refusal_of(self, path, **options):
        with pytest.raises(CommandError) as refusal:
            call_command("load_retractions", path, **options)
        assert refusal.value.returncode == 1 and "\n" not in str(refusal.value)
        return str(refusal.value)

    @pytest.fixture
    def path(self, tmp_path, paper):
        path = tmp_path / "list.csv"
        path.write_text(text_of(about(paper)))
        return path

    def test_missing_file(self, editor, tmp_path):
        assert "missing.csv" in self.refusal_of(tmp_path / "missing.csv", by=editor.username)

    def test_another_file(self, editor, tmp_path):
        (tmp_path / "page.csv").write_text("<html>Sign in</html>")
        assert "page.csv is not the list of Retraction Watch" in self.refusal_of(
            tmp_path / "page.csv", by=editor.username
        )

    def test_nobody_of_that_name(self, path):
        assert "There is no account “nobody”" in self.refusal_of(path, by="nobody")

    def test_without_a_name_it_is_the_account_of_the_list(self, path, django_user_model):
        assert "There is no account “retraction-watch”" in self.refusal_of(path)
        account = django_user_model.objects.create_user("retraction-watch")
        account.groups.add(Group.objects.get(name="editor"))
        call_command("load_retractions", path)
        assert from_list().get().events.latest("pgh_id").pgh_context.metadata["user"] == account.pk

    def test_somebody_who_may_not(self, path, reader):
        assert "may not record notices" in self.refusal_of(path, by=reader.username)
        assert not from_list().exists()

    def test_a_report_that_cannot_be_written_leaves_the_base_as_it_was(self, path, editor, tmp_path):
        assert "nowhere" in self.refusal_of(
            path, by=editor.username, report=tmp_path / "nowhere" / "report.jsonl"
        )
        assert not from_list().exists()


def test_a_notice_needs_the_permission(paper, reader):
    made = IntegrityNotice(publication=paper, kind="retraction", source="test", source_record_id="1")
    with pytest.raises(PermissionDenied, match="Your account may not do this"):
        add_notice(made, by=reader)
    assert not paper.notices.exists()


@pytest.mark.parametrize(
    ("language", "dutch", "shown"),
    [
        ("nl", "", '<span lang="en">Rogue Editor</span>'),
        ("nl", "Malafide redacteur", "Malafide redacteur"),
        ("en", "", "Rogue Editor"),
    ],
)
def test_reasons_that_are_english_only_are_marked_so(language, dutch, shown):
    given = IntegrityNotice(kind="retraction", reasons_en="Rogue Editor", reasons_nl=dutch)
    with override(language):
        page = render_to_string("includes/_notice.html", {"notice": given})
    assert shown in page
    assert page.count("Rogue Editor") == (not dutch)
