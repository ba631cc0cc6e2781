#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# lengths.sh ROOT: no file of the library, the app or the tests has more than 400 lines. A longer one asks to be divided
# along a seam, by state rather than by text; a test by what it shows, or its set-up goes to tests/shared.

set -euo pipefail
cd "$1"
longest=400

# Those that still have more. None may be added; one that has become short must be taken out here.
exceptions=(
    tests/auto/core/networkscene.h
    tests/auto/core/tst_ownaddresses.cpp
    tests/auto/core/tst_reachability.cpp
    tests/auto/core/tst_trust.cpp
    tests/auto/project/tst_tool.cpp
    tests/auto/project/tst_toolcontrol.cpp
)

failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

mapfile -t files < <(find qp2pcore gui tests -name target -prune -o '(' -name '*.h' -o -name '*.cpp' ')' -print | sort)
[ ${#files[@]} -ge 200 ] || fail "only ${#files[@]} files were found"

long=$(wc -l "${files[@]}" | awk -v longest="$longest" '$1 > longest && $2 != "total" { print $2 }')
while IFS= read -r file; do
    [ -z "$file" ] || [[ " ${exceptions[*]} " == *" $file "* ]] ||
        fail "$file has $(wc -l <"$file") lines; divide it along a seam, $longest are enough"
done <<<"$long"
for exception in "${exceptions[@]}"; do
    grep -qxF -- "$exception" <<<"$long" ||
        fail "$exception has $longest lines at most, or is gone: take it out of the exceptions"
done

echo "${#files[@]} files, ${#exceptions[@]} of more than $longest lines, $failures failures"
exit $((failures > 0))
