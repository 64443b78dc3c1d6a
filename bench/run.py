"""Measures our API and pages beside peers on the same made base, and beside what PostgreSQL alone gives. It prints ratios.

    make bench                    100,000 claims: what the figures in docs/performance.md are about
    make bench CLAIMS=10000       a base that is made in half a minute

Each of our servers has two workers, each peer what its documentation recommends. The rounds take turns, with a pause in between
so that no request of one is still running in the next; of each cell the median round counts. wrk asks the servers and pgbench asks PostgreSQL alone (bench/install_askers.sh), on the
same machine; how busy that was, also with what is none of ours, stands with each round in the results.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from bench import peers, report  # noqa: E402 (they stand beside this script)
from bench.base import loaded, made_base  # noqa: E402
from bench.turns import WORK, answer_of_ours, django_served, one_round, run, started  # noqa: E402

CLAIMS = int(os.environ.get("CLAIMS", 100_000))
ROUNDS, SECONDS, CONNECTIONS = int(os.environ.get("ROUNDS", 3)), int(os.environ.get("SECONDS", 2)), 16
WARMING = 1  # seconds
OURS = {"ours": 8811, "textbook": 8812, "kept": 8810}


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    url, made_in = made_base(CLAIMS)
    environment = os.environ | {
        "DATABASE_URL": url,
        "API_LIMIT": "0",
        "SITE_URL": "http://127.0.0.1",
        "SECRET_KEY": "only to measure",
        "DEBUG": "",
    }
    run("manage.py", "collectstatic", "--noinput", "-v0", environment=environment)
    run("manage.py", "compile_messages", "-v0", environment=environment)
    programs, reasons = peers.installed(WORK)
    for name, reason in reasons.items():
        print(f"{name} is not measured: {reason}")
    places = {name: WORK / name / str(CLAIMS) for name in programs}
    for name, program in programs.items():
        places[name].mkdir(parents=True, exist_ok=True)
        peers.PEERS[name].prepare(program, places[name], url)
    run("bench/plans.py", environment=environment)
    questions = answer_of_ours("bench/questions.py", environment=environment)
    with ExitStack() as servers:
        servers.enter_context(django_served(OURS["ours"], environment | {"ANSWERS_KEPT": "0"}))
        servers.enter_context(django_served(OURS["kept"], environment))
        servers.enter_context(django_served(OURS["textbook"], environment, "bench.served:application"))
        for name, program in programs.items():
            peer = peers.PEERS[name]
            command, given = peer.command(program, places[name], url)
            ready = f"http://127.0.0.1:{peer.PORT}{peer.READY}"
            servers.enter_context(started(command, given, ready, places[name]))
        ports = OURS | {name: peers.PEERS[name].PORT for name in programs}
        same_answers(questions, ports)
        cells = measured(questions, ports, environment)
        bulk = answer_of_ours(
            "bench/bulk.py", str(ports["ours"]), str(ports.get("datasette", "")), environment=environment
        )
    report.printed(
        CLAIMS, CONNECTIONS, SECONDS, cells, bulk | {"made_in": made_in, "load": loaded()}, versions(programs)
    )


def same_answers(questions, ports):
    """Every target must give the same claims in the same order before anything is timed."""
    for index in range(5):
        expected = accessions("ours", ports["ours"], questions["list"]["ours"][index])
        for name in ("textbook", *(name for name in peers.PEERS if name in ports)):
            line = questions["list"][name][index]
            found = accessions(name, ports[name], line)
            if found != expected:
                sys.exit(f"{name} answers {line} otherwise than ours: {found[:3]} and {expected[:3]}")


def accessions(name, port, line):
    """The claims in an answer, in order."""
    where, _tab, body = line.partition("\t")
    path = where.removeprefix("POST ")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", body.encode() or None, {"Content-Type": "application/json"}
    )
    with answered(request) as answer:
        body = json.load(answer)
    if name in peers.PEERS:
        return peers.PEERS[name].accessions(body)
    return [row.get("accession") or row["claim"]["accession"] for row in body["results"]]


def answered(request, tries=5):
    """Datasette gives a question up after a second, as long as the first ones may take that read from the disk."""
    for _ in range(tries - 1):
        try:
            return urllib.request.urlopen(request)
        except urllib.error.HTTPError:
            continue
    return urllib.request.urlopen(request)


def measured(questions, ports, environment):
    """{workload: {target: [round]}}, the targets in turns."""
    cells = {}
    for number in range(ROUNDS):
        for what, targets in questions.items():
            # Each round begins with another, as what comes later finds the base read.
            first = number % len(targets)
            turns = [*targets.items()]
            for name, lines in turns[first:] + turns[:first]:
                if name != "limit" and name not in ports:
                    continue
                cell = one_round(
                    what,
                    name,
                    ports.get(name),
                    lines,
                    environment,
                    seconds=SECONDS,
                    connections=CONNECTIONS,
                    warming=WARMING,
                )
                cells.setdefault(what, {}).setdefault(name, []).append(cell)
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    return cells


def versions(programs):
    return {name: peers.PEERS[name].VERSION for name in programs}


if __name__ == "__main__":
    main()
