"""The names the world gives to papers, journals and trials: brought to one form, or refused with the reason.

Every `normalise_x` takes text as people paste it (with an address, a label or a full stop around it) and returns the
form we store; what it returns, it returns again. Raises InvalidIdentifier otherwise.
"""

import re
import unicodedata
from urllib.parse import unquote

DOI = re.compile(r"10\.[0-9]{4,9}/\S{1,200}")
DOI_ADDRESS = re.compile(r"(?:https?://)?(?:(?:www|dx)\.)?doi\.org/", re.IGNORECASE)
DOI_LABEL = re.compile(r"doi\s*[:=]?\s*(?=10\.|https?://|(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
PMID_AROUND = re.compile(
    r"(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|europepmc\.org/(?:article|abstract)/med/)"
    r"|(?:pubmed\s*)?pmid\s*[:=]?\s*|pubmed\s*[:=]\s*",
    re.IGNORECASE,
)
PMCID_AROUND = re.compile(
    r"(?:https?://)?(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|ncbi\.nlm\.nih\.gov/(?:m/)?pmc/articles/"
    r"|europepmc\.org/(?:articles?|abstract)/(?:pmc/)?)"
    r"|pmcid\s*[:=]?\s*",
    re.IGNORECASE,
)
ISSN_AROUND = re.compile(
    r"(?:https?://)?portal\.issn\.org/resource/issn/|[ep]?-?issn\s*[:=]?\s*", re.IGNORECASE
)
LONGEST = 1000
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}

# Each registry of trials with the form of its numbers.
REGISTRIES = (
    ("ClinicalTrials.gov", re.compile(r"NCT[0-9]{8}")),
    ("ISRCTN", re.compile(r"ISRCTN[0-9]{8}")),
    ("IRCT", re.compile(r"IRCT[0-9]{8,18}N[0-9]{1,3}")),
    ("EU CTR", re.compile(r"(?:19|20)[0-9]{2}-[0-9]{6}-[0-9]{2}")),
    ("CTIS", re.compile(r"20[0-9]{2}-5[0-9]{5}-[0-9]{2}-[0-9]{2}")),
    ("ANZCTR", re.compile(r"ACTRN[0-9]{14}")),
    ("ChiCTR", re.compile(r"ChiCTR(?:-[A-Z]{2,5}-)?[0-9]{8,10}")),
    ("LTR", re.compile(r"NTR[0-9]{1,5}|NL[0-9]{1,5}|NL-OMON[0-9]{1,6}")),
    ("DRKS", re.compile(r"DRKS[0-9]{8}")),
    ("CTRI", re.compile(r"CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}")),
    ("UMIN", re.compile(r"UMIN[0-9]{9}")),
    ("jRCT", re.compile(r"jRCT(?:s[0-9]{9}|[0-9]{10})")),
    ("TCTR", re.compile(r"TCTR[0-9]{11}")),
    ("CRIS", re.compile(r"KCT[0-9]{7}")),
    ("PACTR", re.compile(r"PACTR[0-9]{15,16}")),
    ("ReBEC", re.compile(r"RBR-[0-9a-z]{6,8}")),
    ("SLCTR", re.compile(r"SLCTR/[0-9]{4}/[0-9]{3}")),
    ("RPCEC", re.compile(r"RPCEC[0-9]{8}")),
)
# Prefixes as the registries write them, the longer of two before the shorter.
PREFIXES = (
    "ChiCTR",
    "jRCTs",
    "jRCT",
    *(
        "NCT",
        "ISRCTN",
        "IRCT",
        "ACTRN",
        "NTR",
        "NL-OMON",
        "NL",
        "DRKS",
        "CTRI/",
        "UMIN",
        "TCTR",
        "KCT",
        "PACTR",
    ),
    *("RBR-", "SLCTR/", "RPCEC"),
)
REGISTRY_AROUND = re.compile(
    r"(?:https?://)?(?:www\.)?(?:clinicaltrials\.gov/(?:ct2/show/|study/|show/)?|isrctn\.com/|doi\.org/10\.1186/(?=isrctn)"
    r"|drks\.de/search/[a-z]{2}/trial/|trialsearch\.who\.int/trial2\.aspx\?trialid=|jrct\.mhlw\.go\.jp/(?:en-)?latest-detail/)"
    r"|(?:eudract|registry|registration|trial)\s*(?:number|no\.?|id)?\s*[:=]?\s+|eudract\s*[:=]\s*",
    re.IGNORECASE,
)


class InvalidIdentifier(ValueError):
    """The message is for the person who typed it."""


def refusal(text, why):
    shown = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(text)[:60]
    )
    return InvalidIdentifier(f"“{shown}” {why}")


def stripped(text):
    """Without blanks and invisible characters at either end, and without the full stop of the sentence it stood in."""
    if len(text) > LONGEST:
        raise refusal(text, f"is longer than {LONGEST} characters, and so no identifier.")
    text = text.strip()
    while text and (
        text[-1] in ".,;:'\"`’”" or text[-1].isspace() or is_invisible(text[-1]) or closes_nothing(text)
    ):
        text = text[:-1]
    while text and (text[0] in "([{<'\"`‘“" or text[0].isspace() or is_invisible(text[0])):
        text = text[1:]
    return text


