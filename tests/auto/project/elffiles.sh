#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# elffiles.sh BUILD_DIR PREFIX HARDENING: every program and library of ours, as built and as installed,
# looks for libraries only in folders that are named, and has what HARDENING (the flags, separated by
# spaces; which may be none) promises.

set -euo pipefail
build="$1"
prefix="$2"
hardening=" ${3-} "
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../qp2pcore" && pwd)

for tool in readelf od; do
    if ! command -v "$tool" > /dev/null; then
        echo "SKIP   : there is no $tool here, which reads programs."
        exit 77
    fi
done
if [ "$(uname -s)" != Linux ]; then
    echo "SKIP   : programs are no ELF files here."
    exit 77
fi
export LC_ALL=C

failures=0
fail() {
    echo "FAIL   : $1"
    failures=$((failures + 1))
}
has() { case "$hardening" in *"$1"*) return 0 ;; *) return 1 ;; esac; }

# An empty entry is the current folder, and so is everything that is relative.
check_run_path() {
    local file="$1" dynamic="$2" path entry
    path=$(sed -n 's/.*(R\(UN\)\{0,1\}PATH).*\[\(.*\)\]$/\2/p' <<< "$dynamic")
    if ! grep -q '(RUNPATH)\|(RPATH)' <<< "$dynamic"; then
        return 0
    fi
    while IFS= read -r -d : entry; do
        case "$entry" in
            /* | '$ORIGIN' | '$ORIGIN/'*) ;;
            *) fail "$file looks for libraries in '$entry' (of '$path')" ;;
        esac
        case "$file" in
            "$prefix"/*)
                if [ "${entry#/}" != "$entry" ]; then
                    fail "$file is installed and looks for libraries in '$entry'"
                fi ;;
        esac
    done <<< "$path:"
}

check_hardening() {
    local file="$1" dynamic="$2" segments symbols
    segments=$(readelf -W -h -l "$file")
    if has -z,now && ! grep -q 'BIND_NOW\|Flags:.*NOW' <<< "$dynamic"; then
        fail "$file looks its symbols up late: no BIND_NOW"
    fi
    if has -z,relro && ! grep -q GNU_RELRO <<< "$segments"; then
        fail "$file has no GNU_RELRO"
    fi
    if ! grep -q 'Type: *DYN' <<< "$segments"; then
        fail "$file cannot be loaded at a random address"
    fi
    if grep -q 'GNU_STACK.*RWE' <<< "$segments"; then
        fail "$file has a stack that can be executed"
    fi
    # Only in programs and libraries that are large enough to use them.
    case "$file" in
        */libqp2pcore.so.* | */qp2p | */qp2p-desktop)
            symbols=$(readelf -W --dyn-syms "$file")
            if has -fstack-protector-strong && ! grep -q ' __stack_chk_fail' <<< "$symbols"; then
                fail "$file does not watch its stack"
            fi ;;
    esac
    case "$file" in
        */libqp2pcore.so.*)
            if has _FORTIFY_SOURCE && ! grep -q ' __[a-z]*_chk\b' <<< "$symbols"; then
                fail "$file was not built with _FORTIFY_SOURCE"
            fi ;;
    esac
}

# The linker marks a file only where every object has the mark, and those of some C libraries have none:
# so our own objects are looked at.
check_objects() {
    local object name objects=0
    while IFS= read -r -d '' object; do
        # An older build may have left an object whose source is gone.
        name=${object##*.dir/}
        if [ ! -e "$sources/${name%.o}" ]; then
            continue
        fi
        if ! grep -q 'Machine:.*X86-64' <<< "$(readelf -h "$object")"; then
            return 0
        fi
        objects=$((objects + 1))
        if ! grep -q 'x86 feature:.*IBT.*SHSTK' <<< "$(readelf -n "$object" 2>&1)"; then
            fail "$object has no marks for IBT and SHSTK"
        fi
    done < <(find "$build/qp2pcore/CMakeFiles" -name '*.cpp.o' -print0)
    if [ "$objects" -eq 0 ]; then
        fail "there are no objects of the library in $build"
    fi
}
if has -fcf-protection; then
    check_objects
fi

count=0
for root in "$build" "$prefix"; do
    while IFS= read -r -d '' file; do
        case "$file" in
            */libngtcp2*) continue ;; # not ours
        esac
        if [ "$root" = "$build" ] && [ "${file#"$build"/tests/project/}" != "$file" ]; then
            continue # other projects, and the installation itself, which has its own turn
        fi
        if [ "$(od -A n -N 4 -t x1 "$file" | tr -d ' \n')" != 7f454c46 ]; then
            continue
        fi
        if ! readelf -h "$file" | grep -q 'Type: *\(DYN\|EXEC\)'; then
            continue
        fi
        count=$((count + 1))
        dynamic=$(readelf -W -d "$file")
        check_run_path "$file" "$dynamic"
        if [ -n "${hardening// /}" ]; then
            check_hardening "$file" "$dynamic"
        fi
    done < <(find "$root" -name CMakeFiles -prune -o -name .git -prune -o -type f -size +1k \
        ! -name '*.o' ! -name '*.a' ! -name '*.cpp' ! -name '*.h' ! -name '*.d' -print0)
done

echo "$count programs and libraries, $failures faults; flags:$hardening"
if [ "$count" -lt 2 ]; then
    fail "there are no programs and libraries in $build and $prefix"
fi
[ "$failures" -eq 0 ]
