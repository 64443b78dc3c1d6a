"""What templates need to speak the reader's language and keep their place in the address."""

from django import template
from django.urls import translate_url
from django.utils.translation import get_language

register = template.Library()


@register.filter
def words(pair):
    """{"en": ..., "nl": ...} in the language of the page; nothing for None."""
    return pair[get_language()] if pair else ""


@register.filter
def in_language(thing, name):
    """The `_en` or `_nl` column of a record: {{ study|in_language:"population" }}."""
    return getattr(thing, f"{name}_{get_language()}")


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
    """The address of this very page in another language, with its parameters."""
    return translate_url(context["request"].get_full_path(), language)


@register.filter
def get(mapping, key):
    return mapping.get(key) if mapping else None
