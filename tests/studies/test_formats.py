"""What each kind of file means, column by column."""

import csv
import io

import pytest

from studies.formats import Unreadable, guess_mapping, read, stream, write
from studies.formats.latex import from_latex
from studies.formats.reading import Reading


def only(name, text, mapping=None):
    reading = read(name, text.encode(), mapping)
    assert len(reading.records) == 1
    return reading.records[0], reading


def ris(*lines):
    return "\n".join(("TY  - JOUR", "TI  - One", *lines, "ER  - "))


class TestKind:
    def test_the_content_decides_and_not_the_name(self):
        assert read("list.bib", ris().encode()).kind == "ris"
        assert read("csv", b"PMID- 1\nTI  - One.\n").kind == "nbib"

    def test_the_name_decides_where_the_content_leaves_it_open(self):
        assert read("list.ris", b"Nothing found.").kind == "ris"
        assert read("bibtex", b"Nothing found.").kind == "bibtex"
        with pytest.raises(Unreadable):
            read("list", b"Nothing found.")

    def test_a_bib_file_that_speaks_of_ris_is_a_bib_file(self):
        text = "@article{a, title={One}, note={\nTY  - JOUR\n}}"
        assert read("x", text.encode()).kind == "bibtex"


class TestRis:
    def test_every_tag_that_means_the_same(self):
        lines = (
            "T1  - One",
            "A1  - Mori, Hideki",
            "A1  - Abe, K., Jr.",
            "Y1  - 2019/03/15/",
            "JO  - Journal",
        )
        record, reading = only("x", "\n".join(("TY  - JOUR", *lines, "SP  - 12", "EP  - 19", "ER  - ")))
        assert record.fields == {
            "title": "One",
            "authors": [
                {"family": "Mori", "given": "Hideki"},
                {"family": "Abe", "given": "K.", "suffix": "Jr."},
            ],
            "year": 2019,
            "container_title": "Journal",
            "pages": "12-19",
            "csl_type": "article-journal",
        }
        assert reading.dropped == {}

    def test_an_export_of_pure(self):
        lines = ("T1  - One", "N1  - Funding: none", "PY  - 2019", "Y1  - 2019", "N2  - Abstract")
        record, reading = only("x", "\n".join(("TY  - JOUR", *lines, "ER  - ")))
        assert record.fields["year"] == 2019
        assert reading.dropped == {"N1": 1, "N2": 1}

    @pytest.mark.parametrize(
        "line",
        [
            "DO  - 10.1000/ABC",
            "DO  - https://doi.org/10.1000/abc",
            "M3  - doi:10.1000/abc",
            "M3  - 10.1000/abc",
            "N1  - Seen on Monday. doi: 10.1000/abc",
            "UR  - https://doi.org/10.1000/abc",
            "UR  - http://dx.doi.org/10.1000/abc",
        ],
    )
    def test_a_doi_wherever_it_stands(self, line):
        assert only("x", ris(line))[0].fields["doi"] == "10.1000/abc"

    def test_a_doi_of_its_own_goes_before_one_in_a_note(self):
        record, _reading = only("x", ris("M3  - doi:10.1000/other", "DO  - 10.1000/abc"))
        assert record.fields["doi"] == "10.1000/abc"

    @pytest.mark.parametrize(
        ("lines", "pmid"),
        [
            (("AN  - 23853635", "DB  - PubMed"), "23853635"),
            (("AN  - 23853635", "DB  - Ovid MEDLINE(R)"), "23853635"),
            (("AN  - PMID: 23853635",), "23853635"),
            (("N1  - PMID: 23853635",), "23853635"),
            (("AN  - 23853635", "DB  - Embase"), None),
            (("AN  - 23853635",), None),
        ],
    )
    def test_the_number_of_another_database_is_no_pmid(self, lines, pmid):
        assert only("x", ris(*lines))[0].fields.get("pmid") == pmid

    def test_an_organisation_ends_in_a_comma_or_has_none(self):
        record, _reading = only(
            "x", ris("AU  - Panel on Diet, Nutrition (NDA),", "AU  - World Health Organization")
        )
        assert record.fields["authors"] == [
            {"family": "Panel on Diet, Nutrition (NDA)"},
            {"literal": "World Health Organization"},
        ]

    def test_the_title_of_a_book_and_of_the_book_around_a_chapter(self):
        book, _reading = only("x", "TY  - BOOK\nBT  - The book\nER  - ")
        chapter, _reading = only("x", "TY  - CHAP\nTI  - The chapter\nBT  - The book\nER  - ")
        assert book.fields == {"title": "The book", "csl_type": "book"}
        assert chapter.fields == {
            "title": "The chapter",
            "container_title": "The book",
            "csl_type": "chapter",
        }

    def test_a_second_value_is_counted_and_the_same_value_again_is_not(self):
        _record, reading = only(
            "x", ris("T1  - One", "JF  - Journal", "JA  - J.", "UR  - https://a.org", "UR  - https://b.org")
        )
        assert reading.dropped == {"JA": 1, "UR": 1}


