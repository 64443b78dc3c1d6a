import pytest

from studies.references import csl_item, reference, reference_text


def names(text):
    """ "Abbasi B; Kimiagar M" as CSL names, the last word of each being the given name or its initials."""
    return [dict(zip(("family", "given"), name.rsplit(" ", 1), strict=True)) for name in text.split("; ")]


ABBASI = {
    "key": "abbasi-2012",
    "type": "article-journal",
    "title": (
        "The effect of magnesium supplementation on primary insomnia in elderly: "
        "A double-blind placebo-controlled clinical trial"
    ),
    "authors": names("Abbasi B; Kimiagar M; Sadeghniiat K; Shirazi MM; Hedayati M; Rashidkhani B"),
    "container_title": "Journal of Research in Medical Sciences",
    "year": 2012,
    "volume": "17",
    "issue": "12",
    "pages": "1161-1169",
    "doi": None,
    "pmid": "23853635",
    "pmcid": "PMC3703169",
    "url": "https://pubmed.ncbi.nlm.nih.gov/23853635/",
    "language": "en",
}
MAH = {
    "title": "Oral magnesium supplementation for insomnia in older adults: a Systematic Review & Meta-Analysis",
    "authors": names("Mah Jasmine; Pitre Tyler"),
    "container_title": "BMC Complementary Medicine and Therapies",
    "year": 2021,
    "volume": "21",
    "pages": "125",
    "doi": "10.1186/s12906-021-03297-z",
    "pmid": "33865376",
}
HELD = {
    "title": "Oral Mg(2+) supplementation reverses age-related neuroendocrine and sleep EEG changes in humans",
    "authors": names("Held K; Antonijevic IA; Künzel H; Uhr M; Wetter TC; Golly IC; Steiger A; Murck H"),
    "container_title": "Pharmacopsychiatry",
    "year": 2002,
    "volume": "35",
    "issue": "4",
    "pages": "135-143",
    "doi": "10.1055/s-2002-33195",
    "pmid": "12163983",
}
NHANES = {
    "title": "Micronutrient Inadequacy in Short Sleep: Analysis of the NHANES 2005-2016",
    "authors": [],
    "container_title": "Nutrients",
    "year": 2019,
    "volume": "11",
    "issue": "10",
    "pages": "2335",
    "doi": "10.3390/nu11102335",
}
TORTOROLO = {
    "title": "Is melatonin useful for jet lag?",
    "authors": names("Tortorolo F; Farren F; Rada G"),
    "container_title": "Medwave",
    "year": 2015,
    "pmid": "26731279",
}
VAN_GEIJLSWIJK = {
    "title": "The Use of Exogenous Melatonin in Delayed Sleep Phase Disorder: A Meta-Analysis",
    "authors": [{"family": "van Geijlswijk", "given": "Ingeborg M"}],
    "container_title": "Sleep",
    "year": 2010,
    "volume": "33",
    "issue": "12",
    "pages": "1605-1614",
    "pmid": "21120122",
}
EFSA = {
    "title": "Scientific Opinion on melatonin and reduction of sleep onset latency",
    "authors": [{"literal": "EFSA Panel on Dietetic Products, Nutrition and Allergies (NDA)"}],
    "container_title": "EFSA Journal",
    "year": 2011,
    "pages": "2241",
    "url": "https://orbit.dtu.dk/en/publications/148",
}
NHG = {
    "type": "webpage",
    "title": "NHG-Standaard Slaapproblemen",
    "authors": [{"literal": "Nederlands Huisartsen Genootschap"}],
    "url": "https://richtlijnen.nhg.org/standaarden/slaapproblemen",
}


def shown(publication, style, language="en"):
    return reference_text(csl_item(publication), style, language)


