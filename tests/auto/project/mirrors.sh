#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# installer/dependencies.sh finds the Debian mirror in every shape that apt's configuration can have,
# and no other vendor's archive before it. Argument: the source folder.

set -euo pipefail

command -v apt-config >/dev/null || {
    echo "There is no apt here to be configured."
    exit 77
}
# shellcheck source=/dev/null
. "$1/installer/dependencies.sh"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/parts"
cat >"$folder/apt.conf" <<CONF
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "$folder/parts";
CONF
export APT_CONFIG="$folder/apt.conf"
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")

failures=0

# expect <what> <expected output of debian_mirrors, \036 written as |>
expect() {
    local found
    found=$(debian_mirrors | tr '\036\t' '|#')
    if [ "$found" != "$2" ]; then
        printf 'FAIL: %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$found"
        failures=$((failures + 1))
    fi
    rm -f "$folder/sources.list" "$folder/parts"/*
}

expect "nothing is configured" ""

cat >"$folder/sources.list" <<LIST
# deb http://commented.example/debian $suite main
deb cdrom:[Debian - amd64 DVD]/ $suite main
deb-src http://sources.example/debian $suite main
deb http://one.example/debian/ $suite main contrib # with a comment
deb http://one.example/debian $suite-updates main
deb http://one.example/security $suite-security main
LIST
expect "one-line form" "http://one.example/debian#"

echo "deb [ arch=amd64 signed-by=/a/key.gpg,/b/key.gpg ] https://two.example/debian stable main" \
    >"$folder/parts/two.list"
expect "one-line form with options" "https://two.example/debian#Signed-By: /a/key.gpg /b/key.gpg|"

echo "deb [trusted=yes arch=amd64] http://three.example/debian $suite main" >"$folder/parts/three.list"
echo "deb http://ignored.example/debian $suite main" >"$folder/parts/three.list.save"
expect "a trusted archive, and a file that apt ignores" "http://three.example/debian#Trusted: yes|"

cat >"$folder/parts/debian.sources" <<SOURCES
# A comment before the stanza
Types: deb deb-src
# and one inside
URIs: http://four.example/debian/
Suites: $suite $suite-updates $suite-backports
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
URIs: http://four.example/debian-security
Suites: $suite-security
Components: main
SOURCES
expect "deb822 form" "http://four.example/debian#Signed-By: /usr/share/keyrings/a.gpg|"

cat >"$folder/parts/debian.sources" <<SOURCES
Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: $suite
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: $suite
Components: main

types: deb
uris:
 http://five.example/debian
 http://six.example/debian
suites: $suite
components:
 contrib
 main
SOURCES
expect "deb822 form: disabled, sources only, lists over several lines, names in lower case" \
    "http://five.example/debian#
http://six.example/debian#"

cat >"$folder/parts/debian.sources" <<SOURCES
Types: deb
URIs: http://seven.example/debian
Suites: $suite
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abcdef==
 -----END PGP PUBLIC KEY BLOCK-----
SOURCES
expect "a key inside the file" "http://seven.example/debian#Signed-By: \
| -----BEGIN PGP PUBLIC KEY BLOCK-----| .| abcdef==| -----END PGP PUBLIC KEY BLOCK-----|"

cat >"$folder/parts/a-vendor.list" <<LIST
deb [signed-by=/vendor/key] https://vendor.example/apt cloud-sdk-$suite main
deb [signed-by=/vendor/key] https://vendor.example/docker $suite stable
deb [signed-by=/vendor/key] https://vendor.example/deb $suite main
LIST
cat >"$folder/parts/debian.sources" <<SOURCES
Types: deb
URIs: mirror+file:///etc/apt/mirrors/debian.list
Suites: $suite $suite-updates
Components: main
SOURCES
expect "another vendor's archives come last or not at all" \
    "mirror+file:///etc/apt/mirrors/debian.list#
https://vendor.example/deb#Signed-By: /vendor/key|"

exit $((failures > 0))
