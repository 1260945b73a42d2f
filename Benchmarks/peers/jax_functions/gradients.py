"""Derivatives of functions of one example."""
import jax
import jax.numpy as jnp
from jax import grad, vmap

from .examples import attention


def loss(weights, x, label):
    """The cross-entropy of a network of one hidden layer."""
    first, second = weights
    logits = second @ jnp.tanh(first @ x)
    return jax.nn.logsumexp(logits) - logits[label]


def per_example(first, second, x, label):
    return grad(loss)((first, second), x, label)[0]


def norm(first, second, x, label):
    a, b = grad(loss)((first, second), x, label)
    return jnp.sqrt((a * a).sum() + (b * b).sum())


def clipped_sum(first, second, xs, labels):
    def clipped(x, label):
        a, b = grad(loss)((first, second), x, label)
        return a * jnp.minimum(1 / jnp.sqrt((a * a).sum() + (b * b).sum()), 1)

    return vmap(clipped)(xs, labels).sum(0)


def shared(first, second, xs, labels):
    mean = lambda first: vmap(loss, (None, 0, 0))((first, second), xs, labels).mean()
    return grad(mean)(first)


def rosenbrock(x):
    low, high = x[:-1], x[1:]
    return (100 * (high - low * low) ** 2 + (1 - low) ** 2).sum()


def skewed(n):
    """Reverse mode takes no loop of unknown length: one of the greatest length, masked."""

    def run(x):
        step = lambda x, i: (jnp.where(i < n, jnp.sin(x) + 0.5 * x, x), None)
        return jax.lax.scan(step, x, jnp.arange(1000))[0]

    return grad(run)(jnp.float32(0.7))


FUNCTIONS = {
    "mlp_gradients": vmap(per_example, (None, None, 0, 0)),
    "mlp_norms": vmap(norm, (None, None, 0, 0)),
    "mlp_clipped_sum": clipped_sum,
    "mlp_shared": shared,
    "hessian": vmap(jax.hessian(rosenbrock)),
    "skewed_gradient": vmap(skewed),
    "attention_gradient": vmap(grad(lambda q, k, v: (attention(q, k, v) ** 2).sum())),
}
