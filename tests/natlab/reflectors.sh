#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# reflectors.sh QP2P HOSTILE [--all]: what a helper sends to third parties that a hostile node names is no more
# than what it has received for it. Run it as: labrun reflectors.sh PATH-TO-QP2P PATH-TO-QP2P-HOSTILE

set -u
qp2p=$1
hostile=$2
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly dial=$((3 * 1228)) # IP bytes: see Access::MaxUnanswered
requests=3
[ "${3-}" = --all ] && requests=30

lab_internet
# One helper for each attack: a node that may ask 12 times a minute has used that up.
for i in 1 2 3; do
    lab_public helper$i 11.0.0.1$i
    lab_public hostile$i 11.0.0.2$i
    lab_public third$i 11.0.0.3$i
    ns helper$i nft -f - <<RULES
table ip count {
  counter paid { }
  counter drawn { }
  counter answered { }
  chain input { type filter hook input priority filter; policy accept;
    ip saddr 11.0.0.2$i meta l4proto udp counter name paid
    ip saddr 11.0.0.3$i meta l4proto udp counter name answered
  }
  chain output { type filter hook output priority filter; policy accept;
    ip daddr 11.0.0.3$i meta l4proto udp counter name drawn
  }
}
RULES
    run_capture third$i
done
# Two are silent, without "port unreachable"; the third is a server.
for i in 1 2; do
    ns third$i nft add table ip silent
    ns third$i nft 'add chain ip silent input { type filter hook input priority filter; }'
    ns third$i nft add rule ip silent input meta l4proto udp drop
done
run third3 listen --json --port 23000
server_pid=$pid
expect "the third party of one is a server" third3 '"event":"listening"'

bytes() { # number counter
    ns "helper$1" nft list counter ip count "$2" | sed -n 's/.* bytes \([0-9]*\).*/\1/p'
}


declare -A pids
link() { # number what attack
    run "helper$1" node --ephemeral --json --socket none --port 12000
    pids[helper$1]=$pid
    expect "$2: a helper is there" "helper$1" '"event":"joined"'
    run_hostile "hostile$1" --attack "$3" --local "11.0.0.2$1" --victims "11.0.0.3$1" --victim-port 23000 \
        --seconds 3600 --wait "11.0.0.1$1:12000"
    pids[hostile$1]=$pid
    expect "$2: the hostile node is linked to it" "hostile$1" '"event":"linked"'
    expect "$2: both ways" "helper$1" '"event":"peer-connected"' '"node"' '"uni-directional"' "11.0.0.2$1"
}

# What it took to link is no payment.
attack() { # number
    ns "helper$1" nft reset counters table ip count >/dev/null
    kill -USR1 "${pids[hostile$1]}"
}

link 1 "unpaid" reflect-unpaid
link 2 "silent" reflect
link 3 "server" reflect
for i in 1 2 3; do
    attack $i
done
expect "unpaid: its requests are answered" hostile1 '"answer":"refused: a dial costs'
# Each of the others asks every six seconds, and an unanswered dial takes five.
for name in hostile2 hostile3; do
    for _ in $(seq 600); do
        [ "$(grep -c '"answer"' "$work/$name")" -ge $requests ] && break
        sleep 1
    done
    check "$name: $requests requests are answered" [ "$(grep -c '"answer"' "$work/$name")" -ge $requests ]
done
for i in 1 2 3; do
    kill -TERM "${pids[hostile$i]}"
    wait "${pids[hostile$i]}" || fail "hostile$i did not end as it should"
done

for i in 1 2 3; do
    paid=$(bytes $i paid) drawn=$(bytes $i drawn) answered=$(bytes $i answered)
    echo "      $i: $paid bytes from the hostile node, $drawn to the third party, $answered from there"
    case $i in
    1)
        check "unpaid: the third party gets nothing for $paid bytes" [ "$drawn" = 0 ]
        check "unpaid: many were" [ "$paid" -gt $dial ]
        ;;
    2)
        check "silent: the third party gets no more than was received for it" [ "$drawn" -le "$paid" ]
        check "silent: it is dialled $requests times" [ "$drawn" -ge $((requests * dial)) ]
        ;;
    3)
        check "server: no more than was received for it, and from it" [ "$drawn" -le $((paid + answered)) ]
        check "server: it has answered" [ "$answered" -gt 0 ]
        ;;
    esac
    check "the capture at the third party has seen as much" \
        [ "$(captured_bytes third$i '"to":"11.0.0.3'$i:23000)" = "$drawn" ]
done
for i in 1 2 3; do
    kill -TERM "${pids[helper$i]}"
    wait "${pids[helper$i]}" || fail "helper$i did not end as it should"
done
kill -TERM "$server_pid"
wait "$server_pid" || fail "the server did not end as it should"
finish
