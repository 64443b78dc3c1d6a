"""How reading and publishing slow down as the base grows: the same questions to bases of several sizes, in turns.

    python bench/growth.py 10000 100000 990000

Two connections, so that nothing queues; p99 of each size beside that of the smallest. Each turn is asked once before it counts,
and lists are about topics that fill a page in every base: what is compared is the same work, at hand in memory. Accessions
have six digits, so that 990,000 made claims is about as many as there can be.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from bench.base import made_base
from bench.report import median_of
from bench.turns import WORK, answer_of_ours, django_served, one_round, run

ROUNDS, SECONDS, WARMING, CONNECTIONS, PORT = 5, 3, 3, 2, 8830
WORKLOADS = ("list", "detail", "list (page)", "search", "search with filters", "search with counts (page)")


def main():
    import django

    django.setup()
    WORK.mkdir(parents=True, exist_ok=True)
    sizes = [int(size) for size in sys.argv[1:]]
    environments = {size: environment_for(size) for size in sizes}
    questions = {
        size: answer_of_ours("bench/questions.py", "broad", environment=environments[size]) for size in sizes
    }
    run("manage.py", "collectstatic", "--noinput", "-v0", environment=environments[sizes[0]])
    cells, bulk = {}, {}
    with ExitStack() as servers:
        for place, size in enumerate(sizes):
            servers.enter_context(django_served(PORT + place, environments[size]))
        for _ in range(ROUNDS):
            for what in WORKLOADS:
                for place, size in enumerate(sizes):
                    cell = one_round(
                        what,
                        str(size),
                        PORT + place,
                        questions[size][what]["ours"],
                        environments[size],
                        seconds=SECONDS,
                        connections=CONNECTIONS,
                        warming=WARMING,
                    )
                    cells.setdefault(what, {}).setdefault(size, []).append(cell)
        for place, size in enumerate(sizes):
            bulk[size] = answer_of_ours("bench/bulk.py", str(PORT + place), environment=environments[size])
    report(sizes, cells, bulk)


def environment_for(size):
    url, _seconds = made_base(size)
    return os.environ | {
        "DATABASE_URL": url,
        "API_LIMIT": "0",
        "SITE_URL": "http://127.0.0.1",
        "SECRET_KEY": "only to measure",
        "ANSWERS_KEPT": "0",
        "DEBUG": "",
    }


def report(sizes, cells, bulk):
    print(
        f"\np50 / p99 in ms, and p99 beside that of {sizes[0]:,} claims; {CONNECTIONS} connections, {ROUNDS} rounds"
    )
    for what, rows in cells.items():
        print(f"\n{what}")
        first = median_of(rows[sizes[0]])
        for size in sizes:
            cell = median_of(rows[size])
            print(f"  {size:>9,} {cell['p50']:7.1f} / {cell['p99']:7.1f}  {cell['p99'] / first['p99']:.1f} x")
    print(
        "\npublishing, at first and again, ms; export, MB a second; memory of two workers and their parent, MB"
    )
    for size in sizes:
        found = bulk[size]
        export = found["export"]["ours"]["megabytes"]
        first, again = found["publish"]["first"], found["publish"]["again"]
        print(f"  {size:>9,} {first:7.0f} {again:7.0f} {export:7.0f} {found['memory'] or 0:7.0f}")


if __name__ == "__main__":
    main()
