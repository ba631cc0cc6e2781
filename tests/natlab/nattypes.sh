#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# nattypes.sh NATPROBE: each kind of access of nattypes.txt, made of real routers, is what that table says, with which
# the simulated routers of tst_simulatedrouter are compared, too. Prints what is found. Run it as:
# labrun nattypes.sh PATH-TO-QP2P-NATPROBE

set -u
probe=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"
# shellcheck source=tests/natlab/natrules.sh
. "$NATLAB_DIR/natrules.sh"

lab_internet
lab_public server 11.0.0.10
ip -n server addr add 11.0.0.11/16 dev eth0
run_program server "$probe" serve 11.0.0.10 11.0.0.11
line_of server ready >/dev/null || fail "the server does not start: $(cat "$work/server.err")"

grep -v '^#' "$NATLAB_DIR/nattypes.txt" | sed '/^ *$/d' >"$work/table"
number=0
pids=()
while read -r type _; do
    number=$((number + 1))
    nat_host "h$number" "11.0.1.$number" "$type" || fail "$type: the routers cannot be set up"
    run_program "h$number" "$probe" check "$address" 11.0.0.10 11.0.0.11
    pids+=("$pid")
done <"$work/table"
wait "${pids[@]}"

[ "$number" -ge 12 ] || fail "the table has $number lines only"
number=0
while read -r type expected; do
    number=$((number + 1))
    expected=$(tr -s ' ' <<<"$expected")
    found=$(cat "$work/h$number")
    check "$type is: ${found:-nothing; $(cat "$work/h$number.err")}" [ "$found" = "$expected" ] ||
        echo "      expected: $expected"
done <"$work/table"

finish
