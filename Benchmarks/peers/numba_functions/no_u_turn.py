"""The No-U-Turn sampler, without recursion, a chain at a time: see the other sides'."""
import math

import numpy as np
from numba import njit, prange

from .parts import compiled, f32, u32
from .random import normal, threefry, uniform

SIZE, DRAWS, DEPTH, STEP = 8, 8, 5, f32(0.15)
plain = njit(fastmath=True)


@plain
def log_density(q):
    total = f32(0)
    for k in range(4):
        u = q[k + 4] - q[k] * q[k]
        total += q[k] * q[k] + f32(4) * u * u
    return f32(-0.5) * total


@plain
def push(r, q, by):
    """Moves a momentum."""
    for k in range(4):
        u = q[k + 4] - q[k] * q[k]
        r[k] += by * (f32(8) * q[k] * u - q[k])
        r[k + 4] -= by * f32(4) * u


@plain
def dot(a, b):
    total = f32(0)
    for k in range(SIZE):
        total += a[k] * b[k]
    return total


@plain
def is_turning(left, right, total):
    toward_left, toward_right = f32(0), f32(0)
    for k in range(SIZE):
        middle = total[k] - (left[k] + right[k]) / f32(2)
        toward_left += left[k] * middle
        toward_right += right[k] * middle
    return toward_left <= f32(0) or toward_right <= f32(0)


@plain
def log_uniform(key, number):
    return f32(math.log(uniform(threefry(key, u32(number)), u32(0)) + f32(1e-38)))


@plain
def log_add(a, b):
    return max(a, b) + f32(math.log1p(math.exp(-abs(a - b))))


@njit
def ones(n):
    """How many bits are set."""
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


@plain
def grow(key, energy, depth, direction, q, r, drawn, total, lefts, totals):
    """Goes on from an end; gives the weight of what grows, and whether it is over."""
    count, weight = 1 << depth, f32(-1e30)
    total[:] = f32(0)
    for i in range(count):
        push(r, q, f32(0.5) * STEP * direction)
        q += STEP * direction * r
        push(r, q, f32(0.5) * STEP * direction)
        gain = energy + log_density(q) - f32(0.5) * dot(r, r)
        weight = log_add(weight, gain)
        if log_uniform(key, 63 + count + i) < gain - weight:
            drawn[:] = q
        total += r
        last = ones(i >> 1)
        first = last + 1 - ones((~i & (i + 1)) - 1)
        if i % 2 == 0:
            lefts[last], totals[last] = r, total
        for n in range(last, first - 1, -1):
            if is_turning(lefts[n], r, total - totals[n] + lefts[n]):
                return weight, True
        if not gain > f32(-1000):
            return weight, True
    return weight, False


@plain
def draw(key, q, ends, total, drawn, grown, lefts, totals):
    momentum = threefry(key, u32(0))
    for k in range(SIZE):
        total[k] = normal(momentum, u32(k))
        ends[0, 0, k] = ends[1, 0, k] = q[k]
        ends[0, 1, k] = ends[1, 1, k] = total[k]
    energy, weight = f32(0.5) * dot(total, total) - log_density(q), f32(0)
    for depth in range(DEPTH):
        right = 1 if log_uniform(key, 1 + 2 * depth) < f32(math.log(0.5)) else 0
        new, is_over = grow(
            key, energy, depth, f32(2 * right - 1), ends[right, 0], ends[right, 1], drawn, grown,
            lefts, totals)
        if not is_over and log_uniform(key, 2 + 2 * depth) < new - weight:
            q[:] = drawn
        weight = log_add(weight, new)
        total += grown
        if is_over or is_turning(ends[0, 1], ends[1, 1], total):
            return


@compiled
def no_u_turn(keys, starts):
    result = f32(0.5) * starts
    for chain in prange(len(keys)):
        ends, kept = np.empty((2, 2, SIZE), f32), np.empty((2, DEPTH, SIZE), f32)
        sums = np.empty((3, SIZE), f32)
        key = (keys[chain, 0], keys[chain, 1])
        for i in range(DRAWS):
            draw(
                threefry(key, u32(i)), result[chain], ends, sums[0], sums[1], sums[2], kept[0],
                kept[1])
    return result
