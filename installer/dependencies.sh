#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Gets what a build needs on Debian: packages with apt, and where the system's ngtcp2 is too old, newer
# packages unpacked into .deps/ without touching the system's.

set -euo pipefail

# Older ngtcp2 lets a hostile peer abort the process.
readonly core_version=1.22.1
readonly glue_version=1.11

# command:package for programs, which may come from elsewhere; a bare name is a package.
build_needs=(
    cmake:cmake
    ninja:ninja-build
    c++:g++
    pkg-config:pkgconf
    libgnutls28-dev
    qt6-base-dev
    qt6-l10n-tools
    qt6-svg-dev
    qt6-tools-dev
    qt6-tools-dev-tools
)
test_needs=(
    ca-certificates
    clang-format:clang-format
    ip:iproute2
    nft:nftables
)
# Used when there, for tests and examples.
test_wishes=(
    appstream
    clang-tidy-14:clang-tidy-14
    desktop-file-utils
    mold:mold
    python3-venv
    qcoro-qt6-dev
    valgrind:valgrind
    xvfb
)

# The core needs only an old libc, so that of Debian 13's backports runs on 12 as well. The glue of
# Debian 13 would need a newer GnuTLS than 12 has; the one of 12's backports works with the newer core,
# whose soname is the same. Order matters: both -dev packages carry ngtcp2_crypto.h, and the glue's
# must lie on top.
ngtcp2_packages=(
    libngtcp2-16/trixie-backports
    libngtcp2-crypto-gnutls8/bookworm-backports
    libngtcp2-dev/trixie-backports
    libngtcp2-crypto-gnutls-dev/bookworm-backports
)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly deps="$root/.deps"
readonly unpacked="$deps/ngtcp2"
# Without a terminal no question can be asked.
assume_yes=no
[ -t 0 ] || assume_yes=yes
# Gone again when the script ends.
readonly new="$deps/ngtcp2.new"
readonly work="$deps/apt"

usage() {
    cat <<HELP
Usage: installer/dependencies.sh [--yes] [--tests] [--help]

Gets what a build of QP2P needs, on Debian 12 or newer:
  - the missing ones of CMake, Ninja, g++, pkg-config, Qt 6 and GnuTLS, with apt
    (as root or with sudo; asks before, unless --yes is given or there is no terminal);
  - where the system's ngtcp2 is older than $core_version: newer packages from the Debian mirror that
    this machine uses, unpacked into .deps/ngtcp2. That needs no root and changes nothing outside
    this folder.

  --yes     install without asking
  --tests   also get what only the tests need
  --help    show this text

Does nothing, and needs no network, when everything is there. Delete .deps/ to start afresh.
HELP
}

main() {
    local with_tests=no
    while [ $# -gt 0 ]; do
        case $1 in
        -y | --yes) assume_yes=yes ;;
        --tests) with_tests=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) die "Unknown option '$1'; see installer/dependencies.sh --help." ;;
        esac
        shift
    done

    command -v apt-get >/dev/null ||
        die "This script knows apt only, and there is none here." \
            "Install with your system's tools: CMake 3.25, Ninja, a C++20 compiler, pkg-config, Qt 6.4," \
            "GnuTLS 3.7.9, ngtcp2 $core_version and its GnuTLS glue $glue_version, or newer ones."

    local missing
    mapfile -t missing < <(missing_of "${build_needs[@]}")
    [ "$with_tests" = no ] || mapfile -t -O "${#missing[@]}" missing < <(missing_of "${test_needs[@]}")
    install_with_apt "${missing[@]}"

    # Only now is it known what is available: a fresh machine has no lists.
    if [ "$with_tests" = yes ]; then
        mapfile -t missing < <(missing_of "${test_wishes[@]}" | only_available)
        install_with_apt "${missing[@]}"
    fi

    if ! system_ngtcp2_is_new_enough && ! unpacked_ngtcp2_is_current; then
        if apt_offers_new_ngtcp2; then
            install_with_apt libngtcp2-dev libngtcp2-crypto-gnutls-dev
        else
            unpack_ngtcp2
        fi
    fi
    say "Everything that a build needs is there."
}

