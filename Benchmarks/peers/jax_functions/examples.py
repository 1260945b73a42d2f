"""What single operations and short functions compute for one example."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import vmap


def black_scholes(s, k, t):
    rate, volatility = 0.05, 0.2
    spread = volatility * jnp.sqrt(t)
    d1 = (jnp.log(s / k) + (rate + volatility * volatility / 2) * t) / spread
    d2 = d1 - spread
    cdf = lambda x: 0.5 * (1 + jax.lax.erf(x / np.sqrt(2)))
    return s * cdf(d1) - k * jnp.exp(-rate * t) * cdf(d2)


def escape_time(cx, cy):
    def body(state):
        x, y, n = state
        return x * x - y * y + cx, 2 * x * y + cy, n + 1

    def condition(state):
        x, y, n = state
        return (x * x + y * y < 4) & (n < 256)

    return jax.lax.while_loop(condition, body, (jnp.float32(0), jnp.float32(0), 0))[2]


def decay(n):
    return jax.lax.while_loop(
        lambda s: s[0] < n, lambda s: (s[0] + 1, s[1] * 0.999 + 0.1), (0, jnp.float32(1))
    )[1]


def histogram(bins):
    return jnp.zeros(64).at[bins].add(1.0)


def conv(kernel, x):
    return jax.lax.conv_general_dilated(
        x[None], kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))[0]


def distance(x, y):
    return jnp.sqrt(((x - y) ** 2).sum())


def force(x, others):
    d = others - x
    return jnp.sum(d * ((jnp.sum(d * d, -1) + 1e-2) ** -1.5)[:, None], 0)


def attention(q, k, v):
    return jax.nn.softmax(q @ k.T / 8, -1) @ v


def rare_cond(p, x):
    slow = lambda x: jax.lax.fori_loop(0, 200, lambda i, v: jnp.sin(v) + v * 0.5, x)
    return jax.lax.cond(p, slow, lambda x: x + 1, x)


def eigh(a):  # eigenvectors have no sign, so what they make again is compared
    values, vectors = jnp.linalg.eigh(a)
    return (vectors * values) @ vectors.T


squared_dot = lambda x, y: jnp.dot(x, y) ** 2
FUNCTIONS = {
    "add": vmap(lambda x, y: x + y),
    "neuron": vmap(lambda w, v: jnp.tanh(w @ v + 1.0).sum(), (None, 0)),
    "product": vmap(vmap(jnp.vdot, (0, None)), (None, 1), 1),
    "matmul": vmap(jnp.matmul),
    "softmax": vmap(jax.nn.softmax),
    "layer_norm": vmap(lambda v, g: (v - v.mean()) / jnp.sqrt(v.var() + 1e-5) * g, (0, None)),
    "custom_dot_rows": vmap(squared_dot),
    "custom_dot_columns": vmap(squared_dot, 1),
    "linear": vmap(lambda w, x: w @ x, (None, 0)),
    "mandelbrot": vmap(vmap(escape_time, (0, None)), (None, 0)),
    "skewed_while": vmap(decay),
    "black_scholes": vmap(black_scholes),
    "sort": vmap(jnp.sort),
    "argsort": vmap(jnp.argsort),
    "top8": vmap(lambda x: jax.lax.top_k(x, 8)[0]),
    "cumsum": vmap(jnp.cumsum),
    "gather": vmap(lambda table, i: table[i], (None, 0)),
    "histogram": vmap(histogram),
    "conv": vmap(conv, (None, 0)),
    "distances": vmap(vmap(distance, (None, 0)), (0, None)),
    "n_body": lambda x: vmap(force, (0, None))(x, x),
    "attention": vmap(attention),
    "rare_cond": vmap(rare_cond),
    "normal": vmap(lambda key: jax.random.normal(key, (8,))),
    "cholesky": vmap(jnp.linalg.cholesky),
    "solve": vmap(jnp.linalg.solve),
    "eigh": vmap(eigh),
}
