"""Limits that hold over all processes: a count in the database, raised by one statement.

A cache of each process would let every process pass the limit once more. The table is unlogged: after a crash the
counts begin anew. Rows older than the longest window are swept by whoever comes first with something new.
"""

import ipaddress

from django.conf import settings
from django.db import connection

HIT = """
WITH hit AS (
    INSERT INTO kb_throttle AS hits (name, key, starts, count)
    VALUES (%(name)s, %(key)s, to_timestamp(floor(extract(epoch FROM clock_timestamp()) / %(window)s) * %(window)s), 1)
    ON CONFLICT (name, key) DO UPDATE SET
        count = CASE WHEN hits.starts = EXCLUDED.starts THEN hits.count + 1 ELSE 1 END,
        starts = EXCLUDED.starts
    RETURNING count, ceil(extract(epoch FROM starts) + %(window)s - extract(epoch FROM clock_timestamp()))::integer AS rest
), swept AS (
    DELETE FROM kb_throttle WHERE (name, key) IN (
        SELECT name, key FROM kb_throttle
        WHERE starts < now() - interval '1 day' AND (name, key) <> (%(name)s, %(key)s) AND (SELECT count FROM hit) = 1
        LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
"""

COUNT = f"{HIT} SELECT count, rest FROM hit"  # noqa: S608 (a constant)
GIVE_BACK = """
UPDATE kb_throttle SET count = count - 1
WHERE name = %(name)s AND key = %(key)s AND count > 0
  AND starts = to_timestamp(floor(extract(epoch FROM clock_timestamp()) / %(window)s) * %(window)s)
"""
LONGEST = 24 * 60 * 60


def allow(name, key, limit, window):
    """Count one more try of this kind by this key. Returns 0 to go on, or the seconds to wait.

    `window` is in seconds, at most a day; at most `limit` tries pass in each, from the first second of it (a fixed
    window).
    """
    count, rest = counted(name, key, window)
    return 0 if count <= limit else rest


def counted(name, key, window):
    """Count one more try: (how many in this window, seconds until the next)."""
    return hit(COUNT, name, key, window)


def hit(statement, name, key, window):
    """The one row that a statement which begins with HIT gives."""
    if not 0 < window <= LONGEST:
        raise ValueError(f"A window of {window} seconds: rows are kept for a day.")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"name": name, "key": str(key)[:200], "window": window})
        count, rest, *others = cursor.fetchone()
    return count, max(1, rest), *others


def give_back(name, key, window):
    """Take one try back that turned out to be no trouble, such as a password that was right."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"name": name, "key": str(key)[:200], "window": window})


def address_of(request):
    """Who is asking, for counting: the address of the visitor, and of IPv6 the network it is in (/64).

    Behind a proxy it is in the header that CLIENT_ADDRESS_HEADER names, which the proxy itself must set.
    """
    header = settings.CLIENT_ADDRESS_HEADER
    text = request.META.get(f"HTTP_{header.upper().replace('-', '_')}" if header else "REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
