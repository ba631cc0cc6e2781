#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# newaddress.sh QP2P: a node whose address changes is checked at the new one and keeps its links; an interface for
# containers changes nothing. Run it as: labrun newaddress.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly patience=30 # seconds

start() { # name option...
    local name=$1
    shift
    run "$name" node --ephemeral --json --socket none --port 12000 "$@"
}

events() { # name text...
    local name=$1 text
    shift
    cp "$work/$name" "$work/events"
    for text in "$@"; do
        grep -F -- "$text" "$work/events" >"$work/events.next"
        mv "$work/events.next" "$work/events"
    done
    wc -l <"$work/events"
}

# Whether the node has said that it can be reached at an address.
says_reachable() { # name address
    grep -qE "\"event\":\"reachability\".*\"observed\":\"$2:.*\"reachability\":\"(reachable|provisional)\"" "$work/$1"
}

expect_reachable() { # what name address
    for _ in $(seq 600); do
        says_reachable "$2" "$3" && break
        sleep 0.1
    done
    check "$1" says_reachable "$2" "$3" || grep '"reachability"' "$work/$2" | tail -n 3
}

expect_moved() { # name address
    local since=$SECONDS took
    expect_reachable "$1 finds that it can be reached at $2" "$1" "$2"
    took=$((SECONDS - since))
    check "within $patience s" [ $took -le $patience ]
    echo "      after $took s"
    check "it was a node all the time" [ "$(events "$1" '"event":"role"')" = 0 ]
}

# Whether the nodes have lost a peer at an address that begins so.
expect_kept() { # address
    local lost=0 name
    for name in first node2 node3 node4; do
        lost=$((lost + $(events "$name" '"event":"peer-disconnected"' "\"$1")))
    done
    check "no node has lost it" [ $lost = 0 ]
}

lab_internet
lab_public first 11.0.0.10
start first
expect "the first node begins a network" first '"event":"joined"'
for i in 2 3 4; do
    lab_public node$i 11.0.0.$((i * 10))
    lab_source node$i $((10 + i)).0.0.1 # each in a network of its own
    start node$i --contact 11.0.0.10:12000
    expect "node $i joins" node$i '"event":"peer-connected"' 11.0.0.10:12000
done

lab_public mover 11.0.0.50
start mover --contact 11.0.0.10:12000
expect_reachable "a node is found to be one" mover 11.0.0.50
for name in first node2 node3 node4; do
    expect "and $name is linked to it" $name '"event":"peer-connected"' '"11.0.0.50:12000"' '"node"'
done
expect "three find that it can be reached" mover '"event":"reachability"' '"reachability":"reachable"'

before=$(events mover '"event":"reachability"')
ip -n mover link add docker0 type bridge
ip -n mover addr add 172.17.0.1/16 dev docker0
ip -n mover link set docker0 up
lab_public visitor 11.0.0.60
start visitor --contact 11.0.0.50:12000 --timeout 5
wait "$pid"
check "a bridge for containers changes nothing" [ "$(events mover '"event":"reachability"')" = "$before" ]

ip -n mover addr del 11.0.0.50/16 dev eth0
ip -n mover addr add 11.0.0.51/16 dev eth0
ip -n mover route replace default via 11.0.0.1
expect_moved mover 11.0.0.51
expect_kept 11.0.0.5

lab_router home 11.0.1.1 port
lab_forward home 12000 192.168.1.2 12000
lab_host inside home 192.168.1.2
start inside --contact 11.0.0.10:12000
expect_reachable "a node behind a router with a forwarded port is one" inside 11.0.1.1
for name in first node2 node3 node4; do
    expect "to $name, too" $name '"event":"peer-connected"' '"11.0.1.1:12000"' '"node"'
done
# Another router takes its place: as one that gets a new public address, it knows no translation of before.
lab_router home2 11.0.1.2 port
lab_forward home2 12000 192.168.1.2 12000
ip -n inside link del eth0
lab_plug inside eth0 192.168.1.2/24 192.168.1.1 home2 lan
expect_moved inside 11.0.1.2
expect_kept 11.0.1.

finish
