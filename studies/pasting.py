"""Deeds on lines that were pasted: what each names, what it stands for at its source, and which of them are left out."""

from contextlib import contextmanager
from itertools import islice
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from studies import formats
from studies.actions import Refused, needs_to_add
from studies.alike import cited_in
from studies.choices import ImportState
from studies.citing import KINDS, alone, references_in
from studies.formats.columns import tidy
from studies.identifiers import InvalidIdentifier
from studies.imports import twins_in
from studies.lookup import (
    NotFound,
    OutOfTime,
    Unavailable,
    Unreached,
    all_unreached,
    look_up,
    source_of,
)
from studies.models import Import
from studies.previewing import told_all

MOST_LINES = 500
LONGEST_LINE = 2000  # characters of one reference that are kept
SECONDS_AT_ONCE = 15  # for all that is looked up within one request


def are_lines(text):
    """Whether this is to be taken line by line: it is not the text of a file. Raises formats.Unreadable."""
    lines = [line for line in text.splitlines() if line.strip()]
    begins_with_an_address = text.lstrip().lower().startswith("<http")  # and so is no markup
    return begins_with_an_address or all(map(alone, lines)) or not formats.is_file(text)


@transaction.atomic
def preview_lines(text, *, by):
    """An Import of what these lines name, each an identifier, an address or a reference; those that are not here wait to be looked up."""
    needs_to_add(by)
    cited = list(islice(references_in(text), MOST_LINES + 1))
    if len(cited) > MOST_LINES:
        raise Refused(_("Paste at most %(most)s lines at a time.") % {"most": MOST_LINES})
    lines = lines_of(cited)
    asked = [line for line in lines if line["named"] and not line["same_as"]]
    records = [formats.Record(line["line"], dict(line["named"])) for line in asked]
    here = [row for row in told_all(records) if row["here"]]
    found = {row["line"] for row in here}
    return Import.objects.create(
        name=_("pasted"),
        kind="identifiers",
        made_by=by,
        lines=lines,
        rows=here,
        waiting=[[line["line"], first_of(line["named"])] for line in asked if line["line"] not in found],
    )


def lines_of(cited):
    named = {
        each.line: {} if each.is_of_several else {kind: found[0] for kind, found in each.named.items()}
        for each in cited
    }
    twins = twins_in(named.items())
    alike = cited_in({each.line: each.text[:LONGEST_LINE] for each in cited if not each.named})
    return [
        {
            "line": each.line,
            "text": tidy(each.text if len(each.text) <= LONGEST_LINE else f"{each.text[:LONGEST_LINE]}…"),
            "named": named[each.line],
            "several": [one for found in each.named.values() for one in found] if each.is_of_several else [],
            "same_as": twins.get(each.line),
            "likely": [likely(publication, how) for publication, how in alike.get(each.line, ())],
        }
        for each in cited
    ]


def likely(publication, how):
    return how._asdict() | {
        "score": how.score,
        "study": publication.study.key,
        "label": publication.study.label,
        "says": publication.title,
    }


def first_of(named):
    return next(named[kind] for kind in KINDS if kind in named)


def look_up_waiting(imported, *, by, seconds=SECONDS_AT_ONCE):
    """Look up lines that wait, in their order, until the time is up; the list as it then is.

    Each line is kept by itself, so nothing is lost where this is broken off. Where a source cannot be reached, its other lines wait too.
    Who comes while another is at it changes nothing.
    """
    needs_to_add(by)
    with one_at_a_time(imported) as is_mine:
        if is_mine:
            keep_unreached(imported, looked_up(imported, monotonic() + seconds))
    return Import.objects.select_related("made_by").get(pk=imported.pk)


def looked_up(imported, until):
    """{source: (line that it was asked for, why it could not be reached)}; the others were kept."""
    unreached, asked = {}, 0
    for line, text in imported.waiting:
        source = source_of(text)
        if source in unreached:
            continue
        try:
            keep_looked_up(imported, line, look_up(text, until), "")
        except OutOfTime as error:
            if not asked:  # it has had all the time there was
                unreached[source] = (line, str(error))
            break
        except Unreached as error:
            unreached[source] = (line, str(error))
        except (NotFound, InvalidIdentifier, Unavailable) as error:
            keep_looked_up(imported, line, None, f"{text}: {error}")
        asked += 1
    return unreached


@contextmanager
def one_at_a_time(imported):
    """Whether nobody else is looking up this list at this moment."""
    name = f"look up import {imported.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_mine,) = cursor.fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@transaction.atomic
def keep_looked_up(imported, line, found, trouble):
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if not any(number == line for number, _text in kept.waiting):
        return
    kept.waiting = [each for each in kept.waiting if each[0] != line]
    if found:
        place = sum(row["line"] < line for row in kept.rows)
        kept.rows.insert(place, row_found(line, found))
        kept.choices = {
            int(number) + (int(number) > place): choice for number, choice in kept.choices.items()
        }
    else:
        kept.problems = sorted([*kept.problems, [line, trouble]])
    kept.save(update_fields=["waiting", "rows", "choices", "problems"])


@transaction.atomic
def keep_unreached(imported, unreached):
    """The line that a source was asked for in vain goes to the end, so that the others have their turn before it."""
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    last = [line for line, _why in unreached.values()]
    kept.waiting = sorted(kept.waiting, key=lambda each: each[0] in last)
    kept.unreached = why_unreached(unreached) if kept.waiting else ""
    kept.unreached_at = timezone.now() if kept.unreached else None
    kept.save(update_fields=["waiting", "unreached", "unreached_at"])


def why_unreached(unreached):
    """One sentence for all of it; empty where every source could be reached."""
    sentences = {why for _line, why in unreached.values()}
    return all_unreached(unreached) if len(sentences) > 1 else "".join(sentences)


def row_found(line, found):
    """What was found, with what came from where."""
    (row,) = told_all([formats.Record(line, found.record.fields, standing=found.record.standing)])
    answer = found.answer
    return row | {
        "answer": {
            "source": answer.source,
            "url": answer.url,
            "fetched_at": answer.fetched_at.isoformat(),
            "sha256": answer.sha256,
        }
    }


@transaction.atomic
def leave_waiting_out(imported, *, by):
    """Go on without the lines that were not looked up; each is told as such."""
    needs_to_add(by)
    kept = Import.objects.select_for_update().get(pk=imported.pk)
    if kept.state != ImportState.PREVIEWED or not kept.waiting:
        raise Refused(_("No line of this list waits to be looked up."))
    kept.problems = sorted(
        [*kept.problems, *([line, _("%(text)s: left out.") % {"text": text}] for line, text in kept.waiting)]
    )
    left = {line for line, _text in kept.waiting}
    kept.lines = [each | {"is_left_out": True} if each["line"] in left else each for each in kept.lines]
    kept.waiting, kept.unreached, kept.unreached_at = [], "", None
    kept.save(update_fields=["lines", "waiting", "problems", "unreached", "unreached_at"])
    return kept
