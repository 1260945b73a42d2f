"""Numba as a side of the benchmark."""
import numba

from numba_functions import FUNCTIONS
from serving import Server


class Numba(Server):
    name = "numba"
    device = f"Numba {numba.__version__} on {numba.get_num_threads()} threads"
    functions = FUNCTIONS


Numba().serve()
