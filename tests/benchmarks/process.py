# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""A program that tests/benchmarks/compare runs, and the lines of JSON that it prints."""

import json
import subprocess
import tempfile

from stacks import Failure


class Process:
    """A server, a client or a link, and the lines of JSON that it prints."""

    def __init__(self, command):
        self.command = [str(word) for word in command]
        # Not a pipe: it is not read before the end, and a full one would stop the program.
        self.complaints = tempfile.TemporaryFile("w+", errors="replace")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.complaints, text=True)

    def line(self):
        text = self.process.stdout.readline()
        if not text:
            self.end()
            raise Failure(f"{' '.join(self.command)} said nothing more.")
        return json.loads(text)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.line()

    def has_ended(self):
        return self.process.poll() is not None

    def end(self):
        """Closing stdin says "enough"; who does not listen is ended."""
        try:
            self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure(f"{' '.join(self.command)} did not end.") from None
        if self.process.returncode != 0:
            self.complaints.seek(0)
            first = self.complaints.readline().strip()
            raise Failure(f"{' '.join(self.command)} failed: {first}")

    def kill(self):
        if not self.has_ended():
            self.process.kill()
        self.process.wait()
        self.complaints.close()
