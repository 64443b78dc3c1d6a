"""The API keeps its own description, whatever that allows to be asked: schemathesis makes the questions up."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("browser")

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SEED = 20261123
# A cursor is signed and a moment lies in the past: no schema can say so, and a made-up one is rightly refused.
LEFT_OUT = "positive_data_acceptance"


def test_every_answer_is_as_described(unlimited_site, tmp_path):
    done = subprocess.run(
        [
            SCHEMATHESIS, "run", f"{unlimited_site}/api/v1/schema/", "--exclude-checks", LEFT_OUT,
            "--max-examples", "4", "--workers", "2", "--no-color", "--seed", str(SEED),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:]
    selected, all_there_are = re.search(r"Selected: (\d+)/(\d+)", done.stdout).groups()
    assert selected == all_there_are and int(selected) > 30
    assert int(re.search(r"(\d+) generated", done.stdout)[1]) > 1000
