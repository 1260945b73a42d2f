"""Random numbers from keys, those of JAX: Threefry-2x32, its bits, uniform and normal numbers."""
import math

import numpy as np
from numba import njit

from .parts import f32, u32


@njit
def threefry(key, index):
    """Two words, of a key of two and an index."""
    k0, k1 = key
    k2 = u32(k0 ^ k1 ^ u32(0x1BD11BDA))
    a, b = k0, u32(index + k1)
    for turn in range(5):
        for by in (13, 15, 26, 6) if turn % 2 == 0 else (17, 29, 16, 24):
            a = u32(a + b)
            b = u32(u32(u32(b << u32(by)) | u32(b >> u32(32 - by))) ^ a)
        k0, k1, k2 = k1, k2, k0
        a, b = u32(a + k0), u32(b + k1 + u32(turn + 1))
    return a, b


@njit
def bits(key, index):
    a, b = threefry(key, index)
    return u32(a ^ b)


@njit
def uniform(key, index):
    """From 0 to 1, which is not reached: multiples of 2^-23."""
    return f32(bits(key, index) >> u32(9)) * f32(2**-23)


NEAR = np.array([
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
    -0.00417768164, 0.246640727, 1.50140941], f32)
FAR = np.array([
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
    0.00943887047, 1.00167406, 2.83297682], f32)


@njit(fastmath=True)
def erf_inverse(x):
    """The inverse of the error function by two polynomials (Giles, 2010)."""
    w = -f32(math.log1p(-x * x))
    terms, t = (NEAR, w - f32(2.5)) if w < f32(5) else (FAR, f32(math.sqrt(w)) - f32(3))
    total = terms[0]
    for term in terms[1:]:
        total = total * t + term
    return total * x


@njit(fastmath=True)
def normal(key, index):
    low = f32(-0.99999994)
    u = max(low, uniform(key, index) * (f32(1) - low) + low)
    return f32(1.41421356) * erf_inverse(u)
