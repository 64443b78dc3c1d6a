"""PubMed's XML, record by record. Source: the PubMed DTD of 2019 and later (PubmedArticleSet)."""

import re
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext as _

from studies.formats.columns import to_record
from studies.formats.markup import chunked, parse
from studies.formats.nbib import NOT_AVAILABLE, standing_of, whole_pages, without_full_stop
from studies.formats.values import Values

SETS = ("PubmedArticleSet", "PubmedBookArticleSet")
RECORDS = ("PubmedArticle", "PubmedBookArticle")
IDENTIFIERS = ("ArticleId", "ELocationID")
PERSON = ("LastName", "ForeName", "Initials", "Suffix", "CollectiveName")
ARTICLE, ISSUE, BOOK = (
    "MedlineCitation/Article",
    "MedlineCitation/Article/Journal/JournalIssue",
    "BookDocument",
)
# The elements that we read, by their place in a record.
KEPT = {
    "MedlineCitation/PMID",
    *(f"{ARTICLE}/{name}" for name in ("ArticleTitle", "VernacularTitle", "Journal/Title", "Language")),
    *(f"{ISSUE}/{name}" for name in ("Volume", "Issue", "PubDate/Year", "PubDate/MedlineDate")),
    *(f"{ARTICLE}/Pagination/{name}" for name in ("MedlinePgn", "StartPage", "EndPage")),
    *(f"{ARTICLE}/{name}" for name in ("ELocationID", "PublicationTypeList/PublicationType")),
    "PubmedData/ArticleIdList/ArticleId",
    *(f"{BOOK}/{name}" for name in ("PMID", "ArticleIdList/ArticleId", "ArticleTitle", "Language")),
    *(f"{BOOK}/Book/{name}" for name in ("BookTitle", "PubDate/Year")),
    *(f"{place}/AuthorList/Author/{part}" for place in (ARTICLE, BOOK) for part in PERSON),
}
AROUND = {place.rsplit("/", level)[0] for place in KEPT for level in range(1, place.count("/") + 1)}
PLACES = KEPT | AROUND


def records(source, reading):
    reading.encoding = declared_encoding(source) or reading.encoding
    collector = Collector(reading)
    handlers = (collector.start, collector.end, collector.text, collector.finished)
    try:
        yield from parse(chunked(source.data), *handlers)
    except (ExpatError, LookupError) as error:
        reading.trouble(
            getattr(error, "lineno", 1),
            _("The XML is broken or cut off here; the rest of the file is not read."),
        )


def declared_encoding(source):
    found = re.match(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']", source.sample.lstrip("\ufeff"))
    return found and found[1].upper()


class Collector:
    """Puts the records together while the XML goes by."""

    def __init__(self, reading):
        self.reading = reading
        self.done = []
        self.path = None  # the elements around, inside a record; None outside any
        self.letters = None  # the text of the element that is being kept
        self.passed_over = 0  # how deep inside an element that is not kept

    def start(self, name, attributes, line):
        if self.passed_over:
            self.passed_over += 1
        elif self.path is None:
            self.open(name, line)
        elif self.letters is not None:
            self.pass_over(name)  # markup inside a title; its words stay
        else:
            self.enter(name, attributes)

    def open(self, name, line):
        if name in RECORDS:
            self.path, self.line, self.values, self.authors = [], line, Values(), []
        elif name not in SETS:
            self.pass_over(name)

    def enter(self, name, attributes):
        place = "/".join((*self.path, name))
        if attributes.get("ValidYN") == "N" or place not in PLACES:
            self.pass_over(name)
            return
        self.path.append(name)
        if place in KEPT:
            self.letters = []
            self.kind = attributes.get("IdType") or attributes.get("EIdType") or ""
        elif name == "Author":
            self.authors.append({})

    def pass_over(self, name):
        self.reading.drop(name)
        self.passed_over = 1

    def text(self, text):
        if self.letters is not None:
            self.letters.append(text)

    def end(self, name):
        if self.passed_over:
            self.passed_over -= 1
        elif self.path:
            self.path.pop()
            self.keep(name)
        elif name in RECORDS:
            self.path = None
            self.done.extend(record(self.line, self.values, self.authors, self.reading))
            self.values.leave(self.reading)

    def keep(self, name):
        if self.letters is None:
            return
        text, self.letters = "".join(self.letters), None
        if name in PERSON:
            self.authors[-1][name] = text
        else:
            self.values.add(f"{name} {self.kind}" if name in IDENTIFIERS else name, text)

    def finished(self):
        """The records that were completed since it was last asked."""
        done, self.done = self.done, []
        return done


def record(line, values, authors, reading):
    title = values.take("ArticleTitle")
    if not title or NOT_AVAILABLE.fullmatch(title):
        title = values.take("VernacularTitle") or title
    book = values.take("BookTitle")
    pages = values.take("MedlinePgn")
    ends = [
        text for name, text in values.take_all("StartPage", "EndPage")
    ]  # the same again, if there are pages
    found = {
        "csl_type": ("chapter" if title else "book") if book else "article-journal",
        "title": without_full_stop(title or book),
        "container_title": values.take("Title") or (book if title else ""),
        "authors": [person(parts) for parts in authors],
        "year": values.take("Year", "MedlineDate"),
        "volume": values.take("Volume"),
        "issue": values.take("Issue"),
        "pages": whole_pages(pages or "-".join(dict.fromkeys(ends))),
        "language": values.take("Language"),
        "doi": values.take("ELocationID doi", "ArticleId doi"),
        "pmid": values.take("PMID", "ArticleId pubmed"),
        "pmcid": values.take("ArticleId pmc"),
    }
    standing = standing_of(values.texts("PublicationType"))
    yield from to_record(reading, line, found, raw_id=found["pmid"], standing=standing)


def person(parts):
    if parts.get("CollectiveName"):
        return {"literal": parts["CollectiveName"]}
    given = parts.get("ForeName") or parts.get("Initials") or ""
    return {"family": parts.get("LastName", ""), "given": given, "suffix": parts.get("Suffix", "")}
