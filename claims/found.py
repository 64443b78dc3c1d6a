"""What words find, read from one index: strength by strength until there is enough, so that a common word costs as a rare one.

A question is a dict as `claims.listed` has it. MOST of its matches are weighed, paged and counted, the strongest; of what lies
beyond, readers are told that it is there. A walk by `cursor` gives all of it.
"""

from dataclasses import dataclass

from claims.listed import Row, levels_of
from claims.words import begun_with, query_of
from kb.lib.prepared import fetch_all

MOST = 1000
NOTHING = "'|'"  # a sign that no version has
TO_RANK, TO_COUNT = "version_id, accession, strength, words", "kind, strength, verdict, topics, designs"
CURRENT = ("claims_listing", ())
# The planner may hope to come across enough rows by reading the table from its start; it must not. For this statement alone.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0; "
FOUND = """
WITH asked AS MATERIALIZED (SELECT {query} AS query),
found AS MATERIALIZED (SELECT * FROM ({tiers}) AS tier LIMIT {most})
"""
TIER = """
SELECT {columns} FROM {rows} AS listing
WHERE words @@ ((SELECT query FROM asked) && %s::tsquery)
"""
BEST = """
SELECT version.id, version.card, standing.overlay::text, (SELECT count(*) FROM found) FROM (
    SELECT version_id, row_number() OVER (ORDER BY {order}) AS place FROM found
) AS best
JOIN claims_claimversion AS version ON version.id = best.version_id
LEFT JOIN claims_standing AS standing ON standing.version_id = version.id AND standing.until IS NULL
WHERE place > %s AND place <= %s ORDER BY place
"""
ORDER = """{about} DESC, {said} DESC, strength DESC NULLS LAST,
round(ts_rank(words, {any_word}, 1)::numeric, 2) DESC, accession"""


@dataclass(frozen=True)
class Found:
    """A stretch of what was found, best first. `total` is at most MOST; with `more` there are more than that."""

    rows: list
    total: int
    more: bool


def best_found(search, question, start, size, among=CURRENT):
    """The versions found, in order: those about what was asked, then those that say it, then the strongest, then the closest.

    `among` is (SQL, values) of the listings to look in, where that is not all of them.
    """
    cte, values = found_in(search, question, among, columns=TO_RANK)
    order, ordered = order_of(search)
    most = (start, min(start + size, MOST))
    rows = fetch_all(f"{cte} {BEST.format(order=order)}", [*values, *ordered, *most], settings=BY_INDEX)
    rows = [Row(*row) for row in rows]
    number = rows[0].total if rows else how_many(search, question, among) if start else 0
    return Found(rows, min(number, MOST), number > MOST)


def how_many(search, question, among=CURRENT):
    """How many versions are found: exact up to MOST, and one more than that for whatever is above."""
    cte, values = found_in(search, question, among)
    return fetch_all(f"{cte} SELECT count(*) FROM found", values, settings=BY_INDEX)[0][0]


def told_of(number, claim_filter):
    """(how many can be paged, whether there are more) of this many matches."""
    is_bounded = claim_filter.search and not claim_filter.moment
    return (min(number, MOST), number > MOST) if is_bounded else (number, False)


def found_in(search, question, among=CURRENT, *, columns=TO_COUNT, leaving_out=()):
    """(SQL, values) that begins a statement over the rows `found`: what answers the search and every filter but these."""
    query, values = query_for(search)
    rows, given = among
    tiers = []
    for level in sorted(levels_of(question | {name: [] for name in leaving_out}), reverse=True):
        tiers.append(TIER.format(columns=columns, rows=rows))
        values += [*given, " & ".join([f"'|s{level}'", *signs_of(question, leaving_out)])]
    if not tiers:
        tiers, values = [TIER.format(columns=columns, rows=rows)], [*values, *given, NOTHING]
    return FOUND.format(query=query, tiers=" UNION ALL ".join(tiers), most=MOST + 1), values


def signs_of(question, leaving_out=()):
    """What the filters ask of the signs of a listing, each as the text of a tsquery."""
    for name, letter in (("verdict", "v"), ("kind", "k"), ("topic", "l"), ("design", "d")):
        if question[name] and name not in leaving_out:
            yield f"({any_sign(letter, question[name])})"


def any_sign(letter, codes):
    return " | ".join(f"'|{letter}{code}'" for code in codes) or NOTHING


def query_for(search):
    """(SQL, values) of one tsquery: every piece must be answered, by its words, a topic it names or a condition above that."""
    pieces, values = [], []
    for piece in search.pieces:
        query, given = query_of(piece.words)
        signs = [
            sign for sign in (any_sign("l", piece.topics), any_sign("c", piece.parents)) if sign != NOTHING
        ]
        pieces.append(f"({query} || %s::tsquery)")
        values += [*given, " | ".join([NOTHING, *signs])]
    return " && ".join(pieces), values


def order_of(search):
    """(SQL to order by, values): how many pieces the claim is itself about, how many its statement says, and so on."""
    about, said, values_about, values_said = [], [], [], []
    for piece in search.pieces:
        if piece.topics:
            about.append(
                "CASE WHEN words @@ %s::tsquery THEN 3 WHEN words @@ %s::tsquery THEN 2 WHEN words @@ %s::tsquery THEN 1 ELSE 0 END"
            )
            values_about += [
                any_sign("i", piece.topics),
                any_sign("f", piece.topics),
                any_sign("c", piece.parents),
            ]
        query, given = query_of(piece.words)
        said.append(f"(ts_rank('{{0,0,0,1}}', words, {query} || to_tsquery('simple', %s)) > 0)::int")
        values_said += [*given, begun_with(piece.words)]
    words = [piece.words for piece in search.pieces]
    any_word, given = query_of(" or ".join(words) if len(words) > 1 else words[0])
    order = ORDER.format(
        about=f"({' + '.join(about) or '0'})", said=f"({' + '.join(said)})", any_word=any_word
    )
    return order, [*values_about, *values_said, *given]
