"""References as readers and reference managers know them: CSL items in, Vancouver or APA out.

The styles in `studies/csl/` are run by citeproc-py, which escapes nothing, prints the title of a work without authors
twice and doubles full stops: what goes in is escaped here, what comes out is mended and cleaned.
"""

import html
import re
from functools import lru_cache
from pathlib import Path
from threading import Lock

STYLES = Path(__file__).parent / "csl"
LOCALES = {"en": "en-US", "nl": "nl-NL"}
NO_YEAR = {"en": "n.d.", "nl": "z.j."}
TAGS = {"i", "em", "b", "sup", "sub"}
NAME_PARTS = ("family", "given", "literal", "suffix", "dropping-particle", "non-dropping-particle")
COLUMNS = {
    "container_title": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
    "language": "language",
}
DASH = "\ue000"  # stands for the dash in pages while citeproc runs, which makes 1-8 of pages 1-18
RENDERING = Lock()  # a parsed style keeps its formatter and its place while it renders


def csl_item(publication) -> dict:
    """A publication's fields (title, authors, container_title, year, ..., type) as a CSL item; what is empty is left out.

    Source: the CSL 1.0.2 data schema.
    """
    item = {
        "id": str(publication.get("key") or publication.get("doi") or publication.get("pmid") or "item"),
        "type": str(publication.get("type") or "article-journal"),
        "title": publication.get("title") or "",
        "author": [name for name in map(csl_name, publication.get("authors") or ()) if name],
    }
    item |= {name: str(publication[column]) for column, name in COLUMNS.items() if publication.get(column)}
    if publication.get("year"):
        item["issued"] = {"date-parts": [[int(publication["year"])]]}
    return {name: value for name, value in item.items() if value}


def csl_name(author):
    return {part: str(author[part]) for part in NAME_PARTS if author.get(part)}


def reference(item, style="vancouver", language="en") -> str:
    """The reference of one CSL item as HTML that is safe to print; of tags it holds i, em, b, sup and sub only.

    Raises ValueError for a style or language we do not have.
    """
    import nh3  # late, with citeproc: commands that print no reference need neither

    prepared = prepare(item, style, language)
    with RENDERING:
        rendered = render(prepared, parsed_style(style, language))
    rendered = re.sub(r"^1\.\s*", "", rendered) if style == "vancouver" else rendered
    if "author" not in prepared:
        rendered = title_once(rendered)
    if "page" in prepared and not {"volume", "issue"} & prepared.keys():
        rendered = rendered.replace(f";{prepared['page']}.", f":{prepared['page']}.")
    rendered = mend(rendered).replace(DASH, "\N{EN DASH}")
    return nh3.clean(rendered, tags=TAGS, attributes={}).strip()


def reference_text(item, style="vancouver", language="en") -> str:
    """The same reference without markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", reference(item, style, language))).replace("\xa0", " ")


@lru_cache(maxsize=len(LOCALES) * 2)
def parsed_style(style, language):
    from citeproc import CitationStylesStyle

    if style not in ("vancouver", "apa") or language not in LOCALES:
        raise ValueError(
            f"There are references in vancouver and apa, in en and nl; not in {style}, {language}."
        )
    return CitationStylesStyle(str(STYLES / f"{style}.csl"), locale=LOCALES[language], validate=False)


def prepare(item, style, language):
    """The item as citeproc needs it: escaped, with a year even where there is none, without addresses of databases."""
    import nh3

    fields = ("container-title", "publisher", "volume", "issue", "page", "DOI", "PMID", "PMCID", "URL")
    prepared = {name: html.escape(str(item[name]), quote=False) for name in fields if item.get(name)}
    for name in ("title", "container-title"):
        if item.get(name):
            prepared[name] = nh3.clean(str(item[name]), tags=TAGS, attributes={}).strip().removesuffix(".")
    if "page" in prepared:
        prepared["page"] = page_range(prepared["page"], is_short=style == "vancouver")
    if any(name in prepared for name in ("DOI", "PMID", "PMCID")):
        prepared.pop("URL", None)
    if item.get("author"):
        prepared["author"] = [escaped_name(name) for name in item["author"]]
    prepared["issued"] = item.get("issued") or {"literal": NO_YEAR.get(language, "")}
    return prepared | {"id": "item", "type": item.get("type", "article-journal")}


def page_range(pages, *, is_short):
    """Vancouver writes 1161 to 1169 as 1161–9; what does not run between two numbers of one length stays in full."""
    first, *last = re.split(r"\s*[-\N{EN DASH}]\s*", pages, maxsplit=1)
    if is_short and last and first.isdecimal() and last[0].isdecimal() and len(first) == len(last[0]):
        shared = next((at for at, digit in enumerate(first) if digit != last[0][at]), 0)
        last[0] = last[0][shared:]
    return DASH.join((first, *last))


def escaped_name(name):
    """A given name in capitals is a row of initials: "LM" becomes "L. M.", so that both letters count."""
    escaped = {part: html.escape(str(name[part]), quote=False) for part in NAME_PARTS if name.get(part)}
    if re.fullmatch(r"[A-Z]{2,3}", escaped.get("given", "")):
        escaped["given"] = " ".join(f"{letter}." for letter in escaped["given"])
    return escaped


def render(item, style):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.html)
    bibliography.register(Citation([CitationItem("item")]))
    return str(bibliography.bibliography()[0])


def title_once(rendered):
    """Without its second title: "Title. (2019). Title. Journal" becomes "Title. (2019). Journal"."""
    return re.sub(
        r"^(?P<title>.+?)(?P<year>\. \([^()]*\)\.) (?P=title)(?=[.?!]|$)\.?", r"\g<title>\g<year>", rendered
    )


MENDINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\(\s*\)", ""),
        (r"\((n\.d\.|z\.j\.), \1\)", r"(\1)"),
        (r"\b(?:Retrieved|Geraadpleegd) $", ""),
        (r"\s+([,;]|\.(?![0-9]))", r"\1"),
        (r"(?<!\.)\.(</i>)?\.(?!\.)", r".\1"),
        (r"([?!])(</i>)?\.", r"\1\2"),
        (r",\s*(?=,)", ""),
        (r"[ \t\n]{2,}", " "),
    )
)


def mend(rendered):
    """Full stops, commas and blanks once, no empty brackets. What stands in an address or a DOI is left alone."""
    pieces = re.split(r"(https?://\S+|doi:\S+)", rendered)
    for at in range(0, len(pieces), 2):
        for pattern, replacement in MENDINGS:
            pieces[at] = pattern.sub(replacement, pieces[at])
    return "".join(pieces).strip()
