"""The state of everything that is open to read, as one value that differs after every write that was committed.

Triggers on the tables that answers are made from give a piece of `kb_state` a new random mark (see kb/migrations). Two
writers at once take two pieces, so neither waits. Whoever reads the state first and the rest after it never holds a
value newer than what was read: a copy with that value is at worst asked for again, never kept too long.
"""

from kb.lib.prepared import fetch_all

STATE = "SELECT md5(string_agg(mark::text, '' ORDER BY piece)) FROM kb_state"
latest = []  # the state that this process read last


def state_of_base():
    (found,) = fetch_all(STATE)
    latest[:] = found
    return found[0]


def likely_state():
    """The state as it was when last read: for who then reads, with all else, what it is, and begins anew where it is another."""
    return latest[0] if latest else state_of_base()
