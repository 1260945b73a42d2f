"""Random numbers from keys, those of JAX: Threefry-2x32, its bits, uniform and normal numbers."""
import drjit as dr
from drjit.llvm import Float

from .parts import higher


def threefry(key, index):
    """Two words, of a key of two and an index."""
    keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDA]
    a, b = keys[0], index + keys[1]
    for turn in range(5):
        for by in ((13, 15, 26, 6), (17, 29, 16, 24))[turn % 2]:
            a = a + b  # a += b would change the key
            b = ((b << by) | (b >> (32 - by))) ^ a
        a, b = a + keys[(turn + 1) % 3], b + keys[(turn + 2) % 3] + (turn + 1)
    return [a, b]


fold_in = threefry


def bits(key, index):
    a, b = threefry(key, index)
    return a ^ b


def uniform(key, index):
    """From 0 to 1, which is not reached: multiples of 2^-23."""
    return Float(bits(key, index) >> 9) * 2**-23


def normal(key, index):
    low = -0.99999994
    u = higher(uniform(key, index) * (1 - low) + low, low)
    return 1.41421356 * dr.erfinv(u)
