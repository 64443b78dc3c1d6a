"""What in a new description of the API (OpenAPI 3.1) would break a client that was written for the old one.

A request may come to allow more, never less; an answer may come to hold more, never less. So a type that grows is fine in
a request and breaks an answer, and the other way round. Values that are added to an enum of an answer are allowed: clients
are told to expect them. So is an alternative that is only given to who asks with a parameter the old one did not have (`x-asked-with`).
Words (descriptions, examples, names of schemas) mean nothing here.
"""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("format", "pattern", "const")


def breaking_changes(old, new):
    """A sentence for each; none where every old client goes on working."""
    return list(Comparison(old, new).of_paths())


def major(description):
    return int(description["info"]["version"].split(".")[0])


class Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.below = set()  # pairs of references that are being compared: schemas may hold themselves
        self.unknown = set()  # parameters of the operation at hand that no old client sends

    def of_paths(self):
        for path, old in self.old["paths"].items():
            new = self.new["paths"].get(path)
            if new is None:
                yield f"{path}: is gone"
                continue
            for method in METHODS:
                if method in old and method not in new:
                    yield f"{method.upper()} {path}: is gone"
                elif method in old:
                    yield from self.of_operation(f"{method.upper()} {path}", old[method], new[method])

    def of_operation(self, where, old, new):
        self.unknown = names_of(new) - names_of(old)
        yield from self.of_parameters(where, old.get("parameters", []), new.get("parameters", []))
        yield from self.of_request(where, old.get("requestBody"), new.get("requestBody"))
        yield from self.of_answers(where, old["responses"], new["responses"])
        if {} in old.get("security", [{}]) and {} not in new.get("security", [{}]):
            yield f"{where}: was open and now wants a key"

    def of_parameters(self, where, old, new):
        before, after = ({(each["in"], each["name"]): each for each in side} for side in (old, new))
        for (place, name), parameter in after.items():
            if parameter.get("required") and not before.get((place, name), {}).get("required"):
                yield f"{where}: parameter {name} is now required"
        for (place, name), parameter in before.items():
            if (place, name) not in after:
                yield f"{where}: parameter {name} is gone"
            else:
                schemas = parameter["schema"], after[place, name]["schema"]
                yield from self.of_schemas(f"{where}: parameter {name}", *schemas, asked=True)

    def of_request(self, where, old, new):
        if new is None:
            if old is not None:
                yield f"{where}: takes no body any more"
            return
        if new.get("required") and not (old or {}).get("required"):
            yield f"{where}: a body is now required"
        yield from self.of_contents(
            f"{where}: body", (old or {}).get("content", {}), new["content"], asked=True
        )

    def of_answers(self, where, old, new):
        for status, answer in old.items():
            if status not in new:
                yield f"{where}: no answer {status} any more"
                continue
            at = f"{where}: answer {status}"
            yield from self.of_contents(
                at, answer.get("content", {}), new[status].get("content", {}), asked=False
            )
            for header in answer.get("headers", {}):
                if header not in new[status].get("headers", {}):
                    yield f"{at}: header {header} is gone"

    def of_contents(self, where, old, new, *, asked):
        for kind, content in old.items():
            if kind not in new:
                yield f"{where}: no {kind} any more"
            else:
                schemas = content.get("schema", {}), new[kind].get("schema", {})
                yield from self.of_schemas(where, *schemas, asked=asked)

    def of_schemas(self, where, old, new, *, asked):
        pair = (old.get("$ref"), new.get("$ref"), asked)
        if None not in pair and pair in self.below:
            return
        self.below.add(pair)
        olds, news = alternatives(self.old, old), alternatives(self.new, new)
        # What the old allowed must find a place in a new request; what the new may answer must be known of old.
        given = [one for one in news if one.get("x-asked-with") not in self.unknown]
        held, holders = (olds, news) if asked else (given, olds)
        for one in held:
            found = [
                list(self.of_one(where, *((one, other) if asked else (other, one)), asked=asked))
                for other in holders
            ]
            yield from min(found, key=len)
        self.below.discard(pair)

    def of_one(self, where, old, new, *, asked):
        yield from of_values(where, old, new, asked)
        yield from of_bounds(where, old, new, asked)
        yield from self.of_members(where, old, new, asked)
        for inner in ("items", "additionalProperties"):
            if isinstance(old.get(inner), dict) and isinstance(new.get(inner), dict):
                yield from self.of_schemas(f"{where}[]", old[inner], new[inner], asked=asked)
        if asked and old.get("additionalProperties", True) and new.get("additionalProperties") is False:
            yield f"{where}: no members of one's own any more"

    def of_members(self, where, old, new, asked):
        before, after = members(self.old, old, asked), members(self.new, new, asked)
        for name, schema in before.items():
            if name not in after:
                yield f"{where}: member {name} is gone"
            else:
                yield from self.of_schemas(f"{where}.{name}", schema, after[name], asked=asked)
        was, now = set(old.get("required", ())), set(new.get("required", ()))
        if asked:
            yield from (
                f"{where}: member {name} is now required" for name in sorted((now - was) & after.keys())
            )
        else:
            kept = before.keys() & after.keys()
            yield from (f"{where}: member {name} may now be missing" for name in sorted((was - now) & kept))