# --- The system's packages ----------------------------------------------------------------------

missing_of() {
    local need
    for need in "$@"; do
        case $need in
        *:*) PATH=$PATH:/usr/sbin:/sbin command -v "${need%%:*}" >/dev/null || echo "${need#*:}" ;;
        *) is_installed "$need" || echo "$need" ;;
        esac
    done
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

only_available() {
    local package
    while read -r package; do
        [ -z "$(candidate_of "$package")" ] || echo "$package"
    done
}

candidate_of() {
    LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

install_with_apt() {
    [ $# -gt 0 ] || return 0
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get)
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "These packages are missing: $*" \
                "There is no sudo here, so run this as root: apt-get install $*"
        command=(sudo "${command[@]}")
    fi

    say "These packages are missing: $*"
    if [ "$assume_yes" = no ]; then
        local answer
        read -r -p "Install them with apt? [Y/n] " answer
        case $answer in
        '' | [Yy]*) assume_yes=yes ;;
        *) die "Nothing was installed. To do it yourself: apt-get install $*" ;;
        esac
    fi

    # A third party's broken source must not stop us while Debian's own lists are good.
    "${command[@]}" -o DPkg::Lock::Timeout=300 -q update ||
        say "apt could not read all of its sources; going on with those it could read."
    "${command[@]}" -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install "$@" ||
        die "apt could not install: $*" \
            "Its own message is above. Without a network nothing can be fetched; otherwise fix what it" \
            "complains about, then run this again."
}

apt_offers_new_ngtcp2() {
    local core glue
    core=$(candidate_of libngtcp2-dev)
    glue=$(candidate_of libngtcp2-crypto-gnutls-dev)
    [ -n "$core" ] && dpkg --compare-versions "$core" ge "$core_version" &&
        [ -n "$glue" ] && dpkg --compare-versions "$glue" ge "$glue_version"
}

# --- ngtcp2, unpacked ----------------------------------------------------------------------------

system_ngtcp2_is_new_enough() {
    ngtcp2_is_new_enough "${PKG_CONFIG_PATH:-}"
}

ngtcp2_is_new_enough() {
    PKG_CONFIG_PATH=$1 pkg-config --exists "libngtcp2 >= $core_version" \
        "libngtcp2_crypto_gnutls >= $glue_version"
}

unpacked_ngtcp2_is_current() {
    [ -f "$unpacked/.stamp" ] && [ "$(cat "$unpacked/.stamp")" = "$(stamp)" ] &&
        ngtcp2_is_new_enough "$(pkgconfig_dir "$unpacked")"
}

# What the unpacked folder was made from; another text here makes it afresh.
stamp() {
    printf '%s\n' "made as 1 for $(dpkg --print-architecture), core $core_version, glue $glue_version" \
        "${ngtcp2_packages[@]}"
}

