"""What a browser would send of a form on a page, so that tests type into the page itself."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """The successful controls of the form with this id, as {name: [values]}."""

    def __init__(self, form):
        super().__init__()
        self.form, self.inside = form, False
        self.found = {}
        self.area = self.select = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.inside = given.get("id") == self.form
        if not self.inside:
            return
        if tag == "input":
            kind = given.get("type", "text")
            if kind in ("submit", "button", "reset", "image"):
                return
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.add(given.get("name"), given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.area = [given["name"], ""]
        elif tag == "select":
            self.select = [given["name"], None, None]
            self.is_multiple = "multiple" in given  # then nothing chosen is nothing sent
        elif tag == "option" and self.select:
            first = self.select[1] is None
            self.select[1] = given.get("value") if first else self.select[1]
            self.select[2] = given.get("value") if "selected" in given else self.select[2]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            name, text = self.area
            self.add(name, text.removeprefix("\n").replace("\n", "\r\n"))
            self.area = None
        elif tag == "select" and self.select:
            name, first, chosen = self.select
            if chosen is not None or not self.is_multiple:
                self.add(name, first if chosen is None else chosen)
            self.select = None

    def add(self, name, value):
        if name:
            self.found.setdefault(name, []).append(value)


def typed(response, form="draft", **changes):
    """The fields of the form as shown, with these changed; None takes a tick away."""
    reader = Fields(form)
    reader.feed(response.content.decode())
    assert reader.found, f"there is no form {form}"
    for name, value in changes.items():
        if value is None:
            reader.found.pop(name, None)
        else:
            reader.found[name] = value if isinstance(value, list) else [value]
    return reader.found
