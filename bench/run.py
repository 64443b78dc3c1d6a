"""Measures our API and pages beside peers on the same made base, and beside what PostgreSQL alone gives. It prints ratios.

    make bench                    100,000 claims: what the figures in docs/performance.md are about
    make bench CLAIMS=10000       a base that is made in half a minute

Each target serves with two workers. The rounds take turns, with a pause in between so that no request of one is still
running in the next; of each cell the median round counts. The client is a process of its own on the same machine, and
takes its part of the processor from every target alike; how busy the machine was stands with each round in the results.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

CLAIMS = int(os.environ.get("CLAIMS", 10_000))
ROUNDS, SECONDS, CONNECTIONS = int(os.environ.get("ROUNDS", 3)), float(os.environ.get("SECONDS", 4)), 16
PORTS = {"ours": 8811, "textbook": 8812, "datasette": 8813, "kept": 8814}
WORK = ROOT / "var" / "bench"


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    url = made_base()
    os.environ["DATABASE_URL"] = url
    environment = os.environ | {
        "API_LIMIT": "0",
        "SITE_URL": "http://127.0.0.1",
        "SECRET_KEY": "only to measure",
        "DEBUG": "",
    }
    run("manage.py", "collectstatic", "--noinput", "-v0", environment=environment)
    run("manage.py", "compile_messages", "-v0", environment=environment)
    questions = json.loads(
        subprocess.run(
            [sys.executable, "bench/questions.py"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    from bench import datasette

    program = datasette.install(WORK / "datasette")
    peers = {"textbook": None}
    if isinstance(program, str):
        print(f"datasette: {program}")
    else:
        peers["datasette"] = program
        run("bench/questions.py", "datasette", environment=environment)
    with (
        served("ours", ["kb.wsgi"], environment | {"ANSWERS_KEPT": "0"}),
        served("kept", ["kb.wsgi"], environment),
        served("textbook", ["bench.served"], environment),
        other(peers),
    ):
        same_answers(questions, peers)
        cells = measured(questions, peers, environment)
        bulk = done_as_a_whole(peers, environment)
    report(cells, bulk)


def made_base():
    """The address of a base with this many made claims; it is kept for the next time."""
    from django.db import connection

    name = f"onderbouwd_bench_{CLAIMS}"
    given = connection.get_connection_params()
    where = {key: given[key] for key in ("host", "port") if given.get(key)}
    who = quote(given.get("user") or "", safe="") + (
        f":{quote(given['password'], safe='')}" if given.get("password") else ""
    )
    url = f"postgresql://{who}@/{name}?{urlencode(where)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            return url
        cursor.execute(f"CREATE DATABASE {name}")
    environment = os.environ | {"DATABASE_URL": url}
    try:
        run("manage.py", "migrate", "-v0", environment=environment)
        run("manage.py", "load_kb", "fixtures", "-v0", environment=environment)
        run("bench/generate.py", str(CLAIMS), environment=environment)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        raise
    return url


def run(*command, environment):
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


@contextmanager
def served(name, application, environment):
    """gunicorn as `make run` starts it."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "kb/gunicorn.py",
        *application,
        "--max-requests",
        "0",
    ]
    environment = environment | {"PORT": str(PORTS[name])}
    with started(command, environment, f"http://127.0.0.1:{PORTS[name]}/api/v1/topics/?page_size=1"):
        yield


@contextmanager
def other(peers):
    if "datasette" not in peers:
        yield
        return
    base = str(WORK / "claims.db")
    command = [str(peers["datasette"]), "serve", "--immutable", base, "--port", str(PORTS["datasette"])]
    with started(command, os.environ, f"http://127.0.0.1:{PORTS['datasette']}/-/versions.json"):
        yield


@contextmanager
def started(command, environment, address):
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended before it answered")
            try:
                urllib.request.urlopen(address, timeout=2).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def same_answers(questions, peers):
    """Every target must give the same claims in the same order before anything is timed."""
    for index in range(5):
        found = {
            name: accessions(name, questions["list"][name][index])
            for name in ("ours", *peers)
            if name in questions["list"]
        }
        first = found["ours"]
        for name, names in found.items():
            if names != first:
                sys.exit(
                    f"{name} answers {questions['list'][name][index]} otherwise than ours: {names[:3]} and {first[:3]}"
                )


