"""What a pasted line names. Every reference here is made up, and so are nearly all of its numbers."""

import pytest

from studies.citing import identifiers_in, references_in

VANCOUVER = "Zymurg A, Quill B. Made-up sleep. J Res Made Sci 2012;17:1161-9."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # by itself, or in an address
        ("10.5555/a", "doi 10.5555/a"),
        ("  DOI: 10.5555/A. ", "doi 10.5555/a"),
        ("https://doi.org/10.5555/a?from=list#top", "doi 10.5555/a"),
        ("https://dx.doi.org/10.5555%2Fa", "doi 10.5555/a"),
        ("<https://doi.org/10.5555/a>", "doi 10.5555/a"),
        ("23853635", "pmid 23853635"),
        ("PMID: 23853635", "pmid 23853635"),
        ("https://pubmed.ncbi.nlm.nih.gov/23853635/", "pmid 23853635"),
        ("PMC3703169", "pmcid PMC3703169"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3703169/pdf/x.pdf", "pmcid PMC3703169"),
        ("https://link.publisher.example/article/10.5555/s1-021-0", "doi 10.5555/s1-021-0"),
        ("https://publisher.example/doi/abs/10.5555/abc.123/full", "doi 10.5555/abc.123"),
        ("https://publisher.example/doi/pdf/10.5555/abc.123?needAccess=true", "doi 10.5555/abc.123"),
        ("https://publisher.example/content/pdf/10.5555/abc.123.pdf", "doi 10.5555/abc.123"),
        ("https://journal.example/article?id=10.5555/j.p.0034&type=printable", "doi 10.5555/j.p.0034"),
        ("https://publisher.example/x?doi=10.5555%2Fabc", "doi 10.5555/abc"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.99v2.full", "doi 10.1101/2020.01.02.99"),
        # numbered
        ("1. 10.5555/a", "doi 10.5555/a"),
        ("[2] 23853635", "pmid 23853635"),
        ("(3) PMC3703169", "pmcid PMC3703169"),
        ("1.", ""),
        # written out
        (VANCOUVER, ""),
        (f"{VANCOUVER} doi:10.5555/yyy.", "doi 10.5555/yyy"),
        (f"1. {VANCOUVER} doi: 10.5555/yyy. PMID: 23853635", "doi 10.5555/yyy pmid 23853635"),
        (f"{VANCOUVER} PMID: 23853635; PMCID: PMC3703169.", "pmid 23853635 pmcid PMC3703169"),
        (f"{VANCOUVER} (doi:10.5555/yyy).", "doi 10.5555/yyy"),
        (f"{VANCOUVER} [https://doi.org/10.5555/yyy]", "doi 10.5555/yyy"),
        (f"{VANCOUVER} 10.5555/yyy;PMID:23853635", "doi 10.5555/yyy pmid 23853635"),
        (f"{VANCOUVER} 10.5555/yyy[CrossRef] [PubMed]", "doi 10.5555/yyy"),
        (f"{VANCOUVER} https://doi.org/10.5555/yyy doi:10.5555/YYY", "doi 10.5555/yyy"),
        (f"{VANCOUVER} 10.1002/(SICI)1097-0142(1996)77:1<1::AID-C1>3.0.CO;2-M.", "doi 10.1002/(sici)1097-0142(1996)77:1<1::aid-c1>3.0.co;2-m"),
        ("Zymurg, A., & Quill, B. (2012). Made-up sleep: A trial. Made, 17(12), 1161–1169. https://doi.org/10.5555/yyy", "doi 10.5555/yyy"),
        ("Zymurg A. Made-up sleep. Available from pubmed.ncbi.nlm.nih.gov/23853635", "pmid 23853635"),
        # nothing that names a paper
        ("magnesium helps", ""),
        ("10.5555", ""),
        ("Version 10.1 of 10.5555/", ""),
        ("NCT04462796", ""),
        ("2045-7634", ""),
        ("PMID: none", ""),
        ("In 2012 there were 23853635 of them", ""),
        # more than one paper
        ("10.5555/a, 10.5555/b", "doi 10.5555/a 10.5555/b"),
        ("10.5555/a;10.5555/b", "doi 10.5555/a 10.5555/b"),
    ],
)  # fmt: skip
def test_what_a_line_names(text, named):
    found = identifiers_in(text)
    assert " ".join(" ".join((kind, *each)) for kind, each in found.items()) == named


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("10.5555/a\n\n23853635\nPMC3703169", [1, 3, 4]),
        ("1. Zymurg A. Made-up\nsleep. Made 2012.\n2. Quill B. More\nof it.", [1, 3]),
        ("[1] Zymurg A. Made-up\n    sleep.\n    doi:10.5555/a\n[2] Quill B.", [1, 4]),
        ("1.\nZymurg A. Made-up sleep.\n2.\nQuill B.", [1, 3]),
        ("1. Zymurg A. Pages\n17. doi:10.5555/a\n2. Quill B.", [1, 3]),
        ("3. Zymurg A.\n7. Quill B.\n1. Anew C.", [1, 2, 3]),
        ("1. Zymurg A. doi:10.5555/a\n10.5555/b\n2. Quill B.", [1, 2, 3]),
        ("1. Zymurg A. doi:10.5555/a\nPMID: 23853635\nPMID: 1", [1, 3]),
        ("1. Zymurg A. doi:10.5555/a\nQuill B. doi:10.5555/b", [1, 2]),
        ("1. Zymurg A.\n10.5555/a, 10.5555/b", [1, 2]),
        ("1. Zymurg A.\n\nQuill B.", [1, 3]),
        ("Zymurg A.\nQuill B.", [1, 2]),
    ],
)
def test_where_references_begin(text, begins):
    assert [each.line for each in references_in(text)] == begins


def test_a_reference_over_several_lines_is_one_text_with_all_it_names():
    (first, second) = references_in(
        "1. Zymurg A. Made-up\n   sleep. doi:\n 10.5555/a\n PMID: 23853635\n2. Q."
    )
    assert first.text == "1. Zymurg A. Made-up sleep. doi: 10.5555/a PMID: 23853635"
    assert first.named == {"doi": ("10.5555/a",), "pmid": ("23853635",)} and not first.is_of_several
    assert second.named == {}


def test_no_letter_is_lost():
    text = "1. One\ntwo 10.5555/a\n\n(9) ???\n[x] y\n10.\n\u200b\n١. Arabic\n" + "9" * 5000
    kept = " ".join(each.text for each in references_in(text))
    assert "".join(kept.split()) == "".join(text.split())


def test_a_text_that_is_made_to_be_slow_is_not():
    for piece in (
        "10.5555/" * 20_000,
        "(" * 100_000,
        "PMID " * 40_000,
        "1. " * 60_000,
        "www." * 50_000,
        "10.5555/a " * 10_000,
    ):
        assert len(list(references_in(piece))) == 1  # fmt: skip
