// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that dials, and checks every echo.

use crate::{noise, numbered, quoted, report, Failure};
use bytes::Bytes;
use qp2p::{Connection, ConnectionIncoming, Endpoint, UsrMsgBytes, WireMsg};
use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn dial(address: &str, work: &str, argument: &str) -> Result<(), Failure> {
    let mut builder = Endpoint::builder().addr((Ipv4Addr::LOCALHOST, 0));
    if work == "idle" {
        builder = builder.idle_timeout(argument.parse::<u32>()?);
    }
    let endpoint = builder.client()?;
    let (connection, mut incoming) = endpoint.connect_to(&address.parse()?).await?;
    report(r#"{"event":"connected"}"#);
    match work {
        "exchange" => exchange(&connection, &mut incoming, argument.parse()?).await?,
        "many" => many(&connection, &mut incoming, argument.parse()?).await?,
        "close" => {
            // So that the peer has opened it, too.
            exchange(&connection, &mut incoming, 1).await?;
            connection.close(Some(argument.to_string()).filter(|reason| !reason.is_empty()));
        }
        "drop" => {
            exchange(&connection, &mut incoming, 1).await?;
            drop(connection);
            report(r#"{"event":"done","reason":""}"#);
            return leave(&endpoint).await;
        }
        "wait" | "idle" => while let Ok(Some(_)) = timeout(PATIENCE, incoming.next()).await? {},
        _ => return Err(format!("there is no work {work}").into()),
    }
    let reason = connection
        .close_reason()
        .map_or(String::new(), |reason| format!("{reason:?}"));
    report(&format!(
        r#"{{"event":"done","reason":{}}}"#,
        quoted(&reason)
    ));
    leave(&endpoint).await
}

async fn leave(endpoint: &Endpoint) -> Result<(), Failure> {
    endpoint.close();
    // The crate has no call that waits until the close has left.
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}

async fn exchange(
    connection: &Connection,
    incoming: &mut ConnectionIncoming,
    size: usize,
) -> Result<(), Failure> {
    for (header, destination) in [("", ""), ("header", ""), ("", "to"), ("header", "to")] {
        let message: UsrMsgBytes = (
            Bytes::from(header.to_string()),
            Bytes::from(destination.to_string()),
            noise(size, size as u64),
        );
        let (mut send, receive) = connection.open_bi().await?;
        send.send_user_msg(message.clone()).await?;
        drop(send);
        if timeout(PATIENCE, receive.read()).await?? != message {
            return Err("the reply is another than the request".into());
        }
        connection.send(message.clone()).await?;
        match timeout(PATIENCE, incoming.next()).await?? {
            Some(WireMsg(echo)) if echo == message => {}
            _ => return Err("the echo is another than the message".into()),
        }
    }
    Ok(())
}

async fn many(
    connection: &Connection,
    incoming: &mut ConnectionIncoming,
    count: u64,
) -> Result<(), Failure> {
    let sending = async {
        for number in 0..count {
            connection.send(numbered(number)).await?;
        }
        Ok::<_, Failure>(())
    };
    let receiving = async {
        let mut missing: HashSet<u64> = (0..count).collect();
        while !missing.is_empty() {
            let Some(WireMsg(message)) = timeout(PATIENCE, incoming.next()).await?? else {
                return Err(format!("{} echoes did not come", missing.len()).into());
            };
            let number = u64::from_be_bytes(message.0.as_ref().try_into()?);
            if message != numbered(number) || !missing.remove(&number) {
                return Err(format!("echo {number} is wrong, or came twice").into());
            }
        }
        Ok::<_, Failure>(())
    };
    tokio::try_join!(sending, receiving)?;
    Ok(())
}
