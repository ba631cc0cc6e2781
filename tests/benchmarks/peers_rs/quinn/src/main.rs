// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The measured works of `tests/benchmarks`, done by the Rust crate quinn: a message is a
//! uni-directional stream, confirmed when the peer has acknowledged all of it, and a request a
//! bi-directional one.

use peers_common::{Bytes, Dialler, Failure, Held, Link, Options, Stack, Work};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::{
    ClientConfig, Connection, Endpoint, Incoming, RecvStream, SendStream, ServerConfig,
    TransportConfig, VarInt,
};
use rustls::crypto::ring;
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

/// As this library has them at most, so that a message larger than quinn's default of 1.25 MB does
/// not wait for the receiver.
const STREAM_WINDOW: u32 = 16 << 20;
const CONNECTION_WINDOW: u32 = 24 << 20;
/// Of one message that is received.
const SIZE_LIMIT: usize = 64 << 20;

struct Quinn;

impl Stack for Quinn {
    const NAME: &'static str = "quinn-bench";
    type Dialler = Client;

    fn serve(options: &Options) -> Result<SocketAddr, Failure> {
        let tls = QuicServerConfig::try_from(peers_tls::server_config(ring::default_provider())?)?;
        let mut config = ServerConfig::with_crypto(Arc::new(tls));
        config.transport_config(transport(options)?);
        let endpoint = Endpoint::server(config, (options.bind, 0).into())?;
        let address = endpoint.local_addr()?;
        tokio::spawn(accept(endpoint));
        Ok(address)
    }

    fn dialler(options: &Options, server: SocketAddr) -> Result<Client, Failure> {
        let tls = QuicClientConfig::try_from(peers_tls::client_config(ring::default_provider())?)?;
        let mut config = ClientConfig::new(Arc::new(tls));
        config.transport_config(transport(options)?);
        let mut endpoint = Endpoint::client((options.bind, 0).into())?;
        endpoint.set_default_client_config(config);
        Ok(Client { endpoint, server })
    }
}

fn transport(options: &Options) -> Result<Arc<TransportConfig>, Failure> {
    let mut config = TransportConfig::default();
    config
        .max_idle_timeout(Some(Duration::from_secs(60).try_into()?))
        .max_concurrent_uni_streams(options.uni_streams.into())
        .max_concurrent_bidi_streams(options.bidi_streams.into())
        .stream_receive_window(STREAM_WINDOW.into())
        .receive_window(CONNECTION_WINDOW.into())
        .send_window(CONNECTION_WINDOW.into());
    if options.work == Work::Idle {
        config.keep_alive_interval(Some(Duration::from_secs(20)));
    }
    Ok(Arc::new(config))
}

async fn accept(endpoint: Endpoint) {
    while let Some(incoming) = endpoint.accept().await {
        tokio::spawn(receive(incoming));
    }
}

async fn receive(incoming: Incoming) {
    let Ok(connection) = incoming.await else {
        return; // the client reports it
    };
    let _held = Held::new();
    let requests = connection.clone();
    tokio::spawn(async move {
        while let Ok((send, receive)) = requests.accept_bi().await {
            tokio::spawn(reply(send, receive));
        }
    });
    while let Ok(stream) = connection.accept_uni().await {
        tokio::spawn(read(stream));
    }
}

async fn read(mut stream: RecvStream) {
    if let Err(error) = stream.read_to_end(SIZE_LIMIT).await {
        report_unless_closed("receive", &error);
    }
}

async fn reply(mut send: SendStream, mut receive: RecvStream) {
    match receive.read_to_end(SIZE_LIMIT).await {
        Ok(request) => {
            // The drop sends the stream's end, without waiting for the acknowledgement.
            if let Err(error) = send.write_chunk(request.into()).await {
                report_unless_closed("reply", &error);
            }
        }
        Err(error) => report_unless_closed("receive", &error),
    }
}

/// A client that closes in the middle of a message does so on purpose.
fn report_unless_closed(what: &str, error: &(dyn std::error::Error + 'static)) {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<quinn::ConnectionError>() {
            return;
        }
        cause = error.source();
    }
    eprintln!("quinn-bench: {what}: {error}");
}

#[derive(Clone)]
struct Client {
    endpoint: Endpoint,
    server: SocketAddr,
}

impl Dialler for Client {
    type Link = Opened;

    async fn dial(&self) -> Result<Opened, Failure> {
        Ok(Opened(self.endpoint.connect(self.server, "qp2p")?.await?))
    }

    async fn finish(&self) {
        self.endpoint.close(VarInt::from_u32(0), b"");
        self.endpoint.wait_idle().await;
    }
}

#[derive(Clone)]
struct Opened(Connection);

impl Link for Opened {
    async fn send(&self, message: Bytes) -> Result<(), Failure> {
        let mut stream = self.0.open_uni().await?;
        stream.write_chunk(message).await?;
        stream.finish()?;
        match stream.stopped().await? {
            None => Ok(()),
            Some(code) => Err(format!("the server stopped a message with code {code}").into()),
        }
    }

    async fn request(&self, message: Bytes) -> Result<usize, Failure> {
        let (mut send, mut receive) = self.0.open_bi().await?;
        send.write_chunk(message).await?;
        send.finish()?;
        Ok(receive.read_to_end(SIZE_LIMIT).await?.len())
    }

    fn close(&self) {
        self.0.close(VarInt::from_u32(0), b"");
    }

    fn is_open(&self) -> bool {
        self.0.close_reason().is_none()
    }
}

fn main() -> ExitCode {
    peers_common::run::<Quinn>()
}
