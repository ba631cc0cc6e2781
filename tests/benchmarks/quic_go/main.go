// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

// The measured works of tests/benchmarks/compare, done by quic-go. It takes the same command line and
// prints the same JSON lines as the programs of the other stacks.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

type options struct {
	work        string
	bind        netip.Addr
	server      netip.AddrPort // of a client
	count       int64
	size        int
	inFlight    int
	connections int64
	seconds     float64 // zero: no limit
	uniStreams  int64
	bidiStreams int64
}

const usage = `usage:
  quic-go-bench server --work WORK [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
  quic-go-bench client --work WORK ADDRESS [--count N] [--size N] [--in-flight N] [--connections N]
                [--seconds S] [--bind ADDRESS] [--uni-streams N] [--bidi-streams N]
WORK is messages, roundtrip, handshakes, idle, cold or crowd`

var works = []string{"messages", "roundtrip", "handshakes", "idle", "cold", "crowd"}

// Options and the one argument may come in any order, as in the other programs.
func parse(arguments []string) (options, error) {
	var found options
	flags := flag.NewFlagSet("quic-go-bench", flag.ContinueOnError)
	flags.SetOutput(os.Stderr)
	flags.StringVar(&found.work, "work", "", "")
	bind := flags.String("bind", "127.0.0.1", "")
	flags.Int64Var(&found.count, "count", 1000, "")
	flags.IntVar(&found.size, "size", 64, "")
	flags.IntVar(&found.inFlight, "in-flight", 16, "")
	flags.Int64Var(&found.connections, "connections", 1000, "")
	flags.Float64Var(&found.seconds, "seconds", 0, "")
	flags.Int64Var(&found.uniStreams, "uni-streams", 100, "")
	flags.Int64Var(&found.bidiStreams, "bidi-streams", 100, "")

	var addresses []string
	for len(arguments) > 0 {
		if !strings.HasPrefix(arguments[0], "-") {
			addresses, arguments = append(addresses, arguments[0]), arguments[1:]
			continue
		}
		if err := flags.Parse(arguments); err != nil {
			return found, err
		}
		arguments = flags.Args()
	}

	var err error
	if found.bind, err = netip.ParseAddr(*bind); err != nil {
		return found, err
	}
	if len(addresses) > 1 {
		return found, fmt.Errorf("unexpected argument %s\n%s", addresses[1], usage)
	}
	if len(addresses) == 1 {
		if found.server, err = netip.ParseAddrPort(addresses[0]); err != nil {
			return found, err
		}
	}
	if !slices.Contains(works, found.work) {
		return found, fmt.Errorf("--work %s is none\n%s", found.work, usage)
	}
	if found.count < 1 || found.size < 1 || found.inFlight < 1 || found.connections < 1 || found.seconds < 0 {
		return found, errors.New("--count, --size, --in-flight and --connections must be at least 1")
	}
	return found, nil
}

func (o options) limit() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }

// deadline of a work that begins now, or of a part of it; zero: none.
func (o options) deadline(part float64) time.Time {
	if o.seconds == 0 {
		return time.Time{}
	}
	return time.Now().Add(time.Duration(part * float64(o.limit())))
}

func run(arguments []string) error {
	if len(arguments) == 0 {
		return errors.New(usage)
	}
	found, err := parse(arguments[1:])
	if err != nil {
		return err
	}
	switch {
	case arguments[0] == "server" && !found.server.IsValid():
		return serve(found)
	case arguments[0] == "client" && found.server.IsValid():
		return measure(found)
	}
	return errors.New(usage)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "quic-go-bench:", err)
		os.Exit(1)
	}
}
