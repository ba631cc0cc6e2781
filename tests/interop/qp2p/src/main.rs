// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! A peer on the Rust crate qp2p 0.36.4, driven by tst_interopqp2p.
//!
//! ```text
//! qp2p-interop listen [IDLE_MS]              echoes everything until standard input ends
//! qp2p-interop dial ADDRESS WORK [ARGUMENT]  against a peer that echoes everything
//! ```
//!
//! Works: `exchange SIZE` (a request and a message with all three parts), `many COUNT` (messages of
//! 200 bytes, every echo checked), `close REASON` (an empty one: that of the crate itself), `drop`
//! (without a word), `wait` (until the peer closes), `idle MS` (without keep-alive). What happens is
//! printed as JSON lines.

mod dial;
mod listen;

use bytes::Bytes;
use qp2p::UsrMsgBytes;
use std::process::ExitCode;

/// Whatever went wrong, for stderr.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["listen", rest @ ..] => listen::listen(rest.first().copied()).await,
        ["dial", address, work, rest @ ..] => {
            dial::dial(address, work, rest.first().copied().unwrap_or("")).await
        }
        _ => Err("usage: qp2p-interop listen [IDLE_MS] | dial ADDRESS WORK [ARGUMENT]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("qp2p-interop: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The bytes number `seed`, `size` of them.
pub fn noise(size: usize, seed: u64) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes.into()
}

pub fn numbered(number: u64) -> UsrMsgBytes {
    let header = Bytes::from(number.to_be_bytes().to_vec());
    (header, Bytes::from_static(b"to"), noise(200, number))
}

/// One line of JSON; text that is not plain is left to the reader's eye.
pub fn report(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
