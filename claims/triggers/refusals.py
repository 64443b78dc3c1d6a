"""How a trigger refuses."""

OPEN_STATES = "('draft', 'changes-requested')"


def refuse(sentence):
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation';"
