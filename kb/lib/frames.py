"""Pages drawn once with stand-ins, and filled for each who asks: a template draws far slower than a text is filled.

The template stays the one place that says how a page looks. It is drawn with values that stand for others, such as the number
900000001; where they came out are the places of the frame.
"""

import re


class Frame:
    """A text with named places. `stand_ins` is {name: the text that stands in its place}; each must be there."""

    def __init__(self, text, stand_ins):
        names = {stand_in: name for name, stand_in in stand_ins.items()}
        any_of_them = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        self.pieces = re.split(f"({any_of_them})", text) if names else [text]
        missing = set(names) - set(self.pieces[1::2])
        if missing or len(names) < len(stand_ins):
            raise ValueError(f"no place in the frame for {sorted(names[text] for text in missing)}")
        self.places = [names[stand_in] for stand_in in self.pieces[1::2]]

    def filled(self, values):
        """The text with `values[name]` in each place, as they stand: they are HTML."""
        pieces = self.pieces.copy()
        pieces[1::2] = [values[name] for name in self.places]
        return "".join(pieces)
