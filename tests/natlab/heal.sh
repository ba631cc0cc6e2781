#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# heal.sh QP2P: 30 nodes with all the links that they want lose their contact and are split in two for two minutes; a
# minute later they are one network again. Run it as: labrun heal.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly nodes=30 # one more is the contact
readonly links=6
readonly split=120 # seconds
readonly patience=60 # seconds, for the two parts

# Prints in how many parts the nodes are that links do not connect, how many links lead from odd to even ones, and the
# fewest peers that one has.
survey() {
    # shellcheck disable=SC2046 # one file each
    awk '
        function text(key) {
            return match($0, "\"" key "\":\"[^\"]*\"") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5) : ""
        }
        FNR == 1 { names[++count] = FILENAME }
        /"event":"listening"/ { owner[text("peerId")] = FILENAME }
        /"event":"peer-connected"/ { linked[FILENAME, text("peerId")] = 1 }
        /"event":"peer-disconnected"/ { delete linked[FILENAME, text("peerId")] }
        END {
            for (pair in linked) {
                split(pair, of, SUBSEP)
                if (!(of[2] in owner)) continue
                ++peers[of[1]]
                next_to[of[1]] = next_to[of[1]] SUBSEP owner[of[2]]
                odd = of[1] ~ /[13579]$/; other = owner[of[2]] ~ /[13579]$/
                across += odd && !other
            }
            fewest = 1000
            for (i = 1; i <= count; ++i) {
                if (peers[names[i]] + 0 < fewest) fewest = peers[names[i]] + 0
                if (names[i] in seen) continue
                ++parts
                waiting = names[i]; seen[waiting] = 1; last = 1; queue[1] = waiting
                for (first = 1; first <= last; ++first) {
                    n = split(next_to[queue[first]], near, SUBSEP)
                    for (j = 1; j <= n; ++j) if (near[j] != "" && !(near[j] in seen)) { seen[near[j]] = 1; queue[++last] = near[j] }
                }
            }
            print parts + 0, across + 0, fewest
        }' $(seq -f "$work/node%g" "$nodes")
}

# Surveys every second until the condition, of $parts, $across and $fewest, is true. Sets $took.
until_survey() { # seconds condition
    local begun=$SECONDS
    while :; do
        read -r parts across fewest < <(survey)
        took=$((SECONDS - begun))
        eval "[ $2 ]" && return 0
        [ $took -lt "$1" ] || return 1
        sleep 1
    done
}

lab_internet
lab_public contact 11.0.0.9
run contact node --ephemeral --json --socket none --port 12000 --links "$links"
contact_pid=$pid
expect "the contact is there" contact '"event":"joined"'
for i in $(seq $nodes); do
    # In networks of their own; the third byte tells odd ones from even ones.
    lab_public node"$i" 11.0.1."$i"
    lab_source node"$i" 11.$((i + 20)).$((i % 2)).1
    run node"$i" node --ephemeral --json --socket none --port 12000 --links "$links" --contact 11.0.0.9:12000
done
# One of them is to the contact, which is not counted.
check "all have the links that they want" until_survey 120 "\$fewest -ge $((links - 1))"
echo "      after $took s: $parts part, $across links across, at least $fewest peers each"

kill -KILL "$contact_pid"
wait "$contact_pid" 2>/dev/null
ns inet nft -f - <<'RULES'
table ip split {
  chain over { type filter hook forward priority 0; policy accept;
    ip saddr & 0.0.255.0 == 0.0.0.0 ip daddr & 0.0.255.0 == 0.0.1.0 drop
    ip saddr & 0.0.255.0 == 0.0.1.0 ip daddr & 0.0.255.0 == 0.0.0.0 drop
  }
}
RULES
sleep "$split" # that long it lasts
read -r parts across fewest < <(survey)
check "the network is split" [ "$parts" = 2 ]
check "no link leads across" [ "$across" = 0 ]
check "both parts have the links that they want" [ "$fewest" -ge "$links" ]

ns inet nft delete table ip split
check "it is one network again within $patience s" until_survey "$patience" '$parts -eq 1'
echo "      after $took s"
sleep $((patience - took))
read -r parts across fewest < <(survey)
echo "      $patience s after the end of the split: $across links across, at least $fewest peers each"
check "the parts are interwoven" [ "$across" -ge $((nodes / 4)) ]
finish
