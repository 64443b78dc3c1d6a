"""Reading what a program sends: JSON that means one thing and can be kept, or a refusal that says where it goes wrong."""

import json
import unicodedata
from math import isfinite

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from kb.lib.jsonlines import unique_keys

DEEPEST = 20
LONGEST_NUMBER = 1000
LARGEST = 2**63 - 1


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body is larger than is taken here.")


class LengthRequired(exceptions.APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = gettext_lazy("A body comes with its Content-Length; a chunked one is not read.")


class StrictJSONParser(BaseParser):
    """A JSON object in UTF-8. What JSON leaves open (a key twice, NaN) or PostgreSQL cannot keep is refused."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            body = json.loads(
                raw.decode(),
                parse_int=whole,
                parse_float=finite,
                parse_constant=no_number,
                object_pairs_hook=unique_keys,
            )
            problems = dict(unkeepable(body))
        except RecursionError as error:
            raise exceptions.ParseError(_("The body is nested too deep.")) from error
        except ValueError as error:
            raise exceptions.ParseError(_("The body is not JSON: %(error)s.") % {"error": error}) from error
        if not isinstance(body, dict):
            raise exceptions.ParseError(_("The body is a JSON object: {...}."))
        if problems:
            raise exceptions.ValidationError(problems)
        return body


def whole(text):
    if len(text) > LONGEST_NUMBER:
        raise ValueError(_("a number has too many digits"))
    return int(text)


def finite(text):
    number = float(text)
    if not isfinite(number):
        raise ValueError(_("%(text)s is too large for a number") % {"text": text[:20]})
    return number


def no_number(word):
    raise ValueError(_("%(word)s is not a number of JSON") % {"word": word})


def unkeepable(value, at="", depth=0):
    """Yields (JSON pointer without its first slash, sentence) of every value and key that the base cannot keep."""
    if depth > DEEPEST:
        yield at, _("is nested deeper than %(most)s levels.") % {"most": DEEPEST}
    elif isinstance(value, dict):
        for name, inner in value.items():
            place = f"{at}/{escaped(name)}".lstrip("/")
            if trouble := trouble_with(name):
                yield printable(place), trouble
            else:
                yield from unkeepable(inner, place, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unkeepable(inner, f"{at}/{index}", depth + 1)
    elif isinstance(value, str):
        if trouble := trouble_with(value):
            yield at, trouble
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield at, _("is too large a number.")


def trouble_with(text):
    if "\x00" in text:
        return _("holds a null character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        return _("holds half a surrogate pair.")
    if text and all(unicodedata.category(character) in UNSEEN for character in text):
        return _("holds nothing that can be seen; leave it empty instead.")
    return None


UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def escaped(name):
    """A member's name in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def printable(place):
    return place.encode("ascii", "backslashreplace").decode()
