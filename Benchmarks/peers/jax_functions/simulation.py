"""Simulations: what a loop makes of a state."""
import jax
import jax.numpy as jnp
from jax import vmap


def lorenz(state):
    """Lorenz' equations by 1,000 steps of the classical Runge-Kutta method."""
    h = 0.002

    def slope(s):
        x, y, z = s
        return jnp.stack([10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z])

    def step(_, s):
        a = slope(s)
        b = slope(s + h / 2 * a)
        c = slope(s + h / 2 * b)
        d = slope(s + h * c)
        return s + h / 6 * (a + 2 * b + 2 * c + d)

    return jax.lax.fori_loop(0, 1000, step, state)


def cartpole(key, start):
    """How often the pole falls in 200 random pushes; it is put up again where it began."""
    pushes = jax.random.bits(key, (200,))
    start = tuple(0.02 * start)

    def step(i, state):
        (x, v, angle, spin), falls = state
        force = jnp.where((pushes[i] & 1) == 1, 10.0, -10.0)
        sine, cosine = jnp.sin(angle), jnp.cos(angle)
        push = (force + 0.05 * spin * spin * sine) / 1.1
        turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine * cosine / 1.1))
        speed_up = push - 0.05 * turn * cosine / 1.1
        next = (x + 0.02 * v, v + 0.02 * speed_up, angle + 0.02 * spin, spin + 0.02 * turn)
        fallen = (jnp.abs(next[0]) > 2.4) | (jnp.abs(next[2]) > 0.2095)
        next = tuple(jnp.where(fallen, s, n) for s, n in zip(start, next))
        return next, falls + fallen

    return jax.lax.fori_loop(0, 200, step, (start, 0))[1]


def van_der_pol(mu):
    """Van der Pol's oscillator until time 10, in steps as long as the error allows.

    By the method of Bogacki and Shampine.
    """
    end, tolerance = 10.0, 1e-4

    def slope(x, v):
        return v, mu * (1 - x * x) * v - x

    def step(state):
        t, x, v, h = state
        h = jnp.minimum(h, end - t)
        ax, av = slope(x, v)
        bx, bv = slope(x + h / 2 * ax, v + h / 2 * av)
        cx, cv = slope(x + 0.75 * h * bx, v + 0.75 * h * bv)
        nx = x + h / 9 * (2 * ax + 3 * bx + 4 * cx)
        nv = v + h / 9 * (2 * av + 3 * bv + 4 * cv)
        dx, dv = slope(nx, nv)
        ex = h / 72 * (-5 * ax + 6 * bx + 8 * cx - 9 * dx)
        ev = h / 72 * (-5 * av + 6 * bv + 8 * cv - 9 * dv)
        excess = jnp.maximum(jnp.abs(ex), jnp.abs(ev)) / tolerance
        factor = jnp.clip(0.9 * jnp.maximum(excess, 1e-6) ** (-1 / 3), 0.2, 5)
        good = excess <= 1
        choose = lambda new, old: jnp.where(good, new, old)
        return choose(t + h, t), choose(nx, x), choose(nv, v), h * factor

    initial = (jnp.float32(0), jnp.float32(2), jnp.float32(0), jnp.float32(0.01))
    _, x, v, _ = jax.lax.while_loop(lambda s: s[0] < end, step, initial)
    return jnp.stack([x, v])


FUNCTIONS = {
    "lorenz": vmap(lorenz),
    "cartpole": vmap(cartpole),
    "van_der_pol": vmap(van_der_pol),
}
