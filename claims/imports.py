"""Reading a release back: everything is checked first, then written through the actions in one transaction.

A row that is here already and the same is left alone, so loading twice changes nothing. A published version that
differs from the one here is refused: what was published never changes.
"""

import json
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model

from claims.chain_tables import CHAIN_STEPS, CHAINS
from claims.exports import (
    EVIDENCE,
    JUDGEMENTS,
    TABLES,
    VERSIONS,
)
from kb.lib.jsonlines import BadFile, canonical, plain, read_rows, sha256
from studies.exports import BIAS_ASSESSMENTS, BIAS_DOMAINS, NOTICES

PARTS = (EVIDENCE, JUDGEMENTS)
PARTS_OF_A_VERSION = {table.name for table in (VERSIONS, *PARTS)}
NEVER_CHANGES = PARTS_OF_A_VERSION | {NOTICES.name}
CAME_LATER = (
    CHAINS,
    CHAIN_STEPS,
    BIAS_ASSESSMENTS,
    BIAS_DOMAINS,
)  # a release from before them is whole without
MOST_PROBLEMS = 20

User = get_user_model()


class BadRows(ValueError):
    """Rows that cannot be loaded; its text is one line a problem: file, line, field and what is wrong."""

    def __init__(self, problems):
        shown = problems[:MOST_PROBLEMS]
        more = len(problems) - len(shown)
        super().__init__("\n".join([*shown, f"and {more} more"] if more else shown))


@dataclass
class Row:
    table: object
    line: int
    data: dict
    values: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.table.key_of(self.data)

    def problem(self, name, sentence):
        return f"{self.table.file}, line {self.line}, {name}: {sentence}"


@dataclass
class Plan:
    """What loading will do: the rows of each table that are new or changed, and how many are the same."""

    rows: dict
    new: dict
    changed: dict
    same: dict

    def lines(self):
        for table in TABLES:
            name = table.name
            yield f"{name:>16}: {len(self.new[name]):5} new {len(self.changed[name]):5} changed {self.same[name]:5} the same"

    @property
    def size(self):
        return sum(len(self.new[t.name]) + len(self.changed[t.name]) for t in TABLES)


def read_release(folder, *, edited=False):
    """All rows of a folder, checked field by field and against each other. Raises BadFile or BadRows.

    Unless `edited`, the files must be those that the manifest names, byte for byte.
    """
    if not folder.is_dir():
        raise BadFile(f"{folder} is not a folder")
    if not edited:
        check_manifest(folder)
    rows = {table.name: [Row(table, *found) for found in read_file(folder / table.file)] for table in TABLES}
    problems = []
    for table in TABLES:
        seen = {}
        for row in rows[table.name]:
            row.values, found = table.clean(row.data)
            problems += [row.problem(name, sentence) for name, sentence in found.items()]
            if found:
                continue
            if row.key in seen:
                problems.append(row.problem(table.key[-1], f"stands in line {seen[row.key]} already"))
            seen[row.key] = row.line
    problems += [] if problems else dangling(rows)
    if problems:
        raise BadRows(problems)
    return rows


def read_file(path):
    return list(read_rows(path)) if path.exists() else []


def check_manifest(folder):
    path = folder / "manifest.json"
    if not path.exists():
        raise BadFile(f"{path.name} is missing; --edited loads a folder without one")
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        sums = {name: entry["sha256"] for name, entry in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"{path.name} is not a manifest ({error})") from error
    for table in TABLES:
        file = folder / table.file
        if table in CAME_LATER and table.file not in sums and not file.exists():
            continue
        if table.file not in sums or not file.exists():
            raise BadFile(f"{table.file} is missing in the folder or in its manifest")
        if sha256(file.read_bytes()) != sums[table.file]:
            raise BadFile(f"{table.file} is not the file the manifest names; --edited loads it all the same")


def dangling(rows):
    """References to a row that stands neither in the folder nor in the base."""
    known = {}
    for table in TABLES:
        here = {row.key[0] for row in rows[table.name]} if len(table.key) == 1 else set()
        known[table.name] = here | (existing_keys(table) if len(table.key) == 1 else set())
    versions = {(row.data.get("claim"), row.data.get("number")) for row in rows[VERSIONS.name]}
    assessments = {row.key for row in rows[BIAS_ASSESSMENTS.name]}
    for table in TABLES:
        for row in rows[table.name]:
            for name, reference in row.table.references.items():
                value = row.data.get(name)
                if (
                    value is not None
                    and reference.table
                    and not hashable_and_in(value, known[reference.table])
                ):
                    yield row.problem(name, f"there is no {value!r} in {reference.table}")
            for name, (target, _expression) in table.lists.items():
                wrong = [value for value in row.data.get(name, []) if target and value not in known[target]]
                if wrong:
                    yield row.problem(name, f"there is no {wrong[0]!r} in {target}")
            if table in PARTS and (row.data.get("claim"), row.data.get("number")) not in versions:
                yield row.problem("number", "there is no such version in this folder")
            if table is BIAS_DOMAINS and assessed_in(row.data) not in assessments:
                yield row.problem("domain", "there is no such assessment in this folder")


def assessed_in(domain):
    """The key of the assessment that a domain is part of."""
    return domain["study"], str(domain["domain"]).partition("/")[0], domain["outcome"]


def hashable_and_in(value, known):
    return isinstance(value, str) and value in known


def existing_keys(table):
    return set(table.model.objects.values_list(table.key[0], flat=True))


def plan_load(rows):
    """Compares the rows with the base. Raises BadRows where a published version or a notice would change."""
    plan = Plan(rows, *({table.name: [] for table in TABLES} for _ in range(2)), {})
    problems = []
    for table in TABLES:
        here = {table.key_of(row): row for row in table.rows()}
        count = 0
        for row in rows[table.name]:
            if row.key not in here:
                plan.new[table.name].append(row)
            elif same(row.data, here[row.key]):
                count += 1
            elif table.name in NEVER_CHANGES:
                name = next(
                    n
                    for n in row.data.keys() | here[row.key].keys()
                    if not same_value(row.data, here[row.key], n)
                )
                problems.append(row.problem(name, "differs from what was published, and that never changes"))
            else:
                plan.changed[table.name].append(row)
        plan.same[table.name] = count
    new_versions = {row.key for row in plan.new[VERSIONS.name]}
    for table in PARTS:
        for row in plan.new[table.name]:
            if (row.data["claim"], row.data["number"]) not in new_versions:
                problems.append(
                    row.problem(table.key[-1], "adds to a published version, and that never changes")
                )
    if problems:
        raise BadRows(problems)
    return plan


def same(row, here):
    return all(same_value(row, here, name) for name in row.keys() | here.keys())


def same_value(row, here, name):
    return canonical(plain_value(row.get(name))) == canonical(plain_value(here.get(name)))


def plain_value(value):
    return plain(value) if hasattr(value, "to_integral_value") else value
