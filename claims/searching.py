"""What a reader who typed these words means: topics by any of their names, in either language, and the words that are left.

A search is a list of pieces, each of which a claim must answer: by its words, or by being about a topic that the piece
names. Quotes and a minus are taken as they are typed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from claims.models import Topic, TopicReach
from claims.querysets import search_query

LONGEST_NAME = 6  # words of a name of a topic
STOPWORDS = frozenset(
    """
    a about an and are at be by can do does for from go has have help helps i in is it me my of on or the there to what
    when which who why with you your
    aan al als bij de die dat een en er gaan geen het heeft helpt hoe ik in is je kan kun kunt me met mij mijn naar of om
    op s t te tegen tot u uit van veel voor waarom wat wel welke werkt wie wordt worden zijn
    """.split()
)
ITSELF = "claim.intervention_id = ANY (%s) OR claim.outcome_id = ANY (%s) OR claim.condition_id = ANY (%s)"
RANKED = 1000
RANK = """
WITH found AS MATERIALIZED ({listings}),
best AS (SELECT version_id FROM found ORDER BY level DESC NULLS LAST, version_id DESC LIMIT %s),
scored AS (
    SELECT best.version_id, claim.accession, {columns}
    FROM best JOIN claims_searchentry AS entry USING (version_id)
    JOIN claims_claimversion AS version ON version.id = best.version_id
    JOIN claims_claim AS claim ON claim.id = version.claim_id
)
SELECT (SELECT count(*) FROM found), ARRAY(
    SELECT found.version_id FROM found LEFT JOIN scored USING (version_id)
    ORDER BY about DESC NULLS LAST, said DESC NULLS LAST, level DESC NULLS LAST, rank DESC NULLS LAST,
        accession NULLS LAST, version_id DESC
    LIMIT %s OFFSET %s
)
"""
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


def words_of(text):
    """The words that carry meaning, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word for word in re.findall(r"[^\W_]+", plain) if word not in STOPWORDS]


def understood(typed, state):
    """The Search for what a reader typed; a word that no claim is found by is taken for the one most like it."""
    if '"' in typed or re.search(r"(^|\s)-\S", typed):
        return Search(typed, (Piece(typed),))
    names, words = names_in(state), words_of(typed)
    pieces = pieces_of(words, names)
    better = [
        word
        for piece, typed_as in pieces.items()
        for word in (typed_as if piece.topics else map(nearest, typed_as))
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
    """For what finds nothing: only the pieces that name a topic; or None where that is all of them or none."""
    named = tuple(piece for piece in search.pieces if piece.topics)
    if not named or len(named) == len(search.pieces):
        return None
    return Search(search.typed, named, " ".join(piece.words for piece in named))


def nearest(word):
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


def query_of(words):
    """(SQL of a tsquery, its values) in both languages and as typed."""
    return compiled(search_query(words))


def compiled(expression):
    from claims.models import SearchEntry

    compiler = SearchEntry.objects.all().query.get_compiler(connection=connection)
    return compiler.compile(expression.resolve_expression(SearchEntry.objects.all().query))


def matches(search):
    """(SQL, values) of the versions that answer every piece. Each part of it is read from an index."""
    statements, values = [], []
    for piece in search.pieces:
        query, given = query_of(piece.words)
        found = [f"SELECT version_id FROM claims_searchentry WHERE vector @@ ({query})"]
        values += given
        if piece.topics:
            found.append("SELECT version_id FROM claims_listedtopic WHERE topic = ANY (%s)")
            values.append(list(piece.topics))
        if piece.parents:
            found.append(
                "SELECT listing.version_id FROM claims_claim claim JOIN claims_listing listing USING (accession)"
                " WHERE claim.condition_id = ANY (%s)"
            )
            values.append(list(piece.parents))
        statements.append(f"({' UNION '.join(found)})")
    return " INTERSECT ".join(statements), values


def is_found(search):
    statement, values = matches(search)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM ({statement}) AS found LIMIT 1", values)
        return cursor.fetchone() is not None


def ranked(search, listings, given, start, size):
    """(how many, keys of versions, best first): those about what was asked, then those that say it, then the strongest.

    `listings` is the SQL of the version_id and level (strength) of all that match, `given` its values. Only the strongest RANKED
    of them are weighed; what comes after those goes by strength.
    """
    columns, scored = score(search)
    sql = RANK.format(listings=listings, columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, RANKED, *scored, size, start])
        return cursor.fetchone()


def score(search):
    """(SQL of columns to order by, values): how many pieces the claim is itself about, how many its statement says."""
    about, said, values_about, values_said, words = [], [], [], [], []
    for piece in search.pieces:
        if piece.topics:
            family = list(
                TopicReach.objects.filter(topic__in=piece.topics).values_list("narrower", flat=True)
            )
            about.append(
                f"CASE WHEN {ITSELF} THEN 3 WHEN {ITSELF} THEN 2 WHEN claim.condition_id = ANY (%s) THEN 1 ELSE 0 END"
            )
            values_about += [*[list(piece.topics)] * 3, *[family] * 3, list(piece.parents)]
        query, given = query_of(piece.words)
        said.append(f"(ts_rank('{{0,0,0,1}}', entry.vector, ({query}) || to_tsquery('simple', %s)) > 0)::int")
        values_said += [*given, begun_with(piece.words)]
        words.append(piece.words)
    query, given = query_of(" or ".join(words) if len(words) > 1 else words[0])
    columns = (
        f"{' + '.join(about) or '0'} AS about, {' + '.join(said)} AS said,"
        f" round(ts_rank(entry.vector, ({query}), 1)::numeric, 2) AS rank"
    )
    return columns, [*values_about, *values_said, *given]


def begun_with(words):
    """A tsquery for words that begin like these, since a Dutch compound is one word: slapeloosheid, slapeloosheidsklachten."""
    return " & ".join(f"{word}:*" for word in words_of(words) if len(word) > 4)
