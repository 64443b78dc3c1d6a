"""Values as a file writes them, brought to the columns of a publication."""

import re

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from studies.choices import PublicationRole
from studies.formats.languages import language_code
from studies.formats.reading import LONGEST_VALUE, Record, shown
from studies.identifiers import normalise_doi, normalise_pmcid, normalise_pmid

TEXTS = ("title", "container_title", "volume", "issue")
BLANKS = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
DASHES = re.compile(r" ?[\u2010-\u2015\u2212-]+ ?")
KEY = re.compile(r"(?=.*[a-zA-Z])[-a-zA-Z0-9_]{1,80}")  # digits alone are a number of the other program
GIVEN_KEY = re.compile(r"reference-[0-9]+")  # what `write` calls a record without a key
YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2}|2100)(?:(?=[01][0-9][0-3][0-9](?![0-9]))|(?![0-9]))")
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
RETRACTED = re.compile(r"\[?(?:retracted(?: article)?|withdrawn) ?(?:[:.\]]|[\u2013\u2014-] )", re.IGNORECASE)
NOTICE = re.compile(r"retraction(?: note| notice)?(?: to)? ?:|retraction notice to\b", re.IGNORECASE)
ROLE = re.compile(rf"role: ({'|'.join(PublicationRole.values)})")
RETRACTED_NOTE = "Retracted publication"


def tidy(text):
    """On one line, without blanks around it; a character that no text holds is shown as the one for unknown."""
    if text.isprintable() and "  " not in text:  # nearly all there is, and ten times faster
        return text.strip()
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", BLANKS.sub(" ", text)).strip()


def to_record(reading, line, found, raw_id="", standing=""):
    """Yields the record of `found`, {column: text, authors: CSL names}; a value that cannot be read is told and left out.

    Yields nothing for what has neither title nor identifier, and tells that.
    """
    fields = {}
    for name in TEXTS:
        put(fields, name, text_within(reading, line, name, found.get(name)))
    pages = text_within(reading, line, "pages", found.get("pages"))
    put(fields, "pages", DASHES.sub("-", pages))
    put(fields, "authors", authors_within(reading, line, found.get("authors", ())))
    put(fields, "csl_type", found.get("csl_type"))
    put(fields, "role", found.get("role"))
    for name, convert in READERS.items():
        text = tidy(found.get(name) or "")
        if not text:
            continue
        try:
            fields[name] = convert(text)
        except ValueError:
            reading.trouble(
                line,
                _("%(field)s: “%(text)s” cannot be read and is left out.")
                % {"field": capfirst(label(name)), "text": shown(text)},
            )
    if not fields.keys() & {"title", "doi", "pmid", "pmcid"}:
        reading.trouble(line, _("This record has no title and no DOI, PMID or PMCID; it is skipped."))
        return
    raw_id = tidy(raw_id)[:LONGEST_VALUE]
    if KEY.fullmatch(raw_id) and not GIVEN_KEY.fullmatch(raw_id):
        fields["key"] = raw_id
    standing = standing or found.get("standing") or standing_of_title(fields.get("title", ""))
    yield Record(line, fields, raw_id, standing)


def put(fields, name, value):
    if value:
        fields[name] = value


def text_within(reading, line, name, text):
    text = tidy(text) if text else ""
    if len(text) > LONGEST_VALUE:
        reading.trouble(
            line,
            _("%(field)s: the value is longer than %(most)s characters and is left out.")
            % {"field": capfirst(label(name)), "most": LONGEST_VALUE},
        )
        return ""
    return text


def authors_within(reading, line, names):
    kept = [
        {
            part: tidied
            for part, text in name.items()
            if (tidied := text_within(reading, line, "authors", text))
        }
        for name in names
    ]
    return [name for name in kept if name]


def year_within(text):
    """Of "2019/03/15", "20190315", "2015 Aug" and "15-3-2015" the year."""
    found = YEAR.search(text)
    if not found:
        raise ValueError(text)
    return int(found[1])


def address_within(text):
    found = ADDRESS.match(text)
    if not found or len(text) > LONGEST_VALUE:
        raise ValueError(text)
    return found[0]


def role_within(text):
    """The role of a publication, as `note_of` writes it; else None."""
    found = ROLE.fullmatch(text)
    return found and found[1]


def note_of(item):
    """What a publication is and what became of it, for formats that have no field for either; else ""."""
    role = item.get("role") and f"role: {item['role']}"
    return "; ".join(filter(None, (role, item.get("standing") == "retracted" and RETRACTED_NOTE)))


def noted(values, name):
    """{role, standing} as `note_of` wrote them; the notes of this name that say so are taken out."""
    found = {"role": None, "standing": ""}
    for text in values.texts(name):
        parts = text.split("; ")
        is_retracted = parts[-1].rstrip(".").casefold() == RETRACTED_NOTE.casefold()
        role = role_within(parts[0])
        if len(parts) == bool(role) + is_retracted:
            values.discard(name, text)
            found["role"] = found["role"] or role
            found["standing"] = "retracted" if is_retracted else found["standing"]
    return found


def standing_of_title(title):
    """Publishers put it before the title when they withdraw a paper."""
    if NOTICE.match(title):
        return "notice"
    return "retracted" if RETRACTED.match(title) else ""


READERS = {
    "year": year_within,
    "language": language_code,
    "url": address_within,
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
}


def label(name):
    """A column as people call it."""
    return {
        "title": _("title"),
        "authors": _("authors"),
        "container_title": _("journal or site"),
        "year": _("year"),
        "volume": _("volume"),
        "issue": _("issue"),
        "pages": _("pages"),
        "language": _("language"),
        "url": _("address"),
        "first_page": _("first page"),
        "last_page": _("last page"),
        "csl_type": _("type"),
        "role": _("role"),
        "standing": _("whether it was retracted"),
    }.get(name, name.upper())
