#!/usr/bin/python3
"""Draws docs/images/power.svg from the table of `calibration power`: share of units found over the true effect d.

Usage: build/bench/calibration power > power.tsv; tools/make_power_figure.py power.tsv docs/images/power.svg
"""
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 360, 56, 24, 150, 48
CURVES = [("wald", "Wald", "#c2410c", "7 4"), ("lrt", "likelihood ratio", "#1d4ed8", ""),
          ("maxt", "max-T permutation", "#047857", "2 3")]


def read(path):
    with open(path, encoding="utf-8") as table:
        header = table.readline().split()
        return [dict(zip(header, map(float, line.split()))) for line in table]


def draw(rows):
    def x(d):
        return LEFT + d / 5 * (WIDTH - LEFT - RIGHT)

    def y(share):
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="13" fill="#111">',
           "<title>Power of three tests over the true effect</title>",
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        out.append(f'<path d="M{x(0):.1f} {y(share):.1f}H{x(5):.1f}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:g}</text>')
    for d in range(6):
        out.append(f'<text x="{x(d):.1f}" y="{y(0) + 20:.1f}" text-anchor="middle">{d}</text>')
    out.append(f'<text x="{x(2.5):.1f}" y="{HEIGHT - 8}" text-anchor="middle">true d (220 targets, 220 others)</text>')
    out.append(f'<text x="{LEFT}" y="14">share found among 4,096 units, α = .05</text>')
    for column, name, colour, dash in CURVES:
        path = "L".join(f"{x(row['d']):.1f} {y(row[column]):.1f}" for row in rows)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}/>')
    # Beside the curves' ends; those of the two that stay at 1 would lie on each other.
    for (column, name, colour, _), shift in zip(CURVES, (0, -6, 10)):
        out.append(f'<text x="{x(5) + 8:.1f}" y="{y(rows[-1][column]) + 4 + shift:.1f}" fill="{colour}">{name}</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as svg:
        svg.write(draw(read(sys.argv[1])))
