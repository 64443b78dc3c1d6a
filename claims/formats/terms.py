"""Labels of closed lists in both languages, as documents have them."""

from django.utils.translation import override

LANGUAGES = ("en", "nl")


def term(choice):
    """A value of a closed list with its label in both languages."""
    return {"code": choice.code if hasattr(choice, "code") else choice.value, "label": labels(choice.label)}


def labels(lazy):
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(lazy)
    return found


def both(thing, name):
    """Two columns as {"en": ..., "nl": ...}; None where neither holds a word."""
    words = {language: getattr(thing, f"{name}_{language}") for language in LANGUAGES}
    return words if any(words.values()) else None
