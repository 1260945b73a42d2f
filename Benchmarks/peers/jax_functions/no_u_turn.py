"""The No-U-Turn sampler, without recursion.

A tree of steps doubles, in a direction drawn at random, until its ends turn towards each other. A
leaf is compared with the left ends of the subtrees that it completes; those are kept by depth.
"""
import jax
import jax.numpy as jnp
from jax import vmap

DRAWS, DEPTH, STEP = 8, 5, 0.15


def log_density(q):
    """Four curved pairs: a is normal, b is normal around a squared."""
    a, b = q[:4], q[4:]
    u = b - a * a
    return -0.5 * (a * a + 4 * u * u).sum()


def gradient(q):
    a, b = q[:4], q[4:]
    u = b - a * a
    return jnp.concatenate([8 * a * u - a, -4 * u])


def is_turning(left, right, total):
    middle = total - (left + right) / 2
    return (left @ middle <= 0) | (right @ middle <= 0)


def log_uniform(key, number):
    return jnp.log(jax.random.uniform(jax.random.fold_in(key, number)))


def subtree(key, energy, depth, direction, q, r):
    """Goes on from an end by as many steps as the tree has; which is drawn, and how it ended."""
    count = 1 << depth

    def step(state):
        i, q, r, drawn, weight, total, lefts, totals, _ = state
        half = r + 0.5 * STEP * direction * gradient(q)
        q = q + STEP * direction * half
        r = half + 0.5 * STEP * direction * gradient(q)
        gain = energy + log_density(q) - 0.5 * (r @ r)
        weight = jnp.logaddexp(weight, gain)
        drawn = jnp.where(log_uniform(key, 63 + count + i) < gain - weight, q, drawn)
        total = total + r
        last = jax.lax.population_count(i >> 1)
        first = last + 1 - jax.lax.population_count((~i & (i + 1)) - 1)
        is_even = (i & 1) == 0
        lefts = jnp.where(is_even, lefts.at[last].set(r), lefts)
        totals = jnp.where(is_even, totals.at[last].set(total), totals)

        def compare(s):
            k, _ = s
            return k - 1, is_turning(lefts[k], r, total - totals[k] + lefts[k])

        turning = jax.lax.while_loop(
            lambda s: (s[0] >= first) & ~s[1], compare, (last, jnp.bool_(False)))[1]
        return i + 1, q, r, drawn, weight, total, lefts, totals, turning | ~(gain > -1000)

    kept = jnp.zeros((DEPTH, 8))
    initial = (
        jnp.int32(0), q, r, q, jnp.float32(-1e30), jnp.zeros(8), kept, kept, jnp.bool_(False))
    _, q, r, drawn, weight, total, _, _, ended = jax.lax.while_loop(
        lambda s: (s[0] < count) & ~s[8], step, initial)
    return q, r, drawn, weight, total, ended


def draw(key, q):
    r = jax.random.normal(jax.random.fold_in(key, 0), (8,))
    energy = 0.5 * (r @ r) - log_density(q)

    def double(state):
        depth, ql, rl, qr, rr, drawn, weight, total, _ = state
        right = log_uniform(key, 1 + 2 * depth) < jnp.log(0.5)
        end_q, end_r, new, new_weight, new_total, ended = subtree(
            key, energy, depth, jnp.where(right, 1.0, -1.0), jnp.where(right, qr, ql),
            jnp.where(right, rr, rl))
        taken = ~ended & (log_uniform(key, 2 + 2 * depth) < new_weight - weight)
        ql, rl = jnp.where(right, ql, end_q), jnp.where(right, rl, end_r)
        qr, rr = jnp.where(right, end_q, qr), jnp.where(right, end_r, rr)
        total = total + new_total
        return (
            depth + 1, ql, rl, qr, rr, jnp.where(taken, new, drawn),
            jnp.logaddexp(weight, new_weight), total, ended | is_turning(rl, rr, total))

    initial = (jnp.int32(0), q, r, q, r, q, jnp.float32(0), r, jnp.bool_(False))
    return jax.lax.while_loop(lambda s: (s[0] < DEPTH) & ~s[8], double, initial)[5]


def no_u_turn(key, start):
    return jax.lax.fori_loop(
        0, DRAWS, lambda i, q: draw(jax.random.fold_in(key, i), q), 0.5 * start)


FUNCTIONS = {"no_u_turn": vmap(no_u_turn)}
