"""Words as they are searched for: which of them carry meaning, and the query in PostgreSQL's full text that they make."""

import re
import unicodedata

STOPWORDS = frozenset(
    """
    a about an and are at be by can do does for from go has have help helps i in is it me my of on or the there to what
    when which who why with you your
    aan al als bij de die dat een en er gaan geen het heeft helpt hoe ik in is je kan kun kunt me met mij mijn naar of om
    op s t te tegen tot u uit van veel voor waarom wat wel welke werkt wie wordt worden zijn
    """.split()
)
IN_ANY_LANGUAGE = " || ".join(
    f"websearch_to_tsquery('{language}', %s)" for language in ("dutch", "english", "simple")
)


def words_of(text):
    """The words that carry meaning, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word for word in re.findall(r"[^\W_]+", plain) if word not in STOPWORDS]


def query_of(words):
    """(SQL of a tsquery, its values) of what a reader typed: it never fails, and matches in either language and as typed."""
    pieces = re.findall(r'-?"[^"]*"|\S+', words)
    wanted = " ".join(piece for piece in pieces if not piece.startswith("-"))
    unwanted = [piece.lstrip("-") for piece in pieces if piece.startswith("-") and piece.strip('-"')]
    sql, values = f"({IN_ANY_LANGUAGE})", [wanted or words] * 3
    for piece in unwanted if wanted else ():
        for language in ("dutch", "english", "simple"):
            sql += f" && !!websearch_to_tsquery('{language}', %s)"
            values.append(piece)
    return f"({sql})", values


def begun_with(words):
    """A tsquery for words that begin like these, since a Dutch compound is one word: slapeloosheid, slapeloosheidsklachten."""
    return " & ".join(f"{word}:*" for word in words_of(words) if len(word) > 4)
