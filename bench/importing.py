"""How long it takes to look at and to load 10,000 references, in files as large as the desk takes; the aim is 60 s and 120 s on two processors.

    python bench/importing.py [RECORDS]

Works in a base of its own, filled from the fixtures, and throws it away. Prints seconds and what was found.
"""

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from bench.base import address_of
from bench.turns import run

NAME = "onderbouwd_bench_importing"
WORDS = (
    "effect of oral supplementation with magnesium on sleep quality in older adults a randomised trial cohort pressure blood "
    "melatonin anxiety stress cortisol placebo intake deficiency women men children diabetes pregnancy migraine"
).split()


def ris(records):
    """A file of references with titles that resemble each other as real ones do; nothing in it is a real paper."""
    chance = random.Random(20261123)
    for number in range(records):
        title = " ".join(chance.choices(WORDS, k=12)).capitalize()
        yield (
            f"TY  - JOUR\nTI  - {title}\nAU  - Family{number % 4000}, A. B.\nAU  - Other, C.\nJF  - Made Journal\n"
            f"PY  - {1980 + number % 46}\nVL  - {number % 90}\nSP  - {number}\nEP  - {number + 9}\n"
            f"DO  - 10.5555/made.{number}\nER  - \n\n"
        )


def main():
    import django

    django.setup()
    if os.environ.get("IMPORTING"):
        return measured(int(sys.argv[1]))
    from django.db import connection

    environment = os.environ | {"DATABASE_URL": address_of(NAME), "IMPORTING": "1"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NAME}")
    try:
        run("manage.py", "migrate", "-v0", environment=environment)
        run("manage.py", "load_kb", "fixtures", "-v0", environment=environment)
        run("bench/importing.py", sys.argv[1] if len(sys.argv) > 1 else "10000", environment=environment)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def measured(records):
    from django.contrib.auth.models import Group, User

    from studies.choices import Design
    from studies.chosen import NEW, Choice
    from studies.importing import load_import, undo_import
    from studies.models import Study
    from studies.previewing import MOST_ROWS, preview_file

    editor = User.objects.create_user("bench-editor")
    editor.groups.add(Group.objects.get(name="editor"))
    texts, before, lists = list(ris(records)), Study.objects.count(), []
    begin = time.perf_counter()
    for start in range(0, records, MOST_ROWS):
        data = "".join(texts[start : start + MOST_ROWS]).encode()
        lists.append(preview_file("made.ris", data, by=editor))
    print(f"{records:,} references in {len(lists)} files looked at in {time.perf_counter() - begin:.0f} s")
    begin = time.perf_counter()
    for imported in lists:
        chosen = {number: Choice(NEW, Design.RCT.value) for number in range(1, len(imported.rows) + 1)}
        load_import(imported, by=editor, choices=chosen)
    print(f"loaded in {time.perf_counter() - begin:.0f} s: {Study.objects.count() - before:,} studies")
    begin = time.perf_counter()
    for imported in lists:
        undo_import(imported, by=editor)
    print(f"undone in {time.perf_counter() - begin:.0f} s: {Study.objects.count() - before:,} left")


if __name__ == "__main__":
    main()
