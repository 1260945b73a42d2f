"""Simulations: what a loop makes of a state."""
import drjit as dr
from drjit.llvm import Array2f, Array3f, Float, Int, TensorXf, TensorXi, UInt32

from .parts import columns, higher, lower
from .random import bits


def slope(s):
    return Array3f(10 * (s.y - s.x), s.x * (28 - s.z) - s.y, s.x * s.y - 8 / 3 * s.z)


@dr.syntax
def lorenz(states):
    h = 0.002
    s, step = Array3f(columns(states)), UInt32(0)
    while step < 1000:
        a = slope(s)
        b = slope(s + h / 2 * a)
        c = slope(s + h / 2 * b)
        d = slope(s + h * c)
        s += h / 6 * (a + 2 * b + 2 * c + d)
        step += 1
    return TensorXf(dr.ravel(s), states.shape)


@dr.syntax
def cartpole(keys, starts):
    key, start = columns(keys), [0.02 * x for x in columns(starts)]
    x, v, angle, spin = start
    falls, step = dr.zeros(Int, len(starts)), UInt32(0)
    while step < 200:
        force = dr.select((bits(key, step) & 1) == 1, Float(10), Float(-10))
        sine, cosine = dr.sincos(angle)
        push = (force + 0.05 * spin * spin * sine) / 1.1
        inertia = 0.5 * (4 / 3 - 0.1 * cosine * cosine / 1.1)
        turn = (9.8 * sine - cosine * push) / inertia
        speed_up = push - 0.05 * turn * cosine / 1.1
        x, v = x + 0.02 * v, v + 0.02 * speed_up
        angle, spin = angle + 0.02 * spin, spin + 0.02 * turn
        fallen = (dr.abs(x) > 2.4) | (dr.abs(angle) > 0.2095)
        falls += dr.select(fallen, Int(1), Int(0))
        x, v = dr.select(fallen, start[0], x), dr.select(fallen, start[1], v)
        angle, spin = dr.select(fallen, start[2], angle), dr.select(fallen, start[3], spin)
        step += 1
    return TensorXi(falls)


@dr.syntax
def van_der_pol(mus):
    mu, end, tolerance = mus.array, 10, 1e-4
    slope = lambda s: Array2f(s.y, mu * (1 - s.x * s.x) * s.y - s.x)
    fill = lambda value: dr.full(Float, value, len(mus))
    t, s, h = fill(0), Array2f(fill(2), fill(0)), fill(0.01)
    while t < end:
        h = lower(h, end - t)
        a = slope(s)
        b = slope(s + h / 2 * a)
        c = slope(s + 0.75 * h * b)
        new = s + h / 9 * (2 * a + 3 * b + 4 * c)
        d = slope(new)
        error = dr.abs(h / 72 * (-5 * a + 6 * b + 8 * c - 9 * d))
        excess = higher(error.x, error.y) / tolerance
        good = excess <= 1
        t, s = dr.select(good, t + h, t), dr.select(good, new, s)
        h *= lower(higher(0.9 * higher(excess, 1e-6) ** (-1 / 3), 0.2), 5)
    return TensorXf(dr.ravel(s), (len(mus), 2))
