"""What reading a file gives: its records, what went wrong with which line, and what it held that we do not keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

LARGEST_FILE = 50 * 1024 * 1024  # bytes
MOST_RECORDS = 100_000
MOST_PROBLEMS = 1_000  # told one by one; the rest is a number
MOST_TROUBLES = 300_000  # with more of them it is no list of references
MOST_DROPPED = 300  # names of fields that are told apart
LONGEST_VALUE = 20_000  # characters of one value that we keep
DEEPEST = 60  # brackets or elements inside each other
LONGEST_SHOWN = 60
OUTSIDE = "-"  # what stands between records, in the counts of what is dropped


class Unreadable(ValueError):
    """A file that is not read at all; the message is for the person who chose it."""


class Unknown(Unreadable):
    """It begins as no kind of file that we read, nor as one that we can name."""


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    sentence: str


@dataclass(slots=True)
class Record:
    """`fields` holds columns of Publication, those with a value only. `raw_id` is the name the file itself uses.

    `standing` is what the file says of the paper: "retracted", "notice" where the record is itself the notice of a
    retraction, "" where it says nothing.
    """

    line: int
    fields: dict
    raw_id: str = ""
    standing: str = ""


@dataclass(slots=True)
class Reading:
    """`problems_untold` counts those beyond the first thousand; `dropped` is {field as the file calls it: how often}."""

    kind: str
    encoding: str
    records: Iterable[Record] = ()
    problems: list[Problem] = field(default_factory=list)
    problems_untold: int = 0
    dropped: dict[str, int] = field(default_factory=dict)

    def trouble(self, line, sentence):
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, sentence))
        else:
            self.problems_untold += 1
            if self.problems_untold > MOST_TROUBLES:
                raise Unreadable(_("Nearly nothing in this file can be read as it should."))

    def drop(self, name, times=1):
        name = shown(name)
        if name not in self.dropped and len(self.dropped) >= MOST_DROPPED:
            name = "…"
        self.dropped[name] = self.dropped.get(name, 0) + times


def shown(text):
    """Text from a file as a sentence may quote it."""
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for letter in text[: LONGEST_SHOWN + 1]
    )
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def limited(records):
    for number, record in enumerate(records, start=1):
        if number > MOST_RECORDS:
            raise Unreadable(
                _("The file holds more than %(most)s records. Divide it into smaller files.")
                % {"most": MOST_RECORDS}
            )
        yield record


def too_deep():
    return Unreadable(
        _("Brackets or elements in the file stand more than %(most)s deep inside each other.")
        % {"most": DEEPEST}
    )
