"""Short loops."""
import numpy as np
from numba import prange

from .parts import compiled, f32


@compiled
def mandelbrot(xs, ys):
    result = np.empty((ys.size, xs.size), np.int32)
    for row in prange(ys.size):
        for column in range(xs.size):
            x, y, n = f32(0), f32(0), np.int32(0)
            while x * x + y * y < f32(4) and n < 256:
                x, y = x * x - y * y + xs[column], f32(2) * x * y + ys[row]
                n += 1
            result[row, column] = n
    return result


@compiled
def skewed_while(counts):
    result = np.empty(counts.size, f32)
    for example in prange(counts.size):
        x = f32(1)
        for _ in range(counts[example]):
            x = x * f32(0.999) + f32(0.1)
        result[example] = x
    return result


@compiled
def nearest(points, centres):
    result = np.empty(len(points), np.int32)
    for example in prange(len(points)):
        least, best = f32(np.inf), 0
        for centre in range(len(centres)):
            distance = f32(0)
            for i in range(points.shape[1]):
                d = centres[centre, i] - points[example, i]
                distance += d * d
            if distance < least:
                least, best = distance, centre
        result[example] = best
    return result
