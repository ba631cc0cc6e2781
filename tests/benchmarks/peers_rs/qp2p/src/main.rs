// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The measured works of `tests/benchmarks`, done by the Rust crate qp2p 0.36.4.
//!
//! Its handshakes are to be compared only with those that prove as little: qp2p has no client
//! authentication (its server asks for no certificate), and its client checks the server's signature
//! but no chain, name or date. It never asks for a Retry either.

use peers_common::{Bytes, Dialler, Failure, Held, Link, Options, Stack, Work};
use qp2p::{
    Connection, ConnectionIncoming, Endpoint, EndpointBuilder, IncomingConnections, RecvError,
    UsrMsgBytes, WireMsg,
};
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

struct Qp2p;

impl Stack for Qp2p {
    const NAME: &'static str = "qp2p-bench";
    type Dialler = Client;

    fn serve(options: &Options) -> Result<SocketAddr, Failure> {
        let (endpoint, connections) = builder(options).server()?;
        let address = endpoint.local_addr();
        tokio::spawn(accept(endpoint, connections));
        Ok(address)
    }

    fn dialler(options: &Options, server: SocketAddr) -> Result<Client, Failure> {
        let endpoint = builder(options).client()?;
        Ok(Client { endpoint, server })
    }
}

/// An endpoint builder with the settings a user after this work would choose.
fn builder(options: &Options) -> EndpointBuilder {
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
        _ => builder,
    }
}

async fn accept(_endpoint: Endpoint, mut connections: IncomingConnections) {
    while let Some((connection, incoming)) = connections.next().await {
        tokio::spawn(receive(connection, incoming, Held::new()));
    }
}

// qp2p reads one message at a time and waits for room in a channel of one before it reads the
// next, so nothing slow may stand in this loop. The connection is held because dropping it
// closes it.
async fn receive(_connection: Connection, mut incoming: ConnectionIncoming, _held: Held) {
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

#[derive(Clone)]
struct Client {
    endpoint: Endpoint,
    server: SocketAddr,
}

impl Dialler for Client {
    type Link = Opened;

    async fn dial(&self) -> Result<Opened, Failure> {
        Ok(Opened(Arc::new(
            self.endpoint.connect_to(&self.server).await?,
        )))
    }

    // qp2p has no call that waits until the closes are sent.
    async fn finish(&self) {
        self.endpoint.close();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[derive(Clone)]
struct Opened(Arc<(Connection, ConnectionIncoming)>);

impl Link for Opened {
    async fn send(&self, message: Bytes) -> Result<(), Failure> {
        Ok(self.0 .0.send(user_message(message)).await?)
    }

    /// One request on its own bi-stream and the reply on the same.
    async fn request(&self, message: Bytes) -> Result<usize, Failure> {
        let (mut send, receive) = self.0 .0.open_bi().await?;
        send.send_user_msg(user_message(message)).await?;
        // The drop sends the stream's end; `finish` would wait for its acknowledgement, but the
        // reply says as much.
        drop(send);
        let (_, _, payload) = receive.read().await?;
        Ok(payload.len())
    }

    fn close(&self) {
        self.0 .0.close(None);
    }

    fn is_open(&self) -> bool {
        self.0 .0.close_reason().is_none()
    }
}

/// Without header and destination.
fn user_message(payload: Bytes) -> UsrMsgBytes {
    (Bytes::new(), Bytes::new(), payload)
}

fn main() -> ExitCode {
    peers_common::run::<Qp2p>()
}
