#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# rooms.sh ROOT: draws the include arrows between the rooms of the library (qp2pcore/doc/architecture.md) and fails on
# one that points up or sideways. Also: the top folder holds only public headers and the .cpp of the same name.

set -euo pipefail
cd "$1"

# From top to bottom. A room may include itself and what is in the lines below; rooms of one line don't know each other.
# tools/shared is what both programs do in the same way, private what tests need beside the public headers.
rooms='
tools gui examples
tools/shared
private
network
discovery
peering
peering/protocol
endpoint
io
nat
engine/messages
engine
settings
certificates
storage
support
values
'

# The top folder: the room of a header, and of its .cpp where that belongs higher, because values and their
# implementations may need what is above the value.
faces='
acceptance values
authority certificates
bootstrapcache network
cachednode values
certificateinfo certificates
certificatepolicy certificates
closecode values
connection endpoint
connectionpath values
connectionstats values
endpoint endpoint
endpointconfig settings
identity certificates
joincandidate values
localfile values storage
message values
natconfig settings
network network
networkconfig network
networkstatus network
peer network
peeraddress values
peerid values
protocol values
qp2pcore_export values
reachability values
request endpoint
result values
safetext values
version values io
'

# The inside of a public class stands in the folder of what it is made of, and belongs to the room of the class:
# FOLDER/<class>private.h, and FOLDER/<class>*.cpp where it includes that.

# Arrows up that are still there: the file, and the header in qp2pcore/. None may be added; one that is gone must be taken
# out here.
exceptions='
'

failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# --- The top folder

while IFS= read -r file; do
    name=${file%.*}
    case $file in
    *.h | CMakeLists.txt) ;;
    *.h.in) name=${name%.h} ;;
    *.cpp)
        [ -e "qp2pcore/$name.h" ] || [ -e "qp2pcore/$name.h.in" ] ||
            fail "qp2pcore/$file has no header of its name beside it: it belongs in the folder of a room"
        ;;
    *) fail "qp2pcore/$file is neither a public header nor its .cpp" ;;
    esac
    [ "$file" = CMakeLists.txt ] || grep -q "^$name " <<<"$faces" ||
        fail "qp2pcore/$file is in no row of the table of this script"
done < <(find qp2pcore -maxdepth 1 -type f -printf '%f\n' | sort)
while read -r name _; do
    [ -z "$name" ] || [ "$name" = qp2pcore_export ] || [ -e "qp2pcore/$name.h" ] || [ -e "qp2pcore/$name.h.in" ] ||
        fail "the table of this script has a row for $name, and qp2pcore/$name.h does not exist"
done <<<"$faces"

# --- The arrows

# "file header", both below qp2pcore/ (gui/ keeps its name)
arrows=$(find qp2pcore gui \( -name '*.h' -o -name '*.cpp' \) -print0 |
    xargs -0 grep -HoE '^ *# *include +[<"]qp2pcore/[^>"]+' |
    sed -E 's|^qp2pcore/||; s|: *# *include +[<"]qp2pcore/| |' | sort -u)

