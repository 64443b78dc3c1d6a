"""How gunicorn serves: `gunicorn --config kb/gunicorn.py kb.wsgi`. Put a proxy before it where strangers come.

The parent connects once before it forks. So a missing database is said at once, and the embedded server lives as long
as the parent, whose workers inherit its hold. No connection is left open for them to share.
"""

import os
import sys

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
threads = 4
preload_app = True
timeout = 30
keepalive = 15
limit_request_line = 8190  # 500 accessions with commas in one address
max_requests, max_requests_jitter = 10_000, 1_000
control_socket_disable = True


def on_starting(server):
    from django.db import connection

    from kb.database import DatabaseUnavailable

    try:
        connection.ensure_connection()
    except DatabaseUnavailable as error:
        sys.exit(f"No database. {error}")
    connection.close()


def when_ready(server):
    print(f"Onderbouwd is at http://{bind}/", flush=True)
