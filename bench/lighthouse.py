"""Lighthouse of the list, a claim and the map, in both languages: performance, accessibility, best practices and SEO.

    python bench/lighthouse.py          serves the base of DATABASE_URL, or of the checkout, by itself
    python bench/lighthouse.py URL      asks a site that is running

Lighthouse comes from npm into var/bench/; the browser is the one that CHROME_PATH or the PATH names. Prints the scores, of 100, and
ends with 1 where one is below 98.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.peers.registries import from_npm  # noqa: E402 (it stands beside this script)
from bench.turns import WORK, django_served, run  # noqa: E402

VERSION, PORT, LEAST = "12.8.2", 8820, 98
PAGES = ("/claims/", "/claims/KB000001/", "/map/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main():
    browser = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        sys.exit("Lighthouse is not measured: there is no browser (CHROME_PATH).")
    try:
        program = from_npm(WORK / "lighthouse", f"lighthouse@{VERSION}", program="lighthouse")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Lighthouse is not measured: it cannot be installed ({error}).")
    if sys.argv[1:]:
        scores = measured(program, browser, sys.argv[1])
    else:
        address = f"http://127.0.0.1:{PORT}"
        environment = os.environ | {"SITE_URL": address, "SECRET_KEY": "only to measure"}
        for command in ("migrate", "load_kb fixtures/", "compile_messages", "collectstatic --noinput"):
            run("manage.py", *command.split(), "-v0", environment=environment)
        with django_served(PORT, environment):
            scores = measured(program, browser, address)
    print(f"{'':28}{''.join(f'{name:>16}' for name in CATEGORIES)}")
    for page, found in scores.items():
        print(f"{page:28}{''.join(f'{found[name]:16.0f}' for name in CATEGORIES)}")
    if any(score < LEAST for found in scores.values() for score in found.values()):
        sys.exit(f"A score is below {LEAST}.")


def measured(program, browser, address):
    """{page: {category: score of 100}}."""
    pages = [f"/{language}{page}" for page in PAGES for language in ("nl", "en")]
    return {page: scores_of(program, browser, f"{address}{page}") for page in pages}


def scores_of(program, browser, address):
    command = [
        program,
        address,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": browser},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed at {address}: {done.stderr.strip()[-300:]}")
    report = json.loads(done.stdout)
    kept = WORK / "lighthouse" / f"{address.rpartition(':')[2].strip('/').replace('/', '-')}.json"
    kept.write_text(done.stdout, encoding="utf-8")
    return {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}


if __name__ == "__main__":
    main()
