"""The made bases: where they are, and making one where it is not there yet."""

import os
import time
from urllib.parse import quote, urlencode

from bench.turns import ROOT, run


def address_of(name):
    """The address of a database of this name on the server that the settings name."""
    from django.db import connection

    given = connection.get_connection_params()
    where = {key: given[key] for key in ("host", "port") if given.get(key)}
    who = quote(given.get("user") or "", safe="") + (
        f":{quote(given['password'], safe='')}" if given.get("password") else ""
    )
    return f"postgresql://{who}@/{name}?{urlencode(where)}"


def made_base(claims):
    """(its address, seconds it took to make or None) of a base with this many made claims; it is kept for the next time."""
    from django.db import connection

    name = f"onderbouwd_bench_{claims}"
    url = address_of(name)
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


def loaded():
    """Records a second with which `load_kb` fills an empty base from the fixtures: every rule checked, every version published."""
    from django.db import connection

    name = "onderbouwd_bench_load"
    environment = os.environ | {"DATABASE_URL": address_of(name)}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        run("manage.py", "migrate", "-v0", environment=environment)
        begin = time.perf_counter()
        run("manage.py", "load_kb", "fixtures", "-v0", environment=environment)
        seconds = time.perf_counter() - begin
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    records = sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "fixtures").glob("*.jsonl")
    )
    return records / seconds
