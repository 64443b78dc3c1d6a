"""What the web server runs. Each session of the web is bounded: a page never waits longer than a reader does."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
os.environ.setdefault(
    "DATABASE_OPTIONS",
    "-c statement_timeout=10s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s",
)

application = get_wsgi_application()
