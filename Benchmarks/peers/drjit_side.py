"""Dr.Jit as a side of the benchmark."""
import ctypes.util
import os

# Debian's library has a name that Dr.Jit does not look for.
os.environ.setdefault("DRJIT_LIBLLVM_PATH", ctypes.util.find_library("LLVM-15") or "")

import drjit as dr
from drjit.llvm import TensorXf, TensorXi, TensorXu

from array_functions import FUNCTIONS
from serving import Server

TENSORS = {"f": TensorXf, "i": TensorXi, "u": TensorXu}


class DrJit(Server):
    name = "drjit"
    device = f"Dr.Jit {dr.__version__} with LLVM on {dr.thread_count()} threads"
    functions = FUNCTIONS

    def hold(self, array):
        return TENSORS[array.dtype.kind](array)

    def compiled(self, function):
        return dr.freeze(function)

    def finished(self, result):
        dr.eval(result)
        dr.sync_thread()
        return result


DrJit().serve()
