"""Which database: the one that DATABASE_URL names, or else a PostgreSQL of our own (kb/postgresql/embedded.py)."""

from django.db.utils import OperationalError
from environ import Env


class DatabaseUnavailable(OperationalError):
    """No database can be had; the text is one line that says why."""


def database_settings(url, *, data, options=""):
    """The entry for settings.DATABASES. `options` are server settings for each session, such as "-c lock_timeout=2s"."""
    if url:
        scheme = url.partition(":")[0]
        if scheme not in {"postgres", "postgresql"}:
            raise DatabaseUnavailable(f"DATABASE_URL must start with postgresql://, not with {scheme}:")
        chosen = Env.db_url_config(url, engine="kb.postgresql")
    else:
        chosen = {"ENGINE": "kb.postgresql", "NAME": "postgres", "USER": "postgres", "EMBEDDED": data}
    chosen["OPTIONS"] = {"options": options, **chosen.get("OPTIONS", {})}
    return chosen | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