class TestBibtex:
    def title(self, latex):
        return only("x", f"@article{{a, title = {{{latex}}}}}")[0].fields["title"]

    @pytest.mark.parametrize(
        ("latex", "text"),
        [
            (r"\'e {\'e} \'{e} {\'{e}} \'\i{} \'{\i} {\'\i}", "é é é é í í í"),
            (r"{\"u} \"{U}ber \"o", "ü Über ö"),
            (r"\c{c} \c c \v{s} \u{g} \H{o} \k{a} \r{a} \d{s}", "ç ç š ğ ő ą å ṣ"),
            (r"\~n \^o \`a \=u \.z", "ñ ô à ū ż"),
            (r"{\ss} {\o} \O{} {\ae} \L odz {\aa}", "ß ø Ø æ Łodz å"),
            (r"10\% of \$5 \& \#1 a\_b \{c\}", "10% of $5 & #1 a_b {c}"),
            ("1--2 --- ``quoted'' a~b", "1–2 — “quoted” a\xa0b"),
            (r"$\alpha$-wave, H$_2$O, $p \leq 0.05$, $\beta_{1}$", "α-wave, H2O, p ≤0.05, β1"),
            (r"{DNA} and {{RNA}s}", "DNA and RNAs"),
            (r"a\\b \, c\- d \textbackslash{}x", "a b c d \\x"),
            (r"\omega{}-3 and \textgreater 5", "ω-3 and >5"),
        ],
    )
    def test_latex_as_readers_see_it(self, latex, text):
        assert self.title(latex) == text

    def test_a_command_that_we_do_not_know_keeps_its_words_and_is_counted(self):
        reading = Reading("bibtex", "UTF-8")
        assert from_latex(r"\emph{One} \unknown{two}", reading) == "One two"
        assert reading.dropped == {"\\emph": 1, "\\unknown": 1}

    @pytest.mark.parametrize(
        ("names", "authors"),
        [
            ("Abbasi, Behnood and Minoo M. Shirazi", [("Behnood", "Abbasi"), ("Minoo M.", "Shirazi")]),
            (r"M{\"u}ller, J. AND {van Zuuren}, Esther", [("J.", "Müller"), ("Esther", "van Zuuren")]),
        ],
    )
    def test_people(self, names, authors):
        record, _reading = only("x", f"@article{{a, title={{x}}, author={{{names}}}}}")
        assert [(name["given"], name["family"]) for name in record.fields["authors"]] == authors

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("{European Commission}", {"family": "European Commission"}),
            ("{{A and B, of C}}", {"literal": "A and B, of C"}),
            ("de la Cruz, Juan", {"family": "Cruz", "given": "Juan", "non-dropping-particle": "de la"}),
            (
                "Ludwig van Beethoven",
                {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
            ),
            ("Phillips, Jr, G. N.", {"family": "Phillips", "given": "G. N.", "suffix": "Jr"}),
            ("Voedingscentrum", {"family": "Voedingscentrum"}),
        ],
    )
    def test_names(self, name, parts):
        record, _reading = only("x", f"@article{{a, title={{x}}, author={{{name}}}}}")
        assert record.fields["authors"] == [parts]

    def test_others_are_counted(self):
        record, reading = only("x", "@article{a, title={x}, author={Smith, J and others}}")
        assert record.fields["authors"] == [{"family": "Smith", "given": "J"}]
        assert reading.dropped == {"author: others": 1}

    def test_macros_are_joined(self):
        text = '@string{j = {Journal}}\n@STRING(k = "of X")\n@article{a, title = "One {"}1{"}", journal = j # " " # K}'
        record, reading = only("x", text)
        assert record.fields["container_title"] == "Journal of X"
        assert record.fields["title"] == 'One "1"'
        assert (record.line, reading.problems) == (3, [])

    def test_addresses_are_left_as_they_are(self):
        text = r"@article{a, title={x}, url={https://example.org/~a--b\_c}, doi={10.1000/A\_B}}"
        fields = only("x", text)[0].fields
        assert (fields["url"], fields["doi"]) == ("https://example.org/~a--b_c", "10.1000/a_b")

    def test_the_fields_of_biblatex(self):
        text = "@online{a, title={x}, subtitle={y}, date={2019-03-15}, journaltitle={z}, eprint={123}, eprinttype={pubmed}}"
        record, reading = only("x", text)
        assert record.fields == {
            "key": "a",
            "csl_type": "webpage",
            "title": "x: y",
            "year": 2019,
            "container_title": "z",
            "pmid": "123",
        }
        assert reading.dropped == {}


