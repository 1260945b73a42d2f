"""The JAX side of the benchmark."""
import sys

import jax
import jax.numpy as jnp
import numpy as np
from jax import jit, vmap

from jax_functions import FUNCTIONS
from serving import Server

jax.config.update("jax_platforms", "cpu")


class JAX(Server):
    name, functions = "jax", FUNCTIONS
    device = f"JAX {jax.__version__} on {jax.devices()[0]}"

    def hold(self, array):
        return jnp.asarray(array)

    def compiled(self, function):
        return jit(function)

    def finished(self, result):
        return result.block_until_ready()

    def other_command(self, words):
        """`sizes COUNT INPUT.npy` calls a function with batches of sizes that it has not seen."""
        if words[0] != "sizes":
            return super().other_command(words)
        function = jit(vmap(lambda x: jnp.tanh(x * 2 + 1).sum()))
        whole = jnp.asarray(np.load(words[2]))
        function(whole[:64]).block_until_ready()
        times = []
        for number in range(int(words[1])):
            x = whole[: 100 + 37 * number].block_until_ready()
            times.append(self.timed(lambda: function(x))[0])
        return " ".join(map(repr, times))


if sys.argv[1:] == ["first"]:
    x = jnp.ones((16, 100))
    print(float(jit(vmap(lambda x, y: jnp.tanh(x + y)))(x, x).sum()))
else:
    JAX().serve()
