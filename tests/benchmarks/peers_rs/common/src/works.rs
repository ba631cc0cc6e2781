// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that dials, does the work and measures it.

use crate::options::Options;
use crate::works::{builder, report, rss_kib, Work};
use crate::Failure;
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use qp2p::{Connection, Endpoint, UsrMsgBytes};
use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;

pub async fn run(options: &Options, address: SocketAddr) -> Result<(), Failure> {
    let endpoint = builder(options).client()?;
    match options.work {
        Work::Messages => messages(options, &endpoint, address).await?,
        Work::Roundtrip => roundtrip(options, &endpoint, address).await?,
        Work::Handshakes => handshakes(options, &endpoint, address).await?,
        Work::Idle => idle(options, &endpoint, address).await?,
    }
    // qp2p has no call that waits until the closes are sent; without them the server would hold
    // the connections until its idle timeout.
    endpoint.close();
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(())
}

async fn messages(
    options: &Options,
    endpoint: &Endpoint,
    address: SocketAddr,
) -> Result<(), Failure> {
    let (connection, _incoming) = endpoint.connect_to(&address).await?;
    let message = message_of(options.size);
    // Not one task for each: all senders share the connection's lock, and polling them from one
    // task was measured 10 to 20 % faster.
    let send = || async { Ok(connection.send(message.clone()).await?) };

    // Lets the congestion window and the allocator's pools grow before the clock starts.
    let warm_up = options.count.div_ceil(20);
    let deadline = options.time_limit.map(|limit| Instant::now() + limit / 20);
    in_flight(warm_up, options.in_flight, deadline, send).await?;

    let start = Instant::now();
    let deadline = options.time_limit.map(|limit| start + limit);
    let sent = in_flight(options.count, options.in_flight, deadline, send).await?;
    let seconds = start.elapsed().as_secs_f64();

    let per_second = sent.len() as f64 / seconds;
    report(&format!(
        r#"{{"work":"messages","count":{},"size":{},"seconds":{seconds:.6},"messages_per_second":{per_second:.1},"mb_per_second":{:.3}}}"#,
        sent.len(),
        options.size,
        per_second * options.size as f64 / 1e6,
    ))
}

async fn roundtrip(
    options: &Options,
    endpoint: &Endpoint,
    address: SocketAddr,
) -> Result<(), Failure> {
    let (connection, _incoming) = endpoint.connect_to(&address).await?;
    let message = message_of(options.size);
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);

    // Spawned, because then it runs on the thread that reads the socket; the runtime's main future
    // has one of its own, and the wake-up from thread to thread adds 20 us to each round trip.
    let count = options.count;
    let requests = tokio::spawn(async move {
        let mut times = Vec::new();
        while (times.len() as u64) < count && begins_before(deadline) {
            let start = Instant::now();
            request(&connection, &message).await?;
            times.push(start.elapsed());
        }
        Ok::<_, Failure>(times)
    });
    let mut times = requests.await??;
    if times.is_empty() {
        return Err("--seconds left no time for a round trip".into());
    }

    times.sort_unstable();
    let us = |time: Duration| time.as_secs_f64() * 1e6;
    let percentile = |p: usize| us(times[(times.len() * p).div_ceil(100) - 1]);
    report(&format!(
        r#"{{"work":"roundtrip","count":{},"p50_us":{:.1},"p99_us":{:.1},"min_us":{:.1},"avg_us":{:.1}}}"#,
        times.len(),
        percentile(50),
        percentile(99),
        us(times[0]),
        us(times.iter().sum()) / times.len() as f64,
    ))
}

/// One request on its own bi-stream and the reply on the same.
async fn request(connection: &Connection, message: &UsrMsgBytes) -> Result<(), Failure> {
    let (mut send, receive) = connection.open_bi().await?;
    send.send_user_msg(message.clone()).await?;
    // The drop sends the stream's end; `finish` would wait for its acknowledgement, but the reply
    // says as much.
    drop(send);
    let (_, _, payload) = receive.read().await?;
    if payload.len() != message.2.len() {
        return Err("the reply is not as long as the request".into());
    }
    Ok(())
}

// To be compared only with handshakes that prove as little: qp2p has no client authentication (its
// server asks for no certificate), and its client checks the server's signature but no chain, name
// or date. It never asks for a Retry either.
async fn handshakes(
    options: &Options,
    endpoint: &Endpoint,
    address: SocketAddr,
) -> Result<(), Failure> {
    // A task each, so that the cryptography can use every core.
    let handshake = || {
        let endpoint = endpoint.clone();
        let task = tokio::spawn(async move {
            let (connection, _incoming) = endpoint.connect_to(&address).await?;
            connection.close(None);
            Ok(())
        });
        async { task.await? }
    };

    let start = Instant::now();
    let deadline = options.time_limit.map(|limit| start + limit);
    let done = in_flight(options.count, options.in_flight, deadline, handshake).await?;
    let seconds = start.elapsed().as_secs_f64();

    report(&format!(
        r#"{{"work":"handshakes","count":{},"seconds":{seconds:.6},"per_second":{:.1}}}"#,
        done.len(),
        done.len() as f64 / seconds,
    ))
}

async fn idle(options: &Options, endpoint: &Endpoint, address: SocketAddr) -> Result<(), Failure> {
    let before = rss_kib()?;
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);
    let connect = || async { Ok(endpoint.connect_to(&address).await?) };
    let connections = in_flight(options.count, options.in_flight, deadline, connect).await?;

    report(&format!(
        r#"{{"work":"idle","connections":{},"rss_kib":{},"rss_kib_before":{before}}}"#,
        connections.len(),
        rss_kib()?,
    ))?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;

    let lost = connections
        .iter()
        .filter(|(connection, _)| connection.close_reason().is_some());
    match lost.count() {
        0 => Ok(()),
        lost => Err(format!("{lost} connections did not stand until the end").into()),
    }
}

/// Does `operation` `count` times, at most `limit` at once, and returns what each gave. None is
/// begun after the deadline.
async fn in_flight<F, T>(
    count: u64,
    limit: usize,
    deadline: Option<Instant>,
    operation: impl Fn() -> F,
) -> Result<Vec<T>, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    stream::iter((0..count).take_while(|_| begins_before(deadline)))
        .map(|_| operation())
        .buffer_unordered(limit)
        .try_collect()
        .await
}

fn begins_before(deadline: Option<Instant>) -> bool {
    deadline.is_none_or(|end| Instant::now() < end)
}

/// A message without header and destination; the same bytes each time, shared, not copied.
fn message_of(size: usize) -> UsrMsgBytes {
    (Bytes::new(), Bytes::new(), Bytes::from(vec![0x5a; size]))
}
