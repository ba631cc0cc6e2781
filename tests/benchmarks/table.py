# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""The table that tests/benchmarks/compare prints, and the file of JSON with the figure of every run."""

import datetime
import json
import os
import platform
import statistics


def spread(figures, digits):
    if not figures:
        return ""
    shown = [f"{value:,.{digits}f}"
             for value in (statistics.median(figures), min(figures), max(figures))]
    return "{} [{}..{}]".format(*shown)


def ratio(ours, theirs):
    """Of this library's median to theirs, or None where there is none."""
    if not ours or not theirs or not statistics.median(theirs):
        return None
    return statistics.median(ours) / statistics.median(theirs)


def shown_ratio(value):
    return "" if value is None else f"{value:.2f}"


def ours_of(found):
    return next(contender for contender in found if contender.is_ours())


def best_other(found, key, row):
    """The contender with the best median among the others, or None. KEY is of path, trial and row."""
    others = [contender for contender in found
              if not contender.is_ours() and not contender.stack.is_bound
              and contender.figures.get(key)]
    if not others or row.better == "even":
        return None
    choose = max if row.better == "more" else min
    return choose(others, key=lambda contender: statistics.median(contender.figures[key]))


def lines_of(trials, found, path):
    """The cells of the table of one path. A row without a figure is left out."""
    ours = ours_of(found)
    others = [contender for contender in found if contender is not ours]
    heads = ["", "better", ours.heading]
    for other in others:
        heads += [other.heading, "ratio"]
    lines = [heads + ["ratio to the best other"] if others else heads]
    for trial in trials:
        for row in trial.rows:
            key = (path, trial, row)
            if not any(contender.figures.get(key) for contender in found):
                continue
            figures = ours.figures.get(key, [])
            line = [row.title, row.better, spread(figures, row.digits)]
            for other in others:
                theirs = other.figures.get(key, [])
                line += [spread(theirs, row.digits), shown_ratio(ratio(figures, theirs))]
            best = best_other(found, key, row)
            to_best = shown_ratio(ratio(figures, best.figures[key])) if best else ""
            lines.append(line + [f"{to_best} ({best.heading})" if to_best else ""])
    return lines


def print_tables(trials, found, paths):
    for path in paths:
        lines = lines_of(trials, found, path)
        if len(lines) == 1:
            continue
        columns = max(len(line) for line in lines)
        lines = [line + [""] * (columns - len(line)) for line in lines]
        widths = [max(len(line[column]) for line in lines) for column in range(columns)]
        print(f"\n{path.title}:\n")
        for line in lines:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def print_notes(found, left_out, failures):
    ours = ours_of(found).heading
    notes = {ours if contender.is_ours() else contender.stack.name:
             contender.stack.note for contender in found if contender.stack.note}
    for name, note in notes.items():
        print(f"{name} {note}.")
    for name, why in left_out.items():
        print(f"{name} is left out: {why}")
    for failure in failures:
        print(f"Failed: {failure}")


def machine():
    model = platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as cpus:
            model = next(line.split(":", 1)[1].strip() for line in cpus
                         if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}"


def versions(found):
    return {contender.stack.name: contender.stack.version() for contender in found}


def write_json(file, found, left_out, failures):
    figures = {contender.heading: {f"{path.title}: {trial.rows[0].title}: {row.key}": values
                                   for (path, trial, row), values in contender.figures.items()}
               for contender in found}
    now = datetime.datetime.now(datetime.timezone.utc)
    file.write_text(json.dumps({
        "machine": machine(),
        "date": now.isoformat(timespec="seconds"),
        "versions": versions(found),
        "left_out": left_out,
        "failures": failures,
        "figures": figures,
    }, indent=2) + "\n", encoding="utf-8")
