"""The authors of a BibTeX entry: names divided by "and", where braces keep together what is one."""

import re

from studies.formats.columns import BLANKS
from studies.formats.latex import from_latex, to_latex

PLAIN_FAMILY = re.compile(r"[^\W\d_a-z][\w'’.-]*")


def names_within(text, reading):
    text = BLANKS.sub(" ", text)
    names = [from_bibtex(name, reading) for name in divided(text, re.compile(" and ", re.IGNORECASE))]
    if {"literal": "others"} in names:
        names.remove({"literal": "others"})
        reading.drop("author: others")
    return names


def divided(text, divider):
    """The parts of a text between what the divider matches outside braces."""
    parts, start, at, depth = [], 0, 0, 0
    for found in re.finditer(rf"[{{}}]|{divider.pattern}", text, divider.flags):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            at = found.start()
            parts.append(text[start:at])
            start = found.end()
    return [part.strip() for part in (*parts, text[start:]) if part.strip()]


def from_bibtex(text, reading):
    """Of "von Family, Jr, Given", "Given von Family", "{One Name}"; two pairs of braces make it a name to leave alone."""
    if text == "others":
        return {"literal": "others"}
    if is_in_braces(text):
        inner = text[1:-1].strip()
        return {"literal" if is_in_braces(inner) else "family": from_latex(inner, reading)}
    commas = divided(text, re.compile(","))
    if len(commas) > 1:
        family, given, suffix = commas[0], commas[-1], ", ".join(commas[1:-1])
        words = divided(family, re.compile(" "))
        particle = leading_particle(words)
    else:
        words, suffix = divided(commas[0] if commas else "", re.compile(" ")), ""
        at = next((at for at, word in enumerate(words[:-1]) if at and word[0].islower()), len(words) - 1)
        given, words = " ".join(words[:at]), words[at:]
        particle = leading_particle(words)
    parts = {
        "family": " ".join(words[len(particle) :]),
        "given": given,
        "non-dropping-particle": " ".join(particle),
        "suffix": suffix,
    }
    return {part: from_latex(value, reading) for part, value in parts.items() if value}


def leading_particle(words):
    """The words in lower case before the last one."""
    count = 0
    while count < len(words) - 1 and words[count][0].islower():
        count += 1
    return words[:count]


def is_in_braces(text):
    """Whether one pair of braces holds all of it."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return at == len(text) - 1
    return False


def to_bibtex(name):
    if name.get("literal"):
        return f"{{{{{to_latex(name['literal'])}}}}}"
    family = to_latex(name.get("family", ""))
    given = " ".join(filter(None, (name.get("given"), name.get("dropping-particle"))))
    particle = name.get("non-dropping-particle", "")
    if not given and not particle and not name.get("suffix"):
        return f"{{{family}}}"
    if not PLAIN_FAMILY.fullmatch(family):
        family = f"{{{family}}}"
    if particle and not all(word[0].islower() for word in particle.split()):
        particle = f"{{{to_latex(particle)}}}"
    parts = [f"{particle} {family}".strip(), kept_together(name.get("suffix", "")), kept_together(given)]
    return ", ".join(part for part in parts if part)


def kept_together(part):
    escaped = to_latex(part)
    return f"{{{escaped}}}" if re.search(r",|\band\b|^others$", escaped, re.IGNORECASE) else escaped
