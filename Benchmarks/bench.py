"""Runs the workloads of workloads.json in Swift, in JAX and in other peers, in turn, and compares.

    bench.py --swift EXECUTABLE [--peers numba,drjit,c] [--rounds N] [--seconds S] [--only TEXT]
        [--alone] [--no-write]

Each row has processes of its own, so that no row inherits another's heap; each round times one side
after the other. Results are finished but not copied.
Writes results/<machine>.json and results/<machine>.svg, and prints a table.
"""
import argparse
import json
import os
import tempfile
from pathlib import Path

import machine
import report
from inputs import make_inputs
from measuring import KINDS
from sides import JAX, OTHERS, swift_side


def parsed_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--only", default="", help="what the names of rows should have in them")
    parser.add_argument("--peers", default="", help="more sides than JAX: numba,drjit,c")
    parser.add_argument("--alone", action="store_true", help="without JAX")
    parser.add_argument("--swift", required=True, help="the Swift executable")
    parser.add_argument("--no-write", action="store_true")
    return parser.parse_args()


def measured(row, sides, options):
    with tempfile.TemporaryDirectory() as folder:
        inputs = make_inputs(row, folder)
        measure = KINDS[row.get("kind", "call")]
        times, agreement = measure(row, sides, inputs, folder, options)
    return report.make_record(row, sides, times, agreement)


def main():
    options = parsed_options()
    rows = json.loads((Path(__file__).parent / "workloads.json").read_text())
    rows = [row for row in rows if options.only in row["name"]]

    ours = swift_side(options.swift)
    peers = [] if options.alone else [JAX]
    others = [OTHERS[name] for name in options.peers.split(",") if name]
    devices, functions = {}, {}
    for side in [ours] + peers + others:
        with side.start() as process:
            devices[side.name] = process.ask("device")
            if side in others:
                functions[side.name] = process.ask("functions").split()
    cores = os.cpu_count()
    copies = [machine.copy_ceiling(1), machine.copy_ceiling(cores)]
    print(
        f"{machine.processor()}, {machine.vector_extension()}; {'; '.join(devices.values())}; "
        f"one core copies {copies[0]:.1f} GB/s, {cores} cores {copies[1]:.1f} GB/s\n")
    print(report.header(peers + others), flush=True)

    records = []
    for row in rows:
        # Peers take part in warm calls of what they can say.
        saying = [p for p in others if row["function"] in functions[p.name] and "kind" not in row]
        records.append(measured(row, [ours] + peers + saying, options))
        print(report.table_line(records[-1], peers + others), flush=True)
    if not options.no_write and not options.only:
        report.write(records, devices, copies)
    if not all(peer["agrees"] for record in records for peer in record["peers"].values()):
        raise SystemExit("results differ")


main()