def closes_nothing(text):
    opening = BRACKETS.get(text[-1])
    return opening is not None and text.count(text[-1]) > text.count(opening)


def is_invisible(letter):
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")


def normalise_doi(text) -> str:
    """Such as "10.1186/s12906-021-03297-z": lower case, no address. Old ones with brackets and < stay whole."""
    found = stripped(text)
    found = DOI_LABEL.sub("", found, count=1) if DOI_LABEL.match(found) else found
    address = DOI_ADDRESS.match(found)
    if address:
        found = unquote(re.split(r"[?#]", found[address.end() :])[0]).rstrip("/")
    found = stripped(found).lower()
    if not DOI.fullmatch(found):
        raise refusal(
            text, "is not a DOI: it has 10., four to nine digits, a slash and a name without spaces."
        )
    if any(map(is_invisible, found)):
        raise refusal(text, "is not a DOI: there is an invisible character in it.")
    if any(part in (".", "..") for part in re.split(r"[/\\]", found)):
        raise refusal(text, "is not a DOI: .. is a way around folders, not part of a name.")
    return found


def normalise_pmid(text) -> str:
    """Digits without leading zeros, at most nine."""
    found = digits_after(PMID_AROUND, text)
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", found):
        raise refusal(text, "is not a PMID: it is a number of at most nine digits.")
    return found.lstrip("0")


def normalise_pmcid(text) -> str:
    """Such as "PMC3703169"; bare digits count, a version such as .2 falls off."""
    found = re.fullmatch(
        r"(?:PMC)?\s?0*([1-9][0-9]{0,8})(?:\.[0-9]{1,2})?", digits_after(PMCID_AROUND, text), re.IGNORECASE
    )
    if not found:
        raise refusal(text, "is not a PMCID: it is PMC and a number, such as PMC3703169.")
    return f"PMC{found[1]}"


def digits_after(around, text):
    found = stripped(text)
    before = around.match(found)
    if before:
        found = re.split(r"[?#]", found[before.end() :])[0].split("/")[0]
    return stripped(found)


def normalise_issn(text) -> str:
    """Such as "2045-7634"; the last character is checked against the other seven (ISO 3297)."""
    found = stripped(
        ISSN_AROUND.sub("", stripped(text), count=1) if ISSN_AROUND.match(stripped(text)) else text
    )
    parts = re.fullmatch(r"([0-9]{4})-?([0-9]{3})([0-9X])", found.translate(DASHES).upper())
    if not parts:
        raise refusal(
            text, "is not an ISSN: it is four characters, a hyphen and four more, such as 2045-7634."
        )
    expected = issn_check_digit(parts[1] + parts[2])
    if parts[3] != expected:
        raise refusal(text, f"is not an ISSN: it would have to end in {expected}. A digit may be mistyped.")
    return f"{parts[1]}-{parts[2]}{parts[3]}"


def issn_check_digit(seven):
    total = sum(int(digit) * weight for digit, weight in zip(seven, range(8, 1, -1), strict=True))
    rest = -total % 11
    return "X" if rest == 10 else str(rest)


def normalise_registry_id(text) -> str:
    """The number of a trial as its registry writes it, such as "NCT04462796" or "ChiCTR-TRC-10001088"."""
    found = stripped(text)
    around = REGISTRY_AROUND.match(found)
    if around:
        found = stripped(re.split(r"[?#]", found[around.end() :])[0])
    found = as_its_registry_writes(re.sub(r"\s+", "", found.translate(DASHES)))
    if registry_of(found) is None:
        raise refusal(text, "is not the number of a trial in a registry we know, such as NCT04462796.")
    return found


def as_its_registry_writes(number):
    for prefix in PREFIXES:
        if number.lower().startswith(prefix.lower()):
            rest = number[len(prefix) :]
            rest = rest.lower() if prefix == "RBR-" else rest.upper()
            return prefix + re.sub(r"^[:#.]|^-(?=[0-9]+$)", "", rest)
    return re.sub(r"^(\d{4}-\d{6}-\d{2})-[A-Za-z]{2,3}$", r"\1", number)


def registry_of(number) -> str | None:
    """The registry a normalised number belongs to; None where we know none."""
    return next((name for name, form in REGISTRIES if form.fullmatch(number)), None)


def identify(text) -> tuple[str, str]:
    """What this names and its normalised form: ("doi", ...), "pmcid", "issn", "trial" or "pmid".

    Bare digits are a PMID: an ISSN needs its hyphen here, a PMCID its letters. A DOI that holds an ISRCTN is a trial.
    """
    shown = stripped(text)
    bare_digits = shown.isdigit()
    readers = (
        ("trial", normalise_registry_id),
        ("doi", normalise_doi),
        *(() if bare_digits else (("pmcid", normalise_pmcid), ("issn", normalise_issn))),
        ("pmid", normalise_pmid),
    )
    for kind, read in readers:
        try:
            return kind, read(text)
        except InvalidIdentifier:
            continue
    raise refusal(text, "is not a DOI, PMID, PMCID, ISSN or trial number.")
