#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# memory.sh QP2P HOSTILE [--all | ATTACK]: what 24 hostile connections can make a peer hold, and who is served
# meanwhile. Run it as: labrun memory.sh PATH-TO-QP2P PATH-TO-QP2P-HOSTILE. Without an
# attack two cases, which are those of every change.

set -u
qp2p=$1
hostile=$2
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly connections=24
readonly attack_seconds=12
readonly unread_seconds=30 # at the rate below it takes that long to ask for more than all budgets together
# 200 Mbit/s, so that it is memory that is attacked, and not the time of the processor: at full speed the
# victim's socket overflows, and what honest peers send is lost among the rest.
readonly rate=25000000
readonly mib=1024
# The default receive budget, and what the sockets, ngtcp2, malloc and the program need beside it.
readonly budget=$((256 * mib))
readonly beside=$((64 * mib))
# An honest request waits at most for the grace that messages without progress have (5 s), and for two checks
# (1 s each); measured: see the table. The rest is for machines that are busy with other things.
readonly patience=60
readonly victim=11.0.0.10:12000

head -c $((1024 * 1024)) /dev/zero | tr '\0' r >"$work/request"
head -c $((15 * 1024 * 1024)) /dev/zero | tr '\0' m >"$work/message"

lab_internet
lab_public victim 11.0.0.10
lab_public honest 11.0.0.20
lab_public large 11.0.0.40
lab_source large 12.1.0.2 # who holds most is served last, and a large message is much
lab_public attacker 11.0.0.30
one=13.0.0.2
many=
for i in $(seq $connections); do
    many+=,$((13 + i)).$i.0.2 # an IPv4 /16 each
done
many=${many#,}
# shellcheck disable=SC2086 # a word each
lab_addresses attacker "$one" ${many//,/ }

# Kilobytes: VmRSS is what is resident now, VmHWM the most that ever was.
memory_of() { # pid field
    sed -n "s/^$2:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$1/status"
}

serve_honest() { # until what happens in the file $1
    local before after
    while ! [ -s "$1" ]; do
        before=$(date +%s%3N)
        if ! ns honest "$qp2p" request --json --payload-limit 0 --timeout $patience --file "$work/request" $victim >"$work/reply" 2>&1; then
            echo "failed $(tail -n 1 "$work/reply")"
            continue
        fi
        after=$(date +%s%3N)
        echo $((after - before))
    done
}

case_of() { # attack addresses-name addresses
    local attack=$1 name="$1 from $2" honest_log=$work/honest peak base enough first=$((SECONDS))
    run victim listen --echo --json --payload-limit 0 --port 12000
    expect "$name: the victim listens" victim '"event":"listening"' || return
    local victim_pid=$pid
    # The first connection brings its code into memory, which is no attack.
    ns honest "$qp2p" request --timeout 10 $victim hello >/dev/null || fail "$name: no answer before the attack"
    base=$(memory_of "$victim_pid" VmRSS)
    enough=$((base + budget + beside))

    # shellcheck disable=SC2086 # no address of them contains a blank
    run_hostile attacker --attack "$attack" --local $3 --connections $connections --rate $rate --again --seconds 600 $victim
    local attacker_pid=$pid
    expect "$name: a connection is open" attacker '"event":"opened"'
    rm -f "$work/over"
    serve_honest "$work/over" >"$honest_log" &
    local server_pid=$!
    local seconds=$attack_seconds
    [ "$attack" = unread ] && seconds=$unread_seconds
    local until=$((SECONDS + seconds))
    # The attack lasts for a time; meanwhile one large message after the other.
    local large=0
    while [ $SECONDS -lt $until ] || { [ $large = 0 ] && [ $SECONDS -lt $((until + 60)) ]; }; do
        if ns large "$qp2p" send --timeout 60 --file "$work/message" $victim >"$work/sent" 2>&1; then
            large=$((large + 1))
        else # one that is too slow while others wait may be refused
            echo "      a message of 15 MiB did not arrive: $(tail -n 1 "$work/sent")"
        fi
    done
    echo over >"$work/over"
    wait $server_pid
    kill -TERM "$attacker_pid"
    wait "$attacker_pid"
    peak=$(memory_of "$victim_pid" VmHWM)
    if [ -z "$peak" ]; then
        fail "$name: the victim is gone: $(tail -n 3 "$work/victim.err")"
        return
    fi
    check "$name: at most $((enough / mib)) MiB resident" [ "$peak" -le $enough ]
    check "$name: honest requests are answered in time" [ "$(grep -c failed "$honest_log")" = 0 ] || grep failed "$honest_log"
    check "$name: some were" [ "$(grep -cv failed "$honest_log")" -gt 0 ]
    check "$name: and a large message arrives" [ $large -gt 0 ]
    kill -TERM "$victim_pid"
    wait "$victim_pid" || fail "$name: the victim did not end as it should: $(tail -n 3 "$work/victim.err")"
    local sorted
    sorted=$(grep -v failed "$honest_log" | sort -n)
    printf '%s|%s|%s|%s|%s|%s|%s\n' "$name" "$((base / mib)) MiB" "$((peak / mib)) MiB" \
        "$(echo "$sorted" | sed -n "$((($(echo "$sorted" | wc -l) + 1) / 2))p") ms" "$(echo "$sorted" | tail -n 1) ms" \
        "$large" "$(sed -n 's/.*"bytesSent":\([0-9]*\),"ended":\({[^}]*}\).*"opened":\([0-9]*\).*/\3 opened, \1 bytes, \2/p' "$work/attacker")" >>"$work/table"
}

echo 'case|before|peak|request, median|worst|15 MiB|attacker' >"$work/table"
both() { # attack
    case_of "$1" "one address" $one
    case_of "$1" "$connections networks" "$many"
}

case ${3-} in
--all)
    for attack in unfinished gaps unread streams; do
        both $attack
    done
    ;;
'')
    case_of unfinished "$connections networks" "$many"
    case_of gaps "one address" $one
    ;;
*)
    both "$3"
    ;;
esac
column -t -s '|' "$work/table" 2>/dev/null || cat "$work/table"
finish
