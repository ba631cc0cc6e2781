#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# checks.sh QP2P HOSTILE: an honest node is found reachable while five addresses of one IPv6 /64 use up all the
# checks that they can get. Run it as: labrun checks.sh PATH-TO-QP2P PATH-TO-QP2P-HOSTILE

set -u
qp2p=$1
hostile=$2
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

# Two of them must each find one that has not been in touch with the newcomer.
readonly nodes=6
readonly patience=30 # seconds, for the newcomer
readonly attackers=5
readonly per_address=32 # CheckLimits::PerAddress, of an IPv6 /56
readonly per_asker=12 # CheckLimits::PerAsker

lab_internet6
targets=()
for i in $(seq $nodes); do
    lab_public6 node"$i" 2a00:"$i"::1
    targets+=("[2a00:$i::1]:12000")
done
lab_public6 newcomer 2a00:99::1
lab_public6 attacker 2a00:66:0:1::1
locals=2a00:66:0:1::1
for i in $(seq 2 $attackers); do
    ip -n attacker addr add 2a00:66:0:1::"$i"/128 dev eth0
    locals+=,2a00:66:0:1::$i
done
# Dials stay unanswered, so that each takes its time.
ns attacker nft add table ip6 silent
ns attacker nft 'add chain ip6 silent out { type filter hook output priority filter; }'
ns attacker nft add rule ip6 silent out icmpv6 type destination-unreachable drop

for i in $(seq $nodes); do
    contact=()
    [ "$i" = 1 ] || contact=(--contact "${targets[0]}")
    run node"$i" node --ephemeral --json --socket none --port 12000 "${contact[@]}"
    expect "node $i is there" node"$i" '"event":"joined"'
done
for i in $(seq 2 $nodes); do
    expect "the first node is linked to node $i" node1 '"event":"peer-connected"' "\"[2a00:$i::1]:12000\"" '"node"'
done
# Checks of a minute are counted: those of the nodes themselves are over before the attack begins.
run_capture attacker
begun=$SECONDS
run_hostile attacker --attack ask --local "$locals" --seconds 600 "${targets[@]}"
attacker_pid=$pid
for i in $(seq $nodes); do
    for j in $(seq $attackers); do
        line_of attacker '"event":"answered"' "\"[2a00:66:0:1::$j]:" "\"remote\":\"${targets[i - 1]}\"" \
            'too many checks' >/dev/null || fail "attacker $j gets all that it wants of node $i"
    done
done

start=$SECONDS
run newcomer node --ephemeral --json --socket none --port 12000 --contact "${targets[0]}"
newcomer_pid=$pid
expect "the newcomer is a node to the first one" node1 '"event":"peer-connected"' '"[2a00:99::1]:12000"' '"node"'
expect "and found reachable" newcomer '"event":"reachability"' '"reachable"' '[2a00:99::1]:12000'
took=$((SECONDS - start))
check "within $patience seconds" [ $took -le $patience ]
check "it was never anything but a node" [ "$(grep -c '"event":"role"' "$work/newcomer")" = 0 ]
check "the attackers are still there" [ "$(grep -c '"event":"ended"' "$work/attacker")" = 0 ] || grep '"ended"' "$work/attacker" | tail -n 3
minutes=$(((SECONDS - begun) / 60 + 1))
for i in $(seq $nodes); do
    # From fresh ports; each dial has a Destination Connection ID of its own.
    dials=$(grep -F "\"from\":\"[2a00:$i::1]:" "$work/attacker.capture" | grep -vF '::1]:12000","' |
        sed -n 's/.*"dial":"\([0-9a-f]*\)".*/\1/p' | sort -u | wc -l)
    echo "      node $i has dialled the attackers $dials times"
    check "it is more than one of them gets" [ "$dials" -gt $per_asker ]
    check "and no more than one household gets in $minutes min" [ "$dials" -le $((per_address * minutes)) ]
done
echo "      the newcomer was found reachable after $took s"
kill -TERM "$attacker_pid" "$newcomer_pid"
wait "$attacker_pid" || fail "the attacker did not end as it should"
wait "$newcomer_pid" || fail "the newcomer did not end as it should"
finish
