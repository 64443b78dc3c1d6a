"""What the pages about claims need to show the sum of a rating, and what later happened to the studies under it."""

import json
import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.choices import ChangeKind, Domain, StaleReason, Strength
from claims.formats.citing import citation
from claims.grading import Step, grade
from claims.words import words_of
from kb.lib.jsonlines import canonical
from studies.choices import Design, NoticeKind, RiskOfBias
from studies.references import csl_item, reference

register = template.Library()
ANY_ACCESSION, ANY_SENTENCE = "KB999999999999", "\ue000"  # stand where a card has its own


@register.filter
def working(rating):
    """The sum of a GRADE rating: a Grade with its computed strength, total and whether it was clamped; None without a start."""
    if not (rating["start"] and rating["strength"]):
        return None
    steps = [
        Step(Domain(line["domain"]["code"]), line["step"], line["reason"]["en"] if line["reason"] else "")
        for line in rating["judgements"]
    ]
    return grade(Strength(rating["start"]["value"]), steps)


@register.simple_tag
def drawn_cards(cards, search=None):
    """The cards of a list, each as an <li>; what is HTML already stays as it is."""
    if isinstance(cards, SafeString):
        return cards
    return mark_safe("".join(f"<li>{drawn_card(shown, search)}</li>\n" for shown in cards))


@register.simple_tag
def drawn_card(shown, search=None):
    """The card of a version in a list: it hangs on its text, the language and three signs of its standing, and nothing else."""
    standing = shown.standing or {}
    signs = [bool(standing.get(name)) for name in ("under_review", "fallen", "trials")]
    card = card_in(get_language(), shown.text, shown.is_mechanism_only, *signs)
    return marked(card, search) if search else card


def marked(html, search):
    """The same HTML with the words that were looked for inside <mark>; tags, drawings and entities are left alone."""
    begun = {
        re.escape(word[: max(4, len(word) - 2)]) for piece in search.pieces for word in words_of(piece.words)
    }
    if not begun:
        return html
    found = re.compile(rf"&#?\w+;|\b(?:{'|'.join(sorted(begun))})\w*", re.IGNORECASE)
    pieces = re.split(r"(<svg.*?</svg>|<[^>]*>)", html, flags=re.DOTALL)
    pieces[::2] = (found.sub(in_a_mark, text) for text in pieces[::2])
    return mark_safe("".join(pieces))


def in_a_mark(match):
    return match[0] if match[0].startswith("&") else f"<mark>{match[0]}</mark>"


@lru_cache(maxsize=4096)
def card_in(language, text, is_mechanism_only, under_review, fallen, trials):
    """A card as HTML: the frame of its like, with its own number and sentence put in."""
    card = json.loads(text)
    like = json.dumps([card["rating"], card["kind"], card["tallies"]["studies"]])
    frame = card_frame(language, like, is_mechanism_only, under_review, fallen, trials)
    said = card["statement"] if card["rating"]["scheme"]["code"] == "none" else card["plain_sentence"]
    return mark_safe(
        frame.replace(ANY_ACCESSION, card["accession"]).replace(ANY_SENTENCE, escape(said[language]))
    )


@lru_cache(maxsize=1024)
def card_frame(language, like, is_mechanism_only, under_review, fallen, trials):
    """What all cards with this rating, kind and number of studies have in common: a template draws far slower than it is filled."""
    rating, kind, studies = json.loads(like)
    said = dict.fromkeys(("en", "nl"), ANY_SENTENCE)
    card = {
        "accession": ANY_ACCESSION,
        "statement": said,
        "plain_sentence": said,
        "rating": rating,
        "kind": kind,
    }
    standing = {"under_review": under_review, "fallen": fallen, "trials": trials}
    context = {"card": card | {"tallies": {"studies": studies}}, "standing": standing}
    return render_to_string("claims/_card.html", context | {"is_mechanism_only": is_mechanism_only})


@register.simple_tag
def choice_boxes(name, choices):
    """The boxes of a filter. Here and not in a template: there may be a hundred, and a template draws them far slower."""
    return mark_safe("".join(box(name, choice) for choice in choices))


def box(name, choice):
    before, after = box_frame(name, choice["code"], choice["label"], choice["is_chosen"])
    return f"{before}{choice['count']}{after}"


@lru_cache(maxsize=8192)
def box_frame(name, code, label, is_chosen):
    """What stands before and after the number of a box."""
    checked = " checked" if is_chosen else ""
    return (
        f'<label class="choice"><input type="checkbox" name="{name}" value="{escape(code)}"{checked}> '
        f'<span>{escape(label)}</span> <span class="count">',
        "</span></label>\n",
    )


@register.filter
def on_study(notices, key):
    """The notices on the reports of this study."""
    return [notice for notice in notices if notice["study_key"] == key]


@register.filter
def inside_review(trials, key):
    """The fallen trials inside this review, as (key, label)."""
    return [(trial, label) for (review, trial), label in trials.items() if review == key]


@register.filter
def notice_words(code):
    return NoticeKind(code).label


@register.filter
def reason_words(code):
    return StaleReason(code).label


@register.filter
def change_words(code):
    return ChangeKind(code).label if code else ""


@register.filter
def study_of(object_key):
    """The study that a mark names as "study:abbasi-2012", or nothing."""
    kind, _, key = object_key.partition(":")
    return key if kind == "study" else ""


@register.filter
def reason_in_language(closed):
    """Why a claim was withdrawn, in the language of the page."""
    return closed[f"reason_{get_language()}"]


