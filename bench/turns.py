"""Starts servers, and asks them in turns."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "var" / "bench"
PATIENCE = 20  # seconds that the slowest are asked for
FEW = 2  # connections to warm with
IDLE = 0.1  # of all processors, which servers take that nobody asks


@contextmanager
def django_served(port, environment, application="kb.wsgi:application"):
    """As `make run` serves it."""
    command = [sys.executable, "manage.py", "serve", "--application", application]
    ready = f"http://127.0.0.1:{port}/api/v1/topics/?page_size=1"
    with started(command, environment | {"PORT": str(port)}, ready):
        yield


@contextmanager
def started(command, environment, address, folder=ROOT):
    command = [str(part) for part in command]
    with open(WORK / "servers.log", "ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended before it answered; see {WORK.relative_to(ROOT)}/servers.log")
            try:
                urllib.request.urlopen(address, timeout=2).read()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} does not answer at {address}; see {WORK.relative_to(ROOT)}/servers.log")
        yield
    finally:
        process.terminate()
        process.wait(20)


def one_round(what, name, port, lines, environment, *, seconds, connections, warming=0):
    """One round of asking these lines: answers a second, times in ms, and how busy the machine was.

    They are asked for `warming` seconds before that count for nothing, by few at once so that a slow server has soon done with them: a
    machine may have put away what nobody read of late. PostgreSQL alone warms itself, as it is asked twice.

    `foreign` is the part of all processors that none of the programs of this run took, nor any PostgreSQL; 0 where the system does not say.
    """
    file = WORK / f"{what}-{name}.txt".replace(" ", "-")
    file.write_text("\n".join(lines), encoding="utf-8")
    drained()
    if warming and port:
        asked(port, file, warming, FEW, patience=0)
        drained()
    before, began_with, begin = cpu(), ticks_of_ours(), time.perf_counter()
    told = (
        limit_of(what, file, seconds, environment)
        if name == "limit"
        else asked(port, file, seconds, connections)
    )
    if told["failed"]:
        sys.exit(f"{what}, {name}: {told['failed']} answers were none of 200 or 304")
    busy, all_of_it = (now - then for now, then in zip(cpu(), before, strict=True))
    foreign = max(0, busy - taken_since(began_with))
    return {
        "rate": told["answers"] / told["seconds"],
        "p50": told["p50"],
        "p99": told["p99"],
        "busy": busy / all_of_it,
        "foreign": foreign / all_of_it,
        "seconds": time.perf_counter() - begin,
    }


def drained():
    """Waits until what earlier turns asked for is done: some servers go on for long after their client hung up."""
    until = time.monotonic() + 5 * 60
    while time.monotonic() < until:
        begin, began_with = cpu()[1], ticks_of_ours()
        time.sleep(0.5)
        if taken_since(began_with) <= (cpu()[1] - begin) * IDLE:
            return
    sys.exit("a server of an earlier turn is still at work after five minutes")


def asked(port, file, seconds, connections, patience=PATIENCE):
    """What wrk finds. A server too slow to answer each connection twice is asked for ten times as long, where patience allows."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", "bench/load.lua"]
    told = answer_of(
        *command, f"http://127.0.0.1:{port}", environment=os.environ | {"PORT": str(port), "ASKED": str(file)}
    )
    if told["answers"] < 2 * connections and seconds < patience:
        return asked(port, file, seconds * 10, connections, patience)
    return told


def limit_of(what, file, seconds, environment):
    return answer_of_ours("bench/limit.py", what, str(file), str(seconds), environment=environment)


def cpu():
    """(busy, all) ticks of all processors so far; zeros where the system does not say."""
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0, 1
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def ticks_of_ours():
    """{process: ticks so far} of what runs in this session and of every PostgreSQL, with those of their children that are done."""
    found, session = {}, os.getsid(0)
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = process.read_text().rpartition(")")
        except OSError:
            continue
        fields = rest.split()
        if int(fields[3]) == session or "(postgres" in name:
            found[process.parent.name] = sum(map(int, fields[11:15]))
    return found


def taken_since(before):
    return sum(ticks - before.get(process, 0) for process, ticks in ticks_of_ours().items())


def run(*command, environment=None):
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment or os.environ, check=True)


def answer_of(*command, environment):
    """The last line that a command prints, as JSON."""
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def answer_of_ours(*command, environment):
    """The same of a script of ours."""
    return answer_of(sys.executable, *command, environment=environment)
