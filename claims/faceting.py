"""What the filters of a list show: every choice with the claims it would give, and the choices in force."""

from functools import lru_cache

from django.utils.translation import get_language

from claims.filters import ClaimFilter, topic_names
from claims.stats import FACETS

TOPICS = 60  # offered in the filters; the others have their own page


def facets(counts, picked, state, more_topics=0):
    """For each facet {"name", "label", "choices", "rest"}: its choices with the claims each would give, empty ones left out.

    `picked` is {facet: codes in force}; `rest` is how many more topics there are than are offered, `more_topics` of which
    `counts` has not.
    """
    return [facet(name, counts[name], picked[name], state, more_topics) for name in FACETS]


def facet(name, numbers, picked, state, more_topics):
    labels, numbers, rest = labels_of(name, state), dict.fromkeys(picked, 0) | numbers, 0
    codes = [code for code in labels if code in numbers]
    if name == "topic":
        codes.sort(key=numbers.__getitem__, reverse=True)  # which keeps the order of names among equals
        codes = [code for code in codes if code in picked] + [code for code in codes if code not in picked]
        codes, rest = codes[:TOPICS], len(codes[TOPICS:]) + more_topics
    choices = [
        {"code": code, "label": labels[code], "count": numbers[code], "is_chosen": code in picked}
        for code in codes
    ]
    return {"name": name, "label": label_of(name), "choices": choices, "rest": rest}


def label_of(name, filters=ClaimFilter):
    return label_in(name, get_language(), filters)


@lru_cache(maxsize=64)
def label_in(name, _language, filters):
    return str(filters.base_filters[name].label)


def labels_of(name, state, filters=ClaimFilter):
    """{code: label} of the choices of one filter, in the order they are shown; empty where it has none."""
    language = get_language()
    return topic_names(state, language) if name == "topic" else labels_in(name, language, filters)


@lru_cache(maxsize=64)
def labels_in(name, _language, filters):
    return {code: str(label) for code, label in filters.base_filters[name].extra.get("choices", ())}


def chosen(parameters, state, filters=ClaimFilter):
    """The filters in force, each with the address that leaves it out."""
    found = []
    for name, values in parameters.lists():
        for value in values:
            if name in filters.base_filters and value and name != "ordering":
                rest = parameters.copy()
                rest.setlist(name, [other for other in values if other != value])
                rest.pop("page", None)
                shown = labels_of(name, state, filters).get(value, value)
                found.append({"label": label_of(name, filters), "value": shown, "without": rest.urlencode()})
    return found