pkgconfig_dir() {
    local folder
    for folder in "$1"/usr/lib/*/pkgconfig; do
        echo "$folder"
    done
}

unpack_ngtcp2() {
    say "The system's ngtcp2 is older than $core_version: unpacking a newer one into .deps/ngtcp2."
    trap clean_up EXIT
    rm -rf "$work" "$new" 2>/dev/null || true
    mkdir -p "$work/cache/archives/partial" "$work/sources" "$work/debs" "$new" 2>/dev/null ||
        die "Cannot write to $deps." \
            "Give this user the right to write there, or delete that folder if another user made it."

    prepare_private_apt
    fetch_lists
    download_packages

    local package
    for package in "${ngtcp2_packages[@]}"; do
        dpkg -x "$work/debs/${package%%/*}"_*.deb "$new"
    done
    # Relative to the file itself, so that the checkout can be moved.
    # shellcheck disable=SC2016 # pkg-config expands it, not this shell
    sed -i 's|^prefix=.*|prefix=${pcfiledir}/../../..|' "$new"/usr/lib/*/pkgconfig/*.pc
    verify_unpacked
    stamp >"$new/.stamp"

    rm -rf "$unpacked.old"
    [ ! -e "$unpacked" ] || mv "$unpacked" "$unpacked.old"
    mv "$new" "$unpacked"
    rm -rf "$unpacked.old"
}

clean_up() {
    rm -rf "$work" "$new"
    # With sudo in a user's checkout, the folder must stay that user's.
    [ "$(id -u)" -ne 0 ] || chown -R --reference="$root" "$deps"
}

# An apt whose sources, lists, cache and downloads all lie below our folder, but with the machine's own
# proxy, keys and credentials.
prepare_private_apt() {
    cat >"$work/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$work/sources";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::Cache "$work/cache";
// Downloads go to a folder that the sandbox's user may not be allowed to write.
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
// Hooks look after the system's lists, which we leave alone.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

private_apt() {
    LC_ALL=C apt-get -c "$work/apt.conf" -q "$@" >>"$work/log" 2>&1
}

# Tries the machine's mirrors until one has the backports.
fetch_lists() {
    local uri options tried=()
    while IFS=$'\t' read -r uri options; do
        tried+=("$uri")
        {
            printf 'Types: deb\nURIs: %s\n' "$uri"
            printf 'Suites: %s\n' "$(backports_suites)"
            printf 'Components: main\nArchitectures: %s\n' "$(dpkg --print-architecture)"
            # Line breaks, which a key inside the file has, travelled as \036.
            [ -z "$options" ] || tr '\036' '\n' <<<"$options"
        } >"$work/sources/backports.sources"
        rm -rf "$work/lists"
        mkdir -p "$work/lists/partial"
        # A vendor's archive may call its suites as Debian does; it does not say that it is Debian.
        if private_apt update &&
            ! grep -L '^Origin: Debian Backports$' "$work"/lists/*Release | grep -q .; then
            return
        fi
    done < <(debian_mirrors)

    [ ${#tried[@]} -gt 0 ] ||
        die "apt's configuration names no Debian mirror (a source with a Debian suite and 'main')." \
            "Add one to /etc/apt/sources.list.d/ and run this again, or build ngtcp2 $core_version and its" \
            "GnuTLS glue yourself and name their pkgconfig folder in PKG_CONFIG_PATH."
    tail -n 8 "$work/log" >&2
    die "None of this machine's Debian mirrors gave the lists of $(backports_suites):" \
        "${tried[@]/#/  }" \
        "apt's messages are above. Check the network and the proxy; a mirror without backports must be" \
        "replaced by a full one. Then run this again."
}

backports_suites() {
    printf '%s\n' "${ngtcp2_packages[@]#*/}" | sort -u | paste -sd ' '
}

download_packages() {
    local package
    for package in "${ngtcp2_packages[@]}"; do
        (cd "$work/debs" && private_apt download "$package") || {
            tail -n 4 "$work/log" >&2
            die "The mirror has no ${package%%/*} in ${package#*/}, or it could not be fetched." \
                "Try again later. If it is gone for good, build ngtcp2 $core_version and its GnuTLS glue" \
                "yourself and name their pkgconfig folder in PKG_CONFIG_PATH."
        }
    done
}

