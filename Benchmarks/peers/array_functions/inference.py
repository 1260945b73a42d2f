"""Inference: what data tell."""
import drjit as dr
from drjit.llvm import Float, Int, TensorXf, UInt32

from .parts import higher


@dr.syntax
def kalman(noises, measurements):
    tracks, length, _ = measurements.shape
    fill = lambda value: dr.full(Float, value, tracks)
    noise, first = noises.array * noises.array, dr.arange(UInt32, tracks) * (2 * length)
    mean = [fill(0) for _ in range(4)]
    p = [[fill(100 if i == j else 0) for j in range(4)] for i in range(4)]
    result, step = dr.empty(Float, tracks * length * 2), UInt32(0)
    while step < length:
        # Positions move by velocities: rows of the covariance, then its columns.
        mean = [mean[0] + mean[2], mean[1] + mean[3], mean[2], mean[3]]
        p = [[p[i][j] + p[i + 2][j] if i < 2 else p[i][j] for j in range(4)] for i in range(4)]
        p = [[p[i][j] + p[i][j + 2] if j < 2 else p[i][j] for j in range(4)] for i in range(4)]
        p = [[p[i][j] + 0.02 if i == j else p[i][j] for j in range(4)] for i in range(4)]
        # What is seen is where it is.
        place = first + 2 * step
        dx = dr.gather(Float, measurements.array, place) - mean[0]
        dy = dr.gather(Float, measurements.array, place + 1) - mean[1]
        a, b, c, d = p[0][0] + noise, p[0][1], p[1][0], p[1][1] + noise
        scale = 1 / (a * d - b * c)
        gain = [
            ((p[i][0] * d - p[i][1] * c) * scale, (p[i][1] * a - p[i][0] * b) * scale)
            for i in range(4)]
        mean = [mean[i] + gain[i][0] * dx + gain[i][1] * dy for i in range(4)]
        p = [
            [p[i][j] - gain[i][0] * p[j][0] - gain[i][1] * p[j][1] for j in range(4)]
            for i in range(4)]
        dr.scatter(result, mean[0], place)
        dr.scatter(result, mean[1], place + 1)
        step += 1
    return TensorXf(result, measurements.shape)


def solve(a, b):
    """Solves a x = b for a symmetric a by its Cholesky factor."""
    count = len(b)
    factor, x = [[None] * count for _ in range(count)], list(b)
    for i in range(count):
        for j in range(i + 1):
            rest = a[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            factor[i][j] = dr.sqrt(rest) if i == j else rest / factor[j][j]
        x[i] = (x[i] - sum(factor[i][k] * x[k] for k in range(i))) / factor[i][i]
    for i in reversed(range(count)):
        x[i] = (x[i] - sum(factor[k][i] * x[k] for k in range(i + 1, count))) / factor[i][i]
    return x


@dr.syntax
def logistic_fit(xs, labels):
    fits, rows, size = xs.shape
    fill = lambda value: dr.full(Float, value, fits)
    first = dr.arange(UInt32, fits) * rows
    weights, change, count = [fill(0) for _ in range(size)], fill(1), dr.zeros(Int, fits)
    while (change > 1e-4) & (count < 20):
        slopes = [-0.1 * w for w in weights]
        hessian = [[fill(0.1 if i == j else 0) for j in range(i + 1)] for i in range(size)]
        row = UInt32(0)
        while row < rows:
            place = first + row
            x = [dr.gather(Float, xs.array, place * size + i) for i in range(size)]
            p = dr.rcp(1 + dr.exp(-sum(x[i] * weights[i] for i in range(size))))
            missing = Float(dr.gather(Int, labels.array, place)) - p
            spread = p * (1 - p)
            slopes = [slopes[i] + x[i] * missing for i in range(size)]
            hessian = [
                [hessian[i][j] + x[i] * spread * x[j] for j in range(i + 1)] for i in range(size)]
            row += 1
        steps = solve(hessian, slopes)
        weights = [weights[i] + steps[i] for i in range(size)]
        change = fill(0)
        for step in steps:
            change = higher(change, dr.abs(step))
        count += 1
    result = dr.empty(Float, fits * size)
    for i in range(size):
        dr.scatter(result, weights[i], dr.arange(UInt32, fits) * size + i)
    return TensorXf(result, (fits, size))
