"""Serves the site with granian. Put a proxy before it where strangers come.

The parent connects once before its workers start: so a missing database is said at once, and the embedded server lives as
long as the parent. No connection is left open for them to share.
"""

import gc
import multiprocessing
import os
import socket
import threading
import time
from importlib import import_module

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

THREADS = 4  # of each worker; each keeps one connection to the database
LONGEST_HEAD = 64 * 1024  # bytes of an address and its headers; 500 accessions in one address are 6 kB
SLOWEST_HEAD = 15_000  # milliseconds


class Command(BaseCommand):
    help = "Serve the site at 127.0.0.1, with as many processes as WEB_CONCURRENCY says."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
        parser.add_argument("--workers", type=int, default=os.environ.get("WEB_CONCURRENCY") or 2)
        parser.add_argument("--application", default="kb.wsgi:application", help="another WSGI application")

    def handle(self, port, workers, application, **options):
        refuse_taken(port)
        connection.ensure_connection()
        connection.close()
        # A worker that was forked would keep the settings of this command; a fresh one reads those of kb.wsgi.
        multiprocessing.set_start_method("spawn", force=True)
        server = Granian(
            application,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(max_buffer_size=LONGEST_HEAD, header_read_timeout=SLOWEST_HEAD),
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        )
        threading.Thread(target=tell_when_it_answers, args=(port,), daemon=True).start()
        server.serve(target_loader=application_of_worker)


def refuse_taken(port):
    """Granian would share the port with another server, which then gets half of the readers."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise CommandError(f"Port {port} cannot be had: {error.strerror}.") from error


def tell_when_it_answers(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            print(f"Onderbouwd is at http://127.0.0.1:{port}/", flush=True)
            return


def application_of_worker(name):
    """The application, in a worker, which ends when its parent was killed."""
    threading.Thread(target=end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    module, _colon, member = name.partition(":")
    application = getattr(import_module(module), member)
    gc.collect()
    gc.freeze()  # what was loaded stays, so nobody needs to look through it for what can go
    return application


def end_with(parent):
    parent.join()
    os._exit(1)
