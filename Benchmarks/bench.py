"""Runs the workloads of workloads.json in Swift and in JAX, in turn, and compares.

    bench.py [--rounds N] [--seconds S] [--only TEXT] [--no-write]

Each row has two processes of its own, so that no row inherits another's heap; each round times one,
then the other. Results are finished but not copied.
Writes results/<machine>.json and results/<machine>.svg, and prints a table.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from chart import chart

HERE = Path(__file__).parent


class Side:
    """One of the two processes."""

    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.command[0]} ended: {' '.join(map(str, words))}")
        return line.strip()

    def times(self, *words):
        return [float(word) for word in self.ask(*words).split()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def first(self):
        start = time.perf_counter()
        subprocess.run(self.command + ["first"], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


def make_input(spec, random):
    if spec[0] == "linspace":
        return np.linspace(*spec[1:3], spec[3]).astype(np.float32)
    if spec[0] == "uniform":
        return (random.rand(spec[1]) + 0.5).astype(np.float32)
    if spec[0] == "skewed":
        counts = np.full(spec[1], 10, np.int32)
        counts[777] = 10_000
        return counts
    if spec[0] == "integers":  # below the first number
        return random.randint(0, spec[1], spec[2:]).astype(np.int32)
    if spec[0] == "rare":  # a single one holds
        return np.arange(spec[1]) == 5
    if spec[0] == "definite":  # symmetric matrices with eigenvalues above their size
        half = random.randn(spec[1], spec[2], spec[2]).astype(np.float32)
        return half @ half.transpose(0, 2, 1) + spec[2] * np.eye(spec[2], dtype=np.float32)
    if spec[0] == "keys":
        return random.randint(0, 2**32, (spec[1], 2), np.uint32)
    return random.randn(*spec).astype(np.float32)


def make_inputs(row, folder):
    random = np.random.RandomState(0)
    paths = []
    for number, spec in enumerate(row["inputs"]):
        paths.append(f"{folder}/input-{number}.npy")
        np.save(paths[-1], make_input(spec, random))
    return paths


def agrees(row, folder):
    ours, jax = (np.load(f"{folder}/{side}-0.npy") for side in ("ours", "jax"))
    if ours.shape != jax.shape or ours.dtype != jax.dtype:
        return False
    if "differing" in row:  # a share of the elements may differ: decisions that rounding tips
        return bool((ours != jax).mean() <= row["differing"])
    return bool(np.allclose(ours, jax, row.get("rtol", 0), row.get("atol", 0)))


def measure(row, ours, jax, rounds, seconds):
    """The times of both sides by round, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = make_inputs(row, folder)
        kind = row.get("kind", "call")
        agreement = True
        if kind == "call":
            for side in (ours, jax):
                side.ask("load", row["function"], *inputs)
            ours.ask("save", folder)
            jax.ask("save", folder)
            agreement = agrees(row, folder)
            for side in (ours, jax):  # what is compiled late is not timed
                side.times("time", 0.1, 100)
        result = ([], [])
        for _ in range(rounds):
            for side, times in zip((ours, jax), result):
                if kind == "call":
                    times.append(side.times("time", seconds, 5000))
                elif kind == "sizes":
                    times.append(side.times("sizes", 8, inputs[0]))
                else:
                    times.append([side.first() for _ in range(3)])
        return result, agreement


def copy_ceiling(threads, elements=1 << 25):
    """What a copy by NumPy in so many threads reaches, in GB/s."""
    sources = np.array_split(np.ones(elements, np.float32), threads)
    targets = np.array_split(np.ones(elements, np.float32), threads)
    copies = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(15):
            start = time.perf_counter()
            list(pool.map(np.copyto, targets, sources))
            copies.append(time.perf_counter() - start)
    return 2 * 4 * elements / min(copies) / 1e9


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--only", default="")
    parser.add_argument("--swift", required=True, help="the Swift executable")
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()

    rows = [r for r in json.loads((HERE / "workloads.json").read_text()) if options.only in r["name"]]

    def sides():
        return Side([options.swift]), Side([sys.executable, str(HERE / "jax_side.py")])

    ours, jax = sides()
    with ours, jax:
        device, jax_device = ours.ask("device"), jax.ask("device")
    cores = os.cpu_count()
    copies = [copy_ceiling(1), copy_ceiling(cores)]
    print(
        f"{device}; {jax_device}; one core copies {copies[0]:.1f} GB/s, "
        f"{cores} cores {copies[1]:.1f} GB/s\n")
    print("| workload | ours, us | JAX, us | JAX / ours | spread | GB/s | GFLOP/s | agrees |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |", flush=True)
    records = []
    for row in rows:
        ours, jax = sides()
        with ours, jax:
            (our_times, jax_times), agreement = measure(
                row, ours, jax, options.rounds, options.seconds)
        our_median = statistics.median(sum(our_times, []))
        jax_median = statistics.median(sum(jax_times, []))
        ratios = [
            statistics.median(b) / statistics.median(a) for a, b in zip(our_times, jax_times)]
        record = {
            "workload": row["name"], "ours_us": our_median * 1e6, "jax_us": jax_median * 1e6,
            "ratio": jax_median / our_median, "low": min(ratios), "high": max(ratios),
            "agrees": agreement,
        }
        rates = ""
        for key, unit in (("bytes", "gb_per_s"), ("flops", "gflop_per_s")):
            if key in row:
                record[unit] = row[key] / our_median / 1e9
            rates += f" {record[unit]:.1f} |" if unit in record else " |"
        records.append(record)
        print(
            f"| {row['name']} | {record['ours_us']:.1f} | {record['jax_us']:.1f} "
            f"| {record['ratio']:.2f} | {record['low']:.2f} – {record['high']:.2f} |{rates} "
            f"{'yes' if agreement else 'NO'} |", flush=True)
    if not options.no_write and not options.only:
        write(records, device, copies, jax_device)
    if not all(record["agrees"] for record in records):
        raise SystemExit("results differ")


def write(records, device, copies, jax):
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    machine = f"{os.cpu_count()}-core-{platform.machine()}"
    report = {
        "machine": machine, "processor": processor(), "device": device, "jax": jax,
        "one_core_copy_gb_per_s": copies[0], "all_cores_copy_gb_per_s": copies[1], "rows": records,
    }
    (folder / f"{machine}.json").write_text(json.dumps(report, indent=1) + "\n")
    (folder / f"{machine}.svg").write_text(chart(records, device))
    print(f"\nwritten to {folder}/{machine}.json and .svg")


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


main()
