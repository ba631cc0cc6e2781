// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! What both sides must agree on: the works, and how qp2p is set up for each.

use crate::{options::Options, Failure};
use qp2p::{Endpoint, EndpointBuilder};
use std::{fs, io::Write, str::FromStr, time::Duration};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Messages,
    Roundtrip,
    Handshakes,
    Idle,
}

/// An endpoint builder with the settings a user after this work would choose.
pub fn builder(options: &Options) -> EndpointBuilder {
    let builder = Endpoint::builder()
        .addr((options.bind, 0))
        .idle_timeout(60_000)
        // Whoever runs the comparison decides. With 100 uni streams senders of 64-byte messages
        // wait for stream credit and get through about half as many; above 10,000 there is nothing
        // more to gain. And quinn 0.9 allots every permitted stream when a connection is made, so
        // a higher limit costs handshakes and memory.
        .max_concurrent_uni_streams(options.uni_streams)
        .max_concurrent_bidi_streams(options.bidi_streams);
    match options.work {
        Work::Idle => builder.keep_alive_interval(Duration::from_secs(20)),
        Work::Messages | Work::Roundtrip | Work::Handshakes => builder,
    }
}

impl FromStr for Work {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "messages" => Ok(Work::Messages),
            "roundtrip" => Ok(Work::Roundtrip),
            "handshakes" => Ok(Work::Handshakes),
            "idle" => Ok(Work::Idle),
            _ => Err("not a work"),
        }
    }
}

/// Resident memory of this process, in KiB.
pub fn rss_kib() -> Result<u64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    Ok(number.ok_or("/proc/self/status has no VmRSS")?.parse()?)
}

/// Writes one line to stdout at once: the script on the other end of the pipe waits for it.
pub fn report(json: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{json}")?;
    Ok(stdout.flush()?)
}
