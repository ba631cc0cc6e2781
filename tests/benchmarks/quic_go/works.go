// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// measure does the client's side of a work.
func measure(o options) error {
	d, err := newDialler(o)
	if err != nil {
		return err
	}
	work := map[string]func(options, *dialler) error{
		"messages":   messages,
		"roundtrip":  roundtrip,
		"handshakes": handshakes,
		"idle":       idle,
		"cold":       cold,
		"crowd":      crowd,
	}[o.work]
	if err := work(o, d); err != nil {
		return err
	}
	return d.transport.Close() // closes what is open
}

func messageOf(size int) []byte { return bytes.Repeat([]byte{0x5a}, size) }

func beginsBefore(deadline time.Time) bool {
	return deadline.IsZero() || time.Now().Before(deadline)
}

// inFlight does operation count times, at most limit at once, and returns how often it was done. None is
// begun after the deadline.
func inFlight(count int64, limit int, deadline time.Time, operation func() error) (int64, error) {
	var begun, done atomic.Int64
	var all sync.WaitGroup
	failures := make(chan error, limit)
	for range min(int64(limit), count) {
		all.Go(func() {
			for beginsBefore(deadline) && begun.Add(1) <= count {
				if err := operation(); err != nil {
					failures <- err
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	close(failures)
	return done.Load(), <-failures // nil where there is none
}

func messages(o options, d *dialler) error {
	l, err := d.dial()
	if err != nil {
		return err
	}
	message := messageOf(o.size)
	send := func() error { return l.send(context.Background(), message) }
	// Lets the congestion window and the allocator's pools grow before the clock starts.
	if _, err := inFlight((o.count+19)/20, o.inFlight, o.deadline(0.05), send); err != nil {
		return err
	}

	start := time.Now()
	sent, err := inFlight(o.count, o.inFlight, o.deadline(1), send)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	perSecond := float64(sent) / seconds
	fmt.Printf("{\"work\":\"messages\",\"count\":%d,\"size\":%d,\"seconds\":%.6f,"+
		"\"messages_per_second\":%.1f,\"mb_per_second\":%.3f}\n",
		sent, o.size, seconds, perSecond, perSecond*float64(o.size)/1e6)
	return nil
}

func roundtrip(o options, d *dialler) error {
	l, err := d.dial()
	if err != nil {
		return err
	}
	message, deadline := messageOf(o.size), o.deadline(1)
	var times []time.Duration
	var sum time.Duration
	for int64(len(times)) < o.count && beginsBefore(deadline) {
		start := time.Now()
		if err := l.request(message); err != nil {
			return err
		}
		times = append(times, time.Since(start))
		sum += times[len(times)-1]
	}
	if len(times) == 0 {
		return errors.New("--seconds left no time for a round trip")
	}
	slices.Sort(times)
	fmt.Printf("{\"work\":\"roundtrip\",\"count\":%d,\"p50_us\":%.1f,\"p99_us\":%.1f,\"min_us\":%.1f,"+
		"\"avg_us\":%.1f}\n", len(times), us(percentile(times, 50)), us(percentile(times, 99)),
		us(times[0]), us(sum)/float64(len(times)))
	return nil
}

func handshakes(o options, d *dialler) error {
	start := time.Now()
	done, err := inFlight(o.count, o.inFlight, o.deadline(1), func() error {
		l, err := d.dial()
		if err == nil {
			l.close()
		}
		return err
	})
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	fmt.Printf("{\"work\":\"handshakes\",\"count\":%d,\"seconds\":%.6f,\"per_second\":%.1f}\n",
		done, seconds, float64(done)/seconds)
	return nil
}

// open dials count connections.
func open(count int64, limit int, deadline time.Time, d *dialler) ([]link, error) {
	var lock sync.Mutex
	var links []link
	_, err := inFlight(count, limit, deadline, func() error {
		l, err := d.dial()
		lock.Lock()
		defer lock.Unlock()
		links = append(links, l)
		return err
	})
	return links, err
}

func idle(o options, d *dialler) error {
	before, err := rssKib()
	if err != nil {
		return err
	}
	links, err := open(o.count, o.inFlight, o.deadline(1), d)
	if err != nil {
		return err
	}
	after, err := rssKib()
	if err != nil {
		return err
	}
	fmt.Printf("{\"work\":\"idle\",\"connections\":%d,\"rss_kib\":%d,\"rss_kib_before\":%d}\n",
		len(links), after, before)
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	for _, l := range links {
		if !l.isOpen() {
			return errors.New("a connection did not stay open until the end")
		}
	}
	return nil
}

func cold(o options, d *dialler) error {
	message, deadline := messageOf(o.size), o.deadline(1)
	var opened, confirmed []time.Duration
	for int64(len(opened)) < o.count && (len(opened) == 0 || beginsBefore(deadline)) {
		start := time.Now()
		l, err := d.dial()
		if err != nil {
			return err
		}
		opened = append(opened, time.Since(start))
		if err := l.send(context.Background(), message); err != nil {
			return err
		}
		confirmed = append(confirmed, time.Since(start))
		l.close()
	}
	slices.Sort(opened)
	slices.Sort(confirmed)
	fmt.Printf("{\"work\":\"cold\",\"count\":%d,\"size\":%d,\"opened_p50_ms\":%.3f,"+
		"\"confirmed_p50_ms\":%.3f,\"confirmed_p90_ms\":%.3f}\n", len(opened), o.size,
		ms(percentile(opened, 50)), ms(percentile(confirmed, 50)), ms(percentile(confirmed, 90)))
	return nil
}

func crowd(o options, d *dialler) error {
	if o.seconds == 0 {
		return errors.New("a crowd needs --seconds")
	}
	links, err := open(o.connections, o.inFlight, time.Time{}, d)
	if err != nil {
		return err
	}
	message := messageOf(o.size)
	sent := make([]int64, len(links))
	failures := make(chan error, len(links))
	ctx, cancel := context.WithTimeout(context.Background(), o.limit())
	defer cancel()
	var all sync.WaitGroup
	for i, l := range links {
		all.Go(func() {
			for ctx.Err() == nil {
				err := l.send(ctx, message)
				if err == nil && ctx.Err() == nil {
					sent[i]++
				} else if err != nil && ctx.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded) {
					failures <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failures)
	if err := <-failures; err != nil {
		return err
	}
	var total int64
	for _, count := range sent {
		total += count
	}
	fmt.Printf("{\"work\":\"crowd\",\"connections\":%d,\"size\":%d,\"count\":%d,\"seconds\":%.6f,"+
		"\"mb_per_second\":%.3f,\"jain\":%.4f}\n", len(links), o.size, total, o.seconds,
		float64(total)*float64(o.size)/o.seconds/1e6, fairness(sent))
	return nil
}
