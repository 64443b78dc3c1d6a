"""What the page of a list says of its rows and lines, a hundred at a time."""

from urllib.parse import urlsplit

from django.core.paginator import Paginator

from studies.chosen import REPORT, ROLES, SAME, Choice, candidates
from studies.formats.columns import label
from studies.imports import twins_in
from studies.states import SIGNS

PER_PAGE = 100


def part_of(imported, number):
    """A page of its lines where it was pasted, else of its rows; for a number that there is not, the nearest."""
    return Paginator(imported.lines or imported.rows, PER_PAGE).get_page(number)


def numbers_on(imported, part):
    """The places in the list, from 1, of the rows on this page."""
    if imported.lines:
        lines = {line["line"] for line in part}
        return [number for number, row in enumerate(imported.rows, 1) if row["line"] in lines]
    begin = part.start_index()
    return range(begin, begin + len(part.object_list))


def shown_rows(imported, numbers, chosen):
    """These rows with what the page says of each; `twin` is the row before it that names the same paper."""
    twins = twins_in(enumerate((row["fields"] for row in imported.rows), 1))
    return [
        shown_row(imported.rows[number - 1], number, chosen.get(number))
        | {"twin": imported.rows[twins[number] - 1] if number in twins else None}
        for number in numbers
    ]


def shown_lines(imported, part, rows, states):
    """The pasted lines on this page with their states, and what it says of each."""
    by_line = {row["line"]: row for row in rows}
    sentences = dict(imported.problems)
    return [
        line
        | {
            "state": states[line["line"]],
            "sign": SIGNS[states[line["line"]]],
            "row": by_line.get(line["line"]),
            "sentence": sentences.get(line["line"], ""),
        }
        for line in (part if imported.lines else ())
    ]


def shown_row(row, number, choice):
    fields = row["fields"]
    names = (fields.get(name) for name in ("title", "doi", "pmid", "pmcid"))
    beside = (fields.get(name) for name in ("container_title", "year", "doi"))
    return row | {
        "number": number,
        "chosen": choice.value if choice else "",
        "title": next(filter(None, names), ""),
        "place": urlsplit(row["answer"]["url"]).hostname if "answer" in row else "",
        "beside": " ".join(str(each) for each in beside if each),
        "candidates": [shown_candidate(each, number, choice) for each in candidates(row)],
    }


def shown_candidate(found, number, choice):
    is_chosen = bool(choice) and choice.deed == SAME and choice.of == found["key"]
    return found | {
        "same": Choice(SAME, found["key"]).value,
        "reports": [(Choice(REPORT, found["study"], role).value, label) for role, label in ROLES],
        "field": f"take-{number}-{found['key']}",
        "conflicts": [
            (column, label(column), *both, is_chosen and column in choice.take)
            for column, both in found["conflicts"].items()
        ],
        "lacks": ", ".join(label(column) for column in found["lacks"]),
    }
