from tests.claims.golden import FILE, text

FILE.write_text(text(), encoding="utf-8")
