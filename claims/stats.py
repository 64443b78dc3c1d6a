"""Counts over the base: what stands beside every choice of a filter, and the numbers of the home page."""

import json
from functools import lru_cache

from django.db.models import CharField, Count, F, Q, Value
from django.db.models.functions import Cast, Coalesce

from claims.choices import BY_CODE, UNRATED, Strength
from claims.found import found_in, how_many, settings_for
from claims.listed import commonest_topics, is_tallied, tallied
from claims.models import ClaimVersion, Evidence, Tally, Topic
from kb.lib.prepared import fetch_all
from kb.lib.state import state_of_base

FACETS = ("strength", "verdict", "kind", "topic", "design")
PLACES = {
    "strength": "strength",
    "verdict": "verdict",
    "kind": "kind",
    "topic": "topics",
    "design": "designs",
}
CODES = {
    "total": "''",
    "strength": "strength::text",
    "verdict": "verdict",
    "kind": "kind",
    "topic": "unnest(topics)::text",
    "design": "unnest(designs)",
}
# Of a past moment: each facet and the column of a version that its choices are counted by.
COLUMNS = {
    "total": Value(""),
    "strength": F("strength"),
    "verdict": F("verdict"),
    "kind": F("claim__kind"),
    "topic": F("topics__reached_from__topic"),
    "design": F("evidence__study__design"),
}


def facet_counts(claim_filter):
    """{facet: {code: claims}} and under "total" the number of claims that match; one query, and one for the topics.

    Beside a choice stands what choosing it would give: the claims that match every other filter. Counts are exact: added
    up from the tally where it knows them, else counted over the narrow rows of what matches. With words they are counted over
    the strongest found, and a total above `claims.found.MOST` says that there are more.
    """
    if claim_filter.moment:
        rows = united(past, claim_filter)
    elif (question := claim_filter.question) and is_tallied(question):
        rows = tallied(question, ("total", *FACETS))
    else:
        rows = counted_once(claim_filter)
    if (
        claim_filter.search
        and not claim_filter.moment
        and any(map(claim_filter.form.cleaned_data.get, FACETS))
    ):
        rows = [row for row in rows if row[0] != "total"] + [("total", "", total_of(claim_filter))]
    return by_code(rows, claim_filter.slugs)


def plain_counts(question, slugs, state, most_topics):
    """The same of a question that the tally knows the counts of, with the commonest topics; and how many others there are."""
    facets = [facet for facet in FACETS if facet != "topic"]
    rows = tallied(question, ("total", *facets))
    beside = json.dumps({name: question[name] for name in ("strength_min", *facets)})
    commonest, there_are = topics_beside(state, beside, most_topics)
    counts = by_code(
        [*rows, *(("topic", code, number) for code, number in commonest.items())],
        slugs,
    )
    for topic in question["topic"]:  # whether common or not: it has the claims that match
        if counts["total"][""]:
            counts["topic"][slugs[str(topic)]] = counts["total"][""]
    return counts, there_are - len(counts["topic"])


@lru_cache(maxsize=256)
def topics_beside(_state, others, most):
    """`claims.listed.commonest_topics` beside these other filters, asked once for each state of the base: most pages have the same."""
    return commonest_topics(json.loads(others) | {"topic": []}, most)


def by_code(rows, slugs):
    """{facet: {code: claims}} of rows (facet, value in the database, claims); topics that readers cannot reach are left out."""
    found = {"total": {"": 0}, **{facet: {} for facet in FACETS}}
    for facet, code, number in rows:
        if facet == "strength":
            code = strength_code(code)
        elif facet == "topic":
            code = slugs.get(code)
        if code is not None:
            found[facet][code] = number or 0
    return found


def total_of(claim_filter):
    """How many claims match every filter; with words no more than one above `claims.found.MOST`."""
    if claim_filter.moment:
        return claim_filter.matching().count()
    if (question := claim_filter.question) and is_tallied(question):
        return sum(number for _facet, _code, number in tallied(question, ("total",)))
    if claim_filter.search:
        return how_many(claim_filter.search, claim_filter.asked, claim_filter.among)
    return claim_filter.listings().count()


def united(count, claim_filter):
    parts = [named(count(claim_filter, facet), facet) for facet in ("total", *FACETS)]
    return parts[0].union(*parts[1:], all=True)