verify_unpacked() {
    local library unresolved
    ngtcp2_is_new_enough "$(pkgconfig_dir "$new")" ||
        die "The mirror's backports hold an ngtcp2 older than $core_version (or its glue older than" \
            "$glue_version), or the packages have changed their shape. Build ngtcp2 yourself and name its" \
            "pkgconfig folder in PKG_CONFIG_PATH."
    for library in "$new"/usr/lib/*/libngtcp2*.so.*; do
        unresolved=$(LD_LIBRARY_PATH=$(dirname "$library") ldd "$library" 2>&1 | grep 'not found' || true)
        [ -z "$unresolved" ] ||
            die "The unpacked $(basename "$library") does not fit this system:" "$unresolved" \
                "Build ngtcp2 $core_version yourself and name its pkgconfig folder in PKG_CONFIG_PATH."
    done
}

# --- The machine's mirrors -----------------------------------------------------------------------

# Prints "URI <tab> option lines" of every archive in apt's configuration that carries this system's
# suite with "main"; one that carries its updates too is Debian's own rather than another vendor's and
# comes first.
debian_mirrors() {
    local codename list parts
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    eval "$(apt-config shell list Dir::Etc::SourceList/f parts Dir::Etc::SourceParts/d)"
    parts=${parts%/}
    local files=() file
    [ ! -f "$list" ] || files+=("$list")
    for file in "$parts"/*.list "$parts"/*.sources; do
        [ ! -f "$file" ] || files+=("$file")
    done
    for file in "${files[@]}"; do
        case $file in
        *.sources) deb822_entries <"$file" ;;
        *) one_line_entries <"$file" ;;
        esac
    done | awk -F '\t' -v codename="$codename" '
        # uri, suite, components, options
        (" " $3 " ") !~ / main / || $1 ~ /^cdrom:/ { next }
        $2 == codename || $2 == "stable" || $2 == "oldstable" {
            if (!($1 in options)) order[++count] = $1
            options[$1] = $4
        }
        $2 == codename "-updates" || $2 ~ /^(old)?stable-updates$/ { updated[$1] = 1 }
        END {
            for (own = 1; own >= 0; --own)
                for (i = 1; i <= count; ++i)
                    if ((order[i] in updated) == own) print order[i] "\t" options[order[i]]
        }'
}

# deb [signed-by=/a/key] uri suite component...
one_line_entries() {
    awk '
        { sub(/#.*/, "") }
        $1 != "deb" { next }
        {
            options = ""
            if (match($0, /\[[^]]*\]/) && $2 ~ /^\[/) {
                count = split(substr($0, RSTART + 1, RLENGTH - 2), pairs, /[ \t]+/)
                $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
                for (i = 1; i <= count; ++i) {
                    value = pairs[i]; sub(/^[^=]*=/, "", value); gsub(/,/, " ", value)
                    key = tolower(pairs[i]); sub(/[-+]?=.*/, "", key)
                    if (key == "signed-by") options = options "Signed-By: " value "\036"
                    if (key == "trusted") options = options "Trusted: " value "\036"
                }
            }
            uri = $2; sub(/\/+$/, "", uri)
            components = ""
            for (i = 4; i <= NF; ++i) components = components " " $i
            print uri "\t" $3 "\t" components "\t" options
        }'
}

# Stanzas of "Field: value" with continuation lines; "Enabled: no" takes one out.
deb822_entries() {
    awk '
        function flush(    i, j, uris, suites, uricount, suitecount, options) {
            if ((" " field["types"] " ") ~ /[ \036]deb[ \036]/ \
                && tolower(field["enabled"]) !~ /^(no|false|without|off|disable|0)$/) {
                if (field["signed-by"] != "") options = "Signed-By: " field["signed-by"] "\036"
                if (field["trusted"] != "") options = options "Trusted: " field["trusted"] "\036"
                gsub(/\036/, " ", field["components"])
                uricount = split(field["uris"], uris, /[ \t\036]+/)
                suitecount = split(field["suites"], suites, /[ \t\036]+/)
                for (i = 1; i <= uricount; ++i)
                    for (j = 1; j <= suitecount; ++j)
                        if (uris[i] != "" && suites[j] != "") {
                            sub(/\/+$/, "", uris[i])
                            print uris[i] "\t" suites[j] "\t" field["components"] "\t" options
                        }
            }
            delete field
            name = ""
        }
        /^#/ { next }
        /^[ \t]*$/ { flush(); next }
        /^[ \t]/ { if (name != "") field[name] = field[name] "\036" $0; next }
        {
            name = tolower($0); sub(/[ \t]*:.*/, "", name)
            value = $0; sub(/^[^:]*:[ \t]*/, "", value); sub(/[ \t]+$/, "", value)
            field[name] = value
        }
        END { flush() }'
}

# --- Words ---------------------------------------------------------------------------------------

say() {
    printf '%s\n' "$*"
}

die() {
    printf 'installer/dependencies.sh: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# Sourced, it only lends its functions: a test reads apt configurations with them.
[ "${BASH_SOURCE[0]}" != "$0" ] || main "$@"
