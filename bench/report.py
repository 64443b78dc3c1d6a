"""Prints what was measured as ratios, and keeps every round as JSON."""

import json
import os
import platform
import statistics

from bench.turns import PATIENCE, ROOT, WORK


def printed(claims, connections, seconds, cells, bulk, versions):
    print(
        f"\n{claims:,} made claims, {connections} connections, rounds of {seconds} s; answers a second, p50 / p99 in ms"
    )
    for what, targets in cells.items():
        print(f"\n{what}")
        middle = {name: median_of(rounds) for name, rounds in targets.items()}
        for name, cell in middle.items():
            spread = f"[{cell['least']:.0f}-{cell['most']:.0f}]"
            busy = f", {cell['foreign']:.0%} taken by others" if cell["foreign"] > 0.2 else ""
            times = f"{cell['p50']:7.1f} / {cell['p99']:7.1f}"
            ratio = ratio_of(name, cell["rate"], middle["ours"]["rate"])
            print(f"  {name:12} {cell['rate']:8.0f} {spread:14} {times}  {ratio}{busy}")
    print_bulk(bulk)
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "system": platform.system()}
    path = WORK / f"results-{claims}.json"
    kept = {"claims": claims, "machine": machine, "peers": versions, "cells": cells, "bulk": bulk}
    path.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    print(f"\nEvery round stands in {path.relative_to(ROOT)}")


def ratio_of(name, rate, ours):
    if name == "ours":
        return ""
    if name == "kept":
        return f"ours with answers kept, {rate / ours:.1f} x without"
    if name == "limit":
        return f"ours is {ours / rate:.0%} of it"
    if not rate:
        return f"no answer within {PATIENCE} s"
    if ours >= rate:
        return f"ours is {ours / rate:.1f} x as fast"
    return f"FASTER than ours, {rate / ours:.1f} x"


def print_bulk(bulk):
    ours, copy = bulk["export"]["ours"], bulk["export"]["copy"]
    print(f"\nfull export: {ours['rows']:.0f} claims a second, {ours['megabytes']:.0f} MB")
    print(f"  COPY by PostgreSQL alone: ours is {ours['megabytes'] / copy['megabytes']:.0%} of it")
    if peer := bulk["export"].get("datasette"):
        print(
            f"  Datasette's CSV of the same records: ours is {ours['rows'] / peer['rows']:.1f} x in claims, "
            f"{ours['megabytes'] / peer['megabytes']:.1f} x in bytes"
        )
    publishing = bulk["publish"]
    print(f"publish: {publishing['again']:.0f} ms, at first {publishing['first']:.0f}")
    print(f"memory of our server: {bulk['memory'] or 0:.0f} MB")
    print(f"load_kb into an empty base: {bulk['load']:.0f} records a second")
    if bulk["made_in"]:
        print(f"making the base: {bulk['made_in']:.0f} s")


def median_of(rounds):
    rates = [each["rate"] for each in rounds]
    middle = min(rounds, key=lambda each: abs(each["rate"] - statistics.median(rates)))
    return middle | {"least": min(rates), "most": max(rates)}