def named(counted, facet):
    return counted.annotate(facet=Value(facet, output_field=CharField())).values_list(
        "facet", "code", "count"
    )


def counted_once(claim_filter):
    """Counts of every facet over the narrow rows that match, which are looked up once."""
    sql, parameters = rows_to_count(claim_filter)
    conditions = dict(condition_of(name, claim_filter) for name in FACETS)
    counts = []
    for facet in ("total", *FACETS):
        others = [condition for name, condition in conditions.items() if name != facet and condition]
        where = " AND ".join(text for text, _values in others) or "true"
        counts.append(
            f"SELECT '{facet}', {CODES[facet]} AS code, count(*) FROM found WHERE {where} GROUP BY code"
        )
        parameters = (*parameters, *(value for _text, value in others))
    settings = settings_for(claim_filter.among) if claim_filter.search else ""
    return fetch_all(f"{sql} {' UNION ALL '.join(counts)}", parameters, settings=settings)


def rows_to_count(claim_filter):
    """(SQL, values) that begins a statement over the rows `found`: those that match whatever is chosen in the facets."""
    if claim_filter.search:
        return found_in(claim_filter.search, claim_filter.asked, claim_filter.among, leaving_out=FACETS)
    rows = claim_filter.listings(leaving_out=FACETS).order_by().values(*PLACES.values())
    sql, parameters = rows.query.sql_with_params()
    return f"WITH found AS MATERIALIZED ({sql})", parameters


def condition_of(name, claim_filter):
    """(name, (SQL, its one parameter) or None) of the choices made in one facet."""
    chosen = claim_filter.form.cleaned_data[name]
    if not chosen:
        return name, None
    if name == "strength":
        return name, ("coalesce(strength, 0) = ANY(%s)", [BY_CODE.get(code, 0) for code in chosen])
    if name == "topic":
        return name, ("topics && %s::bigint[]", [claim_filter.topics[slug].pk for slug in chosen])
    if name == "design":
        return name, ("designs && %s::varchar[]", chosen)
    return name, (f"{name} = ANY(%s)", chosen)


def past(claim_filter, facet):
    """Counts of one facet over the versions of a past moment."""
    versions = (
        claim_filter.matching(leaving_out=facet).order_by().annotate(code=Cast(COLUMNS[facet], CharField()))
    )
    return versions.values("code").annotate(count=Count("pk", distinct=True))


def strength_code(value):
    return Strength(int(value)).code if value and value != "0" else UNRATED


def base_counts():
    """How much there is: published claims, the studies and publications they rest on, and claims by strength."""
    studies, publications = cited_in(state_of_base())
    cells = Tally.objects.filter(topic=0, design="", verdict="", strength__gte=0)
    by_strength = dict(cells.values_list("strength", "claims"))
    return {
        "claims": sum(by_strength.values()),
        "studies": studies,
        "publications": publications,
        "strengths": [(strength, by_strength.get(strength.value, 0)) for strength in reversed(Strength)],
        "unrated": by_strength.get(0, 0),
    }


def levels_of(topic):
    """[(strength, claims)] about a topic, the surest first, those that there are."""
    cells = Tally.objects.filter(topic=topic.pk, design="", verdict="", strength__gt=0, claims__gt=0)
    return [(Strength(row.strength), row.claims) for row in cells.order_by("-strength")]


@lru_cache(maxsize=1)
def cited_in(state):
    """How many studies and publications the standing claims cite. Counted once for each state of the base."""
    cited = Evidence.objects.filter(version__listing__isnull=False)
    one = (Coalesce(f"{name}__merged_into", name) for name in ("study", "publication"))
    return tuple(cited.order_by().values(one=each).distinct().count() for each in one)


def related_harms(claim):
    """Published harms and interactions of the same intervention, or of a broader or narrower one, the surest first."""
    near = Topic.objects.filter(
        Q(reached_from__topic=claim.intervention_id) | Q(reaches__narrower=claim.intervention_id)
    )
    family = set(near.order_by().values_list("pk", flat=True))
    harms = ClaimVersion.objects.filter(
        listing__kind__in=("harm", "interaction"), claim__intervention__in=family
    )
    return harms.exclude(claim=claim).order_by(
        F("listing__strength").desc(nulls_last=True), "-listing__version"
    )
