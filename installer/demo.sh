#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Shows that the library works on this machine: three nodes talk to each other, every byte is checked.

set -uo pipefail
export LC_ALL=C # decimal points, whatever the user's language is

usage() {
    cat <<'HELP'
Usage: installer/demo.sh BUILD_DIR

Runs a network on this machine with the program qp2p of BUILD_DIR: a first node, three nodes and two
clients that join through it, and what each of them knows of its peers and of itself. Then the first
node vanishes, and a node that restarts finds the others again by its bootstrap cache alone.

After that three endpoints send each other messages and requests, over IPv4 and over IPv6, small ones
and ones of 10 MB, and every payload is compared; and one for each certificate mode shows who can talk
to whom and who is refused why. Ends by itself: exit code 0 where everything went as it should.

Nothing leaves this machine, and nothing stays on it: identities and files are temporary. While it
runs, a few seconds, its nodes listen on every address of this machine.
HELP
}

case ${1-} in
-h | --help)
    usage
    exit 0
    ;;
"")
    usage >&2
    exit 2
    ;;
esac

qp2p=$1/qp2pcore/tools/qp2p/qp2p
if [ ! -x "$qp2p" ]; then
    echo "demo.sh: there is no program $qp2p. Build it: installer/run.sh --build-only" >&2
    exit 2
fi

readonly names=(alpha beta gamma)
readonly large_size=10000000
readonly most_failures=5
declare -A pid port_of peer_id
failures=0
exchanges=0
exchanged_bytes=0
work=

# --- Ending: nodes and files go, whatever ends this script -------------------------------------

# Asks every node to end and checks that it ends as it should.
stop_nodes() {
    local name status
    for name in "${!pid[@]}"; do
        kill -TERM "${pid[$name]}" 2>/dev/null
    done
    for name in "${!pid[@]}"; do
        wait "${pid[$name]}" 2>/dev/null
        status=$?
        [ "$status" -eq 0 ] || failed "the node $name ended with exit code $status"
    done
    pid=()
}

clean_up() {
    stop_nodes
    [ -z "$work" ] || rm -rf -- "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failed() {
    echo "demo.sh: $*" >&2
    failures=$((failures + 1))
}

work=$(mktemp -d) || exit 1

# --- Reading what qp2p says --------------------------------------------------------------------

