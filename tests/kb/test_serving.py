"""What `manage.py serve` does when its surroundings are not as they should be."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.db import connection

from tests.site import ROOT, SERVE, database_url, free_port, wait_for


def serve(port, **environment):
    return subprocess.run(
        [*SERVE, "--port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_port_that_another_server_has_is_refused_in_one_line(db):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        done = serve(other.getsockname()[1])
    assert done.returncode == 1
    assert "cannot be had" in done.stderr and done.stderr.count("\n") == 1


def test_a_database_that_is_away_is_said_in_one_line():
    done = serve(free_port(), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("No database.") and "Traceback" not in done.stderr


@pytest.fixture
def environment(db):
    parameters = connection.get_connection_params()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return kept | {"DATABASE_URL": database_url(parameters["dbname"], parameters), "SECRET_KEY": "for a test"}


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_nothing_goes_on_after_the_server_ended_however_it_ended(environment, sign, code):
    port = free_port()
    server = subprocess.Popen(
        [*SERVE, "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    wait_for(f"http://127.0.0.1:{port}/readyz", server)
    assert server.stdout.readline() == f"Onderbouwd is at http://127.0.0.1:{port}/\n"
    server.send_signal(sign)
    assert server.wait(timeout=20) == code
    server.stdout.close()
    end = time.monotonic() + 10
    while answers(port):
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_worker_reads_its_settings_as_the_web_has_them(environment):
    """A page waits ten seconds for the database at most."""
    asked = "from kb.wsgi import application\nfrom django.db import connection\nc = connection.cursor()\nc.execute('SHOW statement_timeout')\nprint(c.fetchone()[0])"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout == "10s\n"
