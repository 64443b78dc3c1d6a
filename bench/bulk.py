"""What is done to a base as a whole: everything exported, one claim published, and what two workers take of the memory.

    python bench/bulk.py PORT [PORT_OF_DATASETTE]

Asks the server at PORT, which must serve the base of DATABASE_URL. Prints JSON: rows and bytes a second of `claims.jsonl`, of
COPY of the same documents by PostgreSQL alone, and of Datasette's CSV where there is a second port; milliseconds that
the action takes which publishes; and the memory of the processes of the server (proportional set size, Linux only).
"""

import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

COPY = """
COPY (SELECT document FROM claims_claimversion version JOIN claims_listing listing ON listing.version_id = version.id
ORDER BY listing.accession) TO STDOUT
"""
ROUNDS, PUBLICATIONS = int(os.environ.get("ROUNDS", 3)), 20


class Counted:
    """Takes what is written and keeps only how much it was."""

    def __init__(self):
        self.bytes = self.rows = 0

    def write(self, piece):
        self.bytes += len(piece)
        self.rows += piece.count(b"\n")
        return len(piece)


def timed(work):
    """The median of some rounds, in rows and megabytes a second."""
    rates = []
    for _ in range(ROUNDS):
        counted, begin = Counted(), time.perf_counter()
        work(counted)
        seconds = time.perf_counter() - begin
        rates.append((counted.rows / seconds, counted.bytes / seconds / 1e6))
    return {"rows": median(rate[0] for rate in rates), "megabytes": median(rate[1] for rate in rates)}


def fetched(address):
    def work(counted):
        with urllib.request.urlopen(address, timeout=600) as answer:
            while piece := answer.read(1 << 16):
                counted.write(piece)

    return work


def copied(counted):
    from django.db import connection

    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.copy_expert(COPY, counted)


def published():
    """Milliseconds that publishing a further version of a claim takes; everything is undone afterwards."""
    from django.contrib.auth.models import Group, User
    from django.db import transaction

    from claims import actions, reviewing
    from claims.models import ClaimVersion

    times = []
    with transaction.atomic():
        people = {}
        for role in ("editor", "reviewer"):
            people[role] = User.objects.create_user(f"bench-{role}")
            people[role].groups.add(Group.objects.get(name=role))
        reviewing.declare_interests(by=people["reviewer"], text="None.", has_conflict=False)
        for version in ClaimVersion.objects.current().order_by("claim__accession")[:PUBLICATIONS]:
            draft = actions.start_draft(version.claim, by=people["editor"])
            actions.submit_version(draft, by=people["editor"])
            begin = time.perf_counter()
            actions.publish_version(draft, by=people["reviewer"])
            times.append((time.perf_counter() - begin) * 1000)
        transaction.set_rollback(True)
    return median(times)


def memory(port):
    """Megabytes of the processes that listen at this port, shared pages counted once; None where the system does not say."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
            if (
                b"serve" in command or b"spawn_main" in command
            ) and f"PORT={port}\0".encode() in environment + b"\0":
                line = next(
                    each
                    for each in (process / "smaps_rollup").read_text().splitlines()
                    if each.startswith("Pss:")
                )
                total += int(line.split()[1]) / 1024
        except (OSError, StopIteration):
            continue
    return total or None


def main():
    import django

    django.setup()
    port = sys.argv[1]
    found = {
        "export": {
            "ours": timed(fetched(f"http://127.0.0.1:{port}/api/v1/claims.jsonl")),
            "copy": timed(copied),
        },
        "memory": memory(port),
        "publish": published(),
    }
    if sys.argv[2:] and sys.argv[2]:
        csv = f"http://127.0.0.1:{sys.argv[2]}/claims/claims.csv?_stream=on&_size=max"
        found["export"]["datasette"] = timed(fetched(csv))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