# The value of a field in a line of JSON as qp2p --json writes it.
field() { # line name
    local pattern="\"$2\":\"?([^\",}]*)"
    [[ $1 =~ $pattern ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# Waits for a line with all of the given texts in a node's output, and prints it.
wait_for_line() { # file text...
    local file=$1 line text all tries
    shift
    for ((tries = 0; tries < 200; ++tries)); do
        while IFS= read -r line; do
            all=yes
            for text in "$@"; do
                [[ $line == *"$text"* ]] || all=no
            done
            if [ "$all" = yes ]; then
                printf '%s' "$line"
                return 0
            fi
        done <"$file"
        sleep 0.05
    done
    return 1
}

hash_of() { # file
    local hash
    hash=$(sha256sum <"$1")
    printf '%s' "${hash%% *}"
}

# --- The nodes ---------------------------------------------------------------------------------

new_identity() { # name
    "$qp2p" identity new --identity "$work/$1.pem" >"$work/$1.identity" || exit 1
}

start_node() { # name [option...]
    local name=$1 line
    shift
    : >"$work/$name.log" # it is read before the node has opened it
    "$qp2p" listen --echo --json --payload-limit 0 --identity "$work/$name.pem" "$@" \
        >>"$work/$name.log" 2>"$work/$name.err" &
    pid[$name]=$!
    if ! line=$(wait_for_line "$work/$name.log" '"event":"listening"'); then
        failed "the node $name does not start: $(cat "$work/$name.err")"
        exit 1
    fi
    port_of[$name]=$(field "$line" port)
    peer_id[$name]=$(field "$line" peerId)
    printf '%-9s %s  port %s\n' "$name" "${peer_id[$name]}" "${port_of[$name]}"
}

address_of() { # name family
    case $2 in
    IPv4) printf '127.0.0.1:%s' "${port_of[$1]}" ;;
    IPv6) printf '[::1]:%s' "${port_of[$1]}" ;;
    esac
}

# Empty where IPv6 works here, else the reason why it does not.
ipv6_problem() {
    "$qp2p" listen --address ::1 --timeout 0.01 >/dev/null 2>"$work/err" || cat "$work/err"
}

# --- One exchange ------------------------------------------------------------------------------

print_row() { # from to family what size time rate
    printf '%-6s %-6s %-6s %-8s %10s %12s %12s\n' "$@"
}

# Prints the row of an exchange that took some seconds, as qp2p writes them.
report() { # from to family what bytes seconds
    local microseconds rate=-
    microseconds=$(printf '%.6f' "$6")
    microseconds=$((10#${microseconds/./}))
    [ "$microseconds" -gt 0 ] || microseconds=1
    if [ "$5" -ge 1000000 ]; then # a small one says nothing about the rate
        rate=$(($5 * 10 / microseconds)) # bytes in a microsecond are MB/s; one decimal
        rate="$((rate / 10)).$((rate % 10)) MB/s"
    fi
    print_row "$1" "$2" "$3" "$4" "$5 B" \
        "$((microseconds / 1000)).$(printf '%03d' $((microseconds % 1000))) ms" "$rate"
    exchanges=$((exchanges + 1))
    exchanged_bytes=$((exchanged_bytes + $5))
}

# A message: the receiver must have seen this payload from this sender.
send() { # from to family file size
    local from=$1 to=$2 family=$3 file=$4 size=$5 out line
    out=$("$qp2p" send --json --identity "$work/$from.pem" --peer-id "${peer_id[$to]}" \
        --timeout 60 --file "$file" "$(address_of "$to" "$family")" 2>"$work/err")
    if ! line=$(printf '%s\n' "$out" | grep '"event":"sent"'); then
        failed "$from could not send to $to over $family: $(cat "$work/err")"
    elif ! wait_for_line "$work/$to.log" '"event":"message"' "\"peerId\":\"${peer_id[$from]}\"" \
        "\"sha256\":\"$(hash_of "$file")\"" >/dev/null; then
        failed "$to did not see the message of $from over $family"
    else
        report "$from" "$to" "$family" message "$size" "$(field "$line" seconds)"
    fi
}

# A request: the reply must be what was asked, byte by byte.
request() { # from to family file size
    local from=$1 to=$2 family=$3 file=$4 size=$5 out line
    out=$("$qp2p" request --json --payload-limit 0 --identity "$work/$from.pem" \
        --peer-id "${peer_id[$to]}" --timeout 60 --file "$file" \
        "$(address_of "$to" "$family")" 2>"$work/err")
    if ! line=$(printf '%s\n' "$out" | grep '"event":"reply"'); then
        failed "$to did not answer $from over $family: $(cat "$work/err")"
    elif [ "$(field "$line" sha256)" != "$(hash_of "$file")" ]; then
        failed "$to answered $from over $family with something else"
    else
        report "$from" "$to" "$family" request "$size" "$(field "$line" seconds)"
    fi
}

# Every pair in one family, small and large. Each payload is another one, so that no old message can
# be taken for a new one.
exchange() { # family
    local family=$1 from to
    for from in "${names[@]}"; do
        for to in "${names[@]}"; do
            [ "$from" != "$to" ] || continue
            [ "$failures" -lt "$most_failures" ] || return # each may have waited for a time-out
            printf 'Hello %s, this is %s over %s.' "$to" "$from" "$family" >"$work/small"
            head -c "$large_size" /dev/urandom >"$work/large"
            send "$from" "$to" "$family" "$work/small" "$(wc -c <"$work/small")"
            request "$from" "$to" "$family" "$work/small" "$(wc -c <"$work/small")"
            send "$from" "$to" "$family" "$work/large" "$large_size"
            request "$from" "$to" "$family" "$work/large" "$large_size"
        done
    done
}

# --- A network -----------------------------------------------------------------------------------

# Each member has a loopback address of its own where the system has more than one, as Linux does: whether
# one can be reached is checked from another address than it talks to.
member_address() { # number
    if [ "$(uname -s)" = Linux ]; then
        printf '127.0.0.%d' "$1"
    else
        printf '127.0.0.1'
    fi
}

join() { # name number option...
    local name=$1 address line
    address=$(member_address "$2")
    shift 2
    : >"$work/$name.log"
    "$qp2p" node --echo --json --identity "$work/$name.pem" --socket "$work/$name.sock" \
        --address "$address" --cache "$work/$name.cache" "$@" >>"$work/$name.log" 2>"$work/$name.err" &
    pid[$name]=$!
    if ! line=$(wait_for_line "$work/$name.log" '"event":"joined"'); then
        failed "$name does not join: $(cat "$work/$name.err")"
        exit 1
    fi
    if line=$(wait_for_line "$work/$name.log" '"event":"listening"'); then
        port_of[$name]=$(field "$line" address)
    else
        port_of[$name]=-
    fi
}

client() { # name option...
    local name=$1
    shift
    : >"$work/$name.log"
    "$qp2p" node --client --json --identity "$work/$name.pem" --socket "$work/$name.sock" \
        --cache "$work/$name.cache" "$@" >>"$work/$name.log" 2>"$work/$name.err" &
    pid[$name]=$!
    port_of[$name]=-
    wait_for_line "$work/$name.log" '"event":"joined"' >/dev/null ||
        failed "$name does not join: $(cat "$work/$name.err")"
}

# How often a text stands in another one.
count() { # text what
    local rest=$1 number=0
    while [[ $rest == *"$2"* ]]; do
        rest=${rest#*"$2"}
        number=$((number + 1))
    done
    printf '%d' "$number"
}

member_row() { # name listens role reachable links-to-nodes links-of-clients
    printf '%-7s %-17s %-7s %-14s %15s %15s\n' "$@"
}

status_row() { # name
    local status
    if ! status=$("$qp2p" status --json --socket "$work/$1.sock" 2>"$work/err"); then
        failed "$1 does not say how it is doing: $(cat "$work/err")"
        return
    fi
    member_row "$1" "${port_of[$1]}" "$(field "\"role\"${status##*\"role\"}" role)" \
        "$(field "${status#*\"ipv4\":}" reachability)" "$(count "$status" '"link":"uni-')" \
        "$(count "$status" '"link":"bi-')"
}

# Until a member has at least that many peers.
wait_for_peers() { # name count
    local tries status
    for ((tries = 0; tries < 300; ++tries)); do
        status=$("$qp2p" status --json --socket "$work/$1.sock" 2>"$work/err")
        [ "$(count "$status" '"link":"')" -lt "$2" ] || return 0
        sleep 0.1
    done
    failed "$1 has fewer than $2 peers after 30 s"
}

show_network() {
    local name contact line number=1
    for name in first north east south; do
        new_identity "$name"
    done
    new_identity clara
    new_identity david
    echo "A network: a first node, and three nodes and two clients that join through it:"
    join first 1
    contact=${port_of[first]}
    for name in north east south; do
        number=$((number + 1))
        join "$name" $number --contact "$contact"
    done
    client clara --contact "$contact"
    client david --contact "$contact"
    for name in first north east south; do
        wait_for_peers "$name" 5 # three nodes, two clients
    done
    wait_for_peers clara 4
    wait_for_peers david 4
    member_row MEMBER LISTENS ROLE IPV4 "LINKS NODE-NODE" "LINKS OF CLIENT"
    for name in first north east south clara david; do
        status_row "$name"
    done
    echo
    echo "What south says of its peers (qp2p status):"
    "$qp2p" status --socket "$work/south.sock" | sed -n '/^Peers/,$p'
    echo
    echo "South ends, the first node vanishes without a word, and with it the only contact of all."
    kill -TERM "${pid[south]}"
    wait "${pid[south]}" || failed "south ended with exit code $?"
    kill -KILL "${pid[first]}"
    wait "${pid[first]}" 2>/dev/null
    unset 'pid[first]' 'pid[south]'
    join south 4
    line=$(wait_for_line "$work/south.log" '"event":"joining"' '"state":"joined"') ||
        failed "south did not join through anybody"
    printf 'South restarts without any contact, and joins through %.12s… of its cache of %s nodes:\n' \
        "$(field "$line" candidate)" \
        "$("$qp2p" cache list --json --cache "$work/south.cache" | grep -c '"event":"entry"')"
    member_row MEMBER LISTENS ROLE IPV4 "LINKS NODE-NODE" "LINKS OF CLIENT"
    wait_for_peers south 2
    status_row south
    stop_nodes
}

# --- The three certificate modes ---------------------------------------------------------------

# Two authorities and what they issue, in the folder of this demonstration. The second one stands in for
# a public authority, whose certificates are for addresses.
make_authorities() {
    local authority
    for authority in friends public; do
        "$qp2p" authority new "$authority" --file "$work/$authority.authority.pem" \
            --out "$work/$authority.crt.pem" >"$work/out" || exit 1
    done
    "$qp2p" authority issue friends --file "$work/friends.authority.pem" --for anna \
        --out "$work/anna.pem" >"$work/out" || exit 1
    "$qp2p" authority issue friends --file "$work/friends.authority.pem" --for ben \
        --out "$work/ben.pem" >"$work/out" || exit 1
    "$qp2p" authority issue public --file "$work/public.authority.pem" --for server \
        --also 127.0.0.1 --out "$work/server.pem" >"$work/out" || exit 1
    "$qp2p" authority issue public --file "$work/public.authority.pem" --for elsewhere \
        --also 192.0.2.1 --out "$work/elsewhere.pem" >"$work/out" || exit 1
    new_identity stranger
    new_identity open
}

mode_row() { # from mode to mode result
    printf '%-9s %-18s %-9s %-18s %s\n' "$@"
}

# The rule that refused somebody: by its name, whichever side it was on.
rule_in() { # json lines
    local code reason
    code=$(field "$1" code)
    reason=$(field "$1" closeReason)
    if [ "$code" = CertificateRejected ]; then
        printf '%s there' "$reason"
    else
        printf '%s here' "$code"
    fi
}

# Dials, and compares with what must come of it: "talked" or the rule that refuses.
try() { # from from-mode to to-mode expected [option...]
    local from=$1 mode=$2 to=$3 their_mode=$4 expected=$5 out result
    shift 5
    if out=$("$qp2p" request --json --identity "$work/$from.pem" --mode "$mode" "$@" \
        --timeout 20 "127.0.0.1:${port_of[$to]}" "Hello $to" 2>"$work/err"); then
        result=talked
    else
        result=$(rule_in "$(printf '%s\n' "$out" | grep '"event":"error"')")
    fi
    if [ "$result" = talked ]; then
        mode_row "$from" "$mode" "$to" "$their_mode" talked
    else
        mode_row "$from" "$mode" "$to" "$their_mode" "refused: $result"
    fi
    [ "$result" = "$expected" ] || failed "$from and $to: $result instead of $expected"
}

show_modes() {
    local private=(--authority "$work/friends.crt.pem" --name friends)
    local agreed=(--authority "$work/public.crt.pem")
    make_authorities
    echo "A node for each certificate mode:"
    start_node open
    start_node anna --mode private-authority "${private[@]}"
    start_node server --mode agreed-authority "${agreed[@]}"
    start_node elsewhere --mode agreed-authority "${agreed[@]}"
    echo
    echo "Who can talk to whom (the rule that refuses, at the dialler here or at the node there):"
    mode_row DIALLER MODE NODE MODE RESULT
    try stranger encrypt-only open encrypt-only talked
    try ben private-authority anna private-authority talked "${private[@]}"
    try server agreed-authority server agreed-authority talked "${agreed[@]}"
    try ben encrypt-only anna private-authority talked
    try stranger encrypt-only anna private-authority "CertificateSelfSigned there"
    try server encrypt-only anna private-authority "CertificateUnknownAuthority there"
    try ben private-authority open encrypt-only "CertificateSelfSigned here" "${private[@]}"
    try ben private-authority anna private-authority "CertificateWrongName here" \
        --authority "$work/friends.crt.pem" --name enemies
    try stranger encrypt-only server agreed-authority "CertificateSelfSigned there"
    try server agreed-authority anna private-authority "CertificateUnknownAuthority here" "${agreed[@]}"
    try server agreed-authority elsewhere agreed-authority "CertificateWrongName here" "${agreed[@]}"
    try anna encrypt-only server agreed-authority "CertificateUnknownAuthority there"
}

# --- All of it ---------------------------------------------------------------------------------

show_network
echo
echo "Three endpoints on this machine:"
for name in "${names[@]}"; do
    new_identity "$name"
    start_node "$name"
done

echo
echo "What they exchange (a request counts from the question to the last byte of the reply):"
print_row FROM TO FAMILY WHAT SIZE TIME RATE
exchange IPv4
no_ipv6=$(ipv6_problem)
if [ -z "$no_ipv6" ]; then
    exchange IPv6
else
    echo "IPv6 is left out, this machine cannot use it: $no_ipv6"
fi

stop_nodes
echo
show_modes
stop_nodes
echo
if [ "$failures" -gt 0 ]; then
    echo "$exchanges exchanges arrived, $failures things failed."
    exit 1
fi
echo "All $exchanges exchanges arrived unchanged, $((exchanged_bytes / 1000000)) MB in all." \
    "Every node has closed its connections and ended."
