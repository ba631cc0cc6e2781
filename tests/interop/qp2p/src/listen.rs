// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that is dialled: everything goes back the way it came.

use crate::{quoted, report, Failure};
use qp2p::{Connection, ConnectionIncoming, Endpoint, RecvError, WireMsg};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;

pub async fn listen(idle_ms: Option<&str>) -> Result<(), Failure> {
    let mut builder = Endpoint::builder().addr((Ipv4Addr::LOCALHOST, 0));
    if let Some(text) = idle_ms {
        builder = builder.idle_timeout(text.parse::<u32>()?);
    }
    let (endpoint, mut connections) = builder.server()?;
    report(&format!(r#"{{"listening":"{}"}}"#, endpoint.local_addr()));
    tokio::spawn(async move {
        while let Some((connection, incoming)) = connections.next().await {
            report(r#"{"event":"connected"}"#);
            tokio::spawn(echo(Arc::new(connection), incoming));
        }
    });
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    endpoint.close();
    // The crate has no call that waits until the closes have left.
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}

async fn echo(connection: Arc<Connection>, mut incoming: ConnectionIncoming) {
    let mut messages = 0;
    let mut requests = 0;
    let reason = loop {
        match incoming.next_with_stream().await {
            Ok(Some((WireMsg(message), Some(mut reply)))) => {
                requests += 1;
                // In a task of its own: nothing else is read while this loop waits.
                tokio::spawn(async move {
                    if let Err(error) = reply.send_user_msg(message).await {
                        eprintln!("qp2p-interop: reply: {error}");
                    }
                });
            }
            Ok(Some((WireMsg(message), None))) => {
                messages += 1;
                let connection = Arc::clone(&connection);
                tokio::spawn(async move {
                    if let Err(error) = connection.send(message).await {
                        eprintln!("qp2p-interop: message: {error}");
                    }
                });
            }
            Ok(None) => break "none".to_string(),
            Err(RecvError::ConnectionLost(error)) => break format!("{error:?}"),
            Err(error) => eprintln!("qp2p-interop: receive: {error}"),
        }
    };
    let lost = connection
        .close_reason()
        .map_or(reason, |reason| format!("{reason:?}"));
    report(&format!(
        r#"{{"event":"closed","messages":{messages},"requests":{requests},"reason":{}}}"#,
        quoted(&lost)
    ));
}
