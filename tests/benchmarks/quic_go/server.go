// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/quic-go/quic-go"
)

var connections atomic.Int64

// serve takes messages, or answers requests, until stdin is closed.
func serve(o options) error {
	security, err := tlsConfig()
	if err != nil {
		return err
	}
	transport, err := bind(o.bind)
	if err != nil {
		return err
	}
	listener, err := transport.Listen(security, quicConfig(o))
	if err != nil {
		return err
	}
	go accept(listener, o.work == "roundtrip")
	fmt.Printf("{\"listening\":\"%s\"}\n", listener.Addr())

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "rss" && o.work == "idle" {
			rss, err := rssKib()
			if err != nil {
				return err
			}
			fmt.Printf("{\"rss_kib\":%d,\"connections\":%d}\n", rss, connections.Load())
		}
	}
	return lines.Err()
}

func accept(listener *quic.Listener, answers bool) {
	for {
		connection, err := listener.Accept(context.Background())
		if err != nil {
			return
		}
		go receive(connection, answers)
	}
}

func receive(connection *quic.Conn, answers bool) {
	connections.Add(1)
	defer connections.Add(-1)
	for {
		stream, err := connection.AcceptStream(context.Background())
		if err != nil {
			return
		}
		go handle(stream, answers)
	}
}

// The client notices whatever fails here.
func handle(stream *quic.Stream, answers bool) {
	message, err := io.ReadAll(io.LimitReader(stream, sizeLimit))
	if err != nil {
		return
	}
	if answers {
		_, _ = stream.Write(message)
	}
	_ = stream.Close()
}
