"""The functions of workloads.json in JAX, as one would write them."""
from . import examples, gradients, inference, no_u_turn, programs, simulation

FUNCTIONS = {
    name: function
    for module in (examples, simulation, inference, no_u_turn, gradients, programs)
    for name, function in module.FUNCTIONS.items()
}
