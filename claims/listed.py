"""The statements that a list and its counts are read with: the narrow rows of a question, in order, and cells of the tally.

A question is a dict of plain values: `strength_min` (a code or ""), lists of codes under `strength`, `verdict`, `kind` and
`design`, keys of topics under `topic`, and `ordering`. Words to find, a date and a past moment are not asked this way.
"""

from functools import lru_cache
from typing import NamedTuple

from claims.choices import BY_CODE, UNRATED
from kb.lib.prepared import fetch_all
from kb.lib.state import STATE

ORDERS = {
    "-updated": "{of}.published_at DESC, {of}.version_id DESC",
    "updated": "{of}.published_at, {of}.version_id",
    "-strength": "{of}.strength DESC NULLS LAST, {of}.version_id DESC",
    "strength": "{of}.strength NULLS LAST, {of}.version_id",
    "accession": "{of}.accession",
}
# The overlay of a version that nothing happened to since it was published, which is nearly every one; lists read nothing in its place.
UNTOUCHED = '{"notices":[],"fallen":[],"trials":[],"marks":[],"under_review":false,"closed":null}'
OVERLAY = f"NULLIF(standing.overlay, '{UNTOUCHED}'::jsonb)::text"
PICK = """
SELECT version.id, version.card, {overlay}, ({state}), coalesce(({total}), 0)::int
FROM (SELECT * FROM {rows} AS listing {where} ORDER BY {inner} LIMIT {size} OFFSET {start}) AS picked
JOIN claims_claimversion AS version ON version.id = picked.version_id
LEFT JOIN claims_standing AS standing ON standing.version_id = version.id AND standing.until IS NULL
ORDER BY {outer}
"""
# Rows and cells of a topic are read by the same index whatever the topic, so they need not be planned for each.
ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan; "
ANY_LEVEL = {0, 1, 2, 3, 4}  # 0 is not rated


class Row(NamedTuple):
    """A version in a list: the text of its card, that of its overlay unless it is UNTOUCHED, the state of the base, how many match in all."""

    pk: int
    card: bytes
    overlay: bytes | None
    state: bytes
    total: int


def rows_of(question, start, size):
    """This many rows from this one on."""
    settings = ONE_PLAN if rows_for(question) == "claims_listedtopic" else ""
    rows = fetch_all(*statement_of(question, start, size), settings=settings, raw=True)
    return list(map(Row._make, rows))


def statement_of(question, start, size):
    """(SQL, values) that pick the rows first and join their cards and standing last."""
    rows = rows_for(question)
    conditions, values = conditions_of(question, rows)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    total, counted = total_of(question, where, values)
    return picking(rows, where, question["ordering"], total, size, start), [*counted, *values]


@lru_cache(maxsize=1024)
def picking(rows, where, ordering, total, size, start):
    order = ORDERS[ordering]
    return PICK.format(
        overlay=OVERLAY,
        state=STATE,
        total=total,
        rows=rows,
        where=where,
        inner=order.format(of="listing"),
        outer=order.format(of="picked"),
        size=int(size),
        start=int(start),
    )


def rows_for(question):
    """Of one topic and nothing that only a listing knows, the rows of that topic; else the listings."""
    is_of_a_topic = (
        len(question["topic"]) == 1 and not question["design"] and question["ordering"] != "accession"
    )
    return "claims_listedtopic" if is_of_a_topic else "claims_listing"


def conditions_of(question, rows):
    """([condition on one of these rows], [its values])."""
    conditions, values = [], []
    if question["strength_min"]:
        conditions.append("listing.strength >= %s")
        values.append(BY_CODE[question["strength_min"]])
    if question["strength"]:
        either = "listing.strength = ANY (%s)"
        conditions.append(
            f"({either} OR listing.strength IS NULL)" if UNRATED in question["strength"] else either
        )
        values.append([BY_CODE[code] for code in question["strength"] if code in BY_CODE])
    for name in ("verdict", "kind"):
        if question[name]:
            conditions.append(f"listing.{name} = ANY (%s)")
            values.append(question[name])
    if rows == "claims_listedtopic":
        conditions.append("listing.topic = %s")
        values += question["topic"]
    elif question["topic"]:
        conditions.append("listing.topics && %s::bigint[]")
        values.append(question["topic"])
    if question["design"]:
        conditions.append("listing.designs && %s::varchar[]")
        values.append(question["design"])
    return conditions, values


