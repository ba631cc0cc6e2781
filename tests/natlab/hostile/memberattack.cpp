// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "memberattack.h"

#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/peering/protocol/peers.h>

#include <QHash>
#include <QSet>

#include <map>
#include <optional>

namespace Qp2p::Test {

using namespace Qp2p::Engine;
using namespace Qp2p::Peering;

namespace {

constexpr quint16 FirstPort = 20'000;

PeerId inventedId(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    return PeerId::fromBytes(bytes);
}

//! The victims in turn, with ports.
class Victims
{
public:
    explicit Victims(const MemberAttack::Options &options)
        : m_options(options)
    {
    }

    SocketAddress next()
    {
        SocketAddress address = m_options.victims[m_number % m_options.victims.size()];
        constexpr quint16 Ports = 40'000;
        address.setPort(m_options.port != 0 ? m_options.port
                                            : quint16(FirstPort + m_number % Ports));
        ++m_number;
        return address;
    }

private:
    const MemberAttack::Options m_options;
    size_t m_number = 0;
};

class Advertise : public MemberAttack
{
public:
    explicit Advertise(const Options &options)
        : m_victims(options)
        , m_answersLeft(options.answers)
    {
    }

    QJsonObject received(const ControlMessage &message, const SocketAddress &,
                         const Send &send) override
    {
        if (message.kind != PeersRequest::Kind)
            return {};
        PeersAnswer answer;
        int advertised = 0;
        if (m_answersLeft > 0) {
            --m_answersLeft;
            for (int i = 0; i < MaxAdvertisedNodes; ++i) {
                AdvertisedNode node{inventedId(i), {}};
                for (int j = 0; j < MaxAdvertisedAddresses; ++j, ++advertised)
                    node.addresses.append(m_victims.next());
                answer.nodes.append(node);
            }
        }
        const QByteArray bytes = encode(answer);
        send(bytes);
        return {{QStringLiteral("advertised"), advertised}, {QStringLiteral("bytes"), bytes.size()}};
    }

private:
    Victims m_victims;
    int m_answersLeft;
};

//! As one string of an answer's result and reason, for scripts.
QString textOf(const DialBackAnswer &answer)
{
    using Result = DialBackAnswer::Result;
    const QString reason = QString::fromUtf8(answer.reason);
    switch (answer.result) {
    case Result::Refused:
        return QStringLiteral("refused: ") + reason;
    case Result::Reachable:
        return QStringLiteral("reachable");
    case Result::Provisional:
        return QStringLiteral("provisional");
    case Result::NotReachable:
        return QStringLiteral("not reachable: ") + reason;
    }
    return {};
}

//! The answer to a request of the member, where \a message is one.
std::optional<DialBackAnswer> requestedAnswer(const ControlMessage &message)
{
    if (message.kind != DialBackAnswer::Kind)
        return {};
    const auto answer = DialBackAnswer::decode(message.map);
    if (!answer || answer->id == 0)
        return {};
    return *answer;
}

class Reflect : public MemberAttack
{
public:
    enum class Payment { Full, None };

    Reflect(const Options &options, Payment payment)
        : m_victims(options)
        , m_payment(payment)
    {
    }

    void act(const Send &send) override
    {
        // Fewer than the 12 a minute that a node may ask for, and longer than a dial takes.
        constexpr int PaidInterval = 6;
        constexpr int Unpaid = 29;
        const bool pays = m_payment == Payment::Full;
        if (pays && m_turn++ % PaidInterval != 0)
            return;
        for (int i = 0; i < (pays ? 1 : Unpaid); ++i) {
            DialBackRequest request;
            request.id = quint64(++m_asked);
            request.target = m_victims.next();
            request.port = request.target.port();
            request.peer = inventedId(m_asked);
            request.nonce = QByteArray(dialBackNonceSize, 'n');
            if (!pays)
                request.size = 0;
            send(encode(request));
        }
    }

    QJsonObject received(const ControlMessage &message, const SocketAddress &, const Send &) override
    {
        const auto answer = requestedAnswer(message);
        if (!answer)
            return {};
        return {{QStringLiteral("answer"), textOf(*answer)}};
    }

private:
    Victims m_victims;
    const Payment m_payment;
    int m_turn = 0;
    int m_asked = 0;
};

class Ask : public MemberAttack
{
public:
    Hello::Role role() const override { return Hello::Role::Client; }

    void act(const Send &send) override
    {
        constexpr int Messages = 30;
        constexpr int Paid = 5;
        constexpr quint16 Ports = 40'000;
        for (int i = 0; i < Messages; ++i) {
            DialBackRequest request;
            request.id = quint64(++m_asked);
            request.port = quint16(FirstPort + m_asked % Ports);
            if (i >= Paid)
                request.size = 0;
            send(encode(request));
        }
    }

    QJsonObject received(const ControlMessage &message, const SocketAddress &from,
                         const Send &) override
    {
        const auto answer = requestedAnswer(message);
        if (!answer)
            return {};
        // Thirty a second: each kind is reported when it is new.
        const QString text = textOf(*answer);
        QSet<QString> &known = m_reported[from];
        if (known.contains(text))
            return {};
        known.insert(text);
        return {{QStringLiteral("answer"), text}};
    }

private:
    int m_asked = 0;
    QHash<SocketAddress, QSet<QString>> m_reported;
};

using Factory = std::unique_ptr<MemberAttack> (*)(const MemberAttack::Options &);

const std::map<QByteArray, Factory> &table()
{
    using Options = MemberAttack::Options;
    using Made = std::unique_ptr<MemberAttack>;
    static const std::map<QByteArray, Factory> all{
        {"advertise",
         [](const Options &options) -> Made { return std::make_unique<Advertise>(options); }},
        {"reflect",
         [](const Options &options) -> Made {
             return std::make_unique<Reflect>(options, Reflect::Payment::Full);
         }},
        {"reflect-unpaid",
         [](const Options &options) -> Made {
             return std::make_unique<Reflect>(options, Reflect::Payment::None);
         }},
        {"ask", [](const Options &) -> Made { return std::make_unique<Ask>(); }}};
    return all;
}

} // namespace

std::unique_ptr<MemberAttack> MemberAttack::create(const QByteArray &name, const Options &options)
{
    const auto found = table().find(name);
    return found == table().end() ? nullptr : found->second(options);
}

QList<QByteArray> MemberAttack::names()
{
    QList<QByteArray> all;
    for (const auto &[name, factory] : table())
        all.append(name);
    return all;
}

bool MemberAttack::needsVictims(const QByteArray &name)
{
    return name != "ask";
}

} // namespace Qp2p::Test
