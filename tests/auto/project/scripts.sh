#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Every script parses, passes shellcheck where that is installed, and explains itself. Argument: the
# source folder.

set -euo pipefail
cd "$1"

failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

mapfile -t scripts < <(find installer tests .ci -type f \
    \( -name '*.sh' -o -path '.ci/*' \) -not -path '*/target/*' | sort)
[ ${#scripts[@]} -ge 4 ] || fail "only ${#scripts[@]} scripts were found"

for script in "${scripts[@]}"; do
    bash -n "$script" || fail "$script does not parse"
    [ -x "$script" ] || [[ $script == tests/auto/* ]] || fail "$script is not executable"
    grep -q 'SPDX-License-Identifier: MIT OR BSD-3-Clause' "$script" || fail "$script has no licence"
done
if command -v shellcheck >/dev/null; then
    shellcheck "${scripts[@]}" || fail "shellcheck complains"
fi

for script in .ci/tidy installer/dependencies.sh installer/run.sh tests/nightly.sh tests/run.sh; do
    help=$("./$script" --help </dev/null) || fail "$script --help fails"
    [[ $help == "Usage: $script"* ]] || fail "$script --help does not begin with how to call it"
done
if ./installer/dependencies.sh --no-such-option </dev/null 2>/dev/null; then
    fail "installer/dependencies.sh takes an option that it does not know"
fi

exit $((failures > 0))