@register.filter
def detail_words(detail):
    """What a mark saw change, from what to what: "participants from 46 to 43"; nothing where its reason says it all."""
    fields = {
        "design": (_("design"), lambda value: Design(value).label),
        "species": (_("species"), str),
        "participants": (_("participants"), str),
        "risk_of_bias": (_("risk of bias"), lambda value: RiskOfBias(value).label),
    }
    unknown = _("not known")
    said = [
        _("%(field)s from %(before)s to %(after)s")
        % {
            "field": words,
            "before": shown(before) if before not in (None, "") else unknown,
            "after": shown(after) if after not in (None, "") else unknown,
        }
        for name, (words, shown) in fields.items()
        if name in detail
        for before, after in [detail[name]]
    ]
    return ", ".join(said)


FIELDS = {
    "statement": _("The claim"),
    "plain_sentence": _("The plain sentence"),
    "summary": _("In short"),
    "caveats": _("Limits"),
    "intervention": _("Intervention or exposure"),
    "direction": _("Direction"),
    "outcome": _("Outcome"),
    "comparator": _("Compared with"),
    "population": _("Population"),
    "condition": _("Condition"),
    "population_words": _("Population, in words"),
    "comparator_words": _("Compared with, in words"),
    "topic": _("Topic"),
    "scheme": _("Scheme"),
    "evidence_state": _("Evidence"),
    "start": _("Starting level"),
    "strength": _("Strength"),
    "strength_in_people": _("Strength in people"),
    "verdict": _("Which way the evidence points"),
    "effect_size": _("Size of the effect"),
    "rationale": _("Why this rating"),
    "would_change": _("What would change it"),
    "override_reason": _("Why another strength than the steps give"),
    "searched_through": _("Searched through"),
    "next_review_due": _("Next review due"),
    "step": _("Step"),
    "reason": _("Reason"),
    "row": _("Row of evidence"),
    "directness": _("Directness"),
    "finding": _("Finding"),
    "effect": _("Number"),
    "arms": _("Numbers per arm"),
    "n": "n",
    "counts_in_synthesis": _("Counts in the synthesis"),
    "note": _("Warning"),
    "locator": _("Where in the source"),
    "risk_of_bias": _("Risk of bias of this result"),
    "risk_of_bias_reason": _("Why it is another than that of the study"),
    "is_secondary": _("Secondary source"),
    "publication": _("Reported in"),
}
SECTIONS = {
    "words": _("What we say"),
    "about": _("What the claim is about"),
    "rating": _("The rating"),
    "judgements": _("The domains"),
    "evidence": _("The evidence"),
}


@register.filter
def field_words(name):
    """What people call a field of the document."""
    return FIELDS.get(name, name)


@register.filter
def section_words(name):
    return SECTIONS[name]


@register.filter
def level_words(level):
    """A level of the scale as a word; 0 is not rated."""
    return Strength(level).label if level else _("Not rated")


@register.filter
def sign_words(mark):
    """What the sign of a claim on the evidence map says."""
    if mark.under_review:
        return _("Rating under review")
    rating = mark.card["rating"]
    said = rating["verdict"] if rating["evidence_state"]["code"] == "found" else rating["evidence_state"]
    return said["label"][get_language()]


@register.filter
def rows_high(rows):
    """How high a box is that holds so many rows of text, in pixels."""
    return 22 * rows - 4


@register.filter
def row_at(number):
    """Where row `number` of such a box stands, under its heading."""
    return 150 + 22 * number


@register.filter
def unlocalised(number):
    """A number for a drawing: always with a point."""
    return str(number)


@register.filter
def shown(value):
    """A value of a document as people read it: a term by its label, a pair of texts in the language of the page."""
    language = get_language()
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, dict):
        return str(value)
    for name in ("label", "name"):
        if set(value.get(name) or ()) == {"en", "nl"}:
            return value[name][language]
    if set(value) == {"en", "nl"}:
        return value[language]
    if "reference" in value:
        return value["reference"]
    if "treated" in value:
        return "; ".join(f"{arm}: {numbers_of(value[arm])}" for arm in ("treated", "control"))
    if "study" in value:
        return ": ".join([value["study"]["label"], (value["finding"] or {}).get(language, "")])
    return effect_words(value)


def numbers_of(arm):
    return ", ".join(f"{name} {number}" for name, number in arm.items())


def effect_words(effect):
    """An effect in one line: its measure, number, interval, standard error and p."""
    numbers = [str(effect[name]) for name in ("estimate", "ci_low", "ci_high") if effect[name] is not None]
    measure = effect["measure"]["label"][get_language()] if effect["measure"] else ""
    error = effect.get("standard_error")
    error_words = _("standard error %(error)s") % {"error": error} if error else ""
    p_words = f"p {effect['p_text'] or effect['p_value']}" if effect["p_text"] or effect["p_value"] else ""
    return " ".join(part for part in (measure, "; ".join(numbers), error_words, p_words) if part)


@register.filter
def file_name(document, more=""):
    """What its files are called in the API: claims/KB000012.3."""
    return f"claims/{document['accession']}.{document['version']}{more}"


@register.simple_tag
def citation_of(document, style):
    """How to cite this version, as HTML, in the language of the page."""
    return mark_safe(cited(canonical(citation(document, get_language())), style, get_language()))


@lru_cache(maxsize=1024)
def cited(columns, style, language):
    return reference(csl_item(json.loads(columns) | {"type": "webpage"}), style, language)
