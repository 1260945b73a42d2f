"""Inference: what data tell."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import vmap


def nearest(x, centres):
    return jnp.argmin(((centres - x) ** 2).sum(1))


MOTION = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
SIGHT = np.array([[1, 0, 0, 0], [0, 1, 0, 0]], np.float32)


def kalman(noise, measurements):
    """The positions of something that moves, from the noise of its sensor and what that saw."""
    drift = 0.02 * jnp.eye(4)

    def step(belief, measured):
        mean, covariance = belief
        mean = MOTION @ mean
        covariance = MOTION @ covariance @ MOTION.T + drift
        seen = covariance @ SIGHT.T
        uncertainty = SIGHT @ seen + noise**2 * jnp.eye(2)
        gain = jnp.linalg.solve(uncertainty, seen.T).T
        mean = mean + gain @ (measured - SIGHT @ mean)
        return (mean, covariance - gain @ seen.T), mean[:2]

    return jax.lax.scan(step, (jnp.zeros(4), 100 * jnp.eye(4)), measurements)[1]


def logistic_fit(x, labels):
    """The weights of a logistic regression, by as many of Newton's steps as it takes."""
    y = labels.astype(jnp.float32)

    def step(state):
        weights, _, count = state
        p = jax.nn.sigmoid(x @ weights)
        gradient = x.T @ (y - p) - 0.1 * weights
        hessian = (x.T * (p * (1 - p))) @ x + 0.1 * jnp.eye(6)
        change = jnp.linalg.solve(hessian, gradient)
        return weights + change, jnp.abs(change).max(), count + 1

    initial = (jnp.zeros(6), jnp.float32(1), 0)
    return jax.lax.while_loop(lambda s: (s[1] > 1e-4) & (s[2] < 20), step, initial)[0]


FUNCTIONS = {
    "nearest": vmap(nearest, (0, None)),
    "kalman": vmap(kalman),
    "logistic_fit": vmap(logistic_fit),
}
