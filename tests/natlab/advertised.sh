#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# advertised.sh QP2P HOSTILE [--all]: what a real node sends because of what a hostile one advertises. Run it
# as: labrun advertised.sh PATH-TO-QP2P PATH-TO-QP2P-HOSTILE. With --all one host is advertised for ten
# minutes; without for so long as the first dial takes.

set -u
qp2p=$1
hostile=$2
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly far=12.1.0.2
readonly hosts=80 # of one answer: 20 nodes with 4 addresses
readonly per_answer=20000 # bytes without an answer, see DialBudget
readonly datagram=1228 # a datagram of 1,200 bytes and its IPv4 and UDP headers
readonly dial=$((3 * datagram)) # see Access::MaxUnanswered
readonly quiet=6 # seconds: longer than a dial takes
# What a public peer must not make a member send to; the member is in 192.168.7.0/24 itself.
readonly near=(127.0.0.1 127.0.0.2 169.254.1.9 192.168.7.9 192.168.9.9 10.0.0.9 172.16.0.9 100.64.0.9
    224.0.0.9 '[::1]' '[fd00::9]')

lab_internet
# Of each case a hostile node, a member that joins through it, and the hosts that it advertises.
for i in 1 2 3; do
    lab_public hostile$i 11.0.0.1$i
    lab_ns member$i
    [ $i = 3 ] && lab_ipv6 member$i
    lab_plug member$i eth0 11.0.0.2$i/16 11.0.0.1 inet br0
    lab_public victim$i 11.0.0.3$i
    # Silent, without "port unreachable", which would end dials early.
    ns victim$i nft -f - <<'RULES'
table ip silent {
  counter arrived { }
  chain input { type filter hook input priority filter; policy accept; meta l4proto udp counter name arrived drop
  }
}
RULES
    run_capture victim$i
done
run_capture member3
many=
for i in $(seq $hosts); do
    many+=" $((20 + i)).1.0.2" # an IPv4 /16 each
done
lab_addresses victim1 $far
# shellcheck disable=SC2086 # a word each
lab_addresses victim2 $many
lab_addresses victim3 12.3.0.2
lab_bridge member3 lan 192.168.7.1/24
ip -n member3 neigh add 192.168.7.9 lladdr 02:00:00:00:00:09 dev lan
ip -n member3 neigh add fe80::9 lladdr 02:00:00:00:00:09 dev eth0
ip -n member3 route add default via fe80::9 dev eth0

# A hostile node, which advertises, and a member that joins through it.
declare -A pids
begin() { # number what hostile-option...
    local number=$1 what=$2
    shift 2
    run_hostile "hostile$number" --attack advertise --local "11.0.0.1$number" --seconds 3600 "$@"
    pids[hostile$number]=$pid
    expect "$what: a hostile node listens" "hostile$number" '"listening"'
    run "member$number" node --ephemeral --json --socket none --port 12000 --contact "11.0.0.1$number:12000"
    pids[member$number]=$pid
}

linked() { # number what
    expect "$2: the member takes it for a node" "member$1" '"event":"peer-connected"' '"node"' "11.0.0.1$1"
    expect "$2: so the hostile one has both halves" "hostile$1" '"event":"linked"'
    expect "$2: it is asked for peers, and advertises" "hostile$1" '"event":"answered"' '"advertised":80'
}

# IP bytes that have come to the victim.
counted() { # number
    ns "victim$1" nft list counter ip silent arrived | sed -n 's/.* bytes \([0-9]*\).*/\1/p'
}

dials_of() { # number
    sed -n 's/.*"dial":"\([0-9a-f]*\)".*/\1/p' "$work/victim$1.capture"
}

dials() { # number
    dials_of "$1" | sort -u | wc -l
}

# Of each dial all datagrams come before the first one of the next.
one_dial_at_a_time() { # number
    dials_of "$1" | uniq | sort | uniq -d >"$work/interleaved"
    ! [ -s "$work/interleaved" ]
}

# Until nothing has come to the victims for a while, or too much.
until_quiet() {
    local before=-1 now
    for _ in $(seq 10); do
        now=$(cat "$work"/victim?.capture | wc -l)
        [ "$now" = "$before" ] && break
        before=$now
        sleep $quiet
    done
}

run_within member3 loopback "$qp2p" listen --json --address 127.0.0.1 --port 23000
pids[loopback]=$pid
expect "near: a program listens on the member's loopback" loopback '"event":"listening"'
begin 1 "one host" --victims $far
# shellcheck disable=SC2086 # a word each
begin 2 "eighty hosts" --victims "$(echo $many | tr ' ' ,)" --answers 1
# And one far from the member, which shows that the answer was taken.
begin 3 "near" --victims "$(echo "${near[*]}" 12.3.0.2 | tr ' ' , | tr -d '[]')" --victim-port 23000 --answers 1
linked 1 "one host"
linked 2 "eighty hosts"
linked 3 "near"
expect "one host: it is dialled" victim1.capture "\"to\":\"$far:" '"dial"'
expect "eighty hosts: some are dialled" victim2.capture '"dial"'
expect "near: the one that is far is dialled" victim3.capture '"to":"12.3.0.2:23000"' '"dial"'
until_quiet

# --- Eighty hosts in one answer.

bytes=$(counted 2)
echo "      one answer of $(sed -n 's/.*"advertised":80,"bytes":\([0-9]*\).*/\1/p' "$work/hostile2" | head -n 1) bytes: $(dials 2) dials, $bytes bytes at the victims"
check "eighty hosts: at most $per_answer bytes" [ "$bytes" -le $per_answer ]
check "eighty hosts: more than one is dialled" [ "$bytes" -gt $dial ]

# --- Addresses near the member.

for address in "${near[@]}"; do
    check "near: nothing leaves for $address" [ "$(captured_bytes member3 "\"to\":\"$address:")" = 0 ]
done
check "near: the listener has sent nothing" [ "$(captured_bytes member3 '"from":"127.0.0.1:23000"')" = 0 ]

# --- Eighty addresses of one host, in every answer.

most=$((2 * dial)) # once it was 57 kB in ten seconds, and again
if [ "${3-}" = --all ]; then
    sleep 600
    most=$((5 * dial)) # at 0, 1, 3 and 7 minutes, and at 15
fi
bytes=$(counted 1)
answers=$(grep -c '"advertised":80' "$work/hostile1")
echo "      $answers answers: $(dials 1) dials, $bytes bytes at the victim"
check "one host: at most $most bytes" [ "$bytes" -le $most ]
check "one host: some were" [ "$bytes" -ge $dial ]
[ "${3-}" = --all ] && check "one host: it was advertised again and again" [ "$answers" -ge 10 ]
check "one host: the capture has seen them" [ "$(captured_bytes victim1 "\"to\":\"$far:")" -ge "$bytes" ]
check "one host: one dial at a time" one_dial_at_a_time 1 || cat "$work/interleaved"

for name in "${!pids[@]}"; do
    kill -TERM "${pids[$name]}"
    wait "${pids[$name]}" || fail "$name did not end as it should: $(tail -n 3 "$work/$name.err")"
done
finish
