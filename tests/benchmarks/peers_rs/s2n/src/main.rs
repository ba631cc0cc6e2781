// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The measured works of `tests/benchmarks`, done by the Rust crate s2n-quic: a message is a
//! uni-directional stream, confirmed when the peer has acknowledged all of it, and a request a
//! bi-directional one.

mod tls;

use peers_common::{Bytes, Dialler, Failure, Held, Link, Options, Stack, Work};
use s2n_quic::client::Connect;
use s2n_quic::connection::{Connection, Handle};
use s2n_quic::provider::limits::Limits;
use s2n_quic::stream::{BidirectionalStream, ReceiveStream};
use s2n_quic::{Client as Endpoint, Server};
use std::{net::SocketAddr, process::ExitCode, time::Duration};
use tls::Mutual;

/// As this library has them at most.
const STREAM_WINDOW: u64 = 16 << 20;
const CONNECTION_WINDOW: u64 = 24 << 20;

struct S2n;

impl Stack for S2n {
    const NAME: &'static str = "s2n-bench";
    type Dialler = Client;

    fn serve(options: &Options) -> Result<SocketAddr, Failure> {
        let server = Server::builder()
            .with_tls(Mutual)?
            .with_io(SocketAddr::from((options.bind, 0)))?
            .with_limits(limits(options)?)?
            .start()?;
        let address = server.local_addr()?;
        tokio::spawn(accept(server));
        Ok(address)
    }

    fn dialler(options: &Options, server: SocketAddr) -> Result<Client, Failure> {
        let endpoint = Endpoint::builder()
            .with_tls(Mutual)?
            .with_io(SocketAddr::from((options.bind, 0)))?
            .with_limits(limits(options)?)?
            .start()?;
        let keep_alive = options.work == Work::Idle;
        Ok(Client {
            endpoint,
            server,
            keep_alive,
        })
    }
}

fn limits(options: &Options) -> Result<Limits, Failure> {
    Ok(Limits::new()
        .with_max_idle_timeout(Duration::from_secs(60))?
        .with_max_keep_alive_period(Duration::from_secs(20))?
        .with_max_open_remote_unidirectional_streams(options.uni_streams.into())?
        .with_max_open_remote_bidirectional_streams(options.bidi_streams.into())?
        // Else only as many as the peer's limit allows are under way, and not even those.
        .with_max_open_local_unidirectional_streams(options.uni_streams.into())?
        .with_max_open_local_bidirectional_streams(options.bidi_streams.into())?
        .with_data_window(CONNECTION_WINDOW)?
        .with_bidirectional_local_data_window(STREAM_WINDOW)?
        .with_bidirectional_remote_data_window(STREAM_WINDOW)?
        .with_unidirectional_data_window(STREAM_WINDOW)?
        .with_max_send_buffer_size(STREAM_WINDOW as u32)?)
}

async fn accept(mut server: Server) {
    while let Some(connection) = server.accept().await {
        tokio::spawn(receive(connection));
    }
}

async fn receive(connection: Connection) {
    let _held = Held::new();
    let (_handle, acceptor) = connection.split();
    let (mut requests, mut messages) = acceptor.split();
    tokio::spawn(async move {
        while let Ok(Some(stream)) = requests.accept_bidirectional_stream().await {
            tokio::spawn(async move { report_unless_closed("reply", reply(stream).await) });
        }
    });
    while let Ok(Some(stream)) = messages.accept_receive_stream().await {
        tokio::spawn(async move { report_unless_closed("receive", read(stream).await) });
    }
}

/// The whole message in one piece, as this library hands it over.
async fn read(mut stream: ReceiveStream) -> Result<Vec<u8>, s2n_quic::stream::Error> {
    let mut message = Vec::new();
    while let Some(chunk) = stream.receive().await? {
        message.extend_from_slice(&chunk);
    }
    Ok(message)
}

async fn reply(stream: BidirectionalStream) -> Result<(), s2n_quic::stream::Error> {
    let (receive, mut send) = stream.split();
    let request = read(receive).await?;
    send.send(request.into()).await?;
    send.finish() // does not wait for the acknowledgement
}

/// A client that closes in the middle of a message does so on purpose.
fn report_unless_closed<T>(what: &str, result: Result<T, s2n_quic::stream::Error>) {
    match result {
        Ok(_) | Err(s2n_quic::stream::Error::ConnectionError { .. }) => {}
        Err(error) => eprintln!("s2n-bench: {what}: {error}"),
    }
}

#[derive(Clone)]
struct Client {
    endpoint: Endpoint,
    server: SocketAddr,
    keep_alive: bool,
}

impl Dialler for Client {
    type Link = Opened;

    async fn dial(&self) -> Result<Opened, Failure> {
        let connect = Connect::new(self.server).with_server_name("qp2p");
        let mut connection = self.endpoint.connect(connect).await?;
        connection.keep_alive(self.keep_alive)?;
        Ok(Opened(connection.handle()))
    }

    async fn finish(&self) {
        // All that can fail is the endpoint itself, and then there is nothing left to wait for.
        let _ = self.endpoint.clone().wait_idle().await;
    }
}

#[derive(Clone)]
struct Opened(Handle);

impl Link for Opened {
    async fn send(&self, message: Bytes) -> Result<(), Failure> {
        let mut stream = self.0.clone().open_send_stream().await?;
        stream.send(message).await?;
        Ok(stream.close().await?) // waits until all is acknowledged
    }

    async fn request(&self, message: Bytes) -> Result<usize, Failure> {
        let stream = self.0.clone().open_bidirectional_stream().await?;
        let (receive, mut send) = stream.split();
        send.send(message).await?;
        send.finish()?;
        Ok(read(receive).await?.len())
    }

    fn close(&self) {
        self.0.close(0u32.into());
    }

    fn is_open(&self) -> bool {
        self.0.clone().ping().is_ok()
    }
}

fn main() -> ExitCode {
    peers_common::run::<S2n>()
}
