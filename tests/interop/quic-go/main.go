// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

// A peer that speaks qp2p/1 on quic-go, driven by tst_interopforeign.
//
//	peer listen                        echoes everything until standard input ends
//	peer dial ADDRESS WORK [ARGUMENT]  against a peer that echoes everything
//
// Works: "exchange SIZE", "many COUNT" (as many requests and messages at once), "close REASON" (with
// code 7), "wait" (until the peer closes), "alpn NAME" and "anonymous" (which the peer must refuse).
package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/quic-go/quic-go"
)

const headerSize = 16
const limit = 64 << 20

type message struct{ header, destination, payload []byte }

func (m message) equals(other message) bool {
	return bytes.Equal(m.header, other.header) && bytes.Equal(m.destination, other.destination) &&
		bytes.Equal(m.payload, other.payload)
}

func encode(m message) []byte {
	out := binary.BigEndian.AppendUint16(nil, 2)
	for _, part := range [][]byte{m.header, m.destination, m.payload} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
	}
	out = append(out, 0, 0)
	return append(append(append(out, m.header...), m.destination...), m.payload...)
}

func decode(data []byte) (message, error) {
	if len(data) < headerSize || binary.BigEndian.Uint16(data) != 2 {
		return message{}, errors.New("no message of version 2")
	}
	h := uint64(binary.BigEndian.Uint32(data[2:]))
	d := uint64(binary.BigEndian.Uint32(data[6:]))
	p := uint64(binary.BigEndian.Uint32(data[10:]))
	body := data[headerSize:]
	if h+d+p != uint64(len(body)) {
		return message{}, errors.New("the lengths do not add up")
	}
	return message{body[:h], body[h : h+d], body[h+d:]}, nil
}

func read(stream io.Reader) (message, error) {
	data, err := io.ReadAll(io.LimitReader(stream, limit))
	if err != nil {
		return message{}, err
	}
	return decode(data)
}

// hello as CBOR: {0: 1, 1: "", 2: 0, 3: "quic-go", 4: 0}, with its length before it.
func hello() []byte {
	cbor := append([]byte{0xa5, 0, 1, 1, 0x60, 2, 0, 3, 0x67}, "quic-go"...)
	cbor = append(cbor, 4, 0)
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(cbor))), cbor...)
}

func readHello(stream io.Reader) error {
	var size [2]byte
	if _, err := io.ReadFull(stream, size[:]); err != nil {
		return err
	}
	cbor := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(stream, cbor); err != nil {
		return err
	}
	if len(cbor) < 3 || cbor[0]>>5 != 5 || cbor[1] != 0 || cbor[2] != 1 {
		return errors.New("the control stream does not begin with a hello")
	}
	return nil
}

func certificate() tls.Certificate {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "quic-go"},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, public, private)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}

func tlsConfig(alpn string) *tls.Config {
	return &tls.Config{
		Certificates:       []tls.Certificate{certificate()},
		NextProtos:         []string{alpn},
		InsecureSkipVerify: true, // the mode encrypt only: whoever proves its key
		ClientAuth:         tls.RequireAnyClientCert,
		MinVersion:         tls.VersionTLS13,
	}
}

var quicConfig = &quic.Config{MaxIncomingStreams: 100, MaxIncomingUniStreams: 1000}

func report(format string, values ...any) { fmt.Printf(format+"\n", values...) }

func noise(size int, seed int) []byte {
	out := make([]byte, size)
	state := uint32(seed)*2654435761 + 1
	for i := range out {
		state = state*1664525 + 1013904223
		out[i] = byte(state >> 24)
	}
	return out
}

func closeReason(err error) string {
	var application *quic.ApplicationError
	if errors.As(err, &application) {
		return fmt.Sprintf("%d %s", uint64(application.ErrorCode), application.ErrorMessage)
	}
	return err.Error()
}

