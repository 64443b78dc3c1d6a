import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.identifiers import (
    REGISTRIES,
    InvalidIdentifier,
    identify,
    issn_check_digit,
    normalise_doi,
    normalise_issn,
    normalise_pmcid,
    normalise_pmid,
    normalise_registry_id,
    registry_of,
)

READERS = (normalise_doi, normalise_pmid, normalise_pmcid, normalise_issn, normalise_registry_id)
MAH = "10.1186/s12906-021-03297-z"
SICI = "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1"


class TestDoi:
    @pytest.mark.parametrize(
        "text",
        [
            MAH,
            MAH.upper(),
            f"  {MAH}\n",
            f"https://doi.org/{MAH}",
            f"http://dx.doi.org/{MAH}",
            f"HTTPS://WWW.DOI.ORG/{MAH.upper()}",
            f"doi.org/{MAH}",
            f"doi:{MAH}",
            f"DOI: {MAH}",
            f"doi {MAH}",
            f"doi: https://doi.org/{MAH}",
            f"{MAH}.",
            f"({MAH}),",
            f"“{MAH}”",
            f"<https://doi.org/{MAH}>",
            f"https://doi.org/{MAH}/",
            f"https://doi.org/{MAH}?utm_source=mail#abstract",
            f"\u200b{MAH}\ufeff",
        ],
    )
    def test_one_form_for_what_people_paste(self, text):
        assert normalise_doi(text) == MAH

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("10.1016/0140-6736(93)90001-P", "10.1016/0140-6736(93)90001-p"),
            ("(10.1016/0140-6736(93)90001-P)", "10.1016/0140-6736(93)90001-p"),
            (SICI.upper(), SICI),
            ("https://doi.org/10.1002/%28SICI%291096-8644%28199601%2999:1%3C1::AID-AJPA1%3E3.0.CO;2-1", SICI),
            ("10.1002/14651858.CD001520", "10.1002/14651858.cd001520"),
            ("10.1000/a/b.c", "10.1000/a/b.c"),
            ("10.1000/a..b", "10.1000/a..b"),
        ],
    )
    def test_odd_names_stay_whole(self, text, expected):
        assert normalise_doi(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "10.",
            "10.1186",
            "10.1186/",
            "10.12/short",
            "10.1234567890/long",
            "11.1186/s12906",
            "10.1186/two words",
            "10.1186/two\x00nulls",
            "10.1186/zero\u200bwidth",
            "10.1186/right\u202eto-left",
            "10.1186/../../etc/passwd",
            "10.1186/a/../b",
            "10.1186/a\\..\\b",
            "https://doi.org/10.1186/%2e%2e/x",
            "10.1186/" + "a" * 201,
            "١٠.1186/s12906",
            "https://evil.example/10.1186/x",
            "javascript:10.1186/x",
            "none",
        ],
    )
    def test_the_rest_is_refused(self, text):
        with pytest.raises(InvalidIdentifier, match="is not a DOI"):
            normalise_doi(text)