NBIB = """
PMID- 26108134
OWN - NLM
IS  - 1525-6049 (Electronic)
VI  - 37
IP  - 7
DP  - 2015 Aug
TI  - Proton pump inhibitors linked to hypomagnesemia: a systematic review and
      meta-analysis of observational studies.
PG  - 1237-41
LID - 10.3109/0886022X.2015.1057800 [doi]
AB  - Not ours to keep.
      Nor this.
FAU - Cheungpasitporn, Wisit
AU  - Cheungpasitporn W
AD  - Somewhere
FAU - Phillips, G N Jr
AU  - Phillips GN Jr
CN  - The Group
LA  - eng
PT  - Journal Article
TA  - Ren Fail
JT  - Renal failure
PMC - PMC123
AID - 10.3109/0886022X.2015.1057800 [doi]
AID - S123 [pii]
"""


class TestNbib:
    def test_a_record_of_pubmed(self):
        record, reading = only("x", NBIB)
        assert record.fields == {
            "pmid": "26108134",
            "pmcid": "PMC123",
            "doi": "10.3109/0886022x.2015.1057800",
            "title": "Proton pump inhibitors linked to hypomagnesemia: a systematic review and meta-analysis of observational studies",
            "authors": [
                {"family": "Cheungpasitporn", "given": "Wisit"},
                {"family": "Phillips", "given": "G N Jr"},
                {"literal": "The Group"},
            ],
            "container_title": "Renal failure",
            "year": 2015,
            "volume": "37",
            "issue": "7",
            "pages": "1237-1241",
            "language": "en",
            "csl_type": "article-journal",
        }
        assert (record.line, record.raw_id, record.standing) == (2, "26108134", "")
        assert reading.dropped == {"OWN": 1, "IS": 1, "AB": 1, "AD": 1, "TA": 1, "AID": 1}

    def test_no_abstract_is_kept(self):
        assert "Not ours" not in str(read("x", NBIB.encode()))

    @pytest.mark.parametrize(
        ("kind", "standing"),
        [
            ("Retracted Publication", "retracted"),
            ("Retraction of Publication", "notice"),
            ("Journal Article", ""),
        ],
    )
    def test_a_withdrawn_paper_is_not_the_notice_that_withdraws_one(self, kind, standing):
        assert only("x", f"PMID- 1\nTI  - One.\nPT  - {kind}\n")[0].standing == standing

    def test_the_title_in_the_language_of_the_paper_where_there_is_no_other(self):
        assert only("x", "PMID- 1\nTT  - Eén.\n")[0].fields["title"] == "Eén"
        assert only("x", "PMID- 1\nTI  - [Not Available].\nTT  - Eén.\n")[0].fields["title"] == "Eén"

    def test_initials_where_there_are_no_full_names(self):
        record, _reading = only("x", "PMID- 1\nTI  - One.\nAU  - Phillips GN Jr\nAU  - Van Zuuren E\n")
        assert record.fields["authors"] == [
            {"family": "Phillips", "given": "GN", "suffix": "Jr"},
            {"family": "Van Zuuren", "given": "E"},
        ]


