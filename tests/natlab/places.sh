#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# places.sh QP2P HOSTILE: who gets in while hostile connections take all the places they can. Run it as:
# labrun places.sh PATH-TO-QP2P PATH-TO-QP2P-HOSTILE

set -u
qp2p=$1
hostile=$2
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly victim=11.0.0.10:12000
readonly attempts=4096
readonly per_address=64 # EndpointConfig::maxConnectionsPerAddress()
readonly places=200 # for the second part; a tenth of them is kept for own dials
readonly networks=13.1.0.2,14.1.0.2,15.1.0.2,16.1.0.2

lab_internet
lab_public victim 11.0.0.10
lab_public honest 11.0.0.20
lab_public attacker 11.0.0.30
lab_public newcomer 11.0.0.40
lab_source newcomer 12.1.0.2
lab_addresses attacker 13.0.0.2 ${networks//,/ }

# Whether one request is answered; how long it took, dial included, is $took, milliseconds.
answers() { # name
    local before
    before=$(date +%s%3N)
    ns "$1" "$qp2p" request --json --timeout 10 $victim hello >"$work/reply" 2>&1 || return 1
    took=$(($(date +%s%3N) - before))
}

served() { # what name
    if check "$1" answers "$2"; then
        echo "      after $took ms"
    else
        cat "$work/reply"
    fi
}

number() { # field file: of the last line that has it
    sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$2" | tail -n 1
}

stop() { # name pid
    kill -TERM "$2"
    wait "$2" || fail "$1 did not end as it should: $(tail -n 3 "$work/$1.err")"
}

# --- One address has its share of the places, however often it tries.

run victim listen --echo --json --port 12000
victim_pid=$pid
expect "the victim listens" victim '"event":"listening"'
run_hostile attacker --attack places --local 13.0.0.2 --connections $attempts --at-once 400 --patience 2 --seconds 600 $victim
attacker_pid=$pid
expect "the first connection of the attacker is open" attacker '"event":"opened"'
served "amid $attempts attempts another address gets in" honest
expect "all attempts are decided" attacker '"event":"decided"'
check "one address got $per_address places" [ "$(number open "$work/attacker")" = $per_address ] ||
    tail -n 1 "$work/attacker"
grep '"decided"' "$work/attacker"
served "and another address gets in afterwards" honest
stop attacker "$attacker_pid"
stop victim "$victim_pid"

# --- A peer that is full of connections of few networks.

run victim listen --echo --json --port 12000 --max-connections $places
victim_pid=$pid
expect "a victim with $places places listens" victim '"event":"listening"'
run honest ping --json --count 0 --interval 500 $victim
honest_pid=$pid
expect "an honest peer is connected" honest '"event":"ping"'
run_hostile attacker --attack places --local $networks --connections $((2 * places)) --at-once 50 --patience 2 --seconds 600 $victim
attacker_pid=$pid
expect "the attackers have tried $((2 * places)) times" attacker '"event":"decided"'
check "they have all the places that were left" [ "$(number open "$work/attacker")" = $((places * 9 / 10 - 1)) ] ||
    tail -n 1 "$work/attacker"
grep '"decided"' "$work/attacker"
for _ in 1 2 3 4 5; do
    served "a newcomer of another network gets in" newcomer
done
expect "an attacker had to go for it" attacker '"event":"ended"' '"evicted"'
pings=$(number sequence "$work/honest")
expect "the honest peer is still connected" honest "\"sequence\":$((pings + 2))"
check "over the connection that it had before" [ "$(grep -c '"event":"connected"' "$work/honest")" = 1 ] || cat "$work/honest"
stop honest "$honest_pid"
stop attacker "$attacker_pid"
stop victim "$victim_pid"
finish