def total_of(question, where, values):
    """(SQL, values) of how many match."""
    if len(question["topic"]) > 1 and not question["design"]:
        conditions, given = conditions_of(question | {"topic": []}, "claims_listing")
        where = " AND ".join(["listing.topic = ANY (%s)", *conditions])
        sql = f"SELECT count(DISTINCT version_id) FROM claims_listedtopic AS listing WHERE {where}"
        return sql, [question["topic"], *given]
    if not is_tallied(question):
        return f"SELECT count(*) FROM claims_listing AS listing {where}", values
    cells, given = cells_of(question, "total")
    return f"SELECT sum(claims) FROM claims_tally WHERE {cells}", given


def is_tallied(question):
    """Whether the tally knows its counts: at most one topic and one design."""
    return len(question["topic"]) < 2 and len(question["design"]) < 2


# Of hundreds of topics a list offers a few: these many, with all that have as many claims as the last.
COMMONEST = """
WITH topics AS MATERIALIZED (SELECT topic, sum(claims) AS claims FROM claims_tally WHERE {cells} AND claims > 0 GROUP BY topic)
(SELECT topic::text, claims FROM topics ORDER BY claims DESC FETCH FIRST {most} ROWS WITH TIES)
UNION ALL (SELECT '', count(*) FROM topics)
"""


def tallied(question, facets):
    """(facet, code, claims) of every choice: sums of cells, for each facet those that match every other filter."""
    statements, values = [], []
    for facet in facets:
        cells, given = cells_of(question, facet)
        code = "''" if facet == "total" else f"{facet}::text"
        statements.append(
            f"SELECT '{facet}', {code} AS code, sum(claims) FROM claims_tally WHERE {cells} AND claims > 0 GROUP BY code"
        )
        values += given
    return fetch_all(" UNION ALL ".join(statements), values, settings=ONE_PLAN)


def commonest_topics(question, most):
    """({topic as text: claims} of the commonest topics, how many topics there are) among what matches every other filter."""
    cells, values = cells_of(question, "topic")
    rows = dict(fetch_all(COMMONEST.format(cells=cells, most=int(most)), values, settings=ONE_PLAN))
    return rows, rows.pop("")


def cells_of(question, facet):
    """(condition on cells of the tally, its values) for one facet, whose own choices are left out.

    What decides the index stands in the text: so one plan will do for every topic.
    """
    chosen = question | {facet: []}
    conditions, values = [], []
    for name, whatever in (("topic", "0"), ("design", "''")):
        if facet == name:
            conditions.append(f"{name} <> {whatever}")
        elif chosen[name]:
            conditions.append(f"{name} = %s")
            values.append(chosen[name][0])
        else:
            conditions.append(f"{name} = {whatever}")
    levels = levels_of(chosen)
    cells = sorted(levels) if facet == "strength" or levels != ANY_LEVEL else [-1]
    conditions.append(f"strength = ANY ('{{{','.join(map(str, cells))}}}')")
    is_one = facet in ("verdict", "kind") or chosen["verdict"] or chosen["kind"]
    conditions.append("verdict <> ''" if is_one else "verdict = ''")
    for name in ("verdict", "kind"):
        if chosen[name]:
            conditions.append(f"{name} = ANY (%s)")
            values.append(chosen[name])
    return " AND ".join(conditions), values


def levels_of(question):
    """The strengths that pass."""
    passing = set(ANY_LEVEL)
    if question["strength_min"]:
        passing = {level for level in passing if level >= BY_CODE[question["strength_min"]]}
    if question["strength"]:
        passing &= {BY_CODE.get(code, 0) for code in question["strength"]}
    return passing
