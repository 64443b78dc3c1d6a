"""Names of authors: as other programs write them, and as CSL names."""

import re

INITIALS = re.compile(r"(\S.*?)\s+([^\W\d_a-z]{1,4})(?:\s+(Jr|Sr|2nd|3rd|II|III|IV))?\.?")


def from_inverted(text):
    """Of "Family, Given, Suffix". "An Organisation, of That," with a comma at its end is one name; so is one without a comma."""
    text = text.strip()
    if text.endswith(","):
        return {"family": text.rstrip(", ")}
    family, *rest = (part.strip() for part in text.split(","))
    if not rest:
        return {"literal": family}
    if len(rest) == 1:
        return {"family": family, "given": rest[0]}
    return {"family": family, "given": ", ".join(rest[:-1]), "suffix": rest[-1]}


def inverted(name):
    """The other way round: "Family, Given, Suffix"; a family name alone has a comma behind it."""
    if name.get("literal"):
        return name["literal"]
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(part for part in (*particles, name.get("family")) if part)
    parts = [family, name.get("given", "")]
    return ", ".join([*parts, name["suffix"]]) if name.get("suffix") else ", ".join(parts).rstrip(" ")


def from_initials(text):
    """Of "Cheungpasitporn W" or "Phillips GN Jr", as PubMed writes them; what ends in no initials is one name."""
    found = INITIALS.fullmatch(text.strip())
    if not found:
        return {"literal": text.strip()}
    name = {"family": found[1], "given": found[2]}
    return name | {"suffix": found[3]} if found[3] else name


def initialled(name):
    """As PubMed shortens it: "Phillips GN Jr"."""
    initials = "".join(part[0].upper() for part in re.split(r"[\s.-]+", name.get("given", "")) if part)
    family = inverted({part: text for part, text in name.items() if part not in ("given", "suffix")})
    return " ".join(filter(None, (family.rstrip(","), initials, name.get("suffix"))))


def from_cell(text):
    """The authors in one cell of a table: divided by semicolons, lines, bars or "and"; by commas where all end in initials."""
    text = re.sub(r"[^\S\n]+", " ", text)
    parts = [part.strip() for part in re.split(r"[;|\n]| and | & ", text) if part.strip()]
    if len(parts) == 1:
        commas = [part.strip() for part in parts[0].rstrip(" .").split(",")]
        if all(INITIALS.fullmatch(part) for part in commas):
            return [from_initials(part) for part in commas]
    return [from_initials(part) if "," not in part else from_inverted(part) for part in parts]