@pytest.mark.parametrize(
    ("title", "standing"),
    [
        ("Retracted: A trial", "retracted"),
        ("RETRACTED ARTICLE: A trial", "retracted"),
        ("[Retracted] A trial", "retracted"),
        ("Retraction: A trial", "notice"),
        ("Retraction notice to “A trial”", "notice"),
        ("Retracted papers and how they are cited", ""),
        ("Withdrawn-like behaviour in mice", ""),
    ],
)
def test_the_title_may_say_that_a_paper_is_withdrawn(title, standing):
    assert only("x", f"TY  - JOUR\nTI  - {title}\nER  - ")[0].standing == standing


class TestCsl:
    def test_a_work_with_all_that_we_keep(self):
        text = """[{"type":"article-journal","id":"bannen-2008","title":"Optimal design","volume":24,"issue":20,
            "author":[{"family":"Phillips","given":"GN","suffix":"Jr"},{"literal":"WHO"}],"issued":{"date-parts":[[2008,3]]},
            "container-title":"Bioinformatics","page":"2339\u20132343","DOI":"10.1093/BIOINFORMATICS/btn450","PMID":18723523,
            "PMCID":"2562006","URL":"https://example.org/a","abstract":"Not ours","ISSN":["1","2"]}]"""
        record, reading = only("x", text)
        assert record.fields == {
            "key": "bannen-2008",
            "csl_type": "article-journal",
            "title": "Optimal design",
            "authors": [{"family": "Phillips", "given": "GN", "suffix": "Jr"}, {"literal": "WHO"}],
            "container_title": "Bioinformatics",
            "year": 2008,
            "volume": "24",
            "issue": "20",
            "pages": "2339-2343",
            "url": "https://example.org/a",
            "doi": "10.1093/bioinformatics/btn450",
            "pmid": "18723523",
            "pmcid": "PMC2562006",
        }
        assert reading.dropped == {"abstract": 1, "ISSN": 2}

    def test_an_answer_of_crossref(self):
        text = """{"status":"ok","message":{"DOI":"10.1000/x","type":"journal-article","title":["One"],"container-title":["J"],
            "author":[{"name":"WHO"},{"family":"B","sequence":"first"}],"published-print":{"date-parts":[[2001]]},
            "issued":{"date-parts":[[2000]]}}}"""
        record, reading = only("x", text)
        assert record.fields == {
            "doi": "10.1000/x",
            "csl_type": "article-journal",
            "title": "One",
            "container_title": "J",
            "authors": [{"literal": "WHO"}, {"family": "B"}],
            "year": 2000,
        }
        assert reading.dropped == {"author: sequence": 1, "published-print": 1}

    @pytest.mark.parametrize(
        "issued",
        [
            '{"date-parts":[["2008"]]}',
            '{"raw":"2008-03"}',
            '{"literal":"March 2008"}',
            '"2008"',
            '{"year":2008}',
        ],
    )
    def test_the_year_in_each_of_its_shapes(self, issued):
        assert only("x", f'[{{"title":"One","issued":{issued}}}]')[0].fields["year"] == 2008


class TestPubmed:
    def test_a_record_with_all_that_we_keep(self):
        text = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">123</PMID><DateRevised><Year>2020</Year></DateRevised>
