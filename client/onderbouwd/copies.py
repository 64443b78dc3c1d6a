"""Copies of answers with their tags, the longest unused thrown out first."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple


class Copy(NamedTuple):
    tag: str
    body: bytes


class Copies:
    """Never more than `most` answers, nor more than `most_bytes` of them; 0 keeps nothing."""

    def __init__(self, most: int = 1000, most_bytes: int = 32 * 1024 * 1024):
        self.most, self.most_bytes = most, most_bytes
        self.size = 0
        self._kept: OrderedDict[str, Copy] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, address: str) -> Copy | None:
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
            return self._kept.get(address)

    def keep(self, address: str, tag: str | None, body: bytes) -> None:
        with self._lock:
            old = self._kept.pop(address, None)
            self.size -= len(old.body) if old else 0
            if tag is None:
                return
            self._kept[address] = Copy(tag, body)
            self.size += len(body)
            while len(self._kept) > self.most or self.size > self.most_bytes:
                _address, thrown_out = self._kept.popitem(last=False)
                self.size -= len(thrown_out.body)
