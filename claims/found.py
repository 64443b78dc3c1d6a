"""What words find, read from an index of each tier of strength until there is enough, so that a common word costs as a rare one.

A question is a dict as `claims.listed` has it. MOST of its matches are weighed, paged and counted, the strongest; of what lies
beyond, readers are told that it is there. A walk by `cursor` gives all of it.
"""

from dataclasses import dataclass

from claims.choices import TIERS, level_of
from claims.listed import ONE_PLAN, OVERLAY, Row, levels_of
from claims.words import begun_with, query_of
from kb.lib.prepared import fetch_all
from kb.lib.state import STATE

MOST = 1000
NOTHING = "'|'"  # a sign that no version has
READ_TO_COUNT = "kind, strength, verdict, topics, designs"
READ_TO_RANK = "version_id, accession, strength, words"
CURRENT = ("claims_listing", ())
# The planner may hope to come across enough rows by reading the table from its start; it must not. For this statement alone.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0; "
FOUND = """
WITH asked AS MATERIALIZED (SELECT {asked}),
found AS MATERIALIZED (SELECT {columns} FROM ({tiers} LIMIT {most}) AS tier)
"""
TIER = "SELECT {read} FROM {rows} AS listing WHERE {which} AND words @@ {query}"
NO_TIER = "false"  # which the planner reads nothing for
QUERY = "(SELECT query FROM asked)"
ORDER = "{of}.about DESC, {of}.said DESC, {of}.strength DESC NULLS LAST, {of}.closeness DESC, {of}.accession"
BEST = f"""
SELECT version.id, version.card, {OVERLAY}, ({STATE}), (SELECT count(*) FROM found)
FROM (SELECT * FROM found ORDER BY {ORDER.format(of="found")} LIMIT %s OFFSET %s) AS best
JOIN claims_claimversion AS version ON version.id = best.version_id
LEFT JOIN claims_standing AS standing ON standing.version_id = version.id AND standing.until IS NULL
ORDER BY {ORDER.format(of="best")}
"""
# Worked out while the words are at hand: to keep them until all are found would take as long again.
RANKED = """version_id, accession, strength, {about} AS about, {said} AS said,
(100 * ts_rank(words, (SELECT any_word FROM asked), 1))::int AS closeness"""
ABOUT = """CASE WHEN words @@ (SELECT itself_{place} FROM asked) THEN 3 WHEN words @@ (SELECT below_{place} FROM asked) THEN 2
WHEN words @@ (SELECT condition_{place} FROM asked) THEN 1 ELSE 0 END"""
SAID = "(ts_rank('{{0,0,0,1}}', words, (SELECT said_{place} FROM asked)) > 0)::int"


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
    sql, values = best_statement(search, question, start, size, among)
    rows = list(map(Row._make, fetch_all(sql, values, settings=settings_for(among), raw=True)))
    number = rows[0].total if rows else how_many(search, question, among) if start else 0
    return Found(rows, min(number, MOST), number > MOST)


def best_statement(search, question, start, size, among=CURRENT):
    """(SQL, values) of the rows of `best_found`."""
    columns, asked, given = to_rank(search)
    cte, values = found_in(search, question, among, read=READ_TO_RANK, columns=columns, asked=(asked, given))
    # Which page is a value here: a statement for each would be planned for each, and the rows are few enough to sort whatever the page.
    return f"{cte} {BEST}", [*values, max(0, min(size, MOST - start)), start]


def how_many(search, question, among=CURRENT):
    """How many versions are found: exact up to MOST, and one more than that for whatever is above."""
    cte, values = found_in(search, question, among)
    return fetch_all(f"{cte} SELECT count(*) FROM found", values, settings=settings_for(among))[0][0]


def told_of(number, claim_filter):
    """(how many can be paged, whether there are more) of this many matches."""
    is_bounded = claim_filter.search and not claim_filter.moment
    return (min(number, MOST), number > MOST) if is_bounded else (number, False)


def settings_for(among=CURRENT):
    """What holds while a statement over these listings runs. Over all of them one plan is good for whatever is asked."""
    return BY_INDEX + ONE_PLAN if among == CURRENT else BY_INDEX


def found_in(
    search, question, among=CURRENT, *, read=READ_TO_COUNT, columns="*", leaving_out=(), asked=((), ())
):
    """(SQL, values) that begins a statement over the rows `found`: what answers the search and every filter but these.

    `columns` are made from those that are read of each listing; `asked` is (SQL, values) of tsqueries for them, worked out once.
    """
    query, values = query_for(search)
    rows, given = among
    more, values = asked[0], [*values, *asked[1]]
    signs = " & ".join(signs_of(question, leaving_out))
    both = f"({QUERY} && %s::tsquery)" if signs else QUERY
    levels = levels_of(question | {name: [] for name in leaving_out})
    tiers = []
    for which in [f"tier = {tier}" for tier in TIERS if level_of(tier) in levels] or [NO_TIER]:
        tiers.append(TIER.format(read=read, rows=rows, which=which, query=both))
        values += [*given, *([signs] if signs else [])]
    asked_for = ", ".join([f"{query} AS query", *more])
    sql = FOUND.format(asked=asked_for, columns=columns, tiers=" UNION ALL ".join(tiers), most=MOST + 1)
    return sql, values


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


def to_rank(search):
    """(columns that ORDER goes by, columns of `asked` that they need, their values).

    How many pieces the claim is itself about, how many its statement says, and how close its words are to all of them.
    """
    about, said, asked, values = [], [], [], []
    for place, piece in enumerate(search.pieces):
        if piece.topics:
            about.append(ABOUT.format(place=place))
            signs = {
                "itself": ("i", piece.topics),
                "below": ("f", piece.topics),
                "condition": ("c", piece.parents),
            }
            asked += [f"%s::tsquery AS {name}_{place}" for name in signs]
            values += [any_sign(*sign) for sign in signs.values()]
        said.append(SAID.format(place=place))
        query, given = query_of(piece.words)
        asked.append(f"({query} || to_tsquery('simple', %s)) AS said_{place}")
        values += [*given, begun_with(piece.words)]
    words = [piece.words for piece in search.pieces]
    any_word, given = query_of(" or ".join(words) if len(words) > 1 else words[0])
    columns = RANKED.format(about=f"({' + '.join(about) or '0'})", said=f"({' + '.join(said)})")
    return columns, [*asked, f"{any_word} AS any_word"], [*values, *given]
