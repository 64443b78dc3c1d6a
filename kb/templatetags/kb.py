"""What templates need to speak the reader's language and keep their place in the address."""

import datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kb.terms import MEANINGS, MEASURES

register = template.Library()

RATIOS = ("RR", "OR", "HR")
MINUS = "\N{MINUS SIGN}"


@register.filter
def words(pair):
    """{"en": ..., "nl": ...} in the language of the page; nothing for None."""
    return pair[get_language()] if pair else ""


@register.filter
def in_language(thing, name):
    """The `_en` or `_nl` column of a record: {{ study|in_language:"population" }}."""
    return getattr(thing, f"{name}_{get_language()}")


@register.filter
def number(value):
    """A number as people write it here: no idle zeros, a decimal comma in Dutch, a real minus sign. Nothing for None."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(str(value)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return localised(text.replace("-", MINUS))


@register.filter
def signed(value):
    """A step: +1, 0 or −2."""
    return f"+{value}" if value > 0 else number(value)


@register.filter
def p_words(effect):
    """The p of an effect as printed or as a number: "p = 0.02", "p < 0.01". Nothing where there is none."""
    text = effect["p_text"]
    if text:
        sign, figure = (text[0], text[1:].strip()) if text[0] in "<>≤≥" else ("=", text)
        return f"p {sign} {localised(figure)}"
    return "" if effect["p_value"] is None else f"p = {number(effect['p_value'])}"


@register.filter
def error_of(effect):
    """Of what the standard error is, where that is not the effect as printed."""
    code = effect["measure"]["code"] if effect["measure"] else ""
    return {"r": _("(of Fisher’s z)")}.get(code, _("(of the logarithm)") if code in RATIOS else "")


def localised(text):
    """Figures with the signs of the other language swapped in: 1,234.5 is 1.234,5 in Dutch."""
    return text.translate(str.maketrans(",.", ".,")) if get_language() == "nl" else text


@register.filter
def day(value):
    """A date, a moment or the ISO 8601 text of either, as 31 January 2026 in the language of the page."""
    if isinstance(value, str):
        value = parse_date(value) if len(value) == 10 else parse_datetime(value)
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return date_format(value, "j F Y") if value else ""


@register.simple_tag(takes_context=True)
def address_with(context, **changes):
    """This page's address with these parameters changed; None takes one out, any change goes back to page one."""
    parameters = context["request"].GET.copy()
    if "page" not in changes:
        parameters.pop("page", None)
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = value
    text = parameters.urlencode()
    return f"?{text}" if text else context["request"].path


@register.simple_tag(takes_context=True)
def this_page_in(context, language):
    """The address of this very page in another language, with its parameters; also where nothing is found."""
    path = context["request"].get_full_path()
    translated = translate_url(path, language)
    here = f"/{get_language()}/"
    if translated == path and path.startswith(here):
        return f"/{language}/{path.removeprefix(here)}"
    return translated


@register.simple_tag
def absolute(path):
    """An address that can stand on its own, such as in a citation; from the settings, never from what a visitor sends."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag(takes_context=True)
def canonical_address(context):
    """The one address of this page for whoever links to it: without filters, but each page of a list has its own."""
    request = context["request"]
    page = request.GET.get("page", "")
    return absolute(f"{request.path}?page={page}" if page.isdecimal() and page != "1" else request.path)


@register.simple_tag
def explained(slug, words):
    """These words, leading to what they mean where the glossary has them; the meaning goes along, for a tooltip."""
    if slug not in MEANINGS:
        return words
    return format_html(
        '<a class="term" href="{}#{}" data-meaning="{}">{}</a>',
        reverse("glossary"),
        slug,
        MEANINGS[slug],
        words,
    )


@register.filter
def measure_term(code):
    """Where the glossary has a measure of effect; any other is not in it."""
    return MEASURES.get(code, "")


@register.filter
def get(mapping, key):
    return mapping.get(key) if mapping else None
