"""Addresses of the API that will go: since when they are not to be leaned on, when they stop, and where to read why."""

import datetime
import re
from dataclasses import dataclass

from django.utils.http import http_date

from kb.lib.http import add_links, link


@dataclass(frozen=True)
class Ending:
    """`path` is a pattern of whole paths. The headers are those of RFC 9745 (Deprecation) and RFC 8594 (Sunset)."""

    path: re.Pattern
    deprecated: datetime.datetime
    sunset: datetime.datetime
    explained: str

    def tell(self, response):
        response["Deprecation"] = f"@{int(self.deprecated.timestamp())}"
        response["Sunset"] = http_date(self.sunset.timestamp())
        add_links(response, link(self.explained, "deprecation", type="text/html"))


ENDINGS = ()


def tell_endings(path, response):
    for ending in ENDINGS:
        if ending.path.fullmatch(path):
            ending.tell(response)
