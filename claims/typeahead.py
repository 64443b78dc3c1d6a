"""What readers may mean while they are still typing: topics whose names begin so, and claims that say it, the strongest first."""

import json
from functools import lru_cache

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe

from claims.choices import TIERS
from claims.filters import topics_in
from claims.found import settings_for
from claims.words import query_of, words_of
from kb.lib.prepared import fetch_all
from kb.lib.unchanged import same_while_the_base_is

LEAST, LONGEST = 2, 100  # letters typed
TOPICS, CLAIMS = 4, 6  # offered
WEIGHED = 200  # claims of which the best are offered
FOUND = """
WITH asked AS MATERIALIZED (SELECT {query} AS query),
found AS MATERIALIZED (SELECT * FROM ({tiers}) AS tier LIMIT {weighed})
SELECT version.card FROM (
    SELECT version_id, row_number() OVER (ORDER BY ts_rank('{{0,0,0,1}}', words, (SELECT query FROM asked)) > 0 DESC,
        strength DESC NULLS LAST, accession) AS place FROM found
) AS best JOIN claims_claimversion AS version ON version.id = best.version_id WHERE place <= {claims} ORDER BY place
"""
TIER = """
SELECT version_id, accession, strength, words FROM claims_listing
WHERE tier = {tier} AND words @@ (SELECT query FROM asked)
"""


@require_safe
@same_while_the_base_is
def suggestions(request):
    """{"suggestions": [{"label", "note", "address"}], "said"} for the words in `q`, in the language of the address.

    `said` is what a screen reader says of them.
    """
    words = words_of(request.GET.get("q", "")[:LONGEST].replace("\x00", ""))
    found = [*topics_begun(words, request.state_of_base), *claims_begun(words)] if is_enough(words) else []
    return JsonResponse({"suggestions": found, "said": said_of(len(found)) if words else ""})


def said_of(number):
    if not number:
        return gettext("No suggestions.")
    said = ngettext(
        "%(number)s suggestion. Use the arrow keys.", "%(number)s suggestions. Use the arrow keys.", number
    )
    return said % {"number": number}


def is_enough(words):
    return sum(map(len, words)) >= LEAST


def topics_begun(words, state):
    """Topics one of whose names, in either language, has a word that begins as the last does, after all the others."""
    begun = " ".join(words)
    found = {}
    for name, slug, label, kind in names_in(state, get_language()):
        if name.startswith(begun) or f" {begun}" in name:
            own = " ".join(words_of(label))
            better = (not own.startswith(begun), not name.startswith(begun), len(name))
            found[slug] = min(found.get(slug, (better, label, kind)), (better, label, kind))
    best = sorted((better, slug, label, kind) for slug, (better, label, kind) in found.items())
    return [
        {"label": label, "note": kind, "address": reverse("claims:topic", args=[slug])}
        for _better, slug, label, kind in best[:TOPICS]
    ]


@lru_cache(maxsize=4)
def names_in(state, language):
    """[(name in plain words, slug, how it is shown, kind)] of each name of each topic that readers can reach."""
    found = []
    for slug, topic in topics_in(state).items():
        names = (topic.name_en, topic.name_nl, *topic.synonyms_en, *topic.synonyms_nl)
        for plain in dict.fromkeys(" ".join(words_of(name)) for name in names):
            found.append((plain, slug, getattr(topic, f"name_{language}"), str(topic.get_kind_display())))
    return found


def claims_begun(words):
    """Claims that have all the words, the last of which may go on."""
    query, values = query_of(" ".join(words[:-1])) if words[:-1] else ("", [])
    begun = "to_tsquery('simple', %s)"
    tiers = " UNION ALL ".join(f"({TIER.format(tier=tier)} LIMIT {WEIGHED})" for tier in TIERS)
    sql = FOUND.format(
        query=f"{query} && {begun}" if query else begun, tiers=tiers, weighed=WEIGHED, claims=CLAIMS
    )
    rows = fetch_all(sql, [*values, f"{words[-1]}:*"], settings=settings_for())
    return [suggestion(json.loads(card)) for (card,) in rows]


def suggestion(card):
    language, rating = get_language(), card["rating"]
    said = card["statement"] if rating["scheme"]["code"] == "none" else card["plain_sentence"]
    strength = rating["strength"]["label"][language] if rating["strength"] else gettext("Not rated")
    address = reverse("claims:detail", args=[card["accession"]])
    return {"label": said[language], "note": f"{card['accession']}, {strength}", "address": address}
