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
    local name=$1
    shift
    : >"$work/$name"
    # Not through ns: signals must reach the program itself.
    nsenter --net="/run/netns/$name" -- "$@" >>"$work/$name" 2>"$work/$name.err" &
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
