// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! What both sides must agree on: the works, and how qp2p is set up for each.

use crate::Failure;
use qp2p::{Endpoint, EndpointBuilder};
use std::{fs, io::Write, net::Ipv4Addr, str::FromStr, time::Duration};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Messages,
    Roundtrip,
    Handshakes,
    Idle,
}

impl Work {
    /// An endpoint builder on loopback with the settings a user after this work would choose.
    pub fn builder(self) -> EndpointBuilder {
        let builder = Endpoint::builder()
            .addr((Ipv4Addr::LOCALHOST, 0))
            .idle_timeout(60_000);
        match self {
            // With the default of 100, senders wait for stream credit and get through about half
            // as many 64-byte messages; above 10,000 there is nothing more to gain.
            Work::Messages => builder.max_concurrent_uni_streams(10_000),
            Work::Idle => builder.keep_alive_interval(Duration::from_secs(20)),
            // The default of 100 streams each way: quinn 0.9 allots every permitted stream when a
            // connection is made, so a higher limit costs handshakes and memory.
            Work::Roundtrip | Work::Handshakes => builder,
        }
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
