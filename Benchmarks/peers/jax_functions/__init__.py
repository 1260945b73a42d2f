"""The functions of workloads.json in JAX, as one would write them."""
from . import examples, inference, no_u_turn, programs, simulation

FUNCTIONS = {
    name: function
    for module in (examples, simulation, inference, no_u_turn, programs)
    for name, function in module.FUNCTIONS.items()
}
