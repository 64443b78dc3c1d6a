"""The parameters `lang` and `fields`: a record in one language instead of both, and with the members that are wanted."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kb.lib.described import FIELDS, listed
from kb.lib.jsonlines import canonical
from kb.lib.members import kept, members_asked, members_of
from kb.lib.texts import Text, Texts

LANGUAGES = ("en", "nl")
LANG = listed("lang", "Give texts in one language instead of both.", LANGUAGES)
SHAPED = [LANG, FIELDS]
SHAPING = {"lang", "fields"}


@dataclass(frozen=True)
class Shape:
    """How a record is wanted: in one language or both, and which members of it, or None for all."""

    language: str | None = None
    members: dict | None = None

    @property
    def languages(self):
        return self.language or ", ".join(LANGUAGES)

    def of(self, record):
        record = record if self.members is None else kept(record, self.members)
        return in_language(record, self.language) if self.language else record

    def of_text(self, text):
        """The same of a record that is JSON text, to the byte where all of it is wanted."""
        is_whole = self.members is None and self.language is None
        return text if is_whole else canonical(self.of(json.loads(text)))


def shape_asked(parameters, problems, serializer):
    """The shape that is asked for of records that `serializer` declares; adds {parameter: sentence} to the problems."""
    language = language_asked(parameters, problems)
    return Shape(language, members_in(parameters, members_known(serializer, language), problems))


def members_known(serializer, language):
    """{member: names of its own members}; in one language a text is one thing."""
    return members_of(serializer, (Text, Texts) if language else ())


def language_asked(parameters, problems):
    language = parameters.get("lang")
    if language not in (None, *LANGUAGES):
        problems["lang"] = _("is en or nl.")
    return language


def members_in(parameters, known, problems):
    """What `fields` asks for of the members that are known, or None for everything."""
    try:
        return members_asked(parameters["fields"], known) if "fields" in parameters else None
    except ValueError as error:
        problems["fields"] = str(error)


def in_language(value, language):
    """The same record with every pair of texts as the one text asked for."""
    if isinstance(value, dict):
        if set(value) == set(LANGUAGES):
            return value[language]
        return {name: in_language(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_language(inner, language) for inner in value]
    return value
