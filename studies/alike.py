"""Publications that may be the same paper, or about the same study, though no identifier says so.

Titles are compared by their trigrams, through an index, many with one question. docs/sources.md explains the score.
"""

import re
import unicodedata
from typing import NamedTuple

from django.db import connection, transaction

from studies.models import Publication

TITLES_ALIKE = 0.5  # below it two titles are not laid beside each other at all
LIKELY = 0.7  # the score from which we say that two look alike
MOST_EACH = 5  # for one record
AT_ONCE = 50  # titles that one statement is about; on a base of 10,000 much alike each takes 40 ms
MOST_SENTENCES = 4  # of one reference that are laid beside our titles
SENTENCES = re.compile(r"(?<=[.?!])\s+|[“”\"]")
YEARS = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
WEIGHTS = {"title": 0.7, "years": 0.15, "author": 0.15}
ASKED = """
    SELECT asked.place, found.id, found.title
    FROM unnest(%s::int[], %s::text[]) AS asked (place, title)
    CROSS JOIN LATERAL (
        SELECT publication.id, similarity(publication.title, asked.title) AS title
        FROM studies_publication publication
        WHERE publication.title %% asked.title AND publication.merged_into_id IS NULL
        ORDER BY title DESC, publication.id LIMIT %s
    ) AS found
    ORDER BY asked.place, found.title DESC, found.id
"""
CITED = """
    SELECT asked.place, found.id, max(found.title) AS title
    FROM unnest(%s::int[], %s::text[], %s::text[]) AS asked (place, sentence, text)
    CROSS JOIN LATERAL (
        SELECT publication.id, word_similarity(publication.title, asked.text) AS title
        FROM studies_publication publication
        WHERE publication.title %% asked.sentence AND publication.merged_into_id IS NULL
        ORDER BY title DESC, publication.id LIMIT %s
    ) AS found
    GROUP BY asked.place, found.id
    ORDER BY asked.place, title DESC, found.id
"""
PAIRED = """
    SELECT mine.id, other.id, similarity(mine.title, other.title)
    FROM studies_publication mine
    JOIN studies_publication other ON other.title %% mine.title AND other.id > mine.id
        AND other.study_id NOT IN (SELECT studies_together(mine.study_id))
    WHERE mine.id = ANY(%s) AND mine.merged_into_id IS NULL AND other.merged_into_id IS NULL
    ORDER BY mine.id, other.id
"""


class Likeness(NamedTuple):
    """`title` 0-1; `years` apart, None where one has no year; `author` whether the first is the same, None where unknown."""

    title: float
    years: int | None
    author: bool | None

    @property
    def score(self):
        years = {None: 0.5, 0: 1, 1: 0.5}.get(self.years, 0)
        author = {None: 0.5, True: 1, False: 0}[self.author]
        weighed = WEIGHTS["title"] * self.title + WEIGHTS["years"] * years + WEIGHTS["author"] * author
        return round(weighed, 2)


def likeness(title, year, author, other):
    """How much `other`, a publication, looks like a paper of this year and first author; the titles were compared."""
    theirs = first_author(other.authors)
    return Likeness(
        round(title, 2),
        None if year is None or other.year is None else abs(year - other.year),
        None if not author or not theirs else author == theirs,
    )


def alike_to(asked):
    """{place: [(publication, likeness)]}, the likeliest first, of {place: fields of a record}. A question for each AT_ONCE of them."""
    titled = {place: fields for place, fields in asked.items() if fields.get("title")}
    if not titled:
        return {}
    places = list(titled)
    rows = ask(ASKED, [places, [titled[place]["title"] for place in places]], MOST_EACH)
    publications = Publication.objects.select_related("study").in_bulk({pk for _place, pk, _title in rows})
    found = {}
    for place, pk, title in rows:
        fields = titled[place]
        author = first_author(fields.get("authors"))
        how = likeness(title, fields.get("year"), author, publications[pk])
        if how.score >= LIKELY:
            found.setdefault(place, []).append((publications[pk], how))
    return {place: sorted(each, key=lambda one: -one[1].score) for place, each in found.items()}


def cited_in(asked):
    """{place: [(publication, likeness)]}, the likeliest first, of {place: a written-out reference}.

    Those whose title looks like a sentence of it; `title` is how much of the title stands in the whole.
    """
    sentences = [(place, sentence, text) for place, text in asked.items() for sentence in longest(text)]
    if not sentences:
        return {}
    rows = set(ask(CITED, [*map(list, zip(*sentences, strict=True))], MOST_EACH))
    publications = Publication.objects.select_related("study").in_bulk({pk for _place, pk, _title in rows})
    found = {}
    for place, pk, title in sorted(rows):
        how = likeness_in(asked[place], publications[pk], title)
        if how.score >= LIKELY:
            found.setdefault(place, []).append((publications[pk], how))
    return {place: sorted(each, key=lambda one: -one[1].score)[:MOST_EACH] for place, each in found.items()}


def longest(text):
    """The sentences of a reference that may be its title."""
    sentences = [each.strip(' .“”"') for each in SENTENCES.split(text)]
    return sorted((each for each in sentences if len(each) > 15), key=len, reverse=True)[:MOST_SENTENCES]


def likeness_in(text, publication, title):
    years = [int(year) for year in YEARS.findall(text)]
    author = (publication.authors or [{}])[0]
    name = words_of(author.get("family") or author.get("literal") or "")
    return Likeness(
        round(title, 2),
        min((abs(year - publication.year) for year in years), default=None) if publication.year else None,
        name in words_of(text) if name.strip() else None,
    )


def words_of(text):
    """Its words without case and accents, with a blank before and behind each."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(
        letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)
    )
    return f" {' '.join(letters.split())} "


def pairs_of(pks):
    """Yields (publication, publication, likeness) of these with others of another study and a higher id."""
    rows = ask(PAIRED, [list(pks)])
    publications = Publication.objects.in_bulk({pk for row in rows for pk in row[:2]})
    for mine, other, title in rows:
        mine, other = publications[mine], publications[other]
        how = likeness(title, mine.year, first_author(mine.authors), other)
        if how.score >= LIKELY:
            yield mine, other, how


@transaction.atomic
def ask(question, columns, *others):
    """The rows of a question about these columns, asked in parts: for the web no statement may take long."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(TITLES_ALIKE)]
        )  # until the end of this transaction
        for start in range(0, len(columns[0]), AT_ONCE):
            cursor.execute(question, [*(column[start : start + AT_ONCE] for column in columns), *others])
            rows += cursor.fetchall()
    return rows


def first_author(authors):
    """The family name, or whatever name there is, without case and accents; empty where nobody is named."""
    first = authors[0] if authors else {}
    name = first.get("family") or first.get("literal") or ""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalpha())
