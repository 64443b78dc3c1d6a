"""Installs a peer from the registry of its language."""

import subprocess
import sys


def from_pypi(folder, *packages, program):
    """The path of the program in a virtual environment of its own. Raises what a command raises that fails."""
    if not (folder / "bin" / program).exists():
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check", *packages)
    return folder / "bin" / program


def from_npm(folder, *packages, program):
    path = folder / "node_modules" / ".bin" / program
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages)
    return path


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options)
