"""The values of one record under the names that its file gives them."""


class Values:
    """What is taken counts as kept; what is left at the end is counted as dropped."""

    def __init__(self):
        self.held = {}
        self.count = 0

    def add(self, name, text):
        text = text.strip()
        if text:
            self.count += 1
            self.held.setdefault(name, []).append((self.count, text))

    def take(self, *names):
        """The first value of the first of these names that has one, else ""; the same value under the others goes with it."""
        for name in names:
            if self.held.get(name):
                taken = self.held[name][0][1]
                for each in names:
                    self.discard(each, taken)
                return taken
        return ""

    def discard(self, name, text):
        if name in self.held:
            self.held[name] = [(at, each) for at, each in self.held[name] if each != text]

    def take_all(self, *names):
        """[(name, value)] of all of these, in the order of the file."""
        found = [(at, name, text) for name in names for at, text in self.held.pop(name, ())]
        return [(name, text) for at, name, text in sorted(found)]

    def texts(self, *names):
        """The values of these names, which stay."""
        return [text for name in names for at, text in self.held.get(name, ())]

    def leave(self, reading):
        for name, texts in self.held.items():
            if texts:
                reading.drop(name, len(texts))
