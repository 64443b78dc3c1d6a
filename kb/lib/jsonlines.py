"""Reading and writing JSON Lines and canonical JSON: one row a line, same bytes for the same content."""

import hashlib
import json
from decimal import Decimal


class BadFile(ValueError):
    """A file that cannot be read as rows; its text is one line that names file and line."""


def canonical(value):
    """JSON text that depends on the content alone: keys in the order given, no spaces, UTF-8, exact numbers."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain, allow_nan=False)


def plain(value):
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "isoformat"):
        return moment(value)
    return str(value)


def moment(value):
    """ISO 8601; a moment in UTC ends in Z."""
    text = value.isoformat()
    return text.replace("+00:00", "Z")


def sha256(text):
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def read_rows(path):
    """Yields (line number, row) of a JSON Lines file; empty lines are passed over. Raises BadFile."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, read_row(path.name, number, line)
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: not UTF-8 text ({error.reason} at byte {error.start})") from error


def read_row(name, number, line):
    try:
        row = json.loads(line, parse_float=Decimal, object_pairs_hook=unique_keys)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{name}, line {number}: not JSON ({error})") from error
    if not isinstance(row, dict):
        raise BadFile(f"{name}, line {number}: a row is a JSON object")
    return row


def unique_keys(pairs):
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key appears twice")
    return row


def write_rows(path, rows):
    """Writes the rows and returns (how many, SHA-256 of the file)."""
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for row in rows:
            line = canonical(row).encode() + b"\n"
            file.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()
