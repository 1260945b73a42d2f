"""Short loops."""
import drjit as dr
from drjit.llvm import Float, Int, TensorXf, TensorXi, UInt32

from .parts import columns, lower


@dr.syntax
def mandelbrot(xs, ys):
    shape = (len(ys), len(xs))
    place = dr.arange(UInt32, shape[0] * shape[1])
    cx = dr.gather(Float, xs.array, place % shape[1])
    cy = dr.gather(Float, ys.array, place // shape[1])
    x, y, n = Float(0), Float(0), Int(0)
    while (x * x + y * y < 4) & (n < 256):
        x, y = x * x - y * y + cx, 2 * x * y + cy
        n += 1
    return TensorXi(n, shape)


@dr.syntax
def skewed_while(counts):
    last = Int(counts.array)
    i, x = dr.zeros(Int, len(counts)), dr.full(Float, 1, len(counts))
    while i < last:
        x = x * 0.999 + 0.1
        i += 1
    return TensorXf(x)


@dr.syntax
def nearest(points, centres):
    x = columns(points)
    least, best = dr.full(Float, dr.inf, len(points)), dr.zeros(Int, len(points))
    centre = Int(0)
    while centre < len(centres):
        distance = Float(0)
        for i in range(len(x)):
            d = dr.gather(Float, centres.array, UInt32(centre) * len(x) + i) - x[i]
            distance += d * d
        best = dr.select(distance < least, centre, best)
        least = lower(distance, least)
        centre += 1
    return TensorXi(best)