func peerIDOf(conn *quic.Conn) string {
	leaf := conn.ConnectionState().TLS.PeerCertificates[0]
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

func echo(conn *quic.Conn) {
	ctx := context.Background()
	control, err := conn.AcceptStream(ctx)
	if err != nil || readHello(control) != nil {
		_ = conn.CloseWithError(1, "no hello")
		return
	}
	if _, err := control.Write(hello()); err != nil {
		return
	}
	report(`{"event":"connected","peer":"%s"}`, peerIDOf(conn))
	go func() {
		for {
			stream, err := conn.AcceptUniStream(ctx)
			if err != nil {
				return
			}
			go func() {
				if m, err := read(stream); err == nil {
					sendMessage(conn, m)
				}
			}()
		}
	}()
	for {
		stream, err := conn.AcceptStream(ctx)
		if err != nil {
			report(`{"event":"closed","reason":%s}`, strconv.Quote(closeReason(err)))
			return
		}
		go func() {
			if m, err := read(stream); err == nil {
				_, _ = stream.Write(encode(m))
				_ = stream.Close()
			}
		}()
	}
}

func sendMessage(conn *quic.Conn, m message) error {
	stream, err := conn.OpenUniStreamSync(context.Background())
	if err != nil {
		return err
	}
	if _, err := stream.Write(encode(m)); err != nil {
		return err
	}
	return stream.Close()
}

func request(conn *quic.Conn, m message) error {
	stream, err := conn.OpenStreamSync(context.Background())
	if err != nil {
		return err
	}
	if _, err := stream.Write(encode(m)); err != nil {
		return err
	}
	if err := stream.Close(); err != nil {
		return err
	}
	reply, err := read(stream)
	if err == nil && !reply.equals(m) {
		err = errors.New("the reply is another than the request")
	}
	return err
}

func listen() error {
	listener, err := quic.ListenAddr("127.0.0.1:0", tlsConfig("qp2p/1"), quicConfig)
	if err != nil {
		return err
	}
	report(`{"listening":"%s"}`, listener.Addr())
	go func() {
		for {
			conn, err := listener.Accept(context.Background())
			if err != nil {
				return
			}
			go echo(conn)
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func exchange(conn *quic.Conn, size int) error {
	for i, parts := range [][2]string{{"", ""}, {"header", ""}, {"", "to"}, {"header", "to"}} {
		m := message{[]byte(parts[0]), []byte(parts[1]), noise(size, i)}
		if err := request(conn, m); err != nil {
			return err
		}
		if err := sendMessage(conn, m); err != nil {
			return err
		}
		stream, err := conn.AcceptUniStream(context.Background())
		if err != nil {
			return err
		}
		if back, err := read(stream); err != nil || !back.equals(m) {
			return fmt.Errorf("the echo is another than the message (%v)", err)
		}
	}
	return nil
}

func many(conn *quic.Conn, count int) error {
	failures := make(chan error, 3*count)
	var all sync.WaitGroup
	for i := range count {
		m := message{[]byte(strconv.Itoa(i)), nil, noise(200, i)}
		all.Add(3)
		go func() { defer all.Done(); failures <- request(conn, m) }()
		go func() { defer all.Done(); failures <- sendMessage(conn, m) }()
		go func() {
			defer all.Done()
			stream, err := conn.AcceptUniStream(context.Background())
			if err == nil {
				var back message
				back, err = read(stream)
				if number, bad := strconv.Atoi(string(back.header)); err == nil &&
					(bad != nil || !bytes.Equal(back.payload, noise(200, number))) {
					err = errors.New("an echo is wrong")
				}
			}
			failures <- err
		}()
	}
	all.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func dial(address, work, argument string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	config := tlsConfig("qp2p/1")
	if work == "alpn" {
		config = tlsConfig(argument)
	} else if work == "anonymous" {
		config.Certificates = nil
	}
	conn, err := quic.DialAddr(ctx, address, config, quicConfig)
	if err != nil {
		return err
	}
	control, err := conn.OpenStreamSync(ctx)
	if err != nil {
		return err
	}
	if _, err := control.Write(hello()); err != nil {
		return err
	}
	if err := readHello(control); err != nil {
		return err
	}
	report(`{"event":"connected","peer":"%s"}`, peerIDOf(conn))
	number, _ := strconv.Atoi(argument)
	switch work {
	case "exchange":
		err = exchange(conn, number)
	case "many":
		err = many(conn, number)
	case "close":
		err = conn.CloseWithError(7, argument)
	case "wait":
		<-conn.Context().Done()
		report(`{"event":"done","reason":%s}`, strconv.Quote(closeReason(context.Cause(conn.Context()))))
		return nil
	default:
		err = fmt.Errorf("the peer accepted %s", work)
	}
	if err == nil {
		report(`{"event":"done","reason":""}`)
		_ = conn.CloseWithError(0, "done")
	}
	return err
}

func main() {
	words := append(os.Args[1:], "", "", "", "")
	var err error
	switch words[0] {
	case "listen":
		err = listen()
	case "dial":
		err = dial(words[1], words[2], words[3])
	default:
		err = errors.New("usage: peer listen | dial ADDRESS WORK [ARGUMENT]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}
