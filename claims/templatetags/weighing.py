"""What pages that weigh evidence need: numbers rounded for reading, and methods, reasons and outcomes in words."""

import math

from django import template
from django.utils.translation import get_language

from claims.choices import EffectMeasure, EvidenceDirection
from claims.pools import SOURCES, WHY_LEFT_OUT
from claims.synthesis import printed_scale
from kb.templatetags.kb import number
from studies.choices import Design

register = template.Library()


@register.filter
def figure(value):
    """Rounded for reading: two decimals, or two digits for what is smaller than 0.1. Nothing for None."""
    if value is None:
        return ""
    digits = 2 if value == 0 or abs(value) >= 0.1 else 1 - math.floor(math.log10(abs(value)))
    return number(round(value, digits) + 0.0)


@register.filter
def printed(value, measure):
    """A number on the pooled scale, as people read it."""
    return figure(printed_scale(measure, value))


@register.filter
def in_page_language(pair):
    """(English, Dutch) in the language of the page."""
    return pair[get_language() == "nl"] if pair else ""


@register.filter
def why_words(code):
    return WHY_LEFT_OUT[code]


@register.filter
def source_words(code):
    return SOURCES[code]


@register.filter
def design_words(code):
    return Design(code).label


@register.filter
def measure_words(code):
    return EffectMeasure(code).label


@register.filter
def direction_words(code):
    return EvidenceDirection(code).label


@register.filter
def chance(p):
    """A p for reading: "0.03", or "< 0.001"."""
    return f"< {number(0.001)}" if p < 0.001 else figure(p)