class TestVancouver:
    @pytest.mark.parametrize(
        ("publication", "expected"),
        [
            (
                ABBASI,
                "Abbasi B, Kimiagar M, Sadeghniiat K, Shirazi MM, Hedayati M, Rashidkhani B. The effect of magnesium "
                "supplementation on primary insomnia in elderly: A double-blind placebo-controlled clinical trial. "
                "Journal of Research in Medical Sciences. 2012;17(12):1161–9. PubMed PMID: 23853635; PubMed Central "
                "PMCID: PMC3703169.",
            ),
            (
                MAH,
                "Mah J, Pitre T. Oral magnesium supplementation for insomnia in older adults: a Systematic Review & "
                "Meta-Analysis. BMC Complementary Medicine and Therapies. 2021;21:125. "
                "doi:10.1186/s12906-021-03297-z PubMed PMID: 33865376.",
            ),
            (
                HELD,
                "Held K, Antonijevic IA, Künzel H, Uhr M, Wetter TC, Golly IC, et al. Oral Mg(2+) supplementation "
                "reverses age-related neuroendocrine and sleep EEG changes in humans. Pharmacopsychiatry. "
                "2002;35(4):135–43. doi:10.1055/s-2002-33195 PubMed PMID: 12163983.",
            ),
            (
                NHANES,
                "Micronutrient Inadequacy in Short Sleep: Analysis of the NHANES 2005-2016. Nutrients. "
                "2019;11(10):2335. doi:10.3390/nu11102335",
            ),
            (
                TORTOROLO,
                "Tortorolo F, Farren F, Rada G. Is melatonin useful for jet lag? Medwave. 2015. PubMed PMID: 26731279.",
            ),
            (
                VAN_GEIJLSWIJK,
                "van Geijlswijk IM. The Use of Exogenous Melatonin in Delayed Sleep Phase Disorder: A Meta-Analysis. "
                "Sleep. 2010;33(12):1605–14. PubMed PMID: 21120122.",
            ),
            (
                EFSA,
                "EFSA Panel on Dietetic Products, Nutrition and Allergies (NDA). Scientific Opinion on melatonin and "
                "reduction of sleep onset latency. EFSA Journal [Internet]. 2011:2241. Available from: "
                "https://orbit.dtu.dk/en/publications/148",
            ),
        ],
    )
    def test_reads_as_citing_medicine_prints_it(self, publication, expected):
        assert shown(publication, "vancouver") == expected

    def test_dutch_readers_get_dutch_terms(self):
        assert "Golly IC, e.a. Oral" in shown(HELD, "vancouver", "nl")
        assert "Beschikbaar op: https://orbit" in shown(EFSA, "vancouver", "nl")

    @pytest.mark.parametrize(
        ("pages", "expected"),
        [
            ("1-18", "1–18"),
            ("157-161", "157–61"),
            ("98-102", "98–102"),
            ("S12-S18", "S12–S18"),
            ("e1013", "e1013"),
            ("5-5", "5–5"),
        ],
    )
    def test_page_ranges_are_shortened_only_where_that_is_safe(self, pages, expected):
        assert f";33(12):{expected}." in shown(VAN_GEIJLSWIJK | {"pages": pages}, "vancouver")