report=$(awk -v rooms="$rooms" -v faces="$faces" -v exceptions="$exceptions" '
    # The class whose inside path is, or nothing.
    function classOf(path,    name) {
        name = path
        if (sub(/^.*\//, "", name) && sub(/private\.h$/, "", name) && (name in headerRoom)) return name
        return ""
    }
    function folderOf(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }
    function room(path,    name, folder) {
        if (path ~ /^gui\//) return "gui"
        if (path in inside) return headerRoom[inside[path]]
        if ((name = classOf(path)) != "") return headerRoom[name]
        if (path !~ /\//) {
            name = path
            sub(/\.[^.]*$/, "", name)
            if (!(name in headerRoom)) return "?" path
            return path ~ /\.cpp$/ ? cppRoom[name] : headerRoom[name]
        }
        folder = path
        sub(/\/[^\/]*$/, "", folder)
        if (folder ~ /^(tools|examples)\// && folder != "tools/shared") sub(/\/.*/, "", folder)
        return folder in level ? folder : "?" path
    }
    function complain(text) { print "FAIL: " text; ++failures }
    BEGIN {
        count = split(rooms, lines, "\n")
        for (i = 1; i <= count; ++i) {
            n = split(lines[i], names, " ")
            for (j = 1; j <= n; ++j) { level[names[j]] = i; order[++ordered] = names[j] }
        }
        count = split(faces, lines, "\n")
        for (i = 1; i <= count; ++i) {
            n = split(lines[i], names, " ")
            if (n == 0) continue
            headerRoom[names[1]] = names[2]
            cppRoom[names[1]] = n > 2 ? names[3] : names[2]
            if (!(names[2] in level) || !(cppRoom[names[1]] in level)) complain("there is no such room: " lines[i])
        }
        count = split(exceptions, lines, "\n")
        for (i = 1; i <= count; ++i) if (lines[i] != "") excepted[lines[i]] = 1
    }
    # The arrows come twice: first to see which files are the inside of a class.
    FNR == NR { if ((name = classOf($2)) != "" && folderOf($1) == folderOf($2) && index($1, folderOf($1) "/" name) == 1) inside[$1] = name; next }
    {
        from = room($1); to = room($2)
        if (from ~ /^\?/ || to ~ /^\?/) { complain($1 " -> " $2 ": no room is known for " substr(from ~ /^\?/ ? from : to, 2)); next }
        if (from == to) next
        ++seen[from, to]; ++arrows
        outside = level[from] <= level["tools/shared"] && (to != "tools/shared" || from == "examples")
        wrong = level[to] <= level[from] || (outside && $2 ~ /\//)
        if (wrong && ($0 in excepted)) { used[$0] = 1; ++up[from, to]; next }
        if (wrong) complain($1 " includes <qp2pcore/" $2 ">: " (outside && $2 ~ /\// \
            ? "programs use the public headers only" : from " -> " to " does not point down"))
    }
    END {
        for (i = 1; i <= ordered; ++i) {
            line = ""
            for (j = 1; j <= ordered; ++j) if ((order[i], order[j]) in seen)
                line = line " " order[j] "(" seen[order[i], order[j]] (((order[i], order[j]) in up) ? ", " up[order[i], order[j]] " up" : "") ")"
            if (line != "") printf "%-17s ->%s\n", order[i], line
        }
        for (one in excepted) if (!(one in used)) complain("this exception is not needed any more, take it out: " one)
        if (arrows < 200) complain("only " arrows + 0 " arrows were found")
        exit failures > 0
    }' <(echo "$arrows") <(echo "$arrows")) || failures=$((failures + 1))
echo "$report"

# What no include can show: a class that is only declared.
while IFS= read -r line; do
    fail "$line: the public headers know neither the environment nor tests (qp2pcore/private/simulated.h does)"
done < <(grep -nE '\b(Io|Test)::|\bnamespace (Io|Test)\b|\bEnvironment\b' qp2pcore/*.h)
while IFS= read -r line; do
    fail "$line: the engine knows nothing of the messages above it"
done < <(grep -nE '\b(class|struct) (MessageProtocol|MessagingProtocol|LegacyProtocol|ControlMessage|Hello)\b' \
    qp2pcore/engine/*.h qp2pcore/engine/*.cpp)

while IFS= read -r line; do
    fail "$line: of the engine NAT traversal knows ways and addresses only"
done < <(grep -nE '#include <qp2pcore/engine/' -r qp2pcore/nat | grep -vE '<qp2pcore/engine/(way|socketaddress)\.h>')

# A folder that belongs to no room.
while IFS= read -r folder; do
    case $folder in doc | doc/* | tools | tools/* | examples | examples/*) continue ;; esac
    grep -qxF -- "$folder" <<<"${rooms// /$'\n'}" || fail "qp2pcore/$folder/ is no room of the table of this script"
done < <(find qp2pcore -mindepth 1 -type d -printf '%P\n' | sort)

exit $((failures > 0))
