"""LaTeX, as far as it occurs in the fields of BibTeX, to plain text and back."""

import re
import unicodedata

ACCENTS = {
    **{
        "`": "\u0300",
        "'": "\u0301",
        "^": "\u0302",
        "~": "\u0303",
        "=": "\u0304",
        "u": "\u0306",
        ".": "\u0307",
    },
    **{
        '"': "\u0308",
        "r": "\u030a",
        "H": "\u030b",
        "v": "\u030c",
        "d": "\u0323",
        "c": "\u0327",
        "k": "\u0328",
    },
    **{"b": "\u0331"},
}
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
SIGNS = """
    ss ß ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ
    textbackslash \\ textbraceleft { textbraceright } textasciitilde ~ textasciicircum ^ textunderscore _ textbar |
    textendash – textemdash — ldots … dots … textellipsis … textdegree ° degree ° textregistered ® texttrademark ™
    textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ” textquotesingle ' textmu µ copyright ©
    pm ± times × cdot · ast * le ≤ leq ≤ ge ≥ geq ≥ approx ≈ sim ∼ infty ∞ rightarrow → to → neq ≠
    textless < textgreater > S § P ¶ euro € pounds £
""".split()
SYMBOLS = {
    **dict(zip(SIGNS[::2], SIGNS[1::2], strict=True)),
    **{
        name: unicodedata.lookup(f"GREEK {'CAPITAL' if name[0].isupper() else 'SMALL'} LETTER {spelled}")
        for name in GREEK.split()
        for spelled in [name.upper().replace("LAMBDA", "LAMDA")]
    },
}
SPACES = {" ": " ", "\n": " ", ",": " ", ";": " ", ":": " ", "\\": " ", "-": "", "/": "", "@": "", "!": ""}
LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "~": "\xa0"}
TOKEN = re.compile(
    r"""
    (?P<accent>\\(?:(?P<sign>[`'^"~=.])\s*|(?P<letter>[uHvrdckb])(?:\s+|(?=[{\\])))
        (?:\{\s*(?:\\(?P<dotless1>[ij])(?:\{\})?|(?P<base1>[^\W\d_])|)\s*\}
          |\{\\(?P<dotless2>[ij])\s*\}
          |\\(?P<dotless3>[ij])(?![A-Za-z])\s*(?:\{\})?
          |(?P<base2>[^\W\d_])))
    |\\(?P<command>[A-Za-z]+)\*?[ \t\n]*(?:\{\})?
    |\\(?P<escaped>.)
    |\$(?P<math>[^$]*)\$
    |(?P<ligature>---?|``|''|~)
    |(?P<brace>[{}])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {
    **{
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
    },
    **{"^": r"\textasciicircum{}", "\xa0": "~"},
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}


def from_latex(text, reading):
    """Plain text; a command that we do not know loses its name, which is counted, and keeps its words."""
    return TOKEN.sub(lambda token: from_token(token, reading), text)


def from_token(token, reading):
    if token["accent"]:
        return accented(token)
    if token["command"]:
        known = SYMBOLS.get(token["command"])
        if known is None:
            reading.drop(f"\\{token['command']}")
        return known or ""
    if token["escaped"]:
        return SPACES.get(token["escaped"], token["escaped"])
    if token["math"] is not None:
        return re.sub(r"(?<!\\)[_^]", "", from_latex(token["math"], reading))
    return LIGATURES.get(token["ligature"], "")


def accented(token):
    base = (
        token["dotless1"] or token["dotless2"] or token["dotless3"] or token["base1"] or token["base2"] or ""
    )
    return unicodedata.normalize("NFC", base + ACCENTS[token["sign"] or token["letter"]]) if base else ""


def to_latex(text):
    """Text as LaTeX prints it again; letters with accents stay as they are, in UTF-8."""
    escaped = "".join(ESCAPES.get(letter, letter) for letter in text)
    return re.sub(r"([-`'])(?=\1)", r"\1{}", escaped)


def verbatim(text):
    """A DOI or an address: no ligatures in it, and of LaTeX the escapes only."""
    text = re.sub(r"\\textasciitilde(?:\{\})?|\\~\{\}|\{\\textasciitilde\}", "~", text)
    return re.sub(r"\\([_%&#$~{}])|[{}]", lambda found: found[1] or "", text)
