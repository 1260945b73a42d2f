"""The commands of a side that is written in Python, on standard input:

    load FUNCTION INPUT.npy…   reads the inputs
    time SECONDS CALLS         calls, and prints how long each call took, in seconds
    save FOLDER                writes the result to FOLDER/SIDE-0.npy
    functions                  prints the names of the functions there are
    device                     prints what runs them
"""
import sys
import time

import numpy as np


def answer(text):
    print(text, flush=True)


class Server:
    """A side with functions of arrays as it holds them; a subclass says how it does."""

    name, device, functions = "", "", {}

    def hold(self, array):
        return array

    def compiled(self, function):
        return function

    def finished(self, result):
        """The result when it is computed; calls may return before."""
        return result

    def timed(self, call):
        start = time.perf_counter()
        result = self.finished(call())
        return time.perf_counter() - start, result

    def other_command(self, words):
        raise SystemExit(f"unknown command {' '.join(words)}")

    def serve(self):
        call = None
        for line in sys.stdin:
            words = line.split()
            if words[0] == "load":
                inputs = [self.finished(self.hold(np.load(path))) for path in words[2:]]
                function = self.compiled(self.functions[words[1]])
                call = lambda: function(*inputs)
                answer("ok")
            elif words[0] == "time":
                times, end = [], time.perf_counter() + float(words[1])
                while not times or (len(times) < int(words[2]) and time.perf_counter() < end):
                    times.append(self.timed(call)[0])
                answer(" ".join(map(repr, times)))
            elif words[0] == "save":
                np.save(f"{words[1]}/{self.name}-0.npy", np.asarray(self.timed(call)[1]))
                answer("ok")
            elif words[0] == "functions":
                answer(" ".join(self.functions))
            elif words[0] == "device":
                answer(self.device)
            else:
                answer(self.other_command(words))
