"""C by hand as a side of the benchmark: compiled by GCC, with OpenMP, when it starts."""
import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from serving import Server

FLAGS = "-O3 -march=native -ffast-math -fopenmp -shared -fPIC".split()


def library():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/functions.so"
        sources = sorted((Path(__file__).parent / "c").glob("*.c"))
        subprocess.run(["gcc", *FLAGS, *map(str, sources), "-o", path, "-lm"], check=True)
        return ctypes.CDLL(path)


LIBRARY = library()


def function(name, dtype, shape):
    """A function of C, with the type of its result and its shape by those of the inputs.

    It takes the first sizes of all inputs, the result and the inputs. The result has its memory
    once, as in a program in C.
    """
    code, held = LIBRARY[name], {}

    def call(*inputs):
        if not held:
            held["result"] = np.empty(shape(*(x.shape for x in inputs)), dtype)
        lengths = (ctypes.c_long * len(inputs))(*(len(x) for x in inputs))
        arrays = [held["result"], *inputs]
        code(lengths, *(ctypes.c_void_p(array.ctypes.data) for array in arrays))
        return held["result"]

    return call


first = lambda shape, *_: shape
count = lambda shape, *_: shape[:1]


class C(Server):
    name = "c"
    device = "gcc " + " ".join(FLAGS[:4])
    functions = {
        "mandelbrot": function("mandelbrot", np.int32, lambda xs, ys: ys + xs),
        "skewed_while": function("skewed_while", np.float32, first),
        "nearest": function("nearest", np.int32, count),
        "lorenz": function("lorenz", np.float32, first),
        "cartpole": function("cartpole", np.int32, count),
        "van_der_pol": function("van_der_pol", np.float32, lambda mus: mus + (2,)),
        "kalman": function("kalman", np.float32, lambda noises, measurements: measurements),
        "logistic_fit": function("logistic_fit", np.float32, lambda xs, _: (xs[0], xs[2])),
        "no_u_turn": function("no_u_turn", np.float32, lambda keys, starts: starts),
    }


C().serve()
