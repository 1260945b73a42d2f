"""The No-U-Turn sampler, without recursion: see the other sides'."""
import math

import drjit as dr
from drjit.llvm import ArrayXf, Bool, Float, Int, TensorXf, UInt32

from .parts import columns, higher
from .random import fold_in, normal, uniform

SIZE, DRAWS, DEPTH, STEP = 8, 8, 5, 0.15


def log_density(q):
    """Four curved pairs: a is normal, b is normal around a squared."""
    total = 0
    for k in range(4):
        u = q[k + 4] - q[k] * q[k]
        total = total + q[k] * q[k] + 4 * u * u
    return -0.5 * total


def pushed(r, q, by):
    """A momentum after half a step."""
    u = [q[k + 4] - q[k] * q[k] for k in range(4)]
    first = [r[k] + by * (8 * q[k] * u[k] - q[k]) for k in range(4)]
    return first + [r[k + 4] - by * 4 * u[k] for k in range(4)]


def dot(a, b):
    return sum(a[k] * b[k] for k in range(SIZE))


def is_turning(left, right, total):
    middle = [total[k] - (left[k] + right[k]) / 2 for k in range(SIZE)]
    return (dot(left, middle) <= 0) | (dot(right, middle) <= 0)


def log_uniform(key, number):
    return dr.log(uniform(fold_in(key, UInt32(number)), UInt32(0)) + 1e-38)


def log_add(a, b):
    return higher(a, b) + dr.log(1 + dr.exp(-dr.abs(a - b)))


def choose(condition, a, b):
    return [dr.select(condition, a[k], b[k]) for k in range(len(a))]


@dr.syntax
def subtree(key, energy, depth, direction, q, r):
    """Goes on from an end by as many steps as the tree has; what is drawn, and how it ended."""
    count = Int(1) << depth
    i, drawn, over = Int(0), [Float(x) for x in q], Bool(False)
    weight, total = Float(-1e30), [Float(0) for _ in range(SIZE)]
    lefts, totals = (dr.alloc_local(Float, DEPTH * SIZE, value=Float(0)) for _ in range(2))
    while (i < count) & ~over:
        half = pushed(r, q, 0.5 * STEP * direction)
        q = [q[k] + STEP * direction * half[k] for k in range(SIZE)]
        r = pushed(half, q, 0.5 * STEP * direction)
        gain = energy + log_density(q) - 0.5 * dot(r, r)
        weight = log_add(weight, gain)
        drawn = choose(log_uniform(key, 63 + count + i) < gain - weight, q, drawn)
        total = [total[k] + r[k] for k in range(SIZE)]
        last = Int(dr.popcnt(i >> 1))
        first = last + 1 - Int(dr.popcnt((~i & (i + 1)) - 1))
        is_even = (i & 1) == 0
        for k in range(SIZE):
            lefts.write(r[k], UInt32(last * SIZE + k), is_even)
            totals.write(total[k], UInt32(last * SIZE + k), is_even)
        n, turns = Int(last), Bool(False)
        while (n >= first) & ~turns:
            left = [lefts[UInt32(n * SIZE + k)] for k in range(SIZE)]
            part = [total[k] - totals[UInt32(n * SIZE + k)] + left[k] for k in range(SIZE)]
            turns = is_turning(left, r, part)
            n -= 1
        over = turns | ~(gain > -1000)
        i += 1
    return q, r, drawn, weight, total, over


@dr.syntax
def no_u_turn(keys, starts):
    root, q = columns(keys), [0.5 * x for x in columns(starts)]
    number = UInt32(0)
    while number < DRAWS:
        key = fold_in(root, number)
        momentum = fold_in(key, UInt32(0))
        r = [normal(momentum, UInt32(k)) for k in range(SIZE)]
        energy = 0.5 * dot(r, r) - log_density(q)
        ql, rl, qr, rr = list(q), list(r), list(q), list(r)
        weight, total = Float(0), list(r)
        depth, over = Int(0), Bool(False)
        while (depth < DEPTH) & ~over:
            right = log_uniform(key, 1 + 2 * depth) < math.log(0.5)
            direction = dr.select(right, Float(1), Float(-1))
            end_q, end_r, new, new_weight, new_total, over = subtree(
                key, energy, depth, direction, choose(right, qr, ql), choose(right, rr, rl))
            taken = ~over & (log_uniform(key, 2 + 2 * depth) < new_weight - weight)
            q = choose(taken, new, q)
            weight = log_add(weight, new_weight)
            ql, rl = choose(right, ql, end_q), choose(right, rl, end_r)
            qr, rr = choose(right, end_q, qr), choose(right, end_r, rr)
            total = [total[k] + new_total[k] for k in range(SIZE)]
            over |= is_turning(rl, rr, total)
            depth += 1
        number += 1
    return TensorXf(dr.ravel(ArrayXf(q)), starts.shape)
