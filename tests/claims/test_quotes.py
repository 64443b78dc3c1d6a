"""Quotes of sources: short, looked up by the machine in what was pasted, and never more of that text than the quote."""

import json
import re
from contextlib import nullcontext
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from claims import actions, reviewing
from claims.actions import Refused
from claims.exports import TABLES
from claims.models import ClaimVersion, Evidence
from claims.quoting import PARTS, SIZE, numbers_absent, stands_in
from studies.actions import keep_source_text
from studies.models import SourceText
from tests.claims.typed import typed
from tests.conftest import emptied
from tests.factories import draft, evidence, person, publication

# As a text comes out of a PDF: words broken off, hyphens at line ends, ligatures, narrow spaces, signs of print.
PASTED = """Sleep onset latency was 17.36\u202fmin shorter (95% CI \u221227.27 to \u22127\u00b744; P = .0006) in the double-
blind trials of magne-
sium supple\u00admentation; \ufb01ve others \u2013 all small \u2013 found \u201cno di\ufb00erence\u201d. We did not ask those aged 36."""
WORDS = "in the double-blind trials of magnesium supplementation"

STANDS = [
    WORDS,
    "IN THE DOUBLE-BLIND  TRIALS of\nmagnesium",
    'five others - all small - found "no difference"',
    "17.36 min shorter (95% CI -27.27 to -7\u00b744",
    "We did not ask those aged 36.",
]
LEAVES_OUT = [
    "trials of magnesium [...] five others - all small",
    "Sleep onset latency [\u2026] in the double-blind trials [...] We did not ask",
    "onset latency was\n[...]\n17.36 min",
]
DOES_NOT = [
    "five others [...] trials of magnesium",
    "in the double-blind [...] double-blind trials",
    "trials of magnesium [...] six others",
    "trials of magnesium[...] five others",
    "trials of magnesium (...) five others",
    "[...] trials of magnesium",
    "in the double blind trials",
    "in the blind trials of magnesium",
    "leep onset latency was",
    "found no difference",
    "magnesium in the trials",
    "those aged 3",
    "",
]


@pytest.mark.parametrize("quote", [*STANDS, *LEAVES_OUT])
def test_words_are_found_whatever_print_did_to_them(quote):
    assert stands_in(quote, PASTED)


@pytest.mark.parametrize("quote", DOES_NOT)
def test_other_words_are_not(quote):
    assert not stands_in(quote, PASTED)


def test_numbers_are_found_with_any_sign_and_mark():
    there = ["-17.360000", "27.27", "-7.44", "0.0006", "95", "36"]
    absent = ["7.4", "17.3", "27", "0.006", "360", "7"]
    assert numbers_absent(map(Decimal, there), PASTED) == []
    assert numbers_absent(map(Decimal, absent), PASTED) == [Decimal(each) for each in absent]


pytestmark = pytest.mark.django_db


def quoting(**words):
    """A draft with one row that counts by a quote alone, and its publication."""
    report, version = publication(language="en"), draft()
    given = {"verified_from": "", "quote": WORDS, "quote_role": "result"}
    return evidence(version, publication=report, **given | words), report, version


def submitted(version):
    version.refresh_from_db()
    return actions.submit_version(version, by=person("editor"))


def pasted(report, text=PASTED):
    return keep_source_text(report, text, by=person("editor"))


