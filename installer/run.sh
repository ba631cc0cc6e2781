#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# One command from a fresh checkout to a running network on this machine.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly build_dir="$root/build/release"

usage() {
    cat <<'HELP'
Usage: installer/run.sh [--yes] [--build-only | --terminal] [--help] [argument...]

Gets what is missing on Debian 12 or newer (asking first), builds QP2P in build/release and runs a
small network on this machine: where there is a display, in the window of the desktop app, which can
be closed at any time; else in the terminal.

  --yes         install what is missing without asking
  --build-only  stop after the build
  --terminal    run the network in the terminal, also where there is a display
  --help        show this text
  argument...   handed to installer/demo.sh, which runs the network; try: installer/run.sh -- --help

By hand, step by step:
  installer/dependencies.sh                      get what a build needs
  cmake --preset release && cmake --build --preset release
  build/release/gui/qp2p-desktop                 the desktop app
  build/release/qp2pcore/tools/qp2p/qp2p --help  the headless node and diagnostics program
  tests/run.sh                                   build and run every test
HELP
}

dependency_options=()
build_only=no
terminal=no
while [ $# -gt 0 ]; do
    case $1 in
    -y | --yes) dependency_options+=(--yes) ;;
    --build-only) build_only=yes ;;
    --terminal) terminal=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    --)
        shift
        break
        ;;
    *) break ;;
    esac
    shift
done

"$root/installer/dependencies.sh" "${dependency_options[@]}"

cd "$root"
cmake --preset release
cmake --build --preset release --parallel "$(nproc)"
[ "$build_only" = no ] || exit 0

if [ "$terminal" = no ] && [ $# -eq 0 ] && [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    echo "The desktop app shows a small network on this machine. Close its window to end."
    exec "$build_dir/gui/qp2p-desktop" --demo
fi

if [ ! -x "$root/installer/demo.sh" ]; then
    echo "Built in $build_dir. There is no installer/demo.sh in this checkout to run."
    exit 0
fi
exec "$root/installer/demo.sh" "$build_dir" "$@"
