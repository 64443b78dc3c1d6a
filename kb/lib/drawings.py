"""Drawings to keep: SVG as it is, or as PNG with letters of our own, so that it looks the same on every machine."""

import re
from math import sqrt

import resvg_py
from django.http import HttpResponse
from font_source_sans_pro import SourceSansPro, SourceSansProBold

MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
SCALE, MOST_PIXELS = 2, 25_000_000
FAMILY = "Source Sans Pro"
BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def drawing_response(svg, name, suffix):
    """A file to keep, such as evidence-map.png."""
    body = png_of(svg) if suffix == "png" else svg
    response = HttpResponse(body, content_type=MEDIA_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def png_of(svg, *, scale=SCALE):
    """PNG (bytes) of a drawing, `scale` times its size, or as large as MOST_PIXELS allow."""
    width, height = map(float, BOX.search(svg).groups())
    return resvg_py.svg_to_bytes(
        svg_string=re.sub(r'font-family="[^"]*"', f'font-family="{FAMILY}"', svg.strip()),
        background="#ffffff",
        width=round(width * min(scale, sqrt(MOST_PIXELS / (width * height)))),
        skip_system_fonts=True,
        font_files=[SourceSansPro, SourceSansProBold],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