<Article><Journal><JournalIssue><Volume>3</Volume><Issue>4</Issue><PubDate><MedlineDate>2001 May-Jun</MedlineDate></PubDate></JournalIssue>
<Title>Journal &amp; Co</Title><ISOAbbreviation>J</ISOAbbreviation></Journal><ArticleTitle>One.</ArticleTitle>
<Pagination><StartPage>1237</StartPage><EndPage>1241</EndPage><MedlinePgn>1237-41</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="N">10.1000/WRONG</ELocationID><ELocationID EIdType="doi" ValidYN="Y">10.1000/X</ELocationID>
<Abstract><AbstractText>Not ours</AbstractText></Abstract>
<AuthorList><Author ValidYN="Y"><LastName>Smith</LastName><ForeName>Jane</ForeName><Initials>J</Initials><Suffix>Jr</Suffix>
<AffiliationInfo><Affiliation>Here</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>Wrong</LastName></Author><Author><CollectiveName>Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>
</Article><CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><PMID>777</PMID></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="pubmed">999</ArticleId></ArticleIdList></Reference></ReferenceList>
<ArticleIdList><ArticleId IdType="pubmed">123</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle></PubmedArticleSet>"""
        record, reading = only("x", text)
        assert record.fields == {
            "pmid": "123",
            "pmcid": "PMC9",
            "doi": "10.1000/x",
            "title": "One",
            "container_title": "Journal & Co",
            "year": 2001,
            "volume": "3",
            "issue": "4",
            "pages": "1237-1241",
            "language": "en",
            "csl_type": "article-journal",
            "authors": [{"family": "Smith", "given": "Jane", "suffix": "Jr"}, {"literal": "Group"}],
        }
        assert (record.line, record.standing) == (3, "retracted")
        assert reading.dropped == {
            **{"DateRevised": 1, "ISOAbbreviation": 1, "ELocationID": 1, "Abstract": 1, "AffiliationInfo": 1},
            **{"Author": 1, "CommentsCorrectionsList": 1, "ReferenceList": 1, "PublicationType": 1},
        }

    def test_a_chapter_of_a_book(self):
        text = """<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>5</PMID><Book><BookTitle>StatPearls</BookTitle>
            <PubDate><Year>2020</Year></PubDate></Book><ArticleTitle>Magnesium</ArticleTitle></BookDocument></PubmedBookArticle></PubmedArticleSet>"""
        assert only("x", text)[0].fields == {
            "pmid": "5",
            "title": "Magnesium",
            "container_title": "StatPearls",
            "year": 2020,
            "csl_type": "chapter",
        }


class TestTables:
    def test_headings_in_dutch_and_english(self):
        dutch = (
            "Titel",
            "Auteurs",
            "Tijdschrift",
            "Jaar",
            "Jaargang",
            "Nummer",
            "Pagina's",
            "Taal",
            "Sleutel",
            "Notitie",
        )
        english = (
            "Title",
            "Authors",
            "Journal",
            "Year",
            "Volume",
            "Issue",
            "Pages",
            "Language",
            "Key",
            "Notes",
        )
        assert list(guess_mapping(dutch).values()) == list(guess_mapping(english).values())
        assert guess_mapping(dutch)["Jaargang"] == "volume"
        assert guess_mapping(english)["Notes"] == ""

    def test_the_list_that_pubmed_exports(self):
        text = (
            "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
            '1,One.,"Abbasi B, Kimiagar M.",J. 2012,Abbasi B,J,2012,2012/1/1,PMC2,,10.1000/X\n'
        )
        record, reading = only("x", text)
        assert record.fields == {
            "pmid": "1",
            "pmcid": "PMC2",
            "doi": "10.1000/x",
            "title": "One.",
            "authors": [{"family": "Abbasi", "given": "B"}, {"family": "Kimiagar", "given": "M"}],
            "container_title": "J",
            "year": 2012,
        }
        assert reading.dropped == {"Citation": 1, "First Author": 1, "Create Date": 1}

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_whichever_sign_stands_between(self, delimiter):
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerows(
            [["Title", "Year", "DOI"], ["a,b;c\td|e", 2012, "10.1000/x"]]
        )
        assert only("x", file.getvalue())[0].fields == {
            "title": "a,b;c d|e",
            "year": 2012,
            "doi": "10.1000/x",
        }

    def test_first_and_last_page(self):
        text = "Title,Page start,Page end,Document Type\nOne,12,19,Review\nTwo,7,7,Letter\n"
        reading = read("x", text.encode())
        assert [record.fields["pages"] for record in reading.records] == ["12-19", "7"]
        assert [record.fields.get("csl_type") for record in reading.records] == ["article-journal", None]
        assert reading.dropped == {"Letter": 1}

    def test_a_mapping_that_a_person_chose(self):
        text = 'Wat,Wie,Waar\nOne,"Smith, Jane; Doe, J",there\n'
        record, reading = only("x.csv", text, {"Wat": "title", "Wie": "authors", "Waar": ""})
        assert record.fields == {
            "title": "One",
            "authors": [{"family": "Smith", "given": "Jane"}, {"family": "Doe", "given": "J"}],
        }
        assert reading.dropped == {"Waar": 1}

    def test_a_table_that_names_no_work_is_refused(self):
        with pytest.raises(Unreadable, match="Line 1"):
            read("x.csv", b"Wat,Wie\nOne,Smith\n")


def test_a_stream_gives_its_records_one_by_one():
    reading = stream("x", f"{ris()}\n{ris('KW  - a')}".encode())
    assert next(reading.records).fields["title"] == "One"
    assert reading.dropped == {}
    assert len(list(reading.records)) == 1
    assert reading.dropped == {"KW": 1}


class TestWriting:
    ITEM = {
        "key": "a-1",
        "csl_type": "article-journal",
        "title": "A & {B}",
        "authors": [{"family": "van D", "given": "J"}],
    }

    def test_ris(self):
        assert "".join(write("ris", [self.ITEM])) == (
            "TY  - JOUR\r\nID  - a-1\r\nTI  - A & {B}\r\nAU  - van D, J\r\nER  - \r\n\r\n"
        )

    def test_bibtex_has_braces_that_match_and_keeps_capitals(self):
        written = "".join(write("bibtex", [self.ITEM]))
        assert written == (
            "@article{a-1,\n  author = {{van D}, J},\n  title = {{A \\& \\textbraceleft{}B\\textbraceright{}}}\n}\n\n"
        )
        assert written.count("{") == written.count("}")

    def test_csl(self):
        assert "".join(write("csl-json", [])) == "[\n]\n"
        assert "".join(write("csl-json", [self.ITEM])) == (
            '[\n{"id": "a-1", "type": "article-journal", "title": "A & {B}", "author": [{"family": "van D", "given": "J"}]}\n]\n'
        )

    @pytest.mark.parametrize("kind", ["ris", "bibtex", "csl-json"])
    def test_a_value_of_many_lines_cannot_begin_a_record_of_its_own(self, kind):
        item = self.ITEM | {"title": "One\nER  - \nTY  - JOUR\n@article{x,\n}"}
        record, _reading = only("x", "".join(write(kind, [item])))
        assert record.fields["title"] == "One ER - TY - JOUR @article{x, }"

    @pytest.mark.parametrize("kind", ["ris", "bibtex", "csl-json"])
    def test_without_a_key_it_gets_a_name_that_is_not_read_as_one(self, kind):
        items = [{"title": "One"}, {"title": "Two", "authors": None, "year": None}]
        reading = read("x", "".join(write(kind, items)).encode())
        assert [record.raw_id for record in reading.records] == ["reference-1", "reference-2"]
        assert all("key" not in record.fields for record in reading.records)

    def test_another_kind_is_none(self):
        with pytest.raises(KeyError):
            write("endnote", [])

    def test_it_writes_while_it_is_asked(self):
        def endless():
            while True:
                yield self.ITEM

        assert next(write("ris", endless())).startswith("TY  - JOUR")