class TestSubmission:
    def test_checks_a_quote_against_the_pasted_text_and_publication_shows_it(self, client):
        row, report, version = quoting()
        pasted(report)
        published = actions.publish_version(submitted(version), by=person("reviewer"))
        shown = next(row for row in json.loads(published.document)["evidence"] if "quote" in row)["quote"]
        assert (shown["text"], shown["role"]["code"], shown["language"]) == (WORDS, "result", "en")
        row.refresh_from_db()
        assert row.quote_checked_on.isoformat() == shown["checked_on"]
        page = client.get(f"/en/claims/{published.claim.accession}/").content.decode()
        assert f'<q lang="en">{WORDS}</q>' in page and "seen in the source on" in page
        record = client.get(f"/api/v1/claims/{published.claim.accession}/").json()
        assert [row["quote"] for row in record["evidence"] if "quote" in row] == [shown]

    def test_refuses_a_quote_while_nothing_was_pasted(self):
        _row, report, version = quoting()
        with pytest.raises(Refused, match=report.key) as refusal:
            submitted(version)
        assert refusal.value.rule == "quote-unchecked"

    def test_refuses_a_quote_that_is_not_in_the_text(self):
        _row, report, version = quoting(quote="magnesium works for everyone")
        pasted(report)
        with pytest.raises(Refused) as refusal:
            submitted(version)
        assert refusal.value.rule == "quote-not-found"

    @pytest.mark.parametrize(
        "words",
        [
            {"quote": "", "quote_role": ""},
            {"quote_role": "background"},
            {"quote_role": "aim", "verified_from": "https://example.org/report"},
            {"quote_role": "method", "estimate": 1, "measure": "MD"},
        ],
    )
    def test_refuses_a_row_that_counts_and_shows_no_result(self, words):
        _row, report, version = quoting(**words)
        pasted(report)
        with pytest.raises(Refused) as refusal:
            submitted(version)
        assert refusal.value.rule == "result-unseen"

    @pytest.mark.parametrize(
        "words",
        [
            {"quote_role": "background", "counts_in_synthesis": False},
            {"quote_role": "aim", "verified_from": "https://example.org/report", "p_text": "p < 0.05"},
        ],
    )
    def test_takes_other_quotes_beside_a_number_or_in_a_row_that_does_not_count(self, words):
        _row, report, version = quoting(**words)
        pasted(report)
        assert submitted(version).state == "in-review"


LONG = "word " * 12
SIZES = {
    "three words": ("We did not", True),
    "two words": ("We did", False),
    "twenty-five words": (LONG * 2 + "word", True),
    "twenty-six words": (LONG * 2 + "word word", False),
    "twenty-five words, some left out": (
        f"{LONG}[...] {LONG}[\u2026] word word".replace("word [", "[", 1),
        True,
    ),
    "twenty-six words, some left out": (f"{LONG}[...] {LONG}[...] word word", False),
    "two parts of two": ("We did [...] not ask", True),
    "a part of one": ("We did [...] ask", False),
    "a part of one in between": ("We did [...] not [...] ask those", False),
    "left out at the beginning": ("[...] We did not", False),
    "left out at the end": ("We did not [...]", False),
    "left out twice over": ("We did [...] [...] not ask", False),
    "signs that are no mark": ("We [did] (...) not", True),
}


class TestTheBase:
    @pytest.mark.parametrize(("quote", "is_taken"), SIZES.values(), ids=SIZES)
    def test_counts_words_as_python_does(self, quote, is_taken):
        quote = quote.strip()
        row = draft().evidence.get()
        taking = nullcontext() if is_taken else pytest.raises(IntegrityError, match="quote_is_short")
        with taking, transaction.atomic():
            Evidence.objects.filter(pk=row.pk).update(quote=quote, quote_role="result")
        assert bool(re.search(SIZE, quote) and re.search(PARTS, quote)) == is_taken

    def test_a_changed_quote_is_unchecked(self):
        row, _report, _version = quoting()
        Evidence.objects.filter(pk=row.pk).update(quote_checked_on="2026-01-01")
        Evidence.objects.filter(pk=row.pk).update(n=12)
        row.refresh_from_db()
        assert row.quote_checked_on
        row.quote = "of magnesium supplementation"
        actions.save_part(row, by=person("editor"))
        row.refresh_from_db()
        assert row.quote_checked_on is None

    def test_publishes_no_quote_that_nobody_checked(self):
        row, report, version = quoting()
        pasted(report)
        made = submitted(version)
        actions.request_changes(made, by=person("reviewer"), note="Look again.")
        Evidence.objects.filter(pk=row.pk).update(quote_checked_on=None)
        type(made).objects.filter(pk=made.pk).update(state="in-review")
        made.refresh_from_db()
        with pytest.raises(IntegrityError, match="A quote is published when"), transaction.atomic():
            actions.publish_version(made, by=person("reviewer"))

    def test_a_checked_quote_goes_along_into_the_next_draft(self):
        _row, report, version = quoting()
        kept = pasted(report)
        published = actions.publish_version(submitted(version), by=person("reviewer"))
        kept.delete()
        again = actions.start_draft(published.claim, by=person("editor"))
        assert again.evidence.get(quote=WORDS).quote_checked_on
        assert submitted(again).state == "in-review"


