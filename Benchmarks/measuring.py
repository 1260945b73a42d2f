"""How the rows of each kind are timed: by side, the times of each round, and whether it agrees."""
import tempfile
from contextlib import ExitStack

import numpy as np


def agrees(row, folder, side):
    ours, other = (np.load(f"{folder}/{name}-0.npy") for name in ("ours", side.name))
    if ours.shape != other.shape or ours.dtype != other.dtype:
        return False
    # A share of the elements may differ: decisions that rounding tips.
    close = np.isclose(ours, other, row.get("rtol", 0), row.get("atol", 0))
    return bool((~close).mean() <= row.get("differing", 0))


def take_turns(timers, rounds):
    """What each side's timer gives, in turn, by side and round."""
    by_round = [[timer() for timer in timers] for _ in range(rounds)]
    return [list(times) for times in zip(*by_round)]


def warm_calls(row, sides, inputs, folder, options):
    """Calls that were made before, by processes that stay."""
    with ExitStack() as stack:
        processes = [stack.enter_context(side.start()) for side in sides]
        for process in processes:
            process.ask("load", row["function"], *inputs)
            process.ask("save", folder)
        for process in processes:  # what is compiled late is not timed
            process.times("time", 0.1, 100)
        timers = [lambda p=p: p.times("time", options.seconds, 5000) for p in processes]
        times = take_turns(timers, options.rounds)
    return times, [agrees(row, folder, side) for side in sides]


def first_calls(row, sides, inputs, folder, options):
    """The first call of a process that finds no cache: it traces, compiles and runs."""

    def timer(side):
        with tempfile.TemporaryDirectory() as empty:
            with side.start(side.without_caches(empty)) as process:
                process.ask("load", row["function"], *inputs)
                times = process.times("time", 0, 1)
                process.ask("save", folder)
        return times

    times = take_turns([lambda s=s: timer(s) for s in sides], options.rounds)
    return times, [agrees(row, folder, side) for side in sides]


def new_sizes(row, sides, inputs, folder, options):
    """Calls with sizes of the batch that were not seen before."""
    with ExitStack() as stack:
        processes = [stack.enter_context(side.start()) for side in sides]
        timers = [lambda p=p: p.times("sizes", 8, inputs[0]) for p in processes]
        return take_turns(timers, options.rounds), [True for _ in sides]


def process_starts(row, sides, inputs, folder, options):
    """From starting a process to its first result."""
    timers = [lambda s=s: [s.process_start() for _ in range(3)] for s in sides]
    return take_turns(timers, options.rounds), [True for _ in sides]


KINDS = {"call": warm_calls, "first": first_calls, "sizes": new_sizes, "process": process_starts}
