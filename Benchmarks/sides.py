"""The sides of the comparison. A side is a program that takes commands on its standard input."""
import os
import subprocess
import sys
import time
from pathlib import Path

PEERS = Path(__file__).parent / "peers"


class Side:
    """How to start the processes of one side."""

    def __init__(self, name, title, command, without_caches=lambda folder: {}):
        self.name, self.title, self.command = name, title, command
        # What the environment has to say, by an empty folder, for a first call to find nothing.
        self.without_caches = without_caches

    def start(self, environment=None):
        return Process(self.command, environment)

    def process_start(self):
        """The time from starting a process to its first result."""
        start = time.perf_counter()
        subprocess.run(self.command + ["first"], stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start


class Process:
    """One process of a side."""

    def __init__(self, command, environment=None):
        self.command = command
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(self.command)} ended: {' '.join(map(str, words))}")
        return line.strip()

    def times(self, *words):
        return [float(word) for word in self.ask(*words).split()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def python_side(name, title, *without_caches):
    return Side(name, title, [sys.executable, str(PEERS / f"{name}_side.py")], *without_caches)


def swift_side(executable):
    return Side(
        "ours", "ours", [executable],
        lambda folder: {"VMAP_CACHE": "0", "POCL_CACHE_DIR": folder})


JAX = python_side("jax", "JAX", lambda folder: {"JAX_ENABLE_COMPILATION_CACHE": "false"})
OTHERS = {
    name: python_side(name, title)
    for name, title in (("numba", "Numba"), ("drjit", "Dr.Jit"), ("c", "C"))
}
