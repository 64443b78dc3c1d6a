"""What differs between two documents of a claim: by text and language, by part of the rating, by domain, by row of evidence.

Two documents in, sections of lines out. Nothing here knows a page: a text's difference is a list of pieces that are the
same, removed or added.
"""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
LANGUAGES = ("en", "nl")
TEXTS = ("statement", "plain_sentence", "summary", "caveats")
ABOUT = (
    "intervention",
    "direction",
    "outcome",
    "comparator",
    "population",
    "condition",
    "population_words",
    "comparator_words",
)
RATED = ("scheme", "evidence_state", "start", "strength", "strength_in_people", "verdict", "effect_size")
REASONED = ("rationale", "would_change", "override_reason")
DATES = ("searched_through", "next_review_due")
PARTS = (
    "direction",
    "directness",
    "finding",
    "effect",
    "arms",
    "n",
    "counts_in_synthesis",
    "note",
    "risk_of_bias",
    "risk_of_bias_reason",
    "locator",
    "is_secondary",
    "publication",
)


@dataclass(frozen=True)
class Piece:
    kind: str  # same, removed or added
    text: str


@dataclass(frozen=True)
class Line:
    """One field in both documents. `name` is that of the document, `key` of the row it stands in, such as a domain."""

    name: str
    kind: str
    before: object
    after: object
    language: str = ""
    key: str = ""
    label: dict | None = None
    pieces: tuple = ()

    @property
    def is_text(self):
        return bool(self.language)


@dataclass(frozen=True)
class Section:
    name: str
    lines: list = field(default_factory=list)

    @property
    def changed(self):
        return [line for line in self.lines if line.kind != SAME]


def differences(before, after):
    """Sections in the order of a page. `before` may be None: then everything was added."""
    before = before or {}
    return [
        Section("words", [*texts(TEXTS, before, after)]),
        Section("about", [*values(ABOUT, before.get("about"), after["about"]), *topics(before, after)]),
        Section(
            "rating",
            [
                *values(RATED, before.get("rating"), after["rating"]),
                *texts(REASONED, before.get("rating") or {}, after["rating"]),
                *values(DATES, before, after),
            ],
        ),
        Section("judgements", judgements(before, after)),
        Section("evidence", evidence(before, after)),
    ]


def texts(names, before, after, *, key=""):
    for name in names:
        was, is_now = before.get(name) or {}, after.get(name) or {}
        for language in LANGUAGES:
            yield text_line(name, was.get(language, ""), is_now.get(language, ""), language, key)


def text_line(name, was, is_now, language, key=""):
    return Line(
        name, kind_of(was, is_now), was, is_now, language=language, key=key, pieces=tuple(pieces(was, is_now))
    )


def values(names, before, after, *, key=""):
    for name in names:
        was, is_now = (before or {}).get(name), (after or {}).get(name)
        yield Line(name, kind_of(was, is_now), was, is_now, key=key)


def topics(before, after):
    was = {topic["slug"]: topic for topic in before.get("topics", ())}
    is_now = {topic["slug"]: topic for topic in after["topics"]}
    for slug in sorted(was.keys() | is_now.keys()):
        yield Line(
            "topic", kind_of(was.get(slug), is_now.get(slug)), was.get(slug), is_now.get(slug), key=slug
        )


def judgements(before, after):
    """A step and its reasons for each domain that either document judges."""
    was, is_now = by_domain(before), by_domain(after)
    lines = []
    for code in [*is_now, *(code for code in was if code not in is_now)]:
        old, new = was.get(code), is_now.get(code)
        label = (new or old)["domain"]["label"]
        steps = [each["step"] if each else None for each in (old, new)]
        lines.append(Line("step", kind_of(*steps), *steps, key=code, label=label))
        for language in LANGUAGES:
            reasons = [((each or {}).get("reason") or {}).get(language, "") for each in (old, new)]
            line = text_line("reason", *reasons, language, code)
            if line.before or line.after:
                lines.append(line)
    return lines


def by_domain(document):
    return {row["domain"]["code"]: row for row in (document.get("rating") or {}).get("judgements", ())}


def evidence(before, after):
    """One line a row that is the same; a line for the row and for each field where it is not."""
    was, is_now = by_result(before), by_result(after)
    lines = []
    for place in [*is_now, *(place for place in was if place not in is_now)]:
        old, new = was.get(place), is_now.get(place)
        label = {language: " · ".join(named(new or old, language)) for language in LANGUAGES}
        key = f"{place[0]}:{place[1]}"
        kind = kind_of(old, new)
        lines.append(Line("row", kind, old, new, key=key, label=label))
        if kind == CHANGED:
            lines += [line for line in values(PARTS, old, new, key=key) if line.kind != SAME]
    return lines


def by_result(document):
    return {
        (row["study"]["key"], (row["outcome_measure"] or {}).get("en", "")): row
        for row in document.get("evidence", ())
    }


def named(row, language):
    return row["study"]["label"], (row["outcome_measure"] or {}).get(language, "")


def kind_of(was, is_now):
    if was == is_now:
        return SAME
    if was in (None, "", {}, []):
        return ADDED
    if is_now in (None, "", {}, []):
        return REMOVED
    return CHANGED


def pieces(was, is_now):
    """The words of two texts side by side, in reading order; spaces stay with the word before them."""
    old, new = (re.findall(r"\S+\s*", text) for text in (was, is_now))
    for kind, start, end, from_, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(new[from_:to]))
            continue
        if start < end:
            yield Piece(REMOVED, "".join(old[start:end]))
        if from_ < to:
            yield Piece(ADDED, "".join(new[from_:to]))
