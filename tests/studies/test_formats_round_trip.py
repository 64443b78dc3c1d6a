"""What we write is read again as the same, whatever stands in it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studies.choices import CslType, PublicationRole
from studies.formats import WRITTEN, Unreadable, read, write

FIXTURES = Path(__file__).parents[2] / "fixtures" / "publications.jsonl"
PUBLICATIONS = [json.loads(line) for line in FIXTURES.read_text().splitlines()]
NOT_IN_FILES = ("study", "title_is_verified")


def expected(publication, kind=""):
    """The columns that a file of references has (NBIB no address). The main report is what a publication is unless a note says otherwise."""
    kept = {
        name: value
        for name, value in publication.items()
        if name not in NOT_IN_FILES and value not in (None, "", [])
    }
    if kept.get("role") == PublicationRole.PRIMARY:
        del kept["role"]
    kept.pop("standing", None)
    if kind == "nbib":
        kept.pop("url", None)
    return kept


def read_back(kind, publications):
    return read(kind, "".join(write(kind, publications)).encode())


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_publication_of_the_base_comes_back_whole(kind):
    reading = read_back(kind, PUBLICATIONS)
    assert [record.fields for record in reading.records] == [expected(each, kind) for each in PUBLICATIONS]
    assert (reading.kind, reading.encoding) == (kind, "UTF-8")
    assert (reading.problems, reading.dropped) == ([], {})


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_base_has_names_and_titles_that_are_hard(kind):
    """Guards the test above: organisations with commas, letters beyond ASCII, legislation, other roles."""
    written = "".join(write(kind, PUBLICATIONS))
    assert len(PUBLICATIONS) > 100
    assert "EFSA Panel on Dietetic Products, Nutrition and Allergies (NDA)" in written
    assert "—" in written or "---" in written
    assert "role: secondary" in written


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("role", ["primary", "secondary"])
def test_that_a_paper_was_retracted_comes_back_beside_its_clean_title(kind, role):
    items = [PUBLICATIONS[0] | {"standing": "retracted", "role": role}, PUBLICATIONS[1] | {"standing": ""}]
    reading = read_back(kind, items)
    assert [record.standing for record in reading.records] == ["retracted", ""]
    assert [record.fields for record in reading.records] == [expected(each, kind) for each in items]
    assert reading.dropped == {}


def test_a_note_that_says_more_stays_what_it_was():
    reading = read("ris", b"TY  - JOUR\nTI  - x\nN1  - Retracted publication; see 2016\nER  - \n")
    assert [record.standing for record in reading.records] == [""] and reading.dropped == {"N1": 1}


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_whichever_way_the_lines_end(kind, end):
    text = "".join(write(kind, PUBLICATIONS[:9])).replace("\r\n", "\n").replace("\n", end)
    assert [record.fields for record in read(kind, text.encode("utf-16")).records] == [
        expected(each, kind) for each in PUBLICATIONS[:9]
    ]


def text_like(**options):
    """Text as we keep it: on one line, without blanks around it, without signs that no text holds."""
    letters = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), **options)
    texts = st.text(letters, min_size=1, max_size=40)
    return texts.map(tidied).filter(bool)


def tidied(text):
    return re.sub(" +", " ", text).strip()


words = st.one_of(
    text_like(),
    st.text(r"\{}$&%#_^~`'-\"@ aB,;", min_size=1, max_size=30).map(tidied),
).filter(bool)
# RIS divides a name with commas and has no sign that takes this away; BibTeX' own words are kept apart by braces.
name_parts = words.map(lambda text: tidied(text.replace(",", ""))).filter(bool)
organisations = st.one_of(
    words.map(lambda text: tidied(text.rstrip(" ,"))).filter(bool), st.just("A and B, of C")
)
names = st.one_of(
    st.fixed_dictionaries({"family": name_parts, "given": name_parts}, optional={"suffix": name_parts}),
    st.builds(lambda text: {"family": text}, organisations),
    st.builds(lambda text: {"literal": text}, name_parts),
)
pages = st.from_regex(r"[A-Za-z]?[0-9]{1,4}(-[A-Za-z]?[0-9]{1,4})?", fullmatch=True)
publications = st.fixed_dictionaries(
    {
        "key": st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).filter(
            lambda key: not key.startswith("reference-")
        ),
        "title": words,
        "csl_type": st.sampled_from(CslType.values),
    },
    optional={
        "authors": st.lists(names, min_size=1, max_size=4),
        "container_title": words,
        "year": st.integers(1000, 2100),
        "volume": words,
        "issue": words,
        "pages": pages,
        "language": st.sampled_from(["en", "nl", "de", "pt-BR", "zh"]),
        "url": st.sampled_from(["https://example.org/~a--b?c=%20&d=e_f#g", "http://example.org/"]),
        "doi": st.sampled_from(
            ["10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1", "10.1000/a_b"]
        ),
        "pmid": st.integers(1, 999_999_999).map(str),
        "pmcid": st.integers(1, 999_999_999).map("PMC{}".format),
        "role": st.sampled_from([PublicationRole.SECONDARY.value, PublicationRole.PROTOCOL.value]),
    },
)


def as_pubmed_has_it(item):
    """Titles end in no full stop, and there is no address."""
    kept = item | {"title": item["title"].rstrip(". ") or "x"}
    return {name: value for name, value in kept.items() if name != "url"}


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items=st.lists(publications, min_size=1, max_size=3, unique_by=lambda item: item["key"]))
def test_any_text_comes_back_as_it_was(kind, items):
    if kind == "nbib":
        items = [as_pubmed_has_it(item) for item in items]
    reading = read_back(kind, items)
    assert [record.fields for record in reading.records] == items
    assert (reading.problems, reading.dropped) == ([], {})


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["a.ris", "a.bib", "a.nbib", "a.json", "a.csv", "a.xlsx", "a"])
)
def test_no_bytes_whatsoever_bring_it_down(data, name):
    outcome = outcome_of(name, data)
    assert str(outcome)
    assert all(problem.sentence for problem in getattr(outcome, "problems", ()))


def outcome_of(name, data):
    """The reading or the refusal; anything else would be a traceback for whoever chose the file."""
    try:
        return read(name, data)
    except Unreadable as refusal:
        return refusal


HEADS = {
    "ris": b"TY  - JOUR\nTI  - x\n",
    "bibtex": b"@article{a, title={x}, author={",
    "nbib": b"PMID- 1\nTI  - x\n",
    "csl-json": b'[{"title":"x"},',
    "pubmed-xml": b"<PubmedArticleSet><PubmedArticle><MedlineCitation>",
    "csv": b"title,doi\n",
}
pieces = st.sampled_from(
    rb"""TY  - |ER  - |AU  - a, b|@article{|@string{a = |"|{|}|\|\'|$|#|,|=| and |PMID- 2|LID - x [doi]|[|]|:|null|1e9|<PMID>
    |</PMID>|<Article>|</PubmedArticle>|&amp;|<![CDATA[|-->|;|title|10.1000/x""".split(b"|")
) | st.just(b"\n")


@pytest.mark.parametrize("kind", HEADS)
@settings(max_examples=150, deadline=None)
@given(parts=st.lists(pieces, max_size=25))
def test_nor_does_a_file_that_goes_wrong_half_way(kind, parts):
    outcome = outcome_of(kind, HEADS[kind] + b"".join(parts))
    assert isinstance(outcome, Unreadable) or outcome.kind == kind
