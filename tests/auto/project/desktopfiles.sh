#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# What is installed of the desktop app in PREFIX: all of it is there, it starts, and the desktop's own
# tools find nothing wrong with it.

set -uo pipefail

prefix=$1
id=org.qp2p.desktop
failures=0

fail() {
    echo "desktopfiles.sh: $*" >&2
    failures=$((failures + 1))
}

for file in bin/qp2p-desktop "share/applications/$id.desktop" "share/metainfo/$id.metainfo.xml" \
    "share/icons/hicolor/scalable/apps/$id.svg" "share/icons/hicolor/symbolic/apps/$id-symbolic.svg"; do
    [ -s "$prefix/$file" ] || fail "$file is not installed"
done

version=$("$prefix/bin/qp2p-desktop" --version) || fail "qp2p-desktop --version ended with $?"
grep -q "<release version=\"${version##* }\"" "$prefix/share/metainfo/$id.metainfo.xml" ||
    fail "the metainfo does not know the release ${version##* }"

if command -v desktop-file-validate >/dev/null; then
    desktop-file-validate "$prefix/share/applications/$id.desktop" || fail "the desktop entry is not valid"
else
    echo "SKIP   : there is no desktop-file-validate here (Debian package desktop-file-utils)."
fi
if command -v appstreamcli >/dev/null; then
    appstreamcli validate --no-net --pedantic "$prefix/share/metainfo/$id.metainfo.xml" ||
        fail "the metainfo is not valid"
else
    echo "SKIP   : there is no appstreamcli here (Debian package appstream)."
fi
exit $((failures > 0))
