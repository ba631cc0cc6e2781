# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""A peer that speaks qp2p/1 on aioquic, driven by tst_interopforeign.

  peer listen                        echoes everything until standard input ends
  peer dial ADDRESS WORK [ARGUMENT]  against a peer that echoes everything

Works: "exchange SIZE", "many COUNT" (as many requests and messages at once), "close REASON" (with code
7), "wait" (until the peer closes), "alpn NAME" and "anonymous" (which the peer must refuse).
"""

import asyncio
import datetime
import hashlib
import json
import random
import ssl
import struct
import sys

from aioquic import tls
from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, StreamDataReceived
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HEADER = struct.Struct(">HIIIH")
PATIENCE = 60
MIB = 1024 * 1024

# aioquic's server asks for a certificate only where its own tests tell it to.
original_init = tls.Context.__init__


def init(self, *arguments, **options):
    original_init(self, *arguments, **options)
    self._request_client_certificate = not self._is_client


tls.Context.__init__ = init


def encode(parts):
    return HEADER.pack(2, *(len(part) for part in parts), 0) + b"".join(parts)


def decode(data):
    version, *sizes, _ = HEADER.unpack_from(data)
    if version != 2 or len(data) != HEADER.size + sum(sizes):
        raise ValueError("no message of version 2")
    parts, at = [], HEADER.size
    for size in sizes:
        parts.append(data[at:at + size])
        at += size
    return parts


def hello():
    """{0: 1, 1: "", 2: 0, 3: "aioquic", 4: 0} as CBOR, with its length before it."""
    cbor = b"\xa5\x00\x01\x01\x60\x02\x00\x03\x67aioquic\x04\x00"
    return struct.pack(">H", len(cbor)) + cbor


def noise(size, seed):
    return random.Random(seed).randbytes(size)


def configuration(is_client, alpn="qp2p/1", anonymous=False):
    config = QuicConfiguration(is_client=is_client, alpn_protocols=[alpn], max_data=16 * MIB,
                               max_stream_data=16 * MIB, idle_timeout=30)
    config.verify_mode = ssl.CERT_NONE  # the mode encrypt only: whoever proves its key
    if not anonymous:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aioquic")])
        config.certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(1)
            .not_valid_before(datetime.datetime(1970, 1, 1))
            .not_valid_after(datetime.datetime(9999, 12, 31))
            .sign(key, hashes.SHA256()))
        config.private_key = key
    return config


def report(**fields):
    print(json.dumps(fields), flush=True)


class Peer(QuicConnectionProtocol):
    """One connection. A stream is handled when it has ended; stream 0 is the control stream."""

    echoes = False

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.received = {}
        self.greeted = asyncio.get_running_loop().create_future()
        self.ended = asyncio.get_running_loop().create_future()
        self.replies = {}
        self.messages = asyncio.Queue()

    def quic_event_received(self, event):
        if isinstance(event, HandshakeCompleted) and not self.echoes:
            self.write(self._quic.get_next_available_stream_id(), hello(), False)
        elif isinstance(event, StreamDataReceived):
            data = self.received.setdefault(event.stream_id, bytearray())
            data += event.data
            if event.stream_id == 0:
                self.handle_control(bytes(data))
            elif event.end_stream:
                self.handle_message(event.stream_id, bytes(self.received.pop(event.stream_id)))
        elif isinstance(event, ConnectionTerminated):
            reason = f"{event.error_code} {event.reason_phrase}"
            report(event="closed", reason=reason)
            for future in (self.ended, self.greeted, *self.replies.values()):
                if not future.done():
                    future.set_exception(ConnectionError(reason))
                future.exception()  # nobody may be waiting for this one
            self.messages.put_nowait(None)

    def write(self, stream, data, end):
        self._quic.send_stream_data(stream, data, end)
        self.transmit()

    def handle_control(self, data):
        if self.greeted.done() or len(data) < 2 or len(data) < 2 + struct.unpack_from(">H", data)[0]:
            return
        if data[2] >> 5 != 5 or data[3:5] != b"\x00\x01":
            raise ValueError("the control stream does not begin with a hello")
        if self.echoes:
            self.write(0, hello(), False)
        self.greeted.set_result(None)
        report(event="connected", peer=self.peer_id())

    def peer_id(self):
        key = self._quic.tls._peer_certificate.public_key()
        spki = key.public_bytes(serialization.Encoding.DER,
                                serialization.PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).hexdigest()

    def handle_message(self, stream, data):
        if stream in self.replies:
            self.replies.pop(stream).set_result(decode(data))
        elif not self.echoes:
            self.messages.put_nowait(decode(data))
        elif stream % 4 == 0:
            self.write(stream, encode(decode(data)), True)
        else:
            self.send(decode(data))

    def send(self, parts):
        self.write(self._quic.get_next_available_stream_id(is_unidirectional=True), encode(parts),
                   True)

    async def request(self, parts):
        stream = self._quic.get_next_available_stream_id()
        self.replies[stream] = asyncio.get_running_loop().create_future()
        reply = self.replies[stream]
        self.write(stream, encode(parts), True)
        if await reply != parts:
            raise ValueError("the reply is another than the request")


class Echo(Peer):
    echoes = True


async def exchange(peer, size):
    for seed, (header, destination) in enumerate(
            ((b"", b""), (b"header", b""), (b"", b"to"), (b"header", b"to"))):
        parts = [header, destination, noise(size, seed)]
        await peer.request(parts)
        peer.send(parts)
        if await peer.messages.get() != parts:
            raise ValueError("the echo is another than the message")


async def many(peer, count):
    async def receive():
        for _ in range(count):
            header, _, payload = await peer.messages.get()
            if payload != noise(200, int(header)):
                raise ValueError("an echo is wrong")

    all_parts = [[str(i).encode(), b"", noise(200, i)] for i in range(count)]
    for parts in all_parts:
        peer.send(parts)
    await asyncio.gather(receive(), *(peer.request(parts) for parts in all_parts))


async def dial(address, work, argument=""):
    host, _, port = address.rpartition(":")
    config = configuration(True, argument if work == "alpn" else "qp2p/1", work == "anonymous")
    async with connect(host, int(port), configuration=config, create_protocol=Peer) as peer:
        await peer.greeted
        if work == "exchange":
            await exchange(peer, int(argument))
        elif work == "many":
            await many(peer, int(argument))
        elif work == "close":
            peer._quic.close(error_code=7, reason_phrase=argument)
            peer.transmit()
            return
        elif work == "wait":
            try:
                await peer.ended
            except ConnectionError as reason:
                report(event="done", reason=str(reason))
            return
        else:
            raise ValueError(f"the peer accepted {work}")
        report(event="done", reason="")


async def listen():
    server = await serve("127.0.0.1", 0, configuration=configuration(False), create_protocol=Echo)
    report(listening="127.0.0.1:%d" % server._transport.get_extra_info("sockname")[1])
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


async def main(words):
    if words[:1] == ["listen"]:
        await listen()
    elif words[:1] == ["dial"] and len(words) >= 3:
        await asyncio.wait_for(dial(*words[1:4]), PATIENCE)
    else:
        raise ValueError("usage: peer listen | dial ADDRESS WORK [ARGUMENT]")


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except (ConnectionError, ValueError, asyncio.TimeoutError) as failure:
        print(f"peer: {failure or 'timed out'}", file=sys.stderr)
        sys.exit(1)
