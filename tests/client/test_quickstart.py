"""Every piece of docs/quickstart.md runs as it stands, and prints what the page says it prints."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.site import ROOT

pytestmark = pytest.mark.xdist_group("site")

PAGE = (ROOT / "docs/quickstart.md").read_text(encoding="utf-8")
PRINTED_ADDRESS = "http://127.0.0.1:8000"
PIECES = re.findall(r"```(sh|python|r|javascript)\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
PROGRAMS = {
    "sh": ("curl", ["sh", "-eus"]),
    "python": (sys.executable, [sys.executable, "-"]),
    "r": ("Rscript", ["Rscript", "-"]),
    "javascript": ("node", ["node", "--input-type=module", "-"]),
}


def test_no_piece_is_passed_over():
    assert len(PIECES) == len(re.findall(r"```(?!json|text)\w+\n", PAGE)) >= 4
    assert {language for language, _code, _printed in PIECES} == set(PROGRAMS)


@pytest.mark.parametrize(("language", "code", "printed"), PIECES, ids=[piece[0] for piece in PIECES])
def test_every_piece_prints_what_the_page_says(site, language, code, printed):
    program, command = PROGRAMS[language]
    if not shutil.which(program):
        pytest.skip(f"{program} is not on this machine")
    if (
        language == "r"
        and subprocess.run(["Rscript", "-e", "library(jsonlite)"], capture_output=True).returncode
    ):
        pytest.skip("R's jsonlite is not on this machine")
    done = subprocess.run(
        command,
        input=code.replace(PRINTED_ADDRESS, site),
        env={**os.environ, "PYTHONPATH": str(ROOT / "client")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.replace(site, PRINTED_ADDRESS).strip() == printed.strip()
