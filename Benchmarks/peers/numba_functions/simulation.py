"""Simulations: what a loop makes of a state."""
import numpy as np
from numba import njit, prange

from .parts import compiled, f32, u32
from .random import bits


@njit(fastmath=True)
def slope(x, y, z):
    return f32(10) * (y - x), x * (f32(28) - z) - y, x * y - f32(8 / 3) * z


@compiled
def lorenz(states):
    result = np.empty_like(states)
    h = f32(0.002)
    half, sixth, two = f32(0.001), f32(0.002 / 6), f32(2)
    for example in prange(len(states)):
        x, y, z = states[example]
        for _ in range(1000):
            ax, ay, az = slope(x, y, z)
            bx, by, bz = slope(x + half * ax, y + half * ay, z + half * az)
            cx, cy, cz = slope(x + half * bx, y + half * by, z + half * bz)
            dx, dy, dz = slope(x + h * cx, y + h * cy, z + h * cz)
            x += sixth * (ax + two * bx + two * cx + dx)
            y += sixth * (ay + two * by + two * cy + dy)
            z += sixth * (az + two * bz + two * cz + dz)
        result[example, 0], result[example, 1], result[example, 2] = x, y, z
    return result


@compiled
def cartpole(keys, starts):
    result = np.empty(len(keys), np.int32)
    step = f32(0.02)
    for example in prange(len(keys)):
        sx, sv, sa, ss = starts[example]
        sx, sv, sa, ss = step * sx, step * sv, step * sa, step * ss
        x, v, angle, spin = sx, sv, sa, ss
        key, falls = (keys[example, 0], keys[example, 1]), 0
        for i in range(200):
            force = f32(10) if bits(key, u32(i)) & u32(1) else f32(-10)
            sine, cosine = np.sin(angle), np.cos(angle)
            push = (force + f32(0.05) * spin * spin * sine) / f32(1.1)
            inertia = f32(0.5) * (f32(4 / 3) - f32(0.1) * cosine * cosine / f32(1.1))
            turn = (f32(9.8) * sine - cosine * push) / inertia
            speed_up = push - f32(0.05) * turn * cosine / f32(1.1)
            x, v = x + step * v, v + step * speed_up
            angle, spin = angle + step * spin, spin + step * turn
            if abs(x) > f32(2.4) or abs(angle) > f32(0.2095):
                falls += 1
                x, v, angle, spin = sx, sv, sa, ss
        result[example] = falls
    return result


@compiled
def van_der_pol(mus):
    result = np.empty((mus.size, 2), f32)
    end, tolerance = f32(10), f32(1e-4)
    half, third, three, ninth, last = f32(0.5), f32(-1 / 3), f32(0.75), f32(1 / 9), f32(1 / 72)
    for example in prange(mus.size):
        mu = mus[example]
        t, x, v, h = f32(0), f32(2), f32(0), f32(0.01)
        while t < end:
            h = min(h, end - t)
            ax, av = v, mu * (f32(1) - x * x) * v - x
            qx, bx = x + half * h * ax, v + half * h * av
            bv = mu * (f32(1) - qx * qx) * bx - qx
            qx, cx = x + three * h * bx, v + three * h * bv
            cv = mu * (f32(1) - qx * qx) * cx - qx
            nx = x + h * ninth * (f32(2) * ax + f32(3) * bx + f32(4) * cx)
            nv = v + h * ninth * (f32(2) * av + f32(3) * bv + f32(4) * cv)
            dx, dv = nv, mu * (f32(1) - nx * nx) * nv - nx
            ex = h * last * (f32(-5) * ax + f32(6) * bx + f32(8) * cx - f32(9) * dx)
            ev = h * last * (f32(-5) * av + f32(6) * bv + f32(8) * cv - f32(9) * dv)
            excess = max(abs(ex), abs(ev)) / tolerance
            if excess <= f32(1):
                t, x, v = t + h, nx, nv
            h *= min(max(f32(0.9) * max(excess, f32(1e-6)) ** third, f32(0.2)), f32(5))
        result[example, 0], result[example, 1] = x, v
    return result
