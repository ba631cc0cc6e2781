// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that is dialled: takes every message, answers those that came with a reply stream.

use crate::options::Options;
use crate::works::{builder, report, rss_kib, Work};
use crate::Failure;
use qp2p::{Connection, ConnectionIncoming, IncomingConnections, RecvError, WireMsg};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncBufReadExt, BufReader};

static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// Serves until stdin is closed.
pub async fn serve(options: &Options) -> Result<(), Failure> {
    let (endpoint, connections) = builder(options).server()?;
    tokio::spawn(accept(connections));
    report(&format!(r#"{{"listening":"{}"}}"#, endpoint.local_addr()))?;

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

async fn accept(mut connections: IncomingConnections) {
    while let Some((connection, incoming)) = connections.next().await {
        tokio::spawn(async move {
            CONNECTIONS.fetch_add(1, Ordering::Relaxed);
            receive(connection, incoming).await;
            CONNECTIONS.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

// qp2p reads one message at a time and waits for room in a channel of one before it reads the
// next, so nothing slow may stand in this loop. The connection is held because dropping it
// closes it.
async fn receive(_connection: Connection, mut incoming: ConnectionIncoming) {
    loop {
        match incoming.next_with_stream().await {
            Ok(Some((WireMsg(message), Some(mut reply)))) => {
                // Dropping the stream sends its end without waiting for the acknowledgement.
                if let Err(error) = reply.send_user_msg(message).await {
                    eprintln!("qp2p-bench: reply: {error}");
                }
            }
            Ok(Some((_, None))) => {}
            Ok(None) | Err(RecvError::ConnectionLost(_)) => return,
            // Only that one message is lost; the connection goes on.
            Err(error) => eprintln!("qp2p-bench: receive: {error}"),
        }
    }
}
