#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# documentlinks.sh ROOT: every relative link of the Markdown files below ROOT leads to a file or folder, every
# anchor to a heading, and no page of qp2pcore/doc is one that the README does not lead to.

set -euo pipefail
cd "$1"

failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# Without the lines of code blocks and without code spans.
prose() { # file
    awk '/^ *```/ { code = !code; next } !code { gsub(/`[^`]*`/, ""); print }' "$1"
}

links() { # file
    prose "$1" | grep -oE '\]\([^)]*\)' | sed -E 's/^\]\(//; s/\)$//; s/ +".*"$//' || true
}

# As GitHub makes them: in lower case, without punctuation, hyphens for spaces.
anchors() { # file
    awk '/^ *```/ { code = !code } !code && /^#+ / {
        sub(/^#+ +/, ""); line = tolower($0); gsub(/[^a-z0-9 _-]/, "", line); gsub(/ /, "-", line)
        print seen[line]++ ? line "-" seen[line] - 1 : line
    }' "$1"
}

mapfile -t documents < <(find . \( -path ./build -o -path './build-*' -o -path ./.deps -o -path ./.git \
    -o -name target -o -name node_modules \) -prune -o -name '*.md' -print | sed 's|^\./||' | sort)
checked=0
for document in "${documents[@]}"; do
    folder=$(dirname "$document")
    while IFS= read -r link; do
        [[ $link =~ ^[a-z][a-z+.-]*: || -z $link ]] && continue
        checked=$((checked + 1))
        target=$document
        if [ -n "${link%%#*}" ]; then
            target=$folder/${link%%#*}
        fi
        if [ ! -e "$target" ]; then
            fail "$document: the link \"$link\" leads nowhere"
        elif [[ $link == *'#'* && $target == *.md ]] && ! anchors "$target" | grep -qxF -- "${link#*#}"; then
            fail "$document: the link \"$link\" leads to no heading"
        fi
    done < <(links "$document")
done

readme_links=$(links README.md)
for page in qp2pcore/doc/*.md; do
    grep -qxF -- "$page" <<<"$readme_links" || fail "README.md has no link to $page"
done

[ "$checked" -ge 40 ] || fail "only $checked links were found"
echo "$checked relative links in ${#documents[@]} documents, $failures failures"
exit $((failures > 0))
