#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# contactreturns.sh QP2P: the contact of a network is started again, with a new identity and without a cache, while the
# members have all the links that they want, and one of them only a client. They find it: it is one network again.
# Run it as: labrun contactreturns.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly patience=60 # seconds

start() { # name option...
    local name=$1
    shift
    run "$name" node --ephemeral --json --socket none --port 12000 "$@"
}

expect_found() { # what name
    local since=$SECONDS
    expect "$1" "$2" '"event":"peer-connected"'
    check "within $patience s" [ $((SECONDS - since)) -le $patience ]
    echo "      after $((SECONDS - since)) s"
}

lab_internet

# Four nodes with two links each.
lab_public contact 11.0.0.10
start contact
contact_pid=$pid
expect "the contact begins a network" contact '"event":"joined"'
for i in 1 2 3 4; do
    lab_public node$i 11.0.1.$i
    lab_source node$i $((20 + i)).0.0.1 # each in a network of its own
    start node$i --links 2 --contact 11.0.0.10:12000
    expect "node $i joins" node$i '"event":"peer-connected"'
done
kill -KILL "$contact_pid"
wait "$contact_pid" 2>/dev/null
for i in 1 2 3 4; do
    expect "node $i loses the contact" node$i '"event":"peer-disconnected"'
done
sleep 20 # that long it is away
run_within contact contact2 "$qp2p" node --ephemeral --json --socket none --port 12000
expect "the contact begins a network of its own" contact2 '"event":"joined"'
expect_found "a member finds the contact" contact2

# One member, whose only peer is a client.
lab_public second 11.0.2.10
start second
second_pid=$pid
expect "another contact begins a network" second '"event":"joined"'
lab_public member 11.0.2.20
start member --contact 11.0.2.10:12000
expect "a member joins" member '"event":"peer-connected"'
lab_public client 11.0.2.30
start client --client --contact 11.0.2.20:12000
expect "a client joins at the member" member '"event":"peer-connected"' '"client"'
kill -KILL "$second_pid"
wait "$second_pid" 2>/dev/null
expect "the member loses the contact" member '"event":"peer-disconnected"'
sleep 20
run_within second second2 "$qp2p" node --ephemeral --json --socket none --port 12000
expect "the contact begins a network of its own" second2 '"event":"joined"'
expect_found "the member finds the contact" second2

finish
