"""Inference: what data tell."""
import numpy as np
from numba import prange

from .parts import compiled, f32


@compiled
def kalman(noises, measurements):
    result = np.empty_like(measurements)
    for track in prange(noises.size):
        noise = noises[track] * noises[track]
        mean, p = np.zeros(4, f32), f32(100) * np.eye(4, dtype=f32)
        seen, gain = np.empty((4, 2), f32), np.empty((4, 2), f32)
        for step in range(measurements.shape[1]):
            # Positions move by velocities: rows of the covariance, then its columns.
            mean[:2] += mean[2:]
            p[:2] += p[2:]
            p[:, :2] += p[:, 2:]
            for i in range(4):
                p[i, i] += f32(0.02)
            # What is seen is where it is.
            dx = measurements[track, step, 0] - mean[0]
            dy = measurements[track, step, 1] - mean[1]
            a, b, c, d = p[0, 0] + noise, p[0, 1], p[1, 0], p[1, 1] + noise
            scale = f32(1) / (a * d - b * c)
            for i in range(4):
                seen[i, 0], seen[i, 1] = p[i, 0], p[i, 1]
                gain[i, 0] = (p[i, 0] * d - p[i, 1] * c) * scale
                gain[i, 1] = (p[i, 1] * a - p[i, 0] * b) * scale
                mean[i] += gain[i, 0] * dx + gain[i, 1] * dy
            for i in range(4):
                for j in range(4):
                    p[i, j] -= gain[i, 0] * seen[j, 0] + gain[i, 1] * seen[j, 1]
            result[track, step, 0], result[track, step, 1] = mean[0], mean[1]
    return result


@compiled
def logistic_fit(xs, labels):
    result = np.empty((len(xs), xs.shape[2]), f32)
    for fit in prange(len(xs)):
        x, y = xs[fit], labels[fit].astype(f32)
        weights = np.zeros(xs.shape[2], f32)
        for _ in range(20):
            p = f32(1) / (f32(1) + np.exp(-(x @ weights)))
            gradient = x.T @ (y - p) - f32(0.1) * weights
            weighted = np.ascontiguousarray(x.T) * (p * (f32(1) - p))
            change = np.linalg.solve(weighted @ x + f32(0.1) * np.eye(6, dtype=f32), gradient)
            weights += change
            if np.abs(change).max() <= f32(1e-4):
                break
        result[fit] = weights
    return result