class TestPubMed:
    @pytest.mark.parametrize(
        "text",
        [
            "23853635",
            " 023853635 ",
            "PMID: 23853635",
            "pmid23853635.",
            "PubMed PMID: 23853635",
            "https://pubmed.ncbi.nlm.nih.gov/23853635/",
            "https://www.ncbi.nlm.nih.gov/pubmed/23853635?report=abstract",
            "pubmed.ncbi.nlm.nih.gov/23853635/#affiliation-1",
            "https://europepmc.org/article/MED/23853635",
        ],
    )
    def test_pmid_is_its_digits(self, text):
        assert normalise_pmid(text) == "23853635"

    @pytest.mark.parametrize(
        "text", ["", "0", "000", "-1", "1.5", "1234567890", "PMC123", "２３８５", "²³", "12 34", "1e5"]
    )
    def test_what_is_no_pmid_is_refused(self, text):
        with pytest.raises(InvalidIdentifier, match="is not a PMID"):
            normalise_pmid(text)

    @pytest.mark.parametrize(
        "text",
        [
            "PMC3703169",
            "pmc3703169",
            "PMCID: PMC3703169.",
            "3703169",
            "PMC3703169.2",
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3703169/",
            "https://pmc.ncbi.nlm.nih.gov/articles/PMC3703169/table/T3",
            "https://europepmc.org/article/PMC/PMC3703169",
        ],
    )
    def test_pmcid_is_pmc_and_digits(self, text):
        assert normalise_pmcid(text) == "PMC3703169"

    @pytest.mark.parametrize(
        "text", ["", "PMC", "PMC0", "PMCX1", "PMC1234567890", "https://x.org/PMC12/../34x", "PM3703169"]
    )
    def test_what_is_no_pmcid_is_refused(self, text):
        with pytest.raises(InvalidIdentifier, match="is not a PMCID"):
            normalise_pmcid(text)


class TestIssn:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2045-7634", "2045-7634"),
            ("20457634", "2045-7634"),
            ("ISSN 2045-7634", "2045-7634"),
            ("eISSN: 2045–7634", "2045-7634"),
            ("2434-561x", "2434-561X"),
            ("https://portal.issn.org/resource/ISSN/2434-561X", "2434-561X"),
        ],
    )
    def test_four_and_four_with_a_hyphen(self, text, expected):
        assert normalise_issn(text) == expected

    def test_a_mistyped_digit_is_noticed(self):
        with pytest.raises(InvalidIdentifier, match="would have to end in 4"):
            normalise_issn("2045-7635")

    @pytest.mark.parametrize("text", ["", "2045-763", "2045-76345", "X045-7634", "2045 7634 1"])
    def test_another_shape_is_refused(self, text):
        with pytest.raises(InvalidIdentifier, match="is not an ISSN"):
            normalise_issn(text)

    @given(st.text("0123456789", min_size=7, max_size=7), st.integers(0, 6), st.integers(1, 9))
    def test_any_single_wrong_digit_changes_the_check(self, seven, place, shift):
        wrong = str((int(seven[place]) + shift) % 10)

        assert issn_check_digit(seven) != issn_check_digit(seven[:place] + wrong + seven[place + 1 :])


