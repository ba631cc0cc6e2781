// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause

package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"time"

	"github.com/quic-go/quic-go"
)

const (
	// As this library has them at most.
	streamWindow     = 16 << 20
	connectionWindow = 24 << 20
	sizeLimit        = 64 << 20 // of a message that is received
)

// A self-signed certificate with a new Ed25519 key, as this library makes it.
func certificate() (tls.Certificate, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "qp2p"},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, public, private)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, err
}

// Each side must prove that it has the key of its certificate, and nothing else; no session is resumed.
// The key exchange is the one that all others use.
func tlsConfig() (*tls.Config, error) {
	own, err := certificate()
	return &tls.Config{
		Certificates:           []tls.Certificate{own},
		NextProtos:             []string{"qp2p-bench"},
		InsecureSkipVerify:     true,
		ClientAuth:             tls.RequireAnyClientCert,
		MinVersion:             tls.VersionTLS13,
		CurvePreferences:       []tls.CurveID{tls.X25519},
		SessionTicketsDisabled: true,
	}, err
}

func quicConfig(o options) *quic.Config {
	config := &quic.Config{
		MaxIdleTimeout: time.Minute,
		// A message takes a bi-directional stream here, see link.send.
		MaxIncomingStreams:         max(o.uniStreams, o.bidiStreams),
		MaxStreamReceiveWindow:     streamWindow,
		MaxConnectionReceiveWindow: connectionWindow,
	}
	if o.work == "idle" {
		config.KeepAlivePeriod = 20 * time.Second
	}
	return config
}

// One UDP socket, on any free port.
func bind(address netip.Addr) (*quic.Transport, error) {
	socket, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, 0)))
	if err != nil {
		return nil, err
	}
	return &quic.Transport{Conn: socket}, nil
}

type dialler struct {
	transport *quic.Transport
	server    net.Addr
	tls       *tls.Config
	quic      *quic.Config
}

func newDialler(o options) (*dialler, error) {
	security, err := tlsConfig()
	if err != nil {
		return nil, err
	}
	transport, err := bind(o.bind)
	if err != nil {
		return nil, err
	}
	return &dialler{transport, net.UDPAddrFromAddrPort(o.server), security, quicConfig(o)}, nil
}

func (d *dialler) dial() (link, error) {
	connection, err := d.transport.Dial(context.Background(), d.server, d.tls, d.quic)
	return link{connection}, err
}

type link struct{ connection *quic.Conn }

func (l link) close() { _ = l.connection.CloseWithError(0, "") }

func (l link) isOpen() bool { return l.connection.Context().Err() == nil }

// Sends a message, and returns when the peer has all of it. quic-go does not say when a stream has been
// acknowledged. So the server closes its direction of a bi-directional stream when it has read the other.
func (l link) send(ctx context.Context, message []byte) error {
	reply, err := l.exchange(ctx, message)
	if err == nil && reply != 0 {
		err = errors.New("the server answered a message")
	}
	return err
}

func (l link) request(message []byte) error {
	reply, err := l.exchange(context.Background(), message)
	if err == nil && reply != len(message) {
		err = errors.New("the reply is not as long as the request")
	}
	return err
}

// Returns the size of the reply.
func (l link) exchange(ctx context.Context, message []byte) (int, error) {
	stream, err := l.connection.OpenStreamSync(ctx)
	if err != nil {
		return 0, err
	}
	if deadline, limited := ctx.Deadline(); limited {
		_ = stream.SetDeadline(deadline) // of a stream that is open: cannot fail
	}
	if _, err := stream.Write(message); err != nil {
		return 0, err
	}
	if err := stream.Close(); err != nil {
		return 0, err
	}
	reply, err := io.ReadAll(io.LimitReader(stream, sizeLimit))
	return len(reply), err
}
