"""The bytes of a file as text: which encoding they are in, and their lines, whichever way these end."""

import codecs
import io

from django.utils.translation import gettext as _

from studies.formats.reading import LARGEST_FILE, Unreadable

CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
BYTE_ORDER_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
NOT_TEXT = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"{\\rtf")
WHITE = "\ufeff \t\r\n\f\v"
REPLACED = "\N{REPLACEMENT CHARACTER}"


class Source:
    """A file that was handed over; `sample` is the beginning of its text. Raises Unreadable for one that is empty or too large."""

    def __init__(self, data):
        if len(data) > LARGEST_FILE:
            raise Unreadable(
                _("The file is larger than %(most)s MB. Divide it into smaller files.")
                % {"most": LARGEST_FILE // 1024**2}
            )
        self.data = data
        self.is_text = not data.startswith(NOT_TEXT)
        self.encoding, self.codec = encoding_of(data) if self.is_text else ("", "latin-1")
        self.is_damaged = not decodes(data, self.codec, is_whole=True)
        self.sample = self.open().read(SAMPLE)
        if not self.sample.strip(WHITE):
            self.sample = self.open().read().lstrip(WHITE)[:SAMPLE]
        if not self.sample:
            raise Unreadable(_("The file is empty."))

    def open(self, newline=None):
        """The text as a file; without `newline` each of CRLF, CR and LF is an LF."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=self.codec, errors="replace", newline=newline)

    def lines(self, reading):
        """Yields (number, line without its end), and tells of each line with bytes that are no text in this encoding."""
        for number, line in enumerate(self.open(), start=1):
            if self.is_damaged and REPLACED in line:
                tell_damage(reading, number)
            yield number, line.rstrip("\n")


def tell_damage(reading, line):
    sentence = _("Some bytes are no text in %(encoding)s; they are shown as �.")
    reading.trouble(line, sentence % {"encoding": reading.encoding})


def encoding_of(data):
    """(name for people, codec). Without a mark it is UTF-8 where that is valid, else that of Windows in the west."""
    for mark, name, codec in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name, codec
    if b"\x00" in data:
        raise Unreadable(_("This is not a text file, and no spreadsheet that we can read."))
    if decodes(data, "utf-8", is_whole=True) or is_cut_utf8(data):
        return "UTF-8", "utf-8"
    return ("Windows-1252", "cp1252") if decodes(data, "cp1252", is_whole=True) else ("Latin-1", "latin-1")


def is_cut_utf8(data):
    """Whether only the last character, of others that are not plain ASCII, was cut in two."""
    return decodes(data, "utf-8", is_whole=False) and not data[:-3].isascii()


def decodes(data, codec, *, is_whole):
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for start in range(0, len(data), CHUNK):
            decoder.decode(data[start : start + CHUNK])
        decoder.decode(b"", final=is_whole)
    except UnicodeDecodeError:
        return False
    return True
