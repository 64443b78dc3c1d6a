"""What a reader who typed these words means: topics by any of their names, in either language, and the words that are left.

A search is a list of pieces, each of which a claim must answer: by its words, or by being about a topic that the piece
names. Quotes and a minus are taken as they are typed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from claims.found import how_many
from claims.models import Topic
from claims.words import words_of

LONGEST_NAME = 6  # words of a name of a topic
ANYTHING = {name: [] for name in ("strength", "verdict", "kind", "topic", "design")} | {"strength_min": ""}
NEAREST = """
SELECT word FROM claims_searchword WHERE word %% %s AND abs(length(word) - length(%s)) <= 4
ORDER BY similarity(word, %s) DESC, word LIMIT 1
"""


@dataclass(frozen=True)
class Piece:
    """Some of the words, the topics that they name, and the topics right above those."""

    words: str
    topics: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()


@dataclass(frozen=True)
class Search:
    """`typed` is what the reader wrote, `meant` what was looked for where that had to be something else."""

    typed: str
    pieces: tuple[Piece, ...]
    meant: str = ""


@dataclass(frozen=True)
class Names:
    """Every name of every topic that readers can reach, as {words in order: (topics, name)}, and the topic above each.

    A name of several words is also there as one, for who writes a compound apart or what is apart as a compound.
    """

    of: dict
    parents: dict


@lru_cache(maxsize=2)
def names_in(state):
    """Names, read once for each state of the base."""
    found, parents = {}, {}
    for topic in Topic.objects.published().only(
        "slug", "name_en", "name_nl", "synonyms_en", "synonyms_nl", "broader"
    ):
        parents[topic.pk] = topic.broader_id
        for name in (topic.name_en, topic.name_nl, *topic.synonyms_en, *topic.synonyms_nl):
            for words in {tuple(words_of(name)), tuple(words_of(name.partition("(")[0]))} - {()}:
                for key in {words, ("".join(words),)}:
                    found.setdefault(key, (set(), " ".join(words)))[0].add(topic.pk)
    return Names(found, parents)


def meant_by(typed, state):
    """The Search for what a reader typed, or for the topics in it where nothing is found by all of it."""
    search = understood(typed, state)
    less = relaxed(search)
    return less if less and not how_many(search, ANYTHING) else search


def understood(typed, state):
    """The Search for what a reader typed; a word that no claim is found by is taken for the one most like it."""
    if '"' in typed or re.search(r"(^|\s)-\S", typed):
        return Search(typed, (Piece(typed),))
    names, words = names_in(state), words_of(typed)
    pieces = pieces_of(words, names)
    better = [
        word
        for piece, typed_as in pieces.items()
        for word in (typed_as if piece.topics else [nearest(word, state) for word in typed_as])
    ]
    if pieces and better != [word for typed_as in pieces.values() for word in typed_as]:
        return Search(typed, tuple(pieces_of(better, names)), " ".join(better))
    return Search(typed, tuple(pieces) or (Piece(typed),))


def pieces_of(words, names):
    """{piece: the words it was typed as}, in order; the same piece twice counts once."""
    found, start = {}, 0
    while start < len(words):
        size, topics, name = longest_name(words[start:], names)
        parents = {names.parents[topic] for topic in topics} - {None}
        found[Piece(name, tuple(sorted(topics)), tuple(sorted(parents)))] = words[start : start + size]
        start += size
    return found


def longest_name(words, names):
    """(how many words, the topics they name, that name) of the longest name these begin with; else the first word alone."""
    for size in range(min(LONGEST_NAME, len(words)), 0, -1):
        some = tuple(words[:size])
        found = names.of.get(some) or names.of.get(("".join(some),))
        if found:
            return size, *found
    return 1, (), words[0]


def relaxed(search):
    """Only the pieces that name a topic; or None where that is all of them or none."""
    named = tuple(piece for piece in search.pieces if piece.topics)
    if not named or len(named) == len(search.pieces):
        return None
    return Search(search.typed, named, " ".join(piece.words for piece in named))


@lru_cache(maxsize=4096)
def nearest(word, state):
    """The word itself where claims are found by it, or nothing is like it, or it is too short to guess at."""
    if len(word) < 4:
        return word
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM claims_searchword WHERE word = %s", [word])
        if cursor.fetchone():
            return word
        cursor.execute(NEAREST, [word, word, word])
        row = cursor.fetchone()
    return row[0] if row else word
