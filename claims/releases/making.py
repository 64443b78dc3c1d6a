"""Deeds with releases: ask for one, make the next that was asked for, make one once more.

Whoever makes a release holds a lock of its session meanwhile, so two never make the same one, and one whose maker died
is taken up by the next.
"""

import datetime
import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import Refused, needs
from claims.choices import ReleaseState
from claims.models import ClaimVersion, Release
from claims.releases.comparing import claims_changed
from claims.releases.past import Unsettled, standing_at
from claims.releases.places import Archive
from claims.releases.writing import Past, write_release

ADD = "claims.add_release"
LOCK = 7_311_846  # the first half of the lock's name; the second is the release
PIECE = 1024 * 1024
FRESH = {
    "state": ReleaseState.QUEUED, "trouble": "", "made_at": None, "rows_written": 0, "rows_expected": 0,
}  # fmt: skip


def end_of(day):
    """The last moment of a day, as the site reckons days."""
    return timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    ) - datetime.timedelta(microseconds=1)


def ask_release(day, *, by):
    """Queue the release of a day that is over. One that failed is tried again."""
    needs(by, ADD)
    return queue_release(day, asked_by=by)


@transaction.atomic
def queue_release(day, *, asked_by=None):
    """The command does this for nobody in particular."""
    if day >= timezone.localdate():
        raise Refused("day-not-over", _("A release is of a day that is over."))
    if not events_until(end_of(day)):
        raise Refused("nothing-then", _("Nothing was published here by the end of that day."))
    release, is_new = Release.objects.select_for_update().get_or_create(
        day=day, defaults={"asked_by": asked_by}
    )
    if not is_new and release.state != ReleaseState.FAILED:
        raise Refused("already-asked", _("There is a release of that day already, or it is being made."))
    return release if is_new else keep(release, **FRESH, asked_by=asked_by)


def events_until(moment):
    events = ClaimVersion.pgh_event_model.objects
    return events.filter(pgh_created_at__lte=moment, state="published").exists()


def make_releases(*, tell=lambda release: None):
    """Yields each release that was asked for as it is made, oldest day first, until none waits."""
    for release in Release.objects.filter(state__in=("queued", "building")).order_by("day"):
        with alone(release) as is_ours:
            release.refresh_from_db()
            if is_ours and release.state in (ReleaseState.QUEUED, ReleaseState.BUILDING):
                yield make_release(release, tell=tell)


def make_release(release, *, tell=lambda release: None):
    """Make the file and keep what it is. What goes wrong is kept as well, and the file is not there."""
    keep(release, **FRESH | {"state": ReleaseState.BUILDING})
    try:
        with new_file(release) as (path, counts):
            counts |= write(release, path, tell)
            sums = {"size": path.stat().st_size, "sha256": sha256_of(path)}
            compared = changes_of(release)
    except Unsettled:
        return fail(
            release, _("Something that began before the end of that day is still under way. Try again.")
        )
    except OSError as error:
        return fail(release, error.strerror or type(error).__name__)
    return keep(
        release, state=ReleaseState.MADE, made_at=timezone.now(), counts=counts, changes=compared, **sums
    )


def fail(release, sentence):
    return keep(release, state=ReleaseState.FAILED, trouble=sentence[:200])


def rebuild_release(release, *, tell=lambda release: None):
    """Make the file once more from history, beside the one there is. Returns its SHA-256; it is put back where it lacks."""
    with tempfile.TemporaryDirectory(dir=folder()) as beside:
        path = Path(beside) / release.file_name
        write(release, path, tell)
        digest = sha256_of(path)
        if digest == release.sha256 and not path_of(release).exists():
            os.replace(path, path_of(release))
    return digest


def write(release, path, tell):
    """Writes the file of a release, keeping how far it is. Returns {file: rows}."""

    def tell_rows(rows):
        Release.objects.filter(pk=release.pk, state=ReleaseState.BUILDING).update(rows_written=rows)
        release.rows_written = rows
        tell(release)

    with standing_at(end_of(release.day)), Archive(path) as archive:
        base = Past()
        release.rows_expected = base.count()
        Release.objects.filter(pk=release.pk).update(rows_expected=release.rows_expected)
        return write_release(archive, base, version=str(release.day), tell=tell_rows)


@contextmanager
def new_file(release):
    """A file beside its place, moved there when all went well, so that nobody is given half of one."""
    with tempfile.TemporaryDirectory(dir=folder()) as beside:
        path = Path(beside) / release.file_name
        yield path, {}
        os.replace(path, path_of(release))


def folder():
    settings.RELEASES_DIR.mkdir(parents=True, exist_ok=True)
    return settings.RELEASES_DIR


def path_of(release):
    """The name follows from the day alone, so it never leads out of the folder."""
    return settings.RELEASES_DIR / release.file_name


def changes_of(release):
    before = Release.objects.filter(day__lt=release.day, state=ReleaseState.MADE).order_by("-day").first()
    if before is None:
        return {}
    return {"since": str(before.day), **claims_changed(end_of(before.day), end_of(release.day))}


def sha256_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(release):
    """Whether nobody else is at work on this release; if so, nobody will be until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, release.pk])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, release.pk])


def keep(release, **words):
    """Writes these columns and no other."""
    for name, value in words.items():
        setattr(release, name, value)
    release.save(update_fields=list(words))
    return release
