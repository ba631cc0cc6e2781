#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Takes a picture of every window of the desktop app, at any size of the screen, scale, colours and language,
# on a display of its own.

set -euo pipefail

usage() {
    cat <<'HELP'
Usage: tests/screenshots/screenshots.sh [-s WIDTHxHEIGHT] [-x SCALE] [-c light|dark] [-l LANGUAGE] BUILD_DIR FOLDER

Starts an X server without a screen (Xvfb), runs the windows of the desktop app on it with a small network
behind them, and saves pictures in FOLDER/light, FOLDER/dark and FOLDER/large (200 %). With -x or -c it takes
one set of pictures, in FOLDER itself.

  -s  size of the screen in pixels, 3200x2200 by default
  -x  scale, such as 2 for 200 %
  -c  colours
  -l  language, en by default

Ends with 77 where there is no Xvfb.
HELP
}

screen=3200x2200
language=en
scale=
colours=
while getopts s:x:c:l: option; do
    case $option in
    s) screen=$OPTARG ;;
    x) scale=$OPTARG ;;
    c) colours=$OPTARG ;;
    l) language=$OPTARG ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || {
    usage >&2
    exit 2
}
program=$1/tests/screenshots/qp2p-screenshots
folder=$2
[ -x "$program" ] || {
    echo "screenshots.sh: there is no program $program. Build with tests and the desktop app." >&2
    exit 2
}
command -v Xvfb >/dev/null || {
    echo "SKIP   : there is no Xvfb here (Debian package xvfb)."
    exit 77
}

work=$(mktemp -d)
# Without a display number Xvfb takes a free one and writes it to the file descriptor.
exec 3<>"$work/display"
Xvfb -displayfd 3 -screen 0 "${screen}x24" -nolisten tcp >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf -- "$work"' EXIT
until [ -s "$work/display" ]; do
    kill -0 "$server" 2>/dev/null || {
        echo "screenshots.sh: Xvfb did not start." >&2
        exit 1
    }
    sleep 0.1
done
DISPLAY=:$(head -n 1 "$work/display")
export DISPLAY QT_QPA_PLATFORM=xcb
export HOME=$work/home XDG_RUNTIME_DIR=$work/run
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
mkdir -p -m 700 "$HOME" "$XDG_RUNTIME_DIR"

if [ -n "$scale$colours" ]; then
    QT_SCALE_FACTOR=${scale:-1} "$program" "$folder" "${colours:-light}" "$language"
else
    "$program" "$folder/light" light "$language"
    "$program" "$folder/dark" dark "$language"
    QT_SCALE_FACTOR=2 "$program" "$folder/large" light "$language"
fi
echo "The pictures are in $folder."
