"""What the stack must stay, whatever is installed beside it."""

import importlib.util

import django.db.backends.postgresql.psycopg_any as driver
from django.db import connection


def test_django_talks_through_psycopg2():
    assert importlib.util.find_spec("psycopg") is None
    assert driver.is_psycopg3 is False


def test_the_database_is_postgresql_15_or_newer(db):
    assert connection.vendor == "postgresql"
    assert connection.pg_version >= 15_00_00


def test_every_model_is_known_to_the_migrations(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
