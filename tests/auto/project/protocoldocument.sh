#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# protocoldocument.sh ROOT: qp2pcore/doc/protocol.md has the close codes of closecode.h with their numbers, and the
# examples of bytes in it are vectors of the engine's tests.

set -euo pipefail
cd "$1"
document=qp2pcore/doc/protocol.md

failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# name number, one a line
mapfile -t in_code < <(tr '\n' ' ' <qp2pcore/closecode.h |
    grep -oE 'quint64 [A-Za-z]+ = FirstReserved *\+ *[0-9]+' |
    sed -E 's/quint64 ([A-Za-z]+) .* ([0-9]+)$/\1 \2/' | sort)
mapfile -t in_document < <(sed -n '/^## 11\. /,/^## 12\. /p' "$document" |
    sed -nE 's/^\| ([A-Za-z]+) \| ([0-9]+) \|.*/\1 \2/p' | sort)
[ ${#in_code[@]} -ge 20 ] || fail "only ${#in_code[@]} codes were found in closecode.h"
[ "${in_code[*]}" = "${in_document[*]}" ] ||
    fail "the codes of section 11 are not those of closecode.h:" \
        "$(diff <(printf '%s\n' "${in_code[@]}") <(printf '%s\n' "${in_document[@]}"))"

# Hexadecimal digits alone, from string literals that may be divided into several.
vectors=$(cat tests/auto/engine/tst_wiremessage.cpp tests/auto/engine/tst_controlmessage.cpp | tr -d '" \n')
mapfile -t examples < <(awk '/^```/ { code = !code; next } code && /^[0-9a-f ]+$/' "$document" | tr -d ' ')
[ ${#examples[@]} -eq 2 ] || fail "${#examples[@]} examples of bytes were found, and there are 2"
for example in "${examples[@]}"; do
    # The length of a control message is not in its test's vector.
    framed=${example:4}
    [[ $vectors == *"$example"* ]] ||
        { [[ $vectors == *"$framed"* ]] && [ $((16#${example:0:4})) -eq $((${#framed} / 2)) ]; } ||
        fail "no test has these bytes: $example"
done

echo "${#in_document[@]} close codes, ${#examples[@]} examples, $failures failures"
exit $((failures > 0))
