# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
# shellcheck shell=bash disable=SC2154 # qp2p and hostile are the script's
#
# Programs in namespaces, what they print, and what a script expects of that. Source it after lab.sh.

work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
failures=0

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

check() { # what command...
    local what=$1
    shift
    if "$@"; then
        echo "PASS: $what"
    else
        fail "$what"
        return 1
    fi
}

# In the background; its process is $pid, its output the files $work/name and $work/name.err.
run_program() { # name program argument...
    run_within "$1" "$@"
}

# The same for a further program of a namespace.
run_within() { # namespace name program argument...
    local namespace=$1 name=$2
    shift 2
    : >"$work/$name"
    # Not through ns: signals must reach the program itself.
    nsenter --net="/run/netns/$namespace" -- "$@" >>"$work/$name" 2>"$work/$name.err" &
    pid=$!
}

run() { # name argument...
    local name=$1
    shift
    run_program "$name" "$qp2p" "$@"
}

run_hostile() { # name argument...
    local name=$1
    shift
    run_program "$name" "$hostile" "$@"
}

# Every UDP datagram of a namespace, from now on: see hostile/capture.h.
run_capture() { # namespace
    run_within "$1" "$1.capture" "$hostile" --capture
    line_of "$1.capture" '"captures"' >/dev/null || fail "$1: nothing is captured: $(cat "$work/$1.capture.err")"
}

# IP bytes of datagrams that have all of the given texts.
captured_bytes() { # namespace text...
    local lines=$work/$1.capture text
    shift
    cp "$lines" "$work/captured"
    for text in "$@"; do
        grep -F -- "$text" "$work/captured" >"$work/captured.next"
        mv "$work/captured.next" "$work/captured"
    done
    sed -n 's/.*"bytes":\([0-9]*\).*/\1/p' "$work/captured" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Waits for a line with all of the given texts.
line_of() { # name text...
    local name=$1 line text all
    shift
    for _ in $(seq 600); do
        while IFS= read -r line; do
            all=yes
            for text in "$@"; do
                [[ $line == *"$text"* ]] || all=no
            done
            [ $all = yes ] && { printf '%s\n' "$line"; return 0; }
        done <"$work/$name"
        sleep 0.1
    done
    return 1
}

expect() { # what name text...
    local what=$1
    shift
    if line_of "$@" >"$work/line"; then
        echo "PASS: $what"
    else
        fail "$what; $1 said:"
        tail -n 5 "$work/$1" "$work/$1.err"
        return 1
    fi
}

finish() {
    echo "$failures failures"
    [ $failures -eq 0 ]
}
