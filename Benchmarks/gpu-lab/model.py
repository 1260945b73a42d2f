"""A roofline time of a launch on a device, from what was counted of it."""

# Bytes and single-precision operations a second, cycles a second, multiprocessors, and what of registers,
# local memory and sub-groups each has. The second cache answers about twice as fast as memory.
DEVICES = {
    "H200": dict(bandwidth=4.8e12, arithmetic=67e12, clock=1.98e9, units=132, local=227 << 10),
    "A100": dict(bandwidth=1.555e12, arithmetic=19.5e12, clock=1.41e9, units=108, local=163 << 10),
}
REGISTERS, SUB_GROUPS, WIDTH, SECTOR = 65_536, 64, 32, 32
CACHE_FACTOR = 2.2
FLOATING = {"fmul": 1, "fadd": 1, "fsub": 1, "fma": 2, "fdiv": 10, "call": 10, "fcmp": 1}


def occupancy(launch, resources, device):
    """How many sub-groups a multiprocessor holds at once."""
    own = -(-launch["localSize"] // WIDTH)
    registers = max(1, resources.get("registers", 32))
    groups = REGISTERS // (-(-registers // 8) * 8 * WIDTH * own)
    if resources.get("local"):
        groups = min(groups, device["local"] // resources["local"])
    return min(SUB_GROUPS, max(1, groups) * own)


def times(launch, device):
    """What each part of the device takes for a launch, in seconds."""
    scale = launch["groups"] / max(1, launch["groupsRun"])
    sectors = sum(launch[side]["sectors"] for side in ("loads", "stores")) * scale * SECTOR
    buffers = sum(launch[side]["buffers"] for side in ("loads", "stores"))
    work = sum(launch["kinds"].get(kind, 0) * cost for kind, cost in FLOATING.items()) * scale
    return {
        "memory": min(sectors, buffers) / device["bandwidth"],
        "cache": sectors / (device["bandwidth"] * CACHE_FACTOR),
        "arithmetic": work / device["arithmetic"],
        "local": launch["localPasses"] * scale / (device["units"] * device["clock"]),
    }


def record(name, launch, resources):
    result = {"name": name, "kernel": launch["kernel"], "spills": 0, **resources}
    for side in ("loads", "stores"):
        own = launch[side]
        result[f"{side} of a sector"] = own["useful"] / max(1, own["sectors"] * SECTOR)
    result["sectors"] = launch["loads"]["sectors"] + launch["stores"]["sectors"]
    result["bank passes"] = launch["localPasses"] / max(1, launch["localFewest"])
    for title, device in DEVICES.items():
        parts = times(launch, device)
        limit = max(parts, key=parts.get)
        result[title] = {
            "time": parts[limit], "limit": limit,
            "least": max(parts["memory"], parts["arithmetic"]),
            "subGroups": occupancy(launch, resources, device)}
    return result


COLUMNS = [
    ("row", 30), ("kernel", 7), ("regs", 5), ("spills", 6), ("stack", 6), ("local", 7),
    ("loads", 6), ("stores", 6), ("banks", 6), ("warps", 6), ("H200 us", 9), ("least", 9), ("limit", 10)]


def header():
    return " ".join(name.rjust(width) for name, width in COLUMNS)


def line(record):
    own = record["H200"]
    values = [
        record["name"], record["kernel"], record.get("registers", "?"), record["spills"],
        record.get("stack", "?"), record.get("local", "?"), f"{record['loads of a sector']:.0%}",
        f"{record['stores of a sector']:.0%}", f"{record['bank passes']:.2f}", own["subGroups"],
        f"{own['time'] * 1e6:.1f}", f"{own['least'] * 1e6:.1f}", own["limit"]]
    return " ".join(str(value).rjust(width) for value, (_, width) in zip(values, COLUMNS))