class TestApa:
    @pytest.mark.parametrize(
        ("publication", "expected"),
        [
            (
                ABBASI,
                "Abbasi, B., Kimiagar, M., Sadeghniiat, K., Shirazi, M. M., Hedayati, M., & Rashidkhani, B. (2012). The "
                "effect of magnesium supplementation on primary insomnia in elderly: A double-blind placebo-controlled "
                "clinical trial. Journal of Research in Medical Sciences, 17(12), 1161–1169.",
            ),
            (
                MAH,
                "Mah, J., & Pitre, T. (2021). Oral magnesium supplementation for insomnia in older adults: a Systematic "
                "Review & Meta-Analysis. BMC Complementary Medicine and Therapies, 21, 125. "
                "https://doi.org/10.1186/s12906-021-03297-z",
            ),
            (
                NHANES,
                "Micronutrient Inadequacy in Short Sleep: Analysis of the NHANES 2005-2016. (2019). Nutrients, 11(10), "
                "2335. https://doi.org/10.3390/nu11102335",
            ),
            (
                TORTOROLO,
                "Tortorolo, F., Farren, F., & Rada, G. (2015). Is melatonin useful for jet lag? Medwave.",
            ),
            (
                VAN_GEIJLSWIJK,
                "van Geijlswijk, I. M. (2010). The Use of Exogenous Melatonin in Delayed Sleep Phase Disorder: A "
                "Meta-Analysis. Sleep, 33(12), 1605–1614.",
            ),
            (
                NHG,
                "Nederlands Huisartsen Genootschap. (n.d.). NHG-Standaard Slaapproblemen. "
                "https://richtlijnen.nhg.org/standaarden/slaapproblemen",
            ),
        ],
    )
    def test_reads_as_the_seventh_edition_prints_it(self, publication, expected):
        assert shown(publication, "apa") == expected

    def test_journal_and_volume_are_in_italics(self):
        assert "<i>Pharmacopsychiatry</i>, <i>35</i>(4), 135–143." in reference(csl_item(HELD), "apa")

    def test_no_year_says_so_in_the_language_of_the_page(self):
        assert "(z.j.). NHG-Standaard" in shown(NHG, "apa", "nl")
        assert shown(NHG | {"authors": []}, "apa", "nl").startswith(
            "NHG-Standaard Slaapproblemen. (z.j.). https"
        )

    def test_more_than_twenty_authors_end_in_the_last(self):
        crowd = names("; ".join(f"Name{letter} X" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"))

        assert "NameS, X., … NameW, X. (2010)." in shown(VAN_GEIJLSWIJK | {"authors": crowd}, "apa")


class TestReference:
    HOSTILE = {
        "title": "p<0.05 & <script>alert(1)</script><i>in vivo</i> <b onclick='x'>bold</b>.",
        "authors": [{"family": "<img src=x onerror=alert(1)>", "given": "A & B"}],
        "container_title": "Nutrition & <u>Metabolism</u>",
        "year": 2020,
        "url": "javascript:alert(1)//<svg onload=x>",
    }

    @pytest.mark.parametrize("style", ["vancouver", "apa"])
    def test_nothing_hostile_comes_out(self, style):
        printed = reference(csl_item(self.HOSTILE), style)

        assert "p&lt;0.05 &amp; <i>in vivo</i> <b>bold</b>" in printed
        assert "&lt;img src=x onerror=alert(1)&gt;" in printed
        for tag in ("<script", "<img", "<svg", "<u>", "onclick", "&amp;amp;"):
            assert tag not in printed

    @pytest.mark.parametrize("style", ["vancouver", "apa"])
    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize(
        "left_out", ["title", "authors", "container_title", "year", "volume", "issue", "pages", "doi", "pmid"]
    )
    def test_a_missing_field_leaves_no_gap_behind(self, style, language, left_out):
        text = shown(HELD | {left_out: None}, style, language)

        for gap in ("..", "()", ",,", ", .", " .", " ,", "None", "  ", "?."):
            assert gap not in text

    def test_an_address_or_a_doi_is_left_as_it_is(self):
        odd = "10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0..co;2-1"

        assert f"doi:{odd} PubMed" in shown(HELD | {"doi": odd}, "vancouver")
        assert "https://x.org/?.a..b=1&c=2" in shown(NHG | {"url": "https://x.org/?.a..b=1&c=2"}, "apa")

    def test_initials_written_together_all_count(self):
        given = [{"family": "Trotti", "given": "LM"}]

        assert shown(HELD | {"authors": given}, "apa").startswith("Trotti, L. M. (2002).")

    def test_styles_and_languages_we_lack_are_refused(self):
        with pytest.raises(ValueError, match="not in chicago, en"):
            reference(csl_item(HELD), "chicago")
        with pytest.raises(ValueError, match="not in apa, de"):
            reference(csl_item(HELD), "apa", "de")


class TestCslItem:
    def test_names_fields_as_the_csl_schema_does(self):
        assert csl_item(MAH | {"key": "mah-2021", "pmcid": "", "language": "en"}) == {
            "id": "mah-2021",
            "type": "article-journal",
            "title": MAH["title"],
            "author": [{"family": "Mah", "given": "Jasmine"}, {"family": "Pitre", "given": "Tyler"}],
            "container-title": "BMC Complementary Medicine and Therapies",
            "volume": "21",
            "page": "125",
            "DOI": "10.1186/s12906-021-03297-z",
            "PMID": "33865376",
            "language": "en",
            "issued": {"date-parts": [[2021]]},
        }

    def test_names_keep_the_parts_csl_knows(self):
        authors = [
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den", "orcid": "0000"},
            {},
        ]

        assert csl_item({"title": "X", "authors": authors})["author"] == [
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}
        ]