class TestTheDesk:
    def test_a_text_is_pasted_looked_at_replaced_and_thrown_away(self, client):
        _row, report, _version = quoting(measure="MD", estimate="17.36", ci_low="3.9", ci_high="27.27")
        client.force_login(person("editor"))
        address = f"/en/desk/publications/{report.key}/text/"
        assert "not looked up yet" in client.get(address).content.decode()
        page = client.post(address, {"text": PASTED}, follow=True).content.decode()
        assert "<strong>stands in the text</strong>" in page
        assert "Numbers that do not stand in the text: 3.9." in " ".join(page.split())
        assert "supple" not in page.replace(WORDS, "")  # the text itself is not shown, to nobody
        page = client.post(address, {"text": "Something else altogether."}, follow=True).content.decode()
        assert "does not stand in the text" in page and SourceText.objects.count() == 1
        client.post(address, {"remove": "1"})
        assert not SourceText.objects.exists()

    def test_who_rates_a_draft_blind_sees_none_of_it_here(self, client):
        _row, report, version = quoting()
        pasted(report)
        version = submitted(version)
        reviewing.ask_second_rating(version, by=person("editor"), rater=person("reviewer"))
        client.force_login(person("reviewer"))
        page = client.get(f"/en/desk/publications/{report.key}/text/")
        assert page.status_code == 200 and WORDS not in page.content.decode()

    def test_what_is_wrong_with_it_stands_beside_the_field(self, client):
        _row, report, _version = quoting()
        client.force_login(person("editor"))
        for text in ("  ", "a" * 400_001, "a\x00b"):
            page = client.post(f"/en/desk/publications/{report.key}/text/", {"text": text})
            assert page.status_code == 400 and "errorlist" in page.content.decode()
        assert not SourceText.objects.exists()

    def test_is_for_editors(self, client):
        _row, report, _version = quoting()
        address = f"/en/desk/publications/{report.key}/text/"
        assert client.get(address).status_code == 302
        client.force_login(person("reader"))
        assert client.get(address).status_code == 404

    def test_a_quote_is_written_in_its_row_with_its_role(self, client):
        row, report, version = quoting(quote="", quote_role="")
        client.force_login(person("editor"))
        address = f"/en/desk/versions/{version.pk}/edit/"
        page = client.get(address)
        assert f"/en/desk/publications/{report.key}/text/" in page.content.decode()
        form = f"row-{row.pk}"
        told = client.post(address, typed(page) | {f"{form}-quote": WORDS, "save": ""})
        assert told.status_code == 400 and "A quote says what it is" in told.content.decode()
        told = client.post(
            address, typed(page) | {f"{form}-quote": WORDS, f"{form}-quote_role": "aim", "save": ""}
        )
        assert told.status_code == 302
        row.refresh_from_db()
        assert (row.quote, row.quote_role) == (WORDS, "aim")


def test_no_door_gives_the_pasted_text(client):
    report = publication()
    pasted(report, "Xyzzy was never meant for readers.")
    client.force_login(person("editor"))
    for address in (
        f"/api/v1/publications/{report.key}/", f"/api/v1/studies/{report.study.key}/", f"/en/studies/{report.study.key}/",
        f"/en/desk/publications/{report.key}/text/", f"/admin/studies/publication/{report.pk}/change/",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200 and b"Xyzzy" not in page.content, address
    assert SourceText not in {table.model for table in TABLES}


def test_a_quote_goes_along_in_a_release_with_the_day_it_was_checked(tmp_path):
    _row, report, version = quoting(position=1)
    kept = pasted(report)
    published = actions.publish_version(submitted(version), by=person("reviewer"))
    document = published.document
    kept.delete()
    call_command("release", tmp_path / "out", stdout=StringIO())
    emptied()
    call_command("load_kb", tmp_path / "out", verbosity=0)
    assert ClaimVersion.objects.get(claim__accession=published.claim.accession).document == document
