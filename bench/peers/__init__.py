"""What others would use: each peer serves the same claims, installed from its registry into an environment of its own.

A peer is a module with PORT and these functions. `install(folder)` gives its program, or a line that says why there is none;
`prepare(program, folder, database)` copies the claims to it, `database` being the address of the made base; `command(program,
folder, database)` is (what starts it, its environment) and READY the path that answers once it runs. `listed(level, topic)`,
`one(accession)`, `found(words)` and, where it has pages, `page(level, topic)` are lines for bench/load.py; `accessions(body)`
says which claims an answer holds, in order. Each peer runs with what its documentation recommends for serving.
"""

import subprocess

from bench.peers import datasette, directus, pocketbase, postgraphile

PEERS = {"datasette": datasette, "postgraphile": postgraphile, "directus": directus, "pocketbase": pocketbase}


def installed(folder):
    """{name: program} of the peers that are there, {name: reason} of the others."""
    programs, reasons = {}, {}
    for name, peer in PEERS.items():
        try:
            programs[name] = peer.install(folder / name)
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            reasons[name] = said.strip().splitlines()[-1]
    return programs, reasons
