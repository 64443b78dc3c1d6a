"""Waits until nobody holds the lock on its standard input, then stops the server. Started by embedded.py.

Arguments: user and group to run as (empty: as it is), then the command.
"""

import fcntl
import subprocess
import sys


def main(user, group, *command):
    fcntl.flock(0, fcntl.LOCK_EX)
    account = {"user": int(user), "group": int(group), "extra_groups": []} if user else {}
    subprocess.run(command, cwd="/", **account)


if __name__ == "__main__":
    main(*sys.argv[1:])
