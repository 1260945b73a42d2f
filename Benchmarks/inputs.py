"""The inputs that a row of workloads.json describes."""
import numpy as np


def make_input(spec, random):
    if spec[0] == "linspace":
        return np.linspace(*spec[1:3], spec[3]).astype(np.float32)
    if spec[0] == "uniform":  # so many between two numbers
        low, high = spec[2:] or (0.5, 1.5)
        return (random.rand(spec[1]) * (high - low) + low).astype(np.float32)
    if spec[0] == "skewed":
        counts = np.full(spec[1], 10, np.int32)
        counts[777] = 10_000
        return counts
    if spec[0] == "integers":  # below the first number
        return random.randint(0, spec[1], spec[2:]).astype(np.int32)
    if spec[0] == "rare":  # a single one holds
        return np.arange(spec[1]) == 5
    if spec[0] == "definite":  # symmetric matrices with eigenvalues above their size
        half = random.randn(spec[1], spec[2], spec[2]).astype(np.float32)
        return half @ half.transpose(0, 2, 1) + spec[2] * np.eye(spec[2], dtype=np.float32)
    if spec[0] == "keys":
        return random.randint(0, 2**32, (spec[1], 2), np.uint32)
    return random.randn(*spec).astype(np.float32)


def make_inputs(row, folder):
    """Writes the inputs of a row and gives their paths."""
    random = np.random.RandomState(0)
    paths = []
    for number, spec in enumerate(row["inputs"]):
        paths.append(f"{folder}/input-{number}.npy")
        np.save(paths[-1], make_input(spec, random))
    return paths
