#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# One command from a fresh checkout to the result of every test, plain and under sanitizers.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

usage() {
    cat <<'HELP'
Usage: tests/run.sh [--yes] [--fast | --asan-only] [--help] [ctest argument...]

Gets what is missing on Debian 12 or newer (asking first), builds QP2P twice and runs every test:
first optimised (preset dev), then with AddressSanitizer and UndefinedBehaviorSanitizer (dev-asan).

  --yes        install what is missing without asking
  --fast       only the optimised build
  --asan-only  only the build with sanitizers
  --help       show this text

Everything else goes to ctest, e.g. tests/run.sh --fast -R connection, or -L unit.
HELP
}

dependency_options=(--tests)
presets=(dev dev-asan)
ctest_arguments=()
while [ $# -gt 0 ]; do
    case $1 in
    -y | --yes) dependency_options+=(--yes) ;;
    --fast) presets=(dev) ;;
    --asan-only) presets=(dev-asan) ;;
    -h | --help)
        usage
        exit 0
        ;;
    --)
        shift
        ctest_arguments+=("$@")
        break
        ;;
    *) ctest_arguments+=("$1") ;;
    esac
    shift
done

"$root/installer/dependencies.sh" "${dependency_options[@]}"

cd "$root"
jobs=$(nproc)
# Both builds come before the first test, so that a compiler's complaint is heard early.
for preset in "${presets[@]}"; do
    # A first build is united, which takes less time; what somebody works in stays as it is.
    first=()
    [ -e "build/$preset/CMakeCache.txt" ] || first=(-DQP2P_UNITY_BUILDS=ON)
    cmake --preset "$preset" "${first[@]}"
    cmake --build --preset "$preset" --parallel "$jobs"
done

result=0
for preset in "${presets[@]}"; do
    echo
    echo "== Tests of preset $preset"
    ctest --preset "$preset" --parallel "$jobs" "${ctest_arguments[@]}" || result=$?
    # ctest names the tests that were skipped, and not why.
    grep -hE '^SKIP *: ' "build/$preset/Testing/Temporary/LastTest.log" | sort -u || true
done
exit "$result"
