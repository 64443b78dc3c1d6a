"""The state of everything that is open to read, as one value that differs after every write that was committed.

Triggers on the tables that answers are made from give a piece of `kb_state` a new random mark (see kb/migrations). Two
writers at once take two pieces, so neither waits. Whoever reads the state first and the rest after it never holds a
value newer than what was read: a copy with that value is at worst asked for again, never kept too long.
"""

from kb.lib.prepared import fetch_all

STATE = "SELECT bit_xor(mark)::text FROM kb_state"
latest = []  # the state that `state_of_base` read last


def state_of_base():
    """As it is now. Not for a transaction that writes: others would take what it has not committed yet for the state."""
    (found,) = fetch_all(STATE)
    latest[:] = found
    return found[0]


def likely_state():
    """The state as last read here. Only for a caller who reads the state again with the data, and begins anew where it differs."""
    return latest[0] if latest else state_of_base()
