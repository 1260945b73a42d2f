"""Programs of many operations, for the time that compiling takes."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import vmap


def bitonic_sort(x):
    place = np.arange(16)
    for size in (2, 4, 8, 16):
        for stride in (s for s in (8, 4, 2, 1) if s < size):
            other = x[place ^ stride]
            is_lower = ((place & stride) == 0) == ((place & size) == 0)
            x = jnp.where(is_lower, jnp.minimum(x, other), jnp.maximum(x, other))
    return x


def roll_chain(x):
    for shift in range(1, 13):
        x = x + 0.5 * jnp.roll(x, shift)
    return x


def stencil(u):
    for _ in range(6):
        p = jnp.pad(u, 1)
        around = p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]
        u = u + 0.1 * (around - 4 * u)
    return u


def adam(w1, w2, x, y):
    """The losses of a small network in 20 steps of Adam."""
    loss = lambda w: ((jnp.tanh(x @ w[0].T) @ w[1] - y) ** 2).mean()

    def step(state, number):
        w, m, v = state
        value, slopes = jax.value_and_grad(loss)(w)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, slopes)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, slopes)
        first, second = 1 - 0.9**number, 1 - 0.99**number
        w = jax.tree.map(
            lambda w, m, v: w - 0.01 * (m / first) / (jnp.sqrt(v / second) + 1e-6), w, m, v)
        return (w, m, v), value

    zeros = (jnp.zeros_like(w1), jnp.zeros_like(w2))
    return jax.lax.scan(step, ((w1, w2), zeros, zeros), jnp.arange(1.0, 21.0))[1]


def linear_algebra(a, b):
    x = jnp.linalg.solve(a, jnp.linalg.cholesky(a) @ b)
    values, vectors = jnp.linalg.eigh(a)
    return x + (vectors * jnp.sqrt(values)) @ (vectors.T @ b)


def samplers(key):
    keys, random = jax.random.split(key, 7), jax.random
    return jnp.stack([
        random.normal(keys[0], (4,)), random.exponential(keys[1], (4,)),
        random.gumbel(keys[2], (4,)), random.laplace(keys[3], (4,)),
        random.gamma(keys[4], 2.5, (4,)), random.beta(keys[5], 2.0, 3.0, (4,)),
        random.truncated_normal(keys[6], -1.0, 2.0, (4,))])


def conjugate_gradient(a, b):
    def step(state):
        x, r, p, square, count = state
        ap = a @ p
        alpha = square / (p @ ap)
        x, r = x + alpha * p, r - alpha * ap
        new = r @ r
        return x, r, r + new / square * p, new, count + 1

    initial = (jnp.zeros_like(b), b, b, b @ b, 0)
    enough = 1e-8 * (b @ b)
    return jax.lax.while_loop(lambda s: (s[3] > enough) & (s[4] < 50), step, initial)[0]


def value_iteration(rewards):
    """What each field of a grid is worth, where a step goes to the best field beside it."""

    def step(state):
        value, _ = state
        up = jnp.concatenate([value[:1], value[:-1]])
        down = jnp.concatenate([value[1:], value[-1:]])
        left = jnp.concatenate([value[:, :1], value[:, :-1]], 1)
        right = jnp.concatenate([value[:, 1:], value[:, -1:]], 1)
        best = jnp.maximum(jnp.maximum(up, down), jnp.maximum(left, right))
        new = rewards + 0.9 * best
        return new, jnp.abs(new - value).max()

    return jax.lax.while_loop(lambda s: s[1] > 1e-3, step, (rewards, jnp.float32(1)))[0]


def quantum_circuit(angles):
    """The probabilities of the states of five qubits after three layers of turns and CNOTs."""
    state = jnp.zeros((2,) * 5, jnp.complex64).at[(0,) * 5].set(1)
    for layer in angles:
        for qubit in range(5):
            c, s = jnp.cos(layer[qubit] / 2), -1j * jnp.sin(layer[qubit] / 2)
            gate = jnp.array([[c, s], [s, c]])
            state = jnp.moveaxis(jnp.tensordot(gate, state, (1, qubit)), 0, qubit)
        for qubit in range(4):
            off, on = jnp.split(state, 2, qubit)
            state = jnp.concatenate([off, jnp.flip(on, qubit + 1)], qubit)
    return (jnp.abs(state) ** 2).reshape(-1)


FUNCTIONS = {
    "bitonic_sort": vmap(bitonic_sort),
    "roll_chain": vmap(roll_chain),
    "stencil": vmap(stencil),
    "adam": vmap(adam, (0, 0, None, None)),
    "linear_algebra": vmap(linear_algebra),
    "samplers": vmap(samplers),
    "conjugate_gradient": vmap(conjugate_gradient),
    "value_iteration": vmap(value_iteration),
    "quantum_circuit": vmap(quantum_circuit),
}
