# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""The picture that tests/benchmarks/compare draws: how far this library is ahead of, or behind, the best
other stack in each line of the table. SVG, without a dependency, readable on light and on dark."""

import datetime
import math
from xml.sax.saxutils import escape

from table import best_other, machine, ours_of, ratio, versions

LABELS = 430  # width of the column of titles
HALF = 240  # width of the half of the bars that is on one side of the line "equal"
NAMES = 150  # width of the column that names the best other
ROW = 22
TOP = 64

# Colours that have a contrast of at least 3:1 with white and with black.
STYLE = """
  text { font: 12px sans-serif; fill: #1f2328; }
  .faint { fill: #59636e; }
  .axis { stroke: #818b98; stroke-width: 1; }
  .ahead { fill: #1a7f4b; }
  .behind { fill: #c4501b; }
  .page { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .faint { fill: #9198a1; }
    .ahead { fill: #3fb27f; }
    .behind { fill: #f0883e; }
    .page { fill: #0d1117; }
  }
"""


def advantages(trials, found, paths):
    """(title, how many times as good as the best other, the best other's heading) of each line."""
    ours = ours_of(found)
    for path in paths:
        for trial in trials:
            for row in trial.rows:
                key = (path, trial, row)
                best = best_other(found, key, row)
                times = ratio(ours.figures.get(key), best.figures[key]) if best else None
                if not times:
                    continue
                title = row.title.replace("    ", "… ")  # of the line above
                title = title if len(paths) == 1 else f"{path.title}: {title}"
                yield title, times if row.better == "more" else 1 / times, best.heading


def text(x, y, content, anchor="start", kind=""):
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" class="{kind}">'
            f"{escape(content)}</text>")


def bar(number, title, times, name, scale):
    """One row: a bar to the right of the middle where this library is ahead, else to the left."""
    middle = LABELS + HALF
    y = TOP + number * ROW
    length = max(abs(math.log2(times)) * scale, 1)
    ahead = times >= 1
    end = middle + length if ahead else middle - length
    return [
        text(LABELS - 8, y + 15, title, "end"),
        f'<rect x="{min(middle, end):.1f}" y="{y + 4}" width="{length:.1f}" height="{ROW - 8}"'
        f' class="{"ahead" if ahead else "behind"}"/>',
        text(end + 5 if ahead else end - 5, y + 15, f"{times:.2f}", "start" if ahead else "end"),
        text(middle + HALF + 8, y + 15, name, kind="faint"),
    ]


def circumstances(found):
    stacks = ", ".join(f"{name} {version}" for name, version in versions(found).items())
    return f"{datetime.date.today()}, {machine()}; {stacks}"


def svg(trials, found, paths):
    rows = list(advantages(trials, found, paths))
    # The longest bar leaves room for its figure; a factor of two is never longer than a third.
    furthest = max([abs(math.log2(times)) for _, times, _ in rows] + [3])
    scale = (HALF - 45) / furthest
    middle = LABELS + HALF
    width, height = middle + HALF + NAMES, TOP + ROW * len(rows) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img">',
        "<title>This library next to the best other stack</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{width}" height="{height}"/>',
        text(middle, 20, "This library next to the best other stack: times as good", "middle"),
        text(middle - 10, 44, "behind", "end", "faint"),
        text(middle + 10, 44, "ahead", kind="faint"),
        text(middle + HALF + 8, 44, "best other", kind="faint"),
    ]
    for number, row in enumerate(rows):
        parts += bar(number, *row, scale)
    parts += [
        f'<line class="axis" x1="{middle}" y1="{TOP - 14}" x2="{middle}" y2="{height - 30}"/>',
        text(8, height - 10, circumstances(found), kind="faint"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
