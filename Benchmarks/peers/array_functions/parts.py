"""What functions of arrays have in common."""
import drjit as dr
from drjit.llvm import UInt32


def columns(tensor):
    """The columns of a matrix, one array each."""
    rows, count = tensor.shape
    return [
        dr.gather(type(tensor.array), tensor.array, dr.arange(UInt32, rows) * count + i)
        for i in range(count)
    ]


def lower(a, b):
    """The lower one; LLVM 15 has no instructions for dr.minimum."""
    return dr.select(a < b, a, b)


def higher(a, b):
    return dr.select(a < b, b, a)
