#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# readmecommands.sh QP2P DOCUMENT...: runs each command of the documents' sh blocks as it is there, in order, each
# document in an empty home and folder. Run it in labrun: the ports of the documents may be in use outside.

set -u
PATH=$(dirname "$(readlink -f "$1")"):$PATH
shift
documents=()
for document in "$@"; do
    documents+=("$(readlink -f "$document")")
done
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME

enter_empty_home() { # name
    export HOME=$work/$1/home XDG_RUNTIME_DIR=$work/$1/run
    mkdir -p "$HOME" "$work/$1/folder"
    mkdir -m 700 "$XDG_RUNTIME_DIR"
    cd "$work/$1/folder" || exit 1
}

# What another test runs, or what would need minutes: everything else has to work here.
not_run=(
    'installer/run.sh'
    'installer/dependencies.sh'
    'tests/run.sh'
    'cmake --preset release'
    'cmake --build --preset release'
    'sudo cmake --install build/release'
)
# What is shown because it is refused.
refused=(
    'qp2p request 127.0.0.1:12000 "Let me in"'
)

failures=0
used=0
report() { # result text
    echo "$1: $2"
    [ "$1" = PASS ] || failures=$((failures + 1))
}

is_in() { # word list...
    local word=$1
    shift
    for one in "$@"; do
        [ "$one" = "$word" ] && return 0
    done
    return 1
}

# Until \a file contains \a text, or the program that writes it has ended.
await() { # text file pid
    local limit=$((SECONDS + 60))
    until grep -q "$1" "$2"; do
        kill -0 "$3" 2>/dev/null || grep -q "$1" "$2" || return 1
        [ $SECONDS -lt $limit ] || return 1
        sleep 0.05
    done
}

run_in_background() { # command ready-text
    local out=$work/background.$used
    bash -c "exec $1" >"$out" 2>&1 &
    if await "$2" "$out" $!; then
        report PASS "$1"
    else
        report FAIL "$1 (it never said \"$2\")"
        cat "$out"
    fi
}

# The cache is saved a little after its node has joined.
await_cache() {
    local limit=$((SECONDS + 60))
    until qp2p cache list --cache peers.jsonl 2>/dev/null | grep -q '127\.0\.0\.1'; do
        [ $SECONDS -lt $limit ] || return 1
        sleep 0.1
    done
}

run_command() {
    local command=$1 out=$work/out status=0
    used=$((used + 1))
    if is_in "$command" "${not_run[@]}"; then
        echo "NOT RUN: $command"
        return
    fi
    case $command in
    'qp2p listen'*) run_in_background "$command" 'Listening on'; return ;;
    'qp2p node'*) run_in_background "$command" 'Joined'; return ;;
    'qp2p cache'*) await_cache || report FAIL "no node ever got into the cache" ;;
    esac
    timeout 120 bash -c "$command" >"$out" 2>&1 </dev/null || status=$?
    if is_in "$command" "${refused[@]}"; then
        [ $status = 1 ] && report PASS "$command (refused)" && return
    elif [ $status = 0 ]; then
        report PASS "$command"
        return
    fi
    report FAIL "$command (exit code $status)"
    cat "$out"
}

all_commands=()
run_document() { # document
    local commands=() in_block=no line
    while IFS= read -r line; do
        case $line in
        '```sh') in_block=yes; commands+=('') ;;
        '```') in_block=no ;;
        *)
            if [ $in_block = yes ]; then
                # Without its comment, which stands behind two spaces at least.
                line=$(sed -E 's/(^| +) *# .*$//; s/ +$//' <<<"$line")
                [ -n "$line" ] && commands+=("$line")
            fi
            ;;
        esac
    done <"$1"
    [ ${#commands[@]} -gt 0 ] || return

    echo "$(basename "$1"):"
    enter_empty_home "$(basename "$1")"
    for command in "${commands[@]}" ''; do
        if [ -z "$command" ]; then # a block of its own: what runs ends with it
            kill $(jobs -p) 2>/dev/null
            wait
            continue
        fi
        run_command "$command"
    done
    all_commands+=("${commands[@]}")
}

for document in "${documents[@]}"; do
    run_document "$document"
done
for listed in "${not_run[@]}" "${refused[@]}"; do
    is_in "$listed" "${all_commands[@]}" || report FAIL "no document has any more: $listed"
done
[ $used -gt 10 ] || report FAIL "only $used commands were found in the documents"
echo "$failures failures"
[ $failures = 0 ]
