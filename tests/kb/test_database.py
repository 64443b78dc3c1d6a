"""The embedded server's life: one for all, back after a crash, gone after the last process. Each test has its own."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from kb.database import DatabaseUnavailable, database_settings
from kb.postgresql.embedded import make_private, socket_folder

ROOT = Path(__file__).resolve().parents[2]
USER = """
import sys, time
from pathlib import Path
import psycopg2
from kb.postgresql.embedded import running_server
host = running_server(Path(sys.argv[1]))
with psycopg2.connect(host=host, user="postgres", dbname="postgres") as connection, connection.cursor() as cursor:
    cursor.execute("SELECT pg_postmaster_start_time()::text")
    print(cursor.fetchone()[0], flush=True)
connection.close()
"""
HOLD = USER + "sys.stdin.read()\n"
FORK_AND_LEAVE = USER + "import os\nif os.fork() == 0: sys.stdin.read()\nos._exit(0)\n"


@pytest.fixture
def data():
    home = Path(tempfile.mkdtemp(prefix="kb-"))
    yield home / "var" / "pg"
    assert soon(lambda: stopped(home / "var" / "pg"))
    shutil.rmtree(home)


@pytest.fixture
def use(data):
    """Starts a process that uses the server, and ends those that the test leaves."""
    processes = []

    def start(script, data=data):
        command = [sys.executable, "-c", script, data]
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        processes.append(subprocess.Popen(command, cwd=ROOT, text=True, **pipes))
        return processes[-1]

    yield start
    for process in processes:
        leave(process)


def started_at(process):
    """What a user of the server saw as the time of its start."""
    return process.stdout.readline().strip() or pytest.fail(process.stderr.read())


def serves(data):
    return socket_folder(data) is not None


def stopped(data):
    """Nothing listens, and neither a user nor the keeper holds the lock any more."""
    if not data.with_suffix(".users").exists():
        return True
    with data.with_suffix(".users").open() as lock, suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return not serves(data)


def server_pid(data):
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def leave(process):
    """Ends its input, which it waits for."""
    if not process.stdin.closed:
        process.communicate(timeout=30)


def soon(condition, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


class TestEmbeddedServer:
    def test_two_that_come_at_once_share_one_server_and_it_stops_after_the_last(self, data, use):
        first, second = use(HOLD), use(HOLD)
        assert started_at(first) == started_at(second)
        leave(first)
        assert serves(data)
        leave(second)
        assert soon(lambda: stopped(data))

    def test_it_stops_after_a_user_that_was_killed(self, data, use):
        user = use(HOLD)
        started_at(user)
        user.kill()
        leave(user)
        assert soon(lambda: stopped(data))

    def test_a_forked_worker_keeps_it_alive(self, data, use):
        parent = use(FORK_AND_LEAVE)
        started_at(parent)
        parent.wait(timeout=30)
        assert serves(data)
        leave(parent)
        assert soon(lambda: stopped(data))

    def test_after_a_crash_the_next_user_finds_what_was_stored(self, data, use):
        user = use(HOLD)
        before = started_at(user)
        with psycopg2.connect(host=socket_folder(data), user="postgres", dbname="postgres") as connection:
            connection.cursor().execute("CREATE TABLE kept AS SELECT 1")
        connection.close()
        os.kill(server_pid(data), signal.SIGKILL)
        assert soon(lambda: not serves(data))

        next_user = use(HOLD)
        assert started_at(next_user) > before
        with psycopg2.connect(host=socket_folder(data), user="postgres", dbname="postgres") as connection:
            connection.cursor().execute("SELECT * FROM kept")
        connection.close()
        leave(next_user)
        leave(user)

    def test_a_pid_file_whose_number_lives_again_as_another_process_is_stale(self, data, use):
        user = use(HOLD)
        started_at(user)
        left_behind = (data / "postmaster.pid").read_text()
        leave(user)
        assert soon(lambda: stopped(data))
        owner = data.stat().st_uid
        stranger = subprocess.Popen(["sleep", "60"], **({} if owner == os.geteuid() else {"user": owner}))
        lines = left_behind.splitlines(keepends=True)
        (data / "postmaster.pid").write_text("".join([f"{stranger.pid}\n", *lines[1:]]))

        user = use(HOLD)
        assert started_at(user)
        assert server_pid(data) != stranger.pid
        leave(user)
        stranger.kill()
        stranger.wait()

    def test_a_long_path_gets_its_socket_elsewhere(self, data, use):
        deep = data.parent.joinpath(*["a long way down"] * 7, "var", "pg")
        deep.parent.mkdir(parents=True)
        user = use(HOLD, deep)
        assert started_at(user)
        assert socket_folder(deep).startswith("/tmp/onderbouwd-")
        leave(user)
        assert soon(lambda: stopped(deep))

    def test_a_folder_of_somebody_else_is_refused_in_one_line(self, tmp_path):
        link = tmp_path / "link"
        link.symlink_to(tmp_path)
        with pytest.raises(DatabaseUnavailable, match="belongs to somebody else"):
            make_private(link, {})

    def test_commands_that_need_no_database_start_none(self, monkeypatch):
        monkeypatch.setattr("kb.postgresql.base.running_server", lambda data: pytest.fail("it was started"))
        call_command("check")


class TestDatabaseSettings:
    def test_without_an_address_it_is_our_own(self, tmp_path):
        assert database_settings("", data=tmp_path)["EMBEDDED"] == tmp_path

    def test_an_address_is_used_as_it_is_given(self, tmp_path):
        chosen = database_settings("postgresql://an:b%40d@db.example:5433/kb?sslmode=require", data=tmp_path)
        assert (chosen["HOST"], chosen["PORT"]) == ("db.example", 5433)
        assert chosen["PASSWORD"] == "b@d"
        assert chosen["OPTIONS"]["sslmode"] == "require"
        assert "EMBEDDED" not in chosen

    def test_another_kind_of_database_is_refused(self, tmp_path):
        with pytest.raises(DatabaseUnavailable, match="must start with postgresql://"):
            database_settings("sqlite:///kb.sqlite3", data=tmp_path)

    @pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none", "mysql://localhost/none"])
    def test_a_command_says_in_one_line_that_there_is_no_database(self, address):
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("No database. ")
        assert done.stderr.count("\n") == 1

    def test_psycopg_3_did_not_come_in_beside_psycopg2(self):
        assert not is_psycopg3
