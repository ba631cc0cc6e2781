#!/bin/bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Man pages, shell completion and the service that are installed with qp2p are complete and correct.
# Arguments: the program, the folder that it is installed to.

set -u
program=$1
prefix=$2
failures=0

fail()
{
    echo "FAIL: $*" >&2
    failures=$((failures + 1))
}

man=$prefix/share/man/man1
commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 11 ] || fail "the help lists too few commands: $commands"

for page in qp2p $(for command in $commands; do echo "qp2p-$command"; done); do
    file=$man/$page.1
    if [ ! -s "$file" ]; then
        fail "$page has no man page in $man"
        continue
    fi
    if command -v groff > /dev/null; then
        warnings=$(groff -man -Tutf8 -ww -z "$file" 2>&1)
        [ -z "$warnings" ] || fail "groff: $warnings"
    else
        echo "no groff here: $page is not checked by it"
    fi
    if command -v mandoc > /dev/null; then
        warnings=$(mandoc -Tlint "$file" 2>&1 | grep -v 'referenced manual not found')
        [ -z "$warnings" ] || fail "mandoc: $warnings"
    else
        echo "no mandoc here: $page is not checked by it"
    fi
done

# Each option of the help is in the page and is completed.
completion=$prefix/share/bash-completion/completions/qp2p
bash -n "$completion" || fail "$completion is no script for bash"
. "$completion"

complete_words() # WORD... with the last one being completed; prints what is offered
{
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _qp2p 2> /dev/null
    printf '%s\n' "${COMPREPLY[@]}"
}

for command in $commands; do
    complete_words qp2p "" | grep -qx "$command" || fail "completion does not offer $command"
    options=$("$program" "$command" --help | sed -n 's/^  \(-h, \)\?\(--[a-z-]*\).*/\2/p')
    [ -n "$options" ] || fail "$command --help lists no option"
    for option in $options; do
        tr -d '\\' < "$man/qp2p-$command.1" | grep -qF -- "$option" \
            || fail "$option is not in qp2p-$command(1)"
        complete_words qp2p "$command" -- | grep -qx -- "$option" \
            || fail "completion does not offer $command $option"
    done
done
[ "$(complete_words qp2p cache c)" = "$(printf 'clear\ncheck')" ] || fail "actions are not completed"
[ "$(complete_words qp2p listen --mode p)" = private-authority ] || fail "modes are not completed"
[ "$(complete_words qp2p listen --port "")" = "" ] || fail "something is offered for a number"
[ "$(complete_words qp2p listen --identity "$completion")" = "$completion" ] || fail "files are not completed"

if command -v zsh > /dev/null; then
    zsh -n "$prefix/share/zsh/site-functions/_qp2p" || fail "the completion for zsh is no script for it"
else
    echo "no zsh here: its completion is not checked"
fi

unit=$prefix/lib/systemd/system/qp2p-node.service
if [ -e "$unit" ]; then
    defaults=$(sed -n 's/^EnvironmentFile=-//p' "$unit" | head -n 1)
    grep -q '^Type=notify$' "$unit" || fail "the service does not wait until the node is ready"
    [ -n "$defaults" ] && [ -s "$prefix/share/qp2p/node.conf" ] || fail "the service has no defaults"
    # Every example is a command line that "qp2p node" takes; it ends by the option that comes last.
    examples=$(sed -n 's/^#\?QP2P_OPTIONS=//p' "$prefix/share/qp2p/node.conf")
    [ "$(echo "$examples" | wc -l)" -ge 5 ] || fail "node.conf has too few examples"
    while read -r options; do
        # shellcheck disable=SC2086 # split as systemd does
        problem=$(timeout 10 "$program" node $options --passphrase-file x 2>&1)
        [ "$(echo "$problem" | head -n 1)" = "qp2p: --passphrase-file is of use only together with --identity." ] \
            || fail "node.conf: $options: $problem"
    done <<< "$examples"
    if command -v systemd-analyze > /dev/null; then
        folder=$(mktemp -d) # the program is not yet where the service expects it
        sed "s|[^ =]*/bin/qp2p |$(realpath "$program") |g" "$unit" > "$folder/qp2p-node.service"
        systemd-analyze verify --man=no "$folder/qp2p-node.service" || fail "systemd finds faults in $unit"
        rm -r "$folder"
    else
        echo "no systemd-analyze here: the service is not checked by it"
    fi
fi

echo "$failures failures"
[ "$failures" = 0 ]
