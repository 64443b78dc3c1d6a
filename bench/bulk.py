"""What is done to a base as a whole: everything exported, one claim published, and what two workers take of the memory.

    python bench/bulk.py PORT [PORT_OF_DATASETTE]

Asks the server at PORT, which must serve the base of DATABASE_URL. Prints JSON: rows and bytes a second of `claims.jsonl` and,
where there is a second port, of Datasette's CSV, both fetched by curl, and of COPY of the same documents by psql;
milliseconds that the action takes which publishes, for claims that nobody touched of late and for the same once more; and the
memory of the processes of the server (proportional set size, Linux only).
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

COPY = """
COPY (SELECT document FROM claims_claimversion version JOIN claims_listing listing ON listing.version_id = version.id
ORDER BY listing.accession) TO STDOUT
"""
ROUNDS, PUBLICATIONS = int(os.environ.get("ROUNDS", 3)), 20


def export(port, datasette):
    """{who: {"rows", "megabytes"} a second} of all claims, the medians of some rounds in turns."""
    from claims.models import Listing

    claims = Listing.objects.count()
    commands = {
        "ours": fetching(f"http://127.0.0.1:{port}/api/v1/claims.jsonl"),
        "copy": ["psql", "-qXd", os.environ["DATABASE_URL"], "-c", f"SET statement_timeout = 0; {COPY}"],
    }
    if datasette:  # without the cards, which the documents hold too
        commands["datasette"] = fetching(
            f"http://127.0.0.1:{datasette}/claims/claims.csv?_stream=on&_size=max&_nocol=card"
        )
    sizes = {name: size_of(command, claims) for name, command in commands.items()}
    rounds = [{name: timed(command) for name, command in commands.items()} for _round in range(ROUNDS)]
    found = {}
    for name in commands:
        seconds = median(each[name] for each in rounds)
        found[name] = {"rows": claims / seconds, "megabytes": sizes[name] / seconds / 1e6}
    return found


def fetching(address):
    return ["curl", "-sSf", "--max-time", "1200", address]


def size_of(command, claims):
    """How many bytes it writes. Ends the run where they are fewer lines than there are claims."""
    size = lines = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while piece := os.read(process.stdout.fileno(), 1 << 20):
            size += len(piece)
            lines += piece.count(b"\n")
    if process.returncode or lines < claims:
        sys.exit(f"{command[0]} ended with {process.returncode} after {lines} of {claims} claims")
    return size


def timed(command):
    """Seconds until it has written everything, to nowhere: no reader takes its part of the machine."""
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def published():
    """Milliseconds that publishing a further version of a claim takes, with what is checked at its end; everything is undone afterwards."""
    from django.contrib.auth.models import Group, User
    from django.db import connection, transaction

    from claims import actions, reviewing
    from claims.models import ClaimVersion

    times = []
    with transaction.atomic(), connection.cursor() as cursor:
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
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            times.append((time.perf_counter() - begin) * 1000)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
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
    exported = export(port, sys.argv[2] if sys.argv[2:] else "")
    publishing = {"first": published(), "again": published()}
    print(json.dumps({"export": exported, "memory": memory(port), "publish": publishing}))


if __name__ == "__main__":
    main()
