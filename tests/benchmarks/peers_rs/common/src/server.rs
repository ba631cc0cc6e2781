// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that is dialled: what is the same in each stack.

use crate::report::{report, rss_kib};
use crate::{Failure, Options, Work};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncBufReadExt, BufReader};

static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// Exists as long as a connection of the server does: they are counted.
pub struct Held(());

impl Held {
    #[allow(clippy::new_without_default)] // a default would count one that was not asked for
    pub fn new() -> Self {
        CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        CONNECTIONS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Reports where the server listens, and does what stdin says until it is closed.
pub async fn obey(options: &Options, address: SocketAddr) -> Result<(), Failure> {
    report(&format!(r#"{{"listening":"{address}"}}"#))?;
    let mut commands = BufReader::new(tokio::io::stdin()).lines();
    while let Some(command) = commands.next_line().await? {
        if command.trim() == "rss" && options.work == Work::Idle {
            let (rss, connections) = (rss_kib()?, CONNECTIONS.load(Ordering::Relaxed));
            report(&format!(
                r#"{{"rss_kib":{rss},"connections":{connections}}}"#
            ))?;
        }
    }
    Ok(())
}