def names_of(operation):
    return {parameter["name"] for parameter in operation.get("parameters", [])}


def of_values(where, old, new, asked):
    narrow, wide = (types(old), types(new)) if asked else (types(new), types(old))
    if not narrow <= wide:
        yield f"{where}: type {words(types(old))} became {words(types(new))}"
    for name in EXACT:
        if name in old and old[name] != new.get(name) and not (asked and name not in new):
            yield f"{where}: {name} {old[name]} became {new.get(name)}"
        elif asked and name in new and name not in old:
            yield f"{where}: {name} is now {new[name]}"
    if asked and "enum" in new:
        gone = [value for value in old.get("enum", ["any value"]) if value not in new["enum"]]
        if gone:
            yield f"{where}: no longer takes {', '.join(map(str, gone))}"


def of_bounds(where, old, new, asked):
    """Only of requests: an answer outside its old bounds surprises a person, not a program."""
    for names, is_tighter in ((LEAST, float.__gt__), (MOST, float.__lt__)):
        for name in names:
            if asked and name in new and (name not in old or is_tighter(float(new[name]), float(old[name]))):
                yield f"{where}: {name} {old.get(name)} became {new[name]}"


def alternatives(description, schema):
    """The schemas of which a value must fit one, each with its own members in place."""
    schema = resolved(description, schema)
    several = schema.get("oneOf") or schema.get("anyOf")
    if not several:
        return [schema]
    found = [one for each in several for one in alternatives(description, each)]
    enums = [one for one in found if "enum" in one]
    if len(enums) == len(found):  # spectacular writes "one of these, or null" as several enums
        return [
            {
                "enum": [value for one in enums for value in one["enum"]],
                "type": list(set().union(*map(types, enums))),
            }
        ]
    return found


def resolved(description, schema):
    """Without $ref and allOf."""
    if "$ref" in schema:
        named = schema["$ref"].removeprefix("#/components/schemas/")
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        schema = resolved(description, description["components"]["schemas"][named]) | beside
    if "allOf" in schema:
        parts = [resolved(description, part) for part in schema["allOf"]]
        whole = {name: value for name, value in schema.items() if name != "allOf"}
        for part in parts:
            joined = {
                "properties": {**whole.get("properties", {}), **part.get("properties", {})},
                "required": [*whole.get("required", []), *part.get("required", [])],
            }
            whole = {**whole, **part, **joined} if joined["properties"] else {**whole, **part}
        return whole
    return schema


def members(description, schema, asked):
    """Those that a request may send, or that an answer may hold."""
    hidden = "readOnly" if asked else "writeOnly"
    named = schema.get("properties", {})
    return {name: inner for name, inner in named.items() if not resolved(description, inner).get(hidden)}


def types(schema):
    """A schema that names no type takes any. A whole number is a number."""
    given = schema.get("type")
    if given is None:
        given = sorted({type_of(value) for value in schema["enum"]}) if "enum" in schema else ANY
    found = {given} if isinstance(given, str) else set(given)
    return found | {"integer"} if "number" in found else found


def type_of(value):
    return {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}[type(value)]


ANY = ["array", "boolean", "integer", "null", "number", "object", "string"]


def words(names):
    return "any" if len(names) == len(ANY) else " or ".join(sorted(names))
