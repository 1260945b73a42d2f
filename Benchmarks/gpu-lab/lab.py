"""What can be known of a GPU's kernels without one: what they ask of memory, counted by oclgrind with
memory_counts.cpp; registers, spills and local memory, told by ptxas; and a time on a named device.

    lab.py --swift EXECUTABLE [--rows TEXT;…] [--output FOLDER]
    lab.py --families EXECUTABLE [--record]

The rows are those of workloads.json; of each launch two groups run. Writes gpu-lab.json and prints a table.
Of the kernel families all runs; none may ask for more sectors than families.json says, or spill registers.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import compilers
import model
from inputs import make_inputs

HERE = Path(__file__).parent


def parsed_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--swift", help="the Swift side of the benchmark")
    parser.add_argument("--families", help="the executable with the kernel families")
    parser.add_argument("--rows", default="", help="what the names of rows should have in them")
    parser.add_argument("--record", action="store_true", help="write families.json anew")
    parser.add_argument("--output", default=".build-bench/gpu-lab")
    parser.add_argument("--seconds", type=float, default=60, help="the most time a row may take")
    return parser.parse_args()


def plugin(folder):
    """Compiles the plugin for oclgrind."""
    path = folder / "memory_counts.so"
    include = subprocess.check_output(["llvm-config-14", "--includedir"], text=True).strip()
    subprocess.run(
        ["g++", "-std=c++17", "-O2", "-fPIC", "-shared", "-fno-rtti", f"-I{include}", "-o", path,
         HERE / "memory_counts.cpp"], check=True)
    return path


def launches(command, text, folder, options, library, quick):
    """Runs a program in oclgrind; gives what its launches counted, or why there is nothing."""
    environment = {
        **os.environ, "LAB_OUTPUT": str(folder), "VMAP_PROFILE": "nvidia", "VMAP_CACHE": "0",
        "VMAP_DEVICE": "oclgrind"}
    oclgrind = ["oclgrind", "--num-threads", "1", "--plugins", str(library), "--log", folder / "log"]
    # It does not know all of the instructions that optimizations make.
    oclgrind += ["--build-options", "-cl-opt-disable"] + (["--quick"] if quick else [])
    try:
        subprocess.run(
            oclgrind + command, input=text, text=True, env=environment, timeout=options.seconds,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        pass
    counts = folder / "counts.jsonl"
    if not counts.exists():
        return []
    return [json.loads(line) for line in counts.read_text().splitlines()]


def records(name, command, text, options, library, quick=True):
    """A record for each kernel of a program."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        seen, result = set(), []
        for launch in launches(command, text, folder, options, library, quick):
            source = folder / f"program{launch['program']}.cl"
            # The same text may be compiled more than once.
            key = (source.read_text(), launch["kernel"])
            if key in seen:
                continue
            seen.add(key)
            resources = compilers.resources(source, launch["kernel"])
            result.append(model.record(name, launch, resources))
        return result


def families(options, library):
    """The records of all kernel families; what is printed is the kernel that asks for most."""
    found = []
    for name in subprocess.check_output([options.families, "list"], text=True).split():
        if not any(text in name for text in options.rows.split(";")):
            continue
        command = [options.families, "sizes=33", name]
        own = records(name, command, "", options, library, quick=False)
        if not own:
            raise SystemExit(f"{name}: nothing ran in {options.seconds} s")
        print(model.line(max(own, key=lambda record: record["sectors"])), flush=True)
        found += own
    return found


def compare(found, is_recording):
    """What the families ask of memory, beside what they asked for before."""
    path = HERE / "families.json"
    # The lines of a kernel's text may be in another order each time: such kernels count once.
    kernels = {}
    for record in found:
        kernels.setdefault(record["name"], set()).add((record["kernel"], record["sectors"]))
    sectors = {name: sum(count for _, count in own) for name, own in kernels.items()}
    if is_recording:
        path.write_text(json.dumps(sectors, indent=1) + "\n")
        return []
    known = json.loads(path.read_text())
    return [
        f"{name}: {count} sectors, {known[name]} before"
        for name, count in sectors.items() if name in known and count > known[name] * 1.05]


def main():
    options = parsed_options()
    output = Path(options.output)
    output.mkdir(parents=True, exist_ok=True)
    library = plugin(output)
    found = []
    print(model.header())
    rows = json.loads((HERE.parent / "workloads.json").read_text()) if options.swift else []
    for row in rows:
        texts = options.rows.split(";")
        if "kind" in row or not any(text in row["name"] for text in texts):
            continue
        with tempfile.TemporaryDirectory() as folder:
            paths = make_inputs(row, folder)
            text = f"load {row['function']} {' '.join(paths)}\ntime 0.1 1\n"
            own = records(row["name"], [options.swift], text, options, library)
        if not own:
            print(f"{row['name']}: nothing ran in {options.seconds} s", flush=True)
        for record in own:
            print(model.line(record), flush=True)
        found += own
    problems = []
    if options.families:
        found = families(options, library)
        problems = compare(found, options.record)
    (output / "gpu-lab.json").write_text(json.dumps(found, indent=1) + "\n")
    problems += [f"{r['name']}: {r['kernel']} spills registers" for r in found if r["spills"]]
    problems += [f"{r['name']}: {r['kernel']}: {r['error']}" for r in found if "error" in r]
    if problems:
        raise SystemExit("\n".join(problems))


main()
