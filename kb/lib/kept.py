"""Answers that a process keeps, each with the state of the base it was made from.

An answer is given again only while the base is in that very state (`kb.lib.state`), so nothing stale is ever served. The
answer asked for longest ago goes first when there is no room.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

LARGEST = 512 * 1024


@dataclass(frozen=True)
class Answer:
    """What is answered, with every header that does not depend on who asks."""

    body: bytes
    headers: dict = field(default_factory=dict)
    status: int = 200

    @property
    def weight(self):
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.items())


class Kept:
    """{key: (state, Answer)} of at most so many bytes, for all threads of this process."""

    def __init__(self, most):
        self.most, self.weight = most, 0
        self.answers, self.lock = OrderedDict(), Lock()

    def __contains__(self, key):
        return key in self.answers

    def get(self, key, state):
        """The answer for this key made from this state, or None."""
        with self.lock:
            was_of, answer = self.answers.get(key, (None, None))
            if answer is None or was_of != state:
                return None
            self.answers.move_to_end(key)
            return answer

    def put(self, key, state, answer):
        if not self.most or answer.weight > LARGEST:
            return
        with self.lock:
            self._drop(key)
            self.answers[key] = (state, answer)
            self.weight += answer.weight
            while self.weight > self.most:
                self._drop(next(iter(self.answers)))

    def clear(self):
        with self.lock:
            self.answers.clear()
            self.weight = 0

    def _drop(self, key):
        _state, answer = self.answers.pop(key, (None, None))
        self.weight -= answer.weight if answer else 0
