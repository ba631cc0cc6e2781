// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The command line.

use crate::{works::Work, Failure};
use std::{
    fmt::Display,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
    time::Duration,
};

const USAGE: &str = "usage:
  qp2p-bench server --work WORK [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
  qp2p-bench client --work WORK ADDRESS [--count N] [--size N] [--in-flight N] [--seconds S]
                    [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
WORK is messages, roundtrip, handshakes or idle; --seconds ends a work before its count is reached;
the streams are those that the other side may have open at a time, 100 of each by default;
sockets are bound to 127.0.0.1 by default";

pub enum Role {
    Server,
    Client(SocketAddr),
}

pub struct Options {
    pub role: Role,
    pub work: Work,
    /// Of this side's socket.
    pub bind: IpAddr,
    pub count: u64,
    /// Payload bytes of one message.
    pub size: usize,
    pub in_flight: usize,
    pub time_limit: Option<Duration>,
    pub uni_streams: u32,
    pub bidi_streams: u32,
}

impl Options {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let role = arguments.next().ok_or(USAGE)?;
        let (mut work, mut address, mut bind) = (None, None, None);
        let (mut count, mut size, mut in_flight, mut seconds) = (None, None, None, None);
        let (mut uni_streams, mut bidi_streams) = (None, None);

        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--work" => work = Some(value::<Work>(&argument, arguments.next())?),
                "--bind" => bind = Some(value(&argument, arguments.next())?),
                "--count" => count = Some(value(&argument, arguments.next())?),
                "--size" => size = Some(value(&argument, arguments.next())?),
                "--in-flight" => in_flight = Some(value(&argument, arguments.next())?),
                "--seconds" => seconds = Some(value(&argument, arguments.next())?),
                "--uni-streams" => uni_streams = Some(value(&argument, arguments.next())?),
                "--bidi-streams" => bidi_streams = Some(value(&argument, arguments.next())?),
                other if other.starts_with('-') => {
                    return Err(format!("unknown option {other}\n{USAGE}").into())
                }
                _ if address.is_none() => address = Some(value("ADDRESS", Some(argument))?),
                other => return Err(format!("unexpected argument {other}\n{USAGE}").into()),
            }
        }

        let work = work.ok_or("--work is missing")?;
        let role = match (role.as_str(), address) {
            ("server", None) => Role::Server,
            ("client", Some(address)) => Role::Client(address),
            _ => return Err(USAGE.into()),
        };
        let options = Options {
            role,
            work,
            bind: bind.unwrap_or(Ipv4Addr::LOCALHOST.into()),
            count: count.unwrap_or(1_000),
            size: size.unwrap_or(64),
            in_flight: in_flight.unwrap_or(16),
            time_limit: seconds.map(Duration::try_from_secs_f64).transpose()?,
            // qp2p's own defaults.
            uni_streams: uni_streams.unwrap_or(100),
            bidi_streams: bidi_streams.unwrap_or(100),
        };
        // qp2p's receiver refuses an empty payload, so a size of 0 would only measure errors.
        if options.count == 0 || options.size == 0 || options.in_flight == 0 {
            return Err("--count, --size and --in-flight must be at least 1".into());
        }
        Ok(options)
    }
}

fn value<T: FromStr>(option: &str, text: Option<String>) -> Result<T, Failure>
where
    T::Err: Display,
{
    let text = text.ok_or_else(|| format!("{option} needs a value"))?;
    text.parse()
        .map_err(|error| format!("{option} {text}: {error}").into())
}
