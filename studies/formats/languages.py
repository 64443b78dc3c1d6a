"""The languages of papers, as PubMed, reference managers and people write them, in the short codes that we keep."""

import re

CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,5})?")
# The code that we keep (ISO 639-1), those of ISO 639-2, and its name in English, Dutch and itself where files use them.
NAMES = {
    "en": "eng english engels",
    "nl": "dut nld dutch nederlands flemish vlaams",
    "de": "ger deu german duits deutsch ngerman",
    "fr": "fre fra french frans francais français",
    "es": "spa spanish spaans espanol español",
    "it": "ita italian italiaans italiano",
    "pt": "por portuguese portugees portugues português",
    "pl": "pol polish pools",
    "ru": "rus russian russisch",
    "uk": "ukr ukrainian oekraïens",
    "cs": "cze ces czech tsjechisch",
    "sk": "slo slk slovak slowaaks",
    "hu": "hun hungarian hongaars",
    "ro": "rum ron romanian roemeens",
    "bg": "bul bulgarian bulgaars",
    "hr": "hrv croatian kroatisch",
    "sr": "srp serbian servisch",
    "sl": "slv slovenian sloveens",
    "el": "gre ell greek grieks",
    "tr": "tur turkish turks",
    "fa": "per fas persian farsi perzisch",
    "ar": "ara arabic arabisch",
    "he": "heb hebrew hebreeuws",
    "da": "dan danish deens",
    "no": "nor norwegian noors",
    "sv": "swe swedish zweeds",
    "fi": "fin finnish fins",
    "is": "ice isl icelandic ijslands",
    "ja": "jpn japanese japans",
    "zh": "chi zho chinese chinees",
    "ko": "kor korean koreaans",
    "th": "tha thai",
    "id": "ind indonesian indonesisch",
    "af": "afr afrikaans",
    "la": "lat latin latijn",
}
CODES = {name: code for code, names in NAMES.items() for name in names.split()}


def language_code(text) -> str:
    """Such as "en" for "eng" and "English"; a code that we do not know stays as it is. Raises ValueError for no code."""
    known = CODES.get(text.casefold())
    if known:
        return known
    if not CODE.fullmatch(text):
        raise ValueError(text)
    return text
