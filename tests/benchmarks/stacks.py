# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""The stacks that tests/benchmarks/compare can run, how their programs are built, and their versions."""

import os
import pathlib
import re
import shutil
import subprocess
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUST = HERE / "peers_rs"
GO = HERE / "quic_go"

# The streams that this library lets a peer have open, for those that have lower limits of their own.
OUR_STREAMS = ("--uni-streams", "1000", "--bidi-streams", "100")


class Failure(Exception):
    pass


@dataclass(frozen=True)
class Stack:
    """A program of this folder. Its columns are headed as COLUMNS says: heading -> options."""

    name: str  # for --stacks
    build: object  # (folder) -> the program; raises Failure
    version: object  # () -> str
    columns: dict
    note: str = ""  # what a reader of its figures must know
    can: tuple = ()  # what trials may need
    is_bound: bool = False  # what this library could reach, rather than a stack to compete with


@dataclass
class Contender:
    """A column: a stack with one set of options."""

    stack: Stack
    heading: str
    program: pathlib.Path
    options: tuple = ()  # of server and client
    figures: dict = field(default_factory=dict)  # by path, trial and row: one for each round

    def is_ours(self):
        return self.stack.name == "ours"

    def can_do(self, trial):
        return not trial.needs or trial.needs in self.stack.can


# --- Building ------------------------------------------------------------------------------------


def build_step(command, folder, **variables):
    """Shows what a build says only where it fails."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False, env=os.environ | variables)
    if done.returncode != 0:
        last = "\n".join("    " + line for line in done.stdout.splitlines()[-15:])
        raise Failure(f"{' '.join(map(str, command))} failed:\n{last}")


def need(program, how):
    if not shutil.which(program):
        raise Failure(f"{program} was not found. {how}")


def build_cmake(folder, target):
    need("cmake", "installer/dependencies.sh gets what a build needs.")
    if not (folder / "CMakeCache.txt").exists():
        build_step(["cmake", "--preset", "release", "-B", folder, "-DQP2P_BUILD_BENCHMARKS=ON"], ROOT)
    build_step(["cmake", "--build", folder, "--target", target], ROOT)
    for program in sorted(folder.rglob(target)):
        if program.is_file() and os.access(program, os.X_OK):
            return program
    raise Failure(f"{folder} has no {target} after its build. Configure it with "
                  "-DQP2P_BUILD_BENCHMARKS=ON.")


def build_ours(folder):
    program = build_cmake(folder, "qp2p-bench-ours")
    cache = (folder / "CMakeCache.txt").read_text(errors="replace")
    if "CMAKE_BUILD_TYPE:STRING=Release" not in cache:
        print(f"  Note: {folder} is not a build of type Release.")
    return program


def build_bare(folder):
    return build_cmake(folder, "bare-bench")


def build_rust(package):
    def build(_folder):
        need("cargo", "Install Rust, or Debian's package cargo.")
        build_step(["cargo", "build", "--release", "-p", package], RUST)
        target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))
        return RUST / target / "release" / package
    return build


def build_go(folder):
    need("go", "Install Go 1.26 or newer.")
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "quic-go-bench"
    build_step(["go", "build", "-buildvcs=false", "-o", program, "."], GO, GOTOOLCHAIN="local")
    return program


# --- Versions ------------------------------------------------------------------------------------


def output_of(*command):
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True,
                              timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def our_version():
    listed = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    version = re.search(r"project\(.*?VERSION\s+([\d.]+)", listed, re.DOTALL)
    commit = output_of("git", "describe", "--always", "--dirty", "--exclude=*")
    return f"{version[1] if version else '?'} {commit}".strip()


def crate_version(name, begins=""):
    def version():
        try:
            lock = (RUST / "Cargo.lock").read_text(encoding="utf-8")
        except OSError:
            return "?"
        found = re.findall(rf'name = "{name}"\nversion = "({re.escape(begins)}[^"]*)"', lock)
        return found[-1] if found else "?"
    return version


def module_version():
    found = re.search(r"quic-go/quic-go v(\S+)", (GO / "go.mod").read_text(encoding="utf-8"))
    return found[1] if found else "?"


# --- All of them ---------------------------------------------------------------------------------

CONFIRMED = ("has a connection open when the peer has confirmed the handshake, after two round trips; the"
             " others when their own side of it is complete, after one")
ONE_SIDED = "authenticates only the server in its handshakes; all others authenticate both sides"
NO_ACKNOWLEDGEMENTS = ("does not report when a stream is acknowledged: the server confirms a message by"
                       " closing its direction of the stream")
NOTHING_AROUND = ("is ngtcp2 and GnuTLS with nothing around them, the bound of what this library could reach;"
                  " it sends no datagrams of more than 1,452 bytes on loopback, and is no other stack")

STACKS = (
    Stack("ours", build_ours, our_version, {"this library": ()}, note=CONFIRMED, can=("retry",)),
    Stack("qp2p", build_rust("qp2p-bench"), crate_version("qp2p"),
          {"qp2p, our stream limits": OUR_STREAMS, "qp2p, its defaults": ()}, note=ONE_SIDED),
    Stack("quinn", build_rust("quinn-bench"), crate_version("quinn", "0.11"), {"quinn": OUR_STREAMS}),
    Stack("s2n", build_rust("s2n-bench"), crate_version("s2n-quic"), {"s2n-quic": OUR_STREAMS}),
    Stack("quic-go", build_go, module_version, {"quic-go": OUR_STREAMS}, note=NO_ACKNOWLEDGEMENTS),
    Stack("bare", build_bare, our_version, {"bare ngtcp2": ()}, note=NOTHING_AROUND, is_bound=True),
)

# Named, so that they are not looked for.
NOT_WRITTEN = {
    "iroh": "there is no program for it; its transport is a fork of quinn",
    "msquic": "there is no program for it; the newest releases of its crate are betas",
}


def names():
    return [stack.name for stack in STACKS if stack.name != "ours"]


def build_all(wanted, folder):
    """The programs by name of their stack, and why others are left out."""
    programs = {}
    left_out = {}
    for stack in STACKS:
        if stack.name != "ours" and stack.name not in wanted:
            continue
        print(f"Building {stack.name} ...", flush=True)
        try:
            programs[stack.name] = str(stack.build(folder))
        except Failure as why:
            if stack.name == "ours":
                raise
            left_out[stack.name] = str(why)
    return programs, left_out


def contenders(programs, *, tuned, controllers):
    found = []
    for stack in STACKS:
        if stack.name not in programs:
            continue
        columns = dict(stack.columns)
        if tuned and stack.name == "qp2p":
            columns["qp2p, 10,000 streams"] = ("--uni-streams", "10000", "--bidi-streams", "100")
        if controllers and stack.name == "ours":
            columns["this library, BBR"] = ("--congestion", "bbr")
        found += [Contender(stack, heading, pathlib.Path(programs[stack.name]), options)
                  for heading, options in columns.items()]
    return found
