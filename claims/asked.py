"""What may be asked of the addresses of claims: each parameter described, read, and refused with a sentence."""

import re
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from claims.choices import UNRATED
from claims.filters import ORDERS, ClaimFilter, past_moment
from claims.serializers import ClaimCardSerializer, ClaimSerializer
from kb.lib import shapes
from kb.lib.described import listed
from kb.lib.lists import CUTTING
from kb.lib.reading import BadParameters

INCLUDABLE = ("document", "evidence", "judgements")
ACCESSION = re.compile(r"KB[0-9]{6,12}", re.ASCII)
NAME = re.compile(r"(?P<accession>KB[0-9]{6,12})(?:\.(?P<number>[1-9][0-9]{0,5}))?", re.ASCII)
NUMBER = "(?P<number>[1-9][0-9]{0,5})"
MOST_AT_ONCE = 500
SHAPING = {*shapes.SHAPING, "as_of", "include"}
HARVEST = "accession"  # the order that no publication changes

AS_OF = listed("as_of", "As it was served at this past date (its end) or moment.")
INCLUDE = listed("include", f"More than the card: {', '.join(INCLUDABLE)}; several with commas between.")
AT_ONCE = listed(
    "accession",
    f"These claims, at most {MOST_AT_ONCE}, in this order; repeat it, or put commas between. Not beside filters.",
    many=True,
)
STRENGTHS = ["high", "moderate", "low", "very-low"]
FILTERS = [
    listed("q", "Words to find, in either language; quotes hold words together, a minus leaves a word out."),
    listed("strength_min", "Rated this strong or stronger.", STRENGTHS),
    listed("strength", "Rated exactly so; repeat for any of several.", [*STRENGTHS, UNRATED], many=True),
    listed("verdict", "Which way the evidence points.", ["supported", "mixed", "not-supported", "contradicted", "insufficient"], many=True),
    listed("kind", "Kind of claim.", ["efficacy", "harm", "association", "mechanism", "intake", "interaction", "bioavailability", "diagnosis"], many=True),
    listed("topic", "Slug of a topic; claims about narrower topics are found too.", many=True),
    listed("design", "Rests on at least one study of this design.", many=True),
    listed("tested", "With a study in people of this intervention and this outcome.", ["people"]),
    listed("updated_since", "Published at or after this date or moment."),
]  # fmt: skip
ORDERING = listed("ordering", "Order of the list; a walk with cursor goes by accession.", list(ORDERS))


class ListFilter(ClaimFilter):
    also_known = ClaimFilter.also_known | CUTTING | SHAPING | {"accession"}


class LinesFilter(ClaimFilter):
    also_known = frozenset({*shapes.SHAPING, "as_of"})


class FileFilter(ClaimFilter):
    """Of a file for other programs, which has a shape and an order of its own."""

    also_known = frozenset({"as_of"})

    @property
    def problems(self):
        found = super().problems
        if "ordering" in self.data:
            found["ordering"] = _("is not a parameter here: claims come by accession.")
        return found


@dataclass(frozen=True)
class Shape(shapes.Shape):
    """Of a claim also: with which parts of the document."""

    parts: frozenset = frozenset()  # none: the card


WHOLE = frozenset({"document"})


def shape_asked(parameters, problems, parts=None):
    """The shape that `lang`, `include` and `fields` ask for; adds {parameter: sentence} to the problems.

    `parts` are given where the address decides them; else `include` does.
    """
    language = shapes.language_asked(parameters, problems)
    if parts is None:
        parts = frozenset(name for text in parameters.getlist("include") for name in text.split(","))
        if parts - set(INCLUDABLE):
            problems["include"] = _("is not a part. Known are: %(known)s.") % {"known": ", ".join(INCLUDABLE)}
    known = members_known(parts, language)
    return Shape(language, shapes.members_in(parameters, known, problems), parts)


def members_known(parts, language):
    whole = shapes.members_known(ClaimSerializer, language)
    if "document" in parts:
        return whole
    known = dict(shapes.members_known(ClaimCardSerializer, language))
    if "evidence" in parts:
        known["evidence"] = whole["evidence"]
    if "judgements" in parts:
        known["rating"] = (*known["rating"], "judgements")
    return known


def refuse(problems):
    if problems:
        raise BadParameters(problems)


def moment_asked(parameters, problems):
    """The past moment that `as_of` names, or None; adds to the problems."""
    text = parameters.get("as_of")
    try:
        return past_moment(text) if text else None
    except ValueError as error:
        problems["as_of"] = str(error)


def accessions_asked(parameters, problems):
    """Each accession once, in the order given; adds to the problems."""
    names = [name for text in parameters.getlist("accession") for name in text.split(",")]
    wrong = [name for name in names if not ACCESSION.fullmatch(name)]
    if wrong:
        problems["accession"] = _("is a name such as KB000012, not %(given)s.") % {
            "given": wrong[0][:40] or '""'
        }
    names = list(dict.fromkeys(names))
    if len(names) > MOST_AT_ONCE:
        problems["accession"] = _("names at most %(most)s claims at once.") % {"most": MOST_AT_ONCE}
    return names


def name_asked(text):
    """{"accession", "number"} of KB000012 or KB000012.3; without the .3 the number is None. Raises Http404."""
    match = NAME.fullmatch(text)
    if match is None:
        raise Http404
    return match.groupdict()
