// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The measured works of `tests/benchmarks`, done by the Rust crate qp2p 0.36.4.
//!
//! It takes the same command line and prints the same JSON lines as the C++ program it is run
//! against in turn, so that a script can hold the two side by side.

mod client;
mod options;
mod server;
mod works;

use options::{Options, Role};
use std::process::ExitCode;

/// Whatever went wrong, for stderr.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("qp2p-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

// The runtime `#[tokio::main]` gives: multi-threaded, one worker for each core.
#[tokio::main]
async fn run() -> Result<(), Failure> {
    let options = Options::parse(std::env::args().skip(1))?;
    match options.role {
        Role::Server => server::serve(&options).await,
        Role::Client(address) => client::run(&options, address).await,
    }
}
