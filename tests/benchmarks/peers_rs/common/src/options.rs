// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The command line.

use crate::Failure;
use std::{
    fmt::Display,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
    time::Duration,
};

const USAGE: &str = "usage:
  PROGRAM server --work WORK [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
  PROGRAM client --work WORK ADDRESS [--count N] [--size N] [--in-flight N] [--connections N]
          [--seconds S] [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
WORK is messages, roundtrip, handshakes, idle, cold or crowd; --seconds ends a work before its count
is reached; the streams are those that the other side may have open at a time, 100 of each by default;
sockets are bound to 127.0.0.1 by default";

pub enum Role {
    Server,
    Client(SocketAddr),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Messages one way on one connection.
    Messages,
    /// Requests one after the other on one connection.
    Roundtrip,
    /// Connections that are opened and closed.
    Handshakes,
    /// Connections that do nothing.
    Idle,
    /// Connections one after the other, with one message each.
    Cold,
    /// Messages on many connections at the same time.
    Crowd,
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
    /// Of a crowd.
    pub connections: u64,
    pub time_limit: Option<Duration>,
    pub uni_streams: u32,
    pub bidi_streams: u32,
}

impl Options {
    pub fn parse(name: &str, mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let usage = USAGE.replace("PROGRAM", name);
        let role = arguments.next().ok_or(usage.as_str())?;
        let mut work = None;
        let mut address = None;
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            if argument == "--work" {
                work = Some(value(&argument, arguments.next())?);
            } else if argument.starts_with('-') {
                if !options.set(&argument, arguments.next())? {
                    return Err(format!("unknown option {argument}\n{usage}").into());
                }
            } else if address.is_none() {
                address = Some(value("ADDRESS", Some(argument))?);
            } else {
                return Err(format!("unexpected argument {argument}\n{usage}").into());
            }
        }

        options.work = work.ok_or("--work is missing")?;
        options.role = match (role.as_str(), address) {
            ("server", None) => Role::Server,
            ("client", Some(address)) => Role::Client(address),
            _ => return Err(usage.into()),
        };
        options.check()?;
        Ok(options)
    }

    /// Returns whether there is such an option.
    fn set(&mut self, option: &str, text: Option<String>) -> Result<bool, Failure> {
        match option {
            "--bind" => self.bind = value(option, text)?,
            "--count" => self.count = value(option, text)?,
            "--size" => self.size = value(option, text)?,
            "--in-flight" => self.in_flight = value(option, text)?,
            "--connections" => self.connections = value(option, text)?,
            "--seconds" => {
                self.time_limit = Some(Duration::try_from_secs_f64(value(option, text)?)?)
            }
            "--uni-streams" => self.uni_streams = value(option, text)?,
            "--bidi-streams" => self.bidi_streams = value(option, text)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn check(&self) -> Result<(), Failure> {
        // qp2p's receiver refuses an empty payload, so a size of 0 would only measure errors.
        if self.count == 0 || self.size == 0 || self.in_flight == 0 || self.connections == 0 {
            return Err("--count, --size, --in-flight and --connections must be at least 1".into());
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            role: Role::Server,
            work: Work::Messages,
            bind: Ipv4Addr::LOCALHOST.into(),
            count: 1_000,
            size: 64,
            in_flight: 16,
            connections: 1_000,
            time_limit: None,
            uni_streams: 100, // qp2p's and quinn's own defaults
            bidi_streams: 100,
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
            "cold" => Ok(Work::Cold),
            "crowd" => Ok(Work::Crowd),
            _ => Err("not a work"),
        }
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
