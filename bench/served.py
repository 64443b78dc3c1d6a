"""The textbook API behind the same server as ours, for `bench/run.py`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

from django.conf import settings

settings.ROOT_URLCONF = "bench.textbook"

from django.core.wsgi import get_wsgi_application  # noqa: E402 (which addresses it serves is said first)

application = get_wsgi_application()