class TestRegistryId:
    @pytest.mark.parametrize(
        ("text", "expected", "registry"),
        [
            ("NCT04462796", "NCT04462796", "ClinicalTrials.gov"),
            ("nct 04462796.", "NCT04462796", "ClinicalTrials.gov"),
            ("https://clinicaltrials.gov/ct2/show/NCT04462796", "NCT04462796", "ClinicalTrials.gov"),
            ("https://clinicaltrials.gov/study/NCT04462796?term=x", "NCT04462796", "ClinicalTrials.gov"),
            ("ISRCTN12345678", "ISRCTN12345678", "ISRCTN"),
            ("https://doi.org/10.1186/ISRCTN12345678", "ISRCTN12345678", "ISRCTN"),
            ("IRCT201202249094N1", "IRCT201202249094N1", "IRCT"),
            ("irct20180101038187n1", "IRCT20180101038187N1", "IRCT"),
            ("2004-000446-20", "2004-000446-20", "EU CTR"),
            ("EudraCT number: 2004-000446-20-NL", "2004-000446-20", "EU CTR"),
            ("2022-500014-26-00", "2022-500014-26-00", "CTIS"),
            ("ACTRN12613000238763", "ACTRN12613000238763", "ANZCTR"),
            ("chictr-trc-10001088", "ChiCTR-TRC-10001088", "ChiCTR"),
            ("CHICTR2000029605", "ChiCTR2000029605", "ChiCTR"),
            ("NTR1234", "NTR1234", "LTR"),
            ("NL8123", "NL8123", "LTR"),
            ("nl-omon20123", "NL-OMON20123", "LTR"),
            ("DRKS00012345", "DRKS00012345", "DRKS"),
            ("CTRI/2012/02/002345", "CTRI/2012/02/002345", "CTRI"),
            ("UMIN000012345", "UMIN000012345", "UMIN"),
            ("JRCTS031180123", "jRCTs031180123", "jRCT"),
            ("jrct1031200123", "jRCT1031200123", "jRCT"),
            ("TCTR20190101001", "TCTR20190101001", "TCTR"),
            ("KCT0001234", "KCT0001234", "CRIS"),
            ("PACTR201805003389123", "PACTR201805003389123", "PACTR"),
            ("rbr-4vz7bw", "RBR-4vz7bw", "ReBEC"),
            ("SLCTR/2012/001", "SLCTR/2012/001", "SLCTR"),
            ("RPCEC00000123", "RPCEC00000123", "RPCEC"),
        ],
    )
    def test_as_its_registry_writes_it(self, text, expected, registry):
        assert normalise_registry_id(text) == expected
        assert registry_of(expected) == registry

    def test_every_registry_is_tried_above(self):
        tried = {case[2] for case in self.test_as_its_registry_writes_it.pytestmark[0].args[1]}

        assert tried == {name for name, _ in REGISTRIES}

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "NCT123",
            "NCT044627961",
            "NCT0446279X",
            "2004-446-20",
            "CTRI/../../x",
            "NL",
            "not registered",
            "IRCT",
        ],
    )
    def test_unknown_numbers_are_refused(self, text):
        with pytest.raises(InvalidIdentifier, match="is not the number of a trial"):
            normalise_registry_id(text)


class TestIdentify:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"https://doi.org/{MAH}", ("doi", MAH)),
            ("33865376", ("pmid", "33865376")),
            ("PMID 33865376", ("pmid", "33865376")),
            ("PMC8053283", ("pmcid", "PMC8053283")),
            ("https://pubmed.ncbi.nlm.nih.gov/33865376/", ("pmid", "33865376")),
            ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8053283/", ("pmcid", "PMC8053283")),
            ("2045-7634", ("issn", "2045-7634")),
            ("20457634", ("pmid", "20457634")),
            ("IRCT201202249094N1", ("trial", "IRCT201202249094N1")),
            ("10.1186/ISRCTN12345678", ("doi", "10.1186/isrctn12345678")),
        ],
    )
    def test_tells_what_it_is(self, text, expected):
        assert identify(text) == expected

    def test_shows_what_it_refuses_without_its_control_characters(self):
        with pytest.raises(InvalidIdentifier, match="“a�b” is not a DOI, PMID, PMCID, ISSN or trial number"):
            identify("a\x1bb")

    @pytest.mark.parametrize("read", READERS)
    def test_a_page_of_text_is_refused_at_once(self, read):
        with pytest.raises(InvalidIdentifier, match="longer than 1000 characters"):
            read(")" * 1_000_000)

    def test_a_long_text_is_cut_in_the_message(self):
        with pytest.raises(InvalidIdentifier) as refused:
            identify("x" * 5000)

        assert len(str(refused.value)) < 140


class TestIdempotence:
    @pytest.mark.parametrize("read", READERS)
    @given(
        text=st.one_of(
            st.text(),
            st.from_regex(r"(https://doi\.org/|doi:)?10\.[0-9]{4,9}/\S{1,30}"),
            st.from_regex(r"(PMID: ?|PMC|NCT|ISSN )?[0-9X.\-]{1,12}"),
            st.from_regex(r"(?i)(chictr|jrct|rbr-|nl-omon|irct|nl)[0-9a-zN:#.\-]{1,12}"),
        )
    )
    def test_what_was_read_reads_as_itself(self, read, text):
        try:
            once = read(text)
        except InvalidIdentifier:
            return
        assert read(once) == once
