#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Makes FOLDER/peer, a peer on aioquic in a virtual environment; fails with the reason where that cannot
# be done. pip takes the package from where the machine's own settings say.
set -euo pipefail
folder=${1:?usage: prepare.sh FOLDER}
version=1.7.2
here=$(pwd)
mkdir -p "$folder"
if [ ! -e "$folder/ready-$version" ]; then
    command -v python3 >/dev/null || {
        echo "python3 was not found."
        exit 1
    }
    rm -rf "$folder/venv"
    python3 -m venv "$folder/venv" || {
        echo "python3 cannot make virtual environments; on Debian install python3-venv."
        exit 1
    }
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "aioquic==$version"
    touch "$folder/ready-$version"
fi
printf '#!/bin/sh\nexec "%s/venv/bin/python" "%s/peer.py" "$@"\n' "$folder" "$here" >"$folder/peer"
chmod +x "$folder/peer"
