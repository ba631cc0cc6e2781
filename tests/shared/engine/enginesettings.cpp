// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/enginesettings.h>

#include <algorithm>
#include <map>
#include <memory>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

RandomSource seededRandomSource(quint64 seed)
{
    // Shared by all copies: two copies that said the same would make colliding connection IDs.
    return [random = std::make_shared<SeededRandom>(seed)](std::span<quint8> bytes) {
        std::generate(bytes.begin(), bytes.end(), [&] { return quint8(random->next()); });
    };
}

QByteArray randomBytes(SeededRandom &random, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    std::generate(bytes.begin(), bytes.end(), [&] { return char(random.next()); });
    return bytes;
}

Identity testIdentity(int number)
{
    static std::map<int, Identity> identities;
    const auto found = identities.find(number);
    if (found != identities.end())
        return found->second;
    const Result<Identity> identity = Identity::generate();
    if (!identity)
        qFatal("no identity: %s", qPrintable(identity.error().message));
    return identities.emplace(number, *identity).first->second;
}

Settings makeSettings(int number)
{
    Settings settings;
    settings.identity = testIdentity(number);
    settings.protocols = protocolsWith(makeMessageOptions());
    settings.wallClock = [] { return qint64(1'780'272'000); }; // 2026-06-01
    settings.random = seededRandomSource(SeededRandom::derivedSeed(1, quint64(number)));
    return settings;
}

MessageOptions makeMessageOptions()
{
    MessageOptions options;
    options.agent = "tests";
    return options;
}

std::vector<std::shared_ptr<const StreamProtocolFactory>> protocolsWith(
    const MessageOptions &options, const std::vector<Protocol> &spoken)
{
    return messageProtocols(spoken, std::make_shared<MessageOptions>(options));
}

SocketAddress publicAddress(quint16 host, quint16 port)
{
    return SocketAddress::fromIpv4({198, 18, quint8(host >> 8), quint8(host)}, port);
}

SocketAddress privateAddress(quint16 host, quint16 port)
{
    return SocketAddress::fromIpv4({10, 0, quint8(host >> 8), quint8(host)}, port);
}

SocketAddress publicIpv6(quint32 prefix, quint16 subnet, quint16 host, quint16 port)
{
    std::array<quint8, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
    for (size_t i = 0; i < 3; ++i) // 24 bits up to the /56
        bytes[4 + i] = quint8(prefix >> (16 - 8 * i));
    bytes[7] = quint8(subnet); // the subnets of one household
    bytes[14] = quint8(host >> 8);
    bytes[15] = quint8(host);
    return SocketAddress::fromIpv6(bytes, port);
}

} // namespace Qp2p::Test
