"""What is measured as a record, a line of a table, and files."""
import json
import statistics
from pathlib import Path

import machine
from chart import chart

RATES = (("bytes", "gb_per_s", "GB/s"), ("flops", "gflop_per_s", "GFLOP/s"))


def compared(ours, times, agreement):
    """A side beside ours: its median over all calls, and its ratio, with that of each round."""
    medians = [statistics.median(sum(side, [])) for side in (ours, times)]
    ratios = [statistics.median(b) / statistics.median(a) for a, b in zip(ours, times)]
    return {
        "us": medians[1] * 1e6, "ratio": medians[1] / medians[0], "low": min(ratios),
        "high": max(ratios), "agrees": agreement,
    }


def make_record(row, sides, times, agreement):
    ours = statistics.median(sum(times[0], []))
    record = {"workload": row["name"], "kind": row.get("kind", "call"), "ours_us": ours * 1e6}
    for key, rate, _ in RATES:
        if key in row:
            record[rate] = row[key] / ours / 1e9
    record["peers"] = {
        side.name: compared(times[0], side_times, agreed)
        for side, side_times, agreed in list(zip(sides, times, agreement))[1:]
    }
    return record


def ratio(value):
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"


def header(peers):
    cells = ["workload", "ours, us"]
    for peer in peers:
        cells += [f"{peer.title}, us", f"{peer.title} / ours", "spread"]
    cells += [unit for _, _, unit in RATES] + ["agrees"]
    rule = ["---:" for _ in cells]
    rule[0] = rule[-1] = "---"
    return "\n".join("| " + " | ".join(line) + " |" for line in (cells, rule))


def table_line(record, peers):
    cells = [record["workload"], f"{record['ours_us']:.1f}"]
    for peer in peers:
        entry = record["peers"].get(peer.name)
        cells += ["", "", ""] if entry is None else [
            f"{entry['us']:.1f}", ratio(entry["ratio"]),
            f"{ratio(entry['low'])} – {ratio(entry['high'])}"]
    cells += [f"{record[rate]:.1f}" if rate in record else "" for _, rate, _ in RATES]
    differing = [name for name, entry in record["peers"].items() if not entry["agrees"]]
    cells.append("NO: " + ", ".join(differing) if differing else "yes")
    return "| " + " | ".join(cells) + " |"


def write(records, devices, copies):
    """Writes results/<machine>.json and .svg, where the machine's name has its vectors."""
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    path = folder / machine.name(devices["ours"])
    report = {
        "machine": path.name, "processor": machine.processor(),
        "vectors": machine.vector_extension(), "devices": devices,
        "one_core_copy_gb_per_s": copies[0], "all_cores_copy_gb_per_s": copies[1], "rows": records,
    }
    path.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n")
    if "jax" in devices:
        path.with_suffix(".svg").write_text(
            chart(records, f"{devices['ours']}, {machine.vector_extension()}"))
    print(f"\nwritten to {path}.json and .svg")
