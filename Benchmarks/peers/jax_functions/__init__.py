"""The functions of workloads.json in JAX, as one would write them."""
from . import examples

FUNCTIONS = {
    name: function
    for module in (examples,)
    for name, function in module.FUNCTIONS.items()
}
