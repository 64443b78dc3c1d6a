"""What became of each line that was pasted."""

from studies.choices import LineState

SIGNS = {  # what each looks like, beside its word
    LineState.HERE: "●",
    LineState.FOUND: "◆",
    LineState.LOOK: "?",
    LineState.MISSING: "✕",
    LineState.WAITS: "…",
}


def states_of(lines, rows, waiting):
    """{number of the line: LineState}; one that names the same paper as a line before it is where that one is."""
    here = {row["line"]: bool(row["here"]) for row in rows}
    waiting = {number for number, _text in waiting}
    states = {}
    for line in lines:
        states[line["line"]] = states[line["same_as"]] if line["same_as"] else state_of(line, here, waiting)
    return states


def state_of(line, here, waiting):
    number = line["line"]
    if number in waiting:
        return LineState.WAITS
    if number in here:
        return LineState.HERE if here[number] else LineState.FOUND
    return LineState.MISSING if line["named"] and not line.get("is_left_out") else LineState.LOOK


def counted(states):
    """(state, sign, how many) of the four, and of those that wait where any do."""
    every = list(states.values())
    return [
        (state, sign, every.count(state))
        for state, sign in SIGNS.items()
        if state != LineState.WAITS or state in every
    ]
