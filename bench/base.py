"""The made bases: where they are, and making one where it is not there yet."""

import os
import time
from urllib.parse import quote, urlencode

from bench.turns import run


def made_base(claims):
    """(its address, seconds it took to make or None) of a base with this many made claims; it is kept for the next time."""
    from django.db import connection

    name = f"onderbouwd_bench_{claims}"
    given = connection.get_connection_params()
    where = {key: given[key] for key in ("host", "port") if given.get(key)}
    who = quote(given.get("user") or "", safe="") + (
        f":{quote(given['password'], safe='')}" if given.get("password") else ""
    )
    url = f"postgresql://{who}@/{name}?{urlencode(where)}"
    environment = os.environ | {"DATABASE_URL": url}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            run("manage.py", "migrate", "-v0", environment=environment)
            return url, None
        cursor.execute(f"CREATE DATABASE {name}")
    begin = time.perf_counter()
    try:
        run("manage.py", "migrate", "-v0", environment=environment)
        run("manage.py", "load_kb", "fixtures", "-v0", environment=environment)
        run("bench/generate.py", str(claims), environment=environment)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        raise
    return url, time.perf_counter() - begin