def accessions(name, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{PORTS[name]}{path}") as answer:
        body = json.load(answer)
    rows = body["results"] if "results" in body else body["rows"]
    return [row.get("accession") or row["claim"]["accession"] for row in rows]


def measured(questions, peers, environment):
    """{workload: {target: [round]}}, the targets in turns."""
    cells = {}
    for number in range(ROUNDS):
        for what, targets in questions.items():
            for name, lines in targets.items():
                if name not in ("ours", "kept", "limit", *peers):
                    continue
                file = WORK / f"{what}-{name}.txt".replace(" ", "-")
                file.write_text("\n".join(lines), encoding="utf-8")
                cells.setdefault(what, {}).setdefault(name, []).append(
                    one_round(what, name, file, environment)
                )
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    return cells


def one_round(what, name, file, environment):
    time.sleep(0.5)
    before, begin = cpu(), time.perf_counter()
    if name == "limit":
        commands = [[sys.executable, "bench/limit.py", what, str(file), str(SECONDS)]] * 2
    else:
        commands = [
            [sys.executable, "bench/load.py", str(PORTS[name]), str(file), str(SECONDS), str(CONNECTIONS)]
        ]
    running = [
        subprocess.Popen(each, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for each in commands
    ]
    told = [json.loads(process.communicate()[0]) for process in running]
    bad = {status for each in told for status in each["statuses"]} - {"200", "304"}
    if bad:
        sys.exit(f"{what}, {name}: answers of status {', '.join(bad)}")
    busy, all_of_it = (now - then for now, then in zip(cpu(), before, strict=True))
    return {
        "rate": sum(each["answers"] / each["seconds"] for each in told),
        "p50": max(each["p50"] for each in told),
        "p99": max(each["p99"] for each in told),
        "busy": busy / all_of_it,
        "seconds": time.perf_counter() - begin,
    }


def cpu():
    """(busy, all) ticks of all processors so far; zeros where the system does not say."""
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0, 1
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def done_as_a_whole(peers, environment):
    ports = [str(PORTS["ours"]), *([str(PORTS["datasette"])] if "datasette" in peers else [])]
    done = subprocess.run(
        [sys.executable, "bench/bulk.py", *ports],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def report(cells, bulk):
    rows = {}
    print(
        f"\n{CLAIMS:,} made claims, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:.0f} s; a second, p50 / p99 in ms"
    )
    for what, targets in cells.items():
        middle = {name: median_of(rounds) for name, rounds in targets.items()}
        rows[what] = middle
        ours = middle["ours"]["rate"]
        print(f"\n{what}")
        for name, cell in middle.items():
            spread = f"[{cell['least']:.0f}-{cell['most']:.0f}]"
            if name == "ours":
                ratio = ""
            elif name == "kept":
                ratio = f"ours with answers kept, {cell['rate'] / ours:.1f} x without"
            elif name == "limit":
                ratio = f"ours is {ours / cell['rate']:.0%} of it"
            elif ours >= cell["rate"]:
                ratio = f"ours is {ours / cell['rate']:.1f} x as fast"
            else:
                ratio = f"FASTER than ours, {cell['rate'] / ours:.1f} x"
            print(
                f"  {name:10} {cell['rate']:8.0f} {spread:14} {cell['p50']:7.1f} / {cell['p99']:7.1f}  {ratio}"
            )
    ours = bulk["export"]["ours"]
    print(f"\nfull export: {ours['rows']:.0f} claims a second, {ours['megabytes']:.0f} MB")
    print(
        f"  COPY by PostgreSQL alone: ours is {ours['megabytes'] / bulk['export']['copy']['megabytes']:.0%} of it"
    )
    if peer := bulk["export"].get("datasette"):
        print(
            f"  Datasette's CSV, a flat row a claim: ours is {ours['megabytes'] / peer['megabytes']:.1f} x in bytes"
        )
    print(f"publish: {bulk['publish']:.0f} ms; memory of the server: {bulk['memory'] or 0:.0f} MB")
    path = WORK / f"results-{CLAIMS}.json"
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "system": platform.system()}
    path.write_text(
        json.dumps({"claims": CLAIMS, "machine": machine, "cells": cells, "bulk": bulk}, indent=1),
        encoding="utf-8",
    )
    print(f"\nEvery round stands in {path.relative_to(ROOT)}")


def median_of(rounds):
    rates = [each["rate"] for each in rounds]
    middle = min(rounds, key=lambda each: abs(each["rate"] - statistics.median(rates)))
    return middle | {"least": min(rates), "most": max(rates)}


if __name__ == "__main__":
    main()
