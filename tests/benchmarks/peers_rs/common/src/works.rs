// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

//! The side that dials, does the work and measures it.

use crate::report::{fairness, percentile, report, rss_kib};
use crate::{Dialler, Failure, Link, Options, Work};
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;

pub async fn run(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    match options.work {
        Work::Messages => messages(options, dialler).await,
        Work::Roundtrip => roundtrip(options, dialler).await,
        Work::Handshakes => handshakes(options, dialler).await,
        Work::Idle => idle(options, dialler).await,
        Work::Cold => cold(options, dialler).await,
        Work::Crowd => crowd(options, dialler).await,
    }
}

async fn messages(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    let link = dialler.dial().await?;
    let message = message_of(options.size);
    // Not one task for each: all senders share the connection's lock, and polling them from one
    // task was measured 10 to 20 % faster.
    let send = || link.send(message.clone());

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

async fn roundtrip(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    let link = dialler.dial().await?;
    let message = message_of(options.size);
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);

    // Spawned, because then it runs on the thread that reads the socket; the runtime's main future
    // has one of its own, and the wake-up from thread to thread adds 20 us to each round trip.
    let count = options.count;
    let requests = tokio::spawn(async move {
        let mut times = Vec::new();
        while (times.len() as u64) < count && begins_before(deadline) {
            let start = Instant::now();
            if link.request(message.clone()).await? != message.len() {
                return Err("the reply is not as long as the request".into());
            }
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
    report(&format!(
        r#"{{"work":"roundtrip","count":{},"p50_us":{:.1},"p99_us":{:.1},"min_us":{:.1},"avg_us":{:.1}}}"#,
        times.len(),
        us(percentile(&times, 50)),
        us(percentile(&times, 99)),
        us(times[0]),
        us(times.iter().sum()) / times.len() as f64,
    ))
}

async fn handshakes(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    // A task each, so that the cryptography can use every core.
    let handshake = || {
        let dialler = dialler.clone();
        let task = tokio::spawn(async move {
            dialler.dial().await?.close();
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

async fn idle(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    let before = rss_kib()?;
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);
    let links = in_flight(options.count, options.in_flight, deadline, || {
        dialler.dial()
    })
    .await?;

    report(&format!(
        r#"{{"work":"idle","connections":{},"rss_kib":{},"rss_kib_before":{before}}}"#,
        links.len(),
        rss_kib()?,
    ))?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;

    match links.iter().filter(|link| !link.is_open()).count() {
        0 => Ok(()),
        lost => Err(format!("{lost} connections did not stay open until the end").into()),
    }
}

async fn cold(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    let deadline = options.time_limit.map(|limit| Instant::now() + limit);
    let (count, message, dialler) = (options.count, message_of(options.size), dialler.clone());
    // Spawned for the reason given in roundtrip().
    let connections = tokio::spawn(async move {
        let (mut opened, mut confirmed) = (Vec::new(), Vec::new());
        while (opened.len() as u64) < count && (opened.is_empty() || begins_before(deadline)) {
            let start = Instant::now();
            let link = dialler.dial().await?;
            opened.push(start.elapsed());
            link.send(message.clone()).await?;
            confirmed.push(start.elapsed());
            link.close();
        }
        Ok::<_, Failure>((opened, confirmed))
    });
    let (mut opened, mut confirmed) = connections.await??;

    opened.sort_unstable();
    confirmed.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    report(&format!(
        r#"{{"work":"cold","count":{},"size":{},"opened_p50_ms":{:.3},"confirmed_p50_ms":{:.3},"confirmed_p90_ms":{:.3}}}"#,
        opened.len(),
        options.size,
        ms(percentile(&opened, 50)),
        ms(percentile(&confirmed, 50)),
        ms(percentile(&confirmed, 90)),
    ))
}

async fn crowd(options: &Options, dialler: &impl Dialler) -> Result<(), Failure> {
    let limit = options.time_limit.ok_or("a crowd needs --seconds")?;
    let links = in_flight(options.connections, options.in_flight, None, || {
        dialler.dial()
    })
    .await?;

    let start = Instant::now();
    let senders: Vec<_> = links
        .into_iter()
        .map(|link| tokio::spawn(send_until(link, message_of(options.size), start + limit)))
        .collect();
    let mut messages = Vec::new();
    for sender in senders {
        messages.push(sender.await??);
    }

    let total: u64 = messages.iter().sum();
    report(&format!(
        r#"{{"work":"crowd","connections":{},"size":{},"count":{total},"seconds":{:.6},"mb_per_second":{:.3},"jain":{:.4}}}"#,
        messages.len(),
        options.size,
        limit.as_secs_f64(),
        total as f64 * options.size as f64 / limit.as_secs_f64() / 1e6,
        fairness(&messages),
    ))
}

/// Sends one message after the other and returns how many were confirmed until the deadline.
async fn send_until(link: impl Link, message: Bytes, end: Instant) -> Result<u64, Failure> {
    let mut confirmed = 0;
    while let Ok(sent) = tokio::time::timeout_at(end.into(), link.send(message.clone())).await {
        sent?;
        confirmed += 1;
    }
    Ok(confirmed)
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

/// The same bytes each time, shared, not copied.
fn message_of(size: usize) -> Bytes {
    Bytes::from(vec![0x5a; size])
}
