// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The measured works of `tests/benchmarks/compare`, on whatever stack implements [`Stack`].
//!
//! The programs take the same command line and print the same JSON lines as the C++ program they are
//! run against in turn, so that a script can hold them side by side.

mod options;
mod report;
mod server;
mod works;

pub use bytes::Bytes;
pub use options::{Options, Role, Work};
pub use server::Held;

use std::{future::Future, net::SocketAddr, process::ExitCode};

/// Whatever went wrong, for stderr.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One implementation of QUIC. Its functions are called inside a multi-threaded runtime.
pub trait Stack {
    /// Of the program, for its messages.
    const NAME: &'static str;
    type Dialler: Dialler;

    /// Begins to accept connections, in tasks of its own, and returns where. Takes every message,
    /// answers every request with itself, and holds a [`Held`] for each connection.
    fn serve(options: &Options) -> Result<SocketAddr, Failure>;
    fn dialler(options: &Options, server: SocketAddr) -> Result<Self::Dialler, Failure>;
}

/// The side that dials: one UDP socket.
pub trait Dialler: Clone + Send + Sync + 'static {
    type Link: Link;

    /// Returns when the handshake is complete. Never resumes a session.
    fn dial(&self) -> impl Future<Output = Result<Self::Link, Failure>> + Send;
    /// Sends the closes that are still to be sent; else the server would hold the connections until
    /// its idle timeout.
    fn finish(&self) -> impl Future<Output = ()> + Send;
}

/// An open connection. The last clone that is dropped closes it.
pub trait Link: Clone + Send + Sync + 'static {
    /// Returns when the peer has acknowledged all of the message.
    fn send(&self, message: Bytes) -> impl Future<Output = Result<(), Failure>> + Send;
    /// Returns the size of the reply.
    fn request(&self, message: Bytes) -> impl Future<Output = Result<usize, Failure>> + Send;
    fn close(&self);
    fn is_open(&self) -> bool;
}

/// The whole program.
pub fn run<S: Stack>() -> ExitCode {
    match run_in_runtime::<S>() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}: {failure}", S::NAME);
            ExitCode::FAILURE
        }
    }
}

// The runtime that `#[tokio::main]` gives: multi-threaded, one worker for each core.
#[tokio::main]
async fn run_in_runtime<S: Stack>() -> Result<(), Failure> {
    let options = Options::parse(S::NAME, std::env::args().skip(1))?;
    match options.role {
        Role::Server => {
            let address = S::serve(&options)?;
            server::obey(&options, address).await
        }
        Role::Client(address) => {
            let dialler = S::dialler(&options, address)?;
            works::run(&options, &dialler).await?;
            dialler.finish().await;
            Ok(())
        }
    }
}
