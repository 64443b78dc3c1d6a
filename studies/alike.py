"""Publications that may be the same paper, or about the same study, though no identifier says so.

Titles are compared by their trigrams, through an index, with one question for a whole list. docs/sources.md explains the score.
"""

import unicodedata
from typing import NamedTuple

from django.db import connection, transaction

from studies.models import Publication

TITLES_ALIKE = 0.5  # below it two titles are not laid beside each other at all
LIKELY = 0.7  # the score from which we say that two look alike
MOST_EACH = 5  # for one record
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
    """{place: [(publication, likeness)]}, the likeliest first, of {place: fields of a record}. Two questions in all."""
    titled = {place: fields for place, fields in asked.items() if fields.get("title")}
    if not titled:
        return {}
    places = list(titled)
    rows = ask(ASKED, [places, [titled[place]["title"] for place in places], MOST_EACH])
    publications = Publication.objects.select_related("study").in_bulk({pk for _place, pk, _title in rows})
    found = {}
    for place, pk, title in rows:
        fields = titled[place]
        author = first_author(fields.get("authors"))
        how = likeness(title, fields.get("year"), author, publications[pk])
        if how.score >= LIKELY:
            found.setdefault(place, []).append((publications[pk], how))
    return {place: sorted(each, key=lambda one: -one[1].score) for place, each in found.items()}


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
def ask(question, parameters):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(TITLES_ALIKE)]
        )  # until the end of this transaction
        cursor.execute(question, parameters)
        return cursor.fetchall()


def first_author(authors):
    """The family name, or whatever name there is, without case and accents; empty where nobody is named."""
    first = authors[0] if authors else {}
    name = first.get("family") or first.get("literal") or ""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalpha())
