"""Whether words and numbers stand in a text, whatever setting and copying did to it. Plain values in and out."""

import re
import unicodedata

FEWEST_WORDS, MOST_WORDS = 3, 25
# As PostgreSQL and Python both read it. Where words are left out stands [...], which is no word; each part has two or more.
LEFT_OUT = r"\[(?:\.\.\.|\u2026)\]"
WORD = rf"(?!{LEFT_OUT}(\s|$))\S+"
SIZE = rf"^{WORD}(\s+({LEFT_OUT}\s+)?{WORD}){{{FEWEST_WORDS - 1},{MOST_WORDS - 1}}}$"
PARTS = rf"^{WORD}(\s+{WORD})+(\s+{LEFT_OUT}\s+{WORD}(\s+{WORD})+)*$"
BETWEEN_PARTS = re.compile(rf"\s{LEFT_OUT}\s")

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
HYPHENS, QUOTES, DOUBLE_QUOTES = (
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "\u2018\u2019\u201a\u201b\u2032`",
    "\u201c\u201d\u201e\u2033",
)
STRAIGHT = str.maketrans(
    dict.fromkeys(HYPHENS, "-") | dict.fromkeys(QUOTES, "'") | dict.fromkeys(DOUBLE_QUOTES, '"')
)
# Between two letters, also at the end of a line, where it may be the hyphen of the word or the printer's.
HYPHEN_INSIDE = re.compile(r"(?<=[^\W\d_])-(?:[^\S\n]*\n\s*)?(?=[^\W\d_])")
MARK = "[.,\u00b7\u2027\u22c5]"


def stands_in(quote, text):
    """Whether these words, whole and in this order, stand in the text; those on either side of [...] one after the other.

    Case, spaces, the shape of signs and hyphens inside words do not matter.
    """
    text, place = folded(text), 0
    for part in map(folded, BETWEEN_PARTS.split(quote)):
        found = part and re.compile(rf"(?<!\w){re.escape(part)}(?!\w)").search(text, place)
        if not found:
            return False
        place = found.end()
    return True


def folded(text):
    text = unicodedata.normalize("NFKC", text.translate(UNSEEN)).translate(STRAIGHT)
    return " ".join(HYPHEN_INSIDE.sub("", text).casefold().split())


def numbers_absent(numbers, text):
    """Those of these numbers (Decimal) that do not stand in the text, with or without their sign, with any decimal mark."""
    text = folded(text)
    return [number for number in numbers if not re.search(pattern_of(abs(number)), text)]


def pattern_of(number):
    whole, _point, part = f"{number.normalize():f}".partition(".")
    whole = "0?" if whole == "0" and part else whole
    fraction = f"{MARK}{part}0*" if part else f"(?:{MARK}0+)?"
    return rf"(?<!\d)(?<!\d{MARK}){whole}{fraction}(?!\d)(?!{MARK}\d)"
