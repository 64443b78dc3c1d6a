"""Statements that are asked again and again, planned once for each connection: planning a join takes longer than a short read.

A statement is known by a hash of its text, so a connection that some pooler handed on never runs another one under that name.
Where the server does not know it (any more), it is asked as it stands.
"""

import re
from functools import lru_cache
from hashlib import sha256
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from psycopg2 import errorcodes
from psycopg2.extensions import BYTES, register_type

MOST = 500  # statements kept for a connection; more are asked as they stand
# The server never heard of it (a pooler's), has it already, or the tables changed under it.
UNKNOWN = (
    errorcodes.INVALID_SQL_STATEMENT_NAME,
    errorcodes.DUPLICATE_PREPARED_STATEMENT,
    errorcodes.FEATURE_NOT_SUPPORTED,
)
prepared = WeakKeyDictionary()  # {connection of psycopg2: names of statements}


def fetch_all(sql, values=(), *, settings="", raw=False):
    """The rows of this statement. `settings` are SET LOCAL statements that are in force while it runs, and while it is planned.

    Numbers that decide the plan, such as a LIMIT, belong into the text. With `raw`, texts come as bytes of UTF-8, for who only sends
    them on.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()  # as Django's cursor would
    connection.ensure_connection()
    names = prepared.setdefault(connection.connection, set())
    name = name_of(sql)
    if len(names) < MOST or name in names:
        try:
            if name not in names:
                prepare(connection, name, sql)
                names.add(name)
            return rows_of(connection, f"{settings}EXECUTE {name}{given(values)}", values, raw)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", None) not in UNKNOWN:
                raise
    return rows_of(connection, f"{settings}{sql}", values, raw)


def rows_of(connection, sql, values, raw):
    with connection.wrap_database_errors, cursor_of(connection) as cursor:
        if raw:
            register_type(BYTES, getattr(cursor, "cursor", cursor))
        cursor.execute(sql, values)
        return cursor.fetchall()


def cursor_of(connection):
    """Django's where somebody counts or watches what is asked; else psycopg2's own, as wrapping it takes as long as a short statement."""
    is_watched = connection.queries_logged or connection.execute_wrappers
    return connection.cursor() if is_watched else connection.connection.cursor()


def prepare(connection, name, sql):
    """Past Django, which would count it among the questions of whoever comes first."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name} AS {numbered(sql)}")


@lru_cache(maxsize=2048)
def name_of(sql):
    return f"read_{sha256(sql.encode()).hexdigest()[:24]}"


def numbered(sql):
    """With $1, $2 and so on for each %s."""
    numbers = iter(range(1, 10_000))
    return re.sub("%s", lambda _place: f"${next(numbers)}", sql)


def given(values):
    return f"({', '.join(['%s'] * len(values))})" if values else ""
