"""What machine this is, and how fast it copies."""
import os
import platform
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

# The widest first: the flags of the kernel's list, and what results are named after them.
EXTENSIONS = (("avx512f", "avx512"), ("avx2", "avx2"), ("asimd", "neon"))


def cpu_line(*keys):
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() in keys:
            return value.strip()
    return ""


def vector_extension():
    """The widest extension for vectors; results on others are not to be compared with these."""
    flags = cpu_line("flags", "Features").split()
    return next((name for flag, name in EXTENSIONS if flag in flags), "no-vectors")


def processor():
    return cpu_line("model name") or platform.processor()


def name(device):
    """The name of a machine: that of its processor's kind, or of another device."""
    words = re.findall(r"[a-z0-9]+", device.lower())
    if processor().lower() not in device.lower() and "cpu" not in words:
        return "-".join(words)
    return f"{os.cpu_count()}-core-{platform.machine()}-{vector_extension()}"


def copy_ceiling(threads, elements=1 << 25):
    """What a copy by NumPy in so many threads reaches, in GB/s."""
    sources = np.array_split(np.ones(elements, np.float32), threads)
    targets = np.array_split(np.ones(elements, np.float32), threads)
    copies = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(15):
            start = time.perf_counter()
            list(pool.map(np.copyto, targets, sources))
            copies.append(time.perf_counter() - start)
    return 2 * 4 * elements / min(copies) / 1e9
