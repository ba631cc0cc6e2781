#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# What takes too long for every change: a build without precompiled headers, an hour of churn, many runs of the
# eclipse model, networks that are split, threads under ThreadSanitizer, every attack on the memory of a peer, ten minutes
# of lies about other nodes, clang-tidy over all sources.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

case ${1-} in
-h | --help)
    cat <<'HELP'
Usage: tests/nightly.sh [ctest argument...]

Builds once without precompiled headers. Then it builds the preset dev and runs, in virtual time, an
hour of a network of 200 members of which every two seconds one leaves and one comes, and the model of a
member that 10,000 addresses try to surround, 200 runs of 30 days for each attack, and networks of 12, 60 and 200
members that are split and healed. Then it builds the tests of threads with ThreadSanitizer (preset dev-tsan) and
runs them twenty times. Then, in network namespaces, the attacks of qp2p-hostile on the memory of a
peer, all of them, for the printed table, and what third parties get because of what a hostile node advertises
for ten minutes, and asks of helpers, 30 nodes that are split for two minutes, and a contact that comes back; without namespaces they
are skipped and the reason is printed. At the end
clang-tidy over all sources. Takes about two hours. Everything else is for tests/run.sh.
HELP
    exit 0
    ;;
esac

cd "$root"
# Every file has to include what it uses.
cmake --preset dev -B build/dev-plain-headers -DQP2P_PRECOMPILED_HEADERS=OFF
cmake --build build/dev-plain-headers --parallel "$(nproc)"
cmake --preset dev
cmake --build --preset dev --parallel "$(nproc)"
QP2P_CHURN_MINUTES=60 QTEST_FUNCTION_TIMEOUT=7200000 build/dev/tests/tst_networkchurn
QP2P_ECLIPSE_RUNS=200 QTEST_FUNCTION_TIMEOUT=7200000 build/dev/tests/tst_eclipse
for members in 12 60 200; do
    QP2P_HEAL_MEMBERS=$members QP2P_HEAL_SEEDS=$((members == 200 ? 1 : 3)) QTEST_FUNCTION_TIMEOUT=7200000 build/dev/tests/tst_networkheal
done
cmake --preset dev-tsan
cmake --build --preset dev-tsan --parallel "$(nproc)" --target tst_threads tst_networkthread tst_wrongthreads
# Each run meets other interleavings.
ctest --preset dev-tsan --repeat until-fail:20 -R '^tst_threads$'
ctest --preset dev-tsan -R '^tst_(networkthread|wrongthreads)$'
for name in memory advertised reflectors heal contactreturns; do
    attack=0
    tests/natlab/labrun tests/natlab/$name.sh build/dev/qp2pcore/tools/qp2p/qp2p build/dev/tests/natlab/hostile/qp2p-hostile --all ||
        attack=$?
    [ "$attack" = 0 ] || [ "$attack" = 77 ] || exit "$attack"
done
.ci/tidy --all
