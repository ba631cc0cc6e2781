// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Examines the routers before this host, or is the server that it asks for that.

#include "../hostile/udpsocket.h"

#include <shared/natprobe.h>

#include <qp2pcore/io/datagramchannel.h>

#include <QElapsedTimer>
#include <QHostAddress>
#include <QStringList>

#include <poll.h>

#include <array>
#include <cstdio>
#include <memory>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Test;
using Engine::SocketAddress;

namespace {

constexpr std::array<quint16, 2> ports = {3478, 3479};
constexpr int tries = 3;
constexpr int patience = 300; // milliseconds, of each try

using ServerAddresses = std::array<QHostAddress, 2>;

SocketAddress endOf(const ServerAddresses &addresses, ServerEnd end)
{
    return Io::toSocketAddress(addresses[size_t(end.address)], ports[size_t(end.port)]);
}

//! Waits for a datagram that \a accept takes.
template<typename Accept>
auto waitFor(UdpSocket &socket, const Accept &accept)
    -> decltype(accept(std::declval<const UdpSocket::Received &>()))
{
    QElapsedTimer timer;
    timer.start();
    for (qint64 left = patience; left > 0; left = patience - timer.elapsed()) {
        pollfd waiting{socket.descriptor(), POLLIN, 0};
        poll(&waiting, 1, int(left));
        while (const auto received = socket.receiveFrom()) {
            if (const auto accepted = accept(*received))
                return accepted;
        }
    }
    return {};
}

std::span<const quint8> bytesOf(const QByteArray &data)
{
    return {reinterpret_cast<const quint8 *>(data.constData()), size_t(data.size())};
}

class RealNetwork final : public ProbeNetwork
{
public:
    RealNetwork(const QHostAddress &own, const ServerAddresses &server)
        : m_own(own)
        , m_server(server)
    {
    }

    int openSocket() override
    {
        m_sockets.push_back(std::make_unique<UdpSocket>(Io::toSocketAddress(m_own, 0)));
        return int(m_sockets.size()) - 1;
    }
    SocketAddress localAddress(int socket) override { return m_sockets[size_t(socket)]->local(); }
    std::optional<SocketAddress> ask(int socket, ServerEnd to, ServerEnd from) override
    {
        UdpSocket &own = *m_sockets[size_t(socket)];
        const quint32 number = ++m_requests;
        for (int i = 0; i < tries; ++i) {
            own.sendTo(endOf(m_server, to), probeRequest(number, from));
            const auto seen = waitFor(own, [&](const UdpSocket::Received &received) {
                return seenAddress(bytesOf(received.data), number);
            });
            if (seen)
                return seen;
        }
        return {};
    }
    std::optional<SocketAddress> reach(int socket, const SocketAddress &address, int target) override
    {
        const QByteArray greeting = "hairpin " + QByteArray::number(++m_requests);
        for (int i = 0; i < tries; ++i) {
            m_sockets[size_t(socket)]->sendTo(address, greeting);
            const auto source = waitFor(
                *m_sockets[size_t(target)], [&](const UdpSocket::Received &received) {
                    return received.data == greeting ? std::optional(received.from) : std::nullopt;
                });
            if (source)
                return source;
        }
        return {};
    }

private:
    const QHostAddress m_own;
    const ServerAddresses m_server;
    std::vector<std::unique_ptr<UdpSocket>> m_sockets;
    quint32 m_requests = 0;
};

[[noreturn]] void serve(const ServerAddresses &addresses)
{
    std::array<std::array<std::unique_ptr<UdpSocket>, 2>, 2> sockets;
    std::array<pollfd, 4> waiting;
    for (int i = 0; i < 4; ++i) {
        auto &socket = sockets[size_t(i / 2)][size_t(i % 2)];
        socket = std::make_unique<UdpSocket>(endOf(addresses, {i / 2, i % 2}));
        waiting[size_t(i)] = {socket->descriptor(), POLLIN, 0};
    }
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        poll(waiting.data(), waiting.size(), -1);
        for (const auto &ofAddress : sockets) {
            for (const auto &socket : ofAddress) {
                while (const auto request = socket->receiveFrom()) {
                    if (const auto answer = answerProbe(bytesOf(request->data), request->from))
                        sockets[size_t(answer->from.address)][size_t(answer->from.port)]->sendTo(
                            request->from, answer->data);
                }
            }
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    QList<QHostAddress> addresses;
    for (int i = 2; i < argc; ++i)
        addresses.append(QHostAddress(QString::fromLocal8Bit(argv[i])));
    const QByteArray what = argc > 1 ? argv[1] : "";
    if (what == "serve" && addresses.size() == 2)
        serve({addresses.at(0), addresses.at(1)});
    if (what == "check" && addresses.size() == 3) {
        RealNetwork network(addresses.at(0), {addresses.at(1), addresses.at(2)});
        std::puts(qPrintable(observeNat(network).text()));
        return 0;
    }
    std::fputs("Usage: qp2p-natprobe serve ADDRESS ADDRESS\n"
               "       qp2p-natprobe check OWN-ADDRESS SERVER-ADDRESS SERVER-ADDRESS\n",
               stderr);
    return 2;
}
