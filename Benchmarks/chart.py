"""A bar chart of the ratios, as SVG."""
import math
from html import escape

ROW, LEFT, WIDTH, TOP = 22, 230, 430, 48


def chart(records, device):
    """Bars from 1, on a logarithmic scale: to the right where swift-vmap is faster than JAX."""
    low = min(-0.5, min(math.log10(r["peers"]["jax"]["ratio"]) for r in records))
    high = max(0.5, max(math.log10(r["peers"]["jax"]["ratio"]) for r in records))
    place = lambda value: LEFT + (math.log10(value) - low) / (high - low) * WIDTH
    height = TOP + ROW * len(records) + 16
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 70}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="12" y="18" font-size="14" font-weight="bold">Times faster than JAX</text>',
        f'<text x="12" y="36" fill="#666">jit(vmap(f)) on the same CPU: {escape(device)}</text>',
    ]
    for exponent in range(math.ceil(low), math.floor(high) + 1):
        x = place(10**exponent)
        lines.append(
            f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 14}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{height - 2}" text-anchor="middle" fill="#666">'
            f"{10**exponent:g}</text>")
    for number, record in enumerate(records):
        y, ratio = TOP + ROW * number, record["peers"]["jax"]["ratio"]
        start, end = sorted((place(1), place(ratio)))
        color = "#2c7fb8" if ratio >= 1 else "#d95f0e"
        lines.append(
            f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(record["workload"])}'
            f'</text><rect x="{start:.1f}" y="{y + 2}" width="{max(1, end - start):.1f}" '
            f'height="{ROW - 8}" '
            f'fill="{color}"/>'
            f'<text x="{max(place(1), end) + 5:.1f}" y="{y + 13}">{ratio:.3g}</text>')
    x = place(1)
    lines.append(
        f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 14}" stroke="#333"/></svg>')
    return "\n".join(lines) + "\n"
