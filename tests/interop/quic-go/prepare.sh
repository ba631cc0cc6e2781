#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Makes the program FOLDER/peer on quic-go; fails with the reason where that cannot be done.
set -euo pipefail
folder=${1:?usage: prepare.sh FOLDER}
command -v go >/dev/null || {
    echo "go was not found; install Go 1.26 or newer to run this."
    exit 1
}
mkdir -p "$folder"
GOTOOLCHAIN=local go build -o "$folder/peer" .
