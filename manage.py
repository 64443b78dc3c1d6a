#!/usr/bin/env python
"""The command line: `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line

from kb.database import DatabaseUnavailable


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseUnavailable as error:
        sys.exit(f"No database. {error}")


if __name__ == "__main__":
    main()
