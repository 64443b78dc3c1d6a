"""A running site for programs and browsers: its own database with the real base, served as `make run` serves it."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

ROOT = Path(__file__).parents[1]
SERVE = [sys.executable, "manage.py", "serve", "--workers", "1"]


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, worker_id, testrun_uid):
    """The address of a running site, such as http://127.0.0.1:40123."""
    name = f"onderbouwd_site_{worker_id}"
    with django_db_blocker.unblock():
        ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        url = database_url(name, connection.get_connection_params())
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DJANGO"))
    }
    environment |= {"DATABASE_URL": url, "SITE_URL": address, "SECRET_KEY": "only for this site"}
    run("migrate", environment)
    run("load_kb fixtures", environment)
    collect_static(environment, testrun_uid)
    with served(port, environment):
        yield address
    with django_db_blocker.unblock():
        ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run(command, environment):
    subprocess.run(
        [sys.executable, "manage.py", *command.split(), "-v0"], cwd=ROOT, env=environment, check=True
    )


def collect_static(environment, testrun):
    """Once for all workers of a run, since each would delete what another is reading."""
    with open(ROOT / "var" / "static.testrun", "a+") as collected:
        fcntl.flock(collected, fcntl.LOCK_EX)
        collected.seek(0)
        if collected.read() != testrun:
            run("collectstatic --noinput", environment)
            collected.truncate(0)
            collected.write(testrun)


@contextmanager
def served(port, environment):
    server = subprocess.Popen(
        [*SERVE, "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def unlimited_site(site, worker_id):
    """The same site once more, for whoever asks more than one program may."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    environment |= {
        "DATABASE_URL": database_url(f"onderbouwd_site_{worker_id}", connection.get_connection_params()),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "only for this site",
        "API_LIMIT": "0",
    }
    with served(port, environment):
        yield f"http://127.0.0.1:{port}"


def ask(*statements):
    """Asks the server and hangs up: beside Playwright's event loop Django has another connection, which nobody closes."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


@pytest.fixture(scope="session")
def manage(site, worker_id):
    """Runs a command of the site under test."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    environment |= {
        "DATABASE_URL": database_url(f"onderbouwd_site_{worker_id}", connection.get_connection_params()),
        "SITE_URL": site,
    }

    def run(*command):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    return run


def database_url(name, parameters):
    where = {key: parameters[key] for key in ("host", "port") if parameters.get(key)}
    who = quote(parameters.get("user") or "", safe="")
    if parameters.get("password"):
        who += ":" + quote(parameters["password"], safe="")
    return f"postgresql://{who}@/{name}?{urlencode(where)}"


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, server, patience=30):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer in {patience} seconds")
