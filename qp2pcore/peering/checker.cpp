// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checker.h>

#include <qp2pcore/io/environment.h>
#include <qp2pcore/logging_p.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/addressscope.h>
#include <qp2pcore/peering/whenfinished.h>

#include <algorithm>
#include <chrono>

namespace Qp2p::Peering {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds DialLimit = 5s;
constexpr quint64 Minute = 60'000'000'000;
constexpr quint64 HelperLimit = 8'000'000'000; // nanoseconds: its dial, and the ways to it and back
constexpr qsizetype MostHelpers = 3;

Engine::SocketAddress socketAddressOf(const PeerAddress &address)
{
    return Io::toSocketAddress(address.address(), address.port());
}

//! That a dial failed on the way or there. Troubles of our own, and a peer that has too many connections,
//! say nothing about whether it can be reached.
bool isEvidence(const Error &error)
{
    switch (error.code) {
    case ErrorCode::AddressInUse:
    case ErrorCode::AddressNotAvailable:
    case ErrorCode::PermissionDenied:
    case ErrorCode::NetworkUnavailable:
    case ErrorCode::SocketFailed:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::Cancelled:
    case ErrorCode::InvalidArgument:
    case ErrorCode::Unsupported:
        return false;
    default:
        return true;
    }
}

} // namespace

Checker::Checker(Endpoint &endpoint, const EndpointConfig &config,
                 std::shared_ptr<const Membership> membership, const Surroundings &surroundings)
    : m_endpoint(endpoint)
    , m_config(config)
    , m_membership(std::move(membership))
    , m_surroundings(surroundings)
    , m_environment(Access::environment(endpoint))
    , m_byPeer(DialsPerPeer, Minute)
    , m_byAddress(DialsPerAddress, Minute)
    , m_inAll(DialsInAll, Minute)
{
}

Checker::~Checker() = default;

bool Checker::isAllowed(const PeerId &asker, const QHostAddress &address, QString *why)
{
    const quint64 now = m_environment->now();
    if (!m_byPeer.hasRoom(asker, now) || !m_byAddress.hasRoom(address, now)
        || !m_inAll.hasRoom(0, now)) {
        *why = QStringLiteral("too many checks in this minute");
        return false;
    }
    m_byPeer.count(asker, now);
    m_byAddress.count(address, now);
    m_inAll.count(0, now);
    return true;
}

void Checker::check(Connection *connection, quint64 id, quint16 port, Done done)
{
    const QHostAddress observed = connection->peerAddress().address();
    Check check;
    check.number = ++m_lastNumber;
    check.connection = connection;
    check.id = id;
    check.target = PeerAddress(observed, port, connection->peerId());
    check.done = std::move(done);
    const quint64 number = check.number;
    m_checks.push_back(std::move(check));
    QString why;
    if (port < FirstPort)
        why = QStringLiteral("ports below 1024 are not dialled");
    else if (isAllowed(connection->peerId(), observed, &why)) {
        proceed(m_checks.back());
        return;
    }
    QMetaObject::invokeMethod(
        this, [this, number, why] { conclude(number, Answer::Result::Refused, why); },
        Qt::QueuedConnection);
}

//! The next helper, or ourselves.
void Checker::proceed(Check &check)
{
    QList<Connection *> helpers;
    const QHostAddress ours = check.connection ? check.connection->observedAddress().address()
                                               : QHostAddress();
    const auto family = check.target.address().protocol();
    for (Connection *node : m_surroundings.nodeConnections()) {
        const QHostAddress address = node->peerAddress().address();
        if (address.protocol() == family && address != check.target.address() && address != ours
            && node->peerId() != check.target.peerId() && !check.asked.contains(node->peerId()))
            helpers.append(node);
    }
    check.nonce = randomBytes(Engine::dialBackNonceSize);
    check.deadline = m_environment->now() + HelperLimit;
    if (check.helperDialled && check.helper && helpers.isEmpty())
        helpers.append(check.helper);
    if (!helpers.isEmpty() && (check.asked.size() < MostHelpers || check.helperDialled)) {
        const QByteArray chance = randomBytes(2);
        const qsizetype index = (quint8(chance[0]) << 8 | quint8(chance[1])) % helpers.size();
        check.helper = helpers[index];
        check.viaHelper = true;
        check.asked.append(check.helper->peerId());
        Engine::DialBackRequest request;
        request.id = check.number;
        request.target = socketAddressOf(check.target);
        request.port = check.target.port();
        request.peer = check.target.peerId();
        request.nonce = check.nonce;
        Access::send(*check.helper, encode(request));
        return;
    }
    if (check.helperDialled) { // and a dial of ours would say less
        QMetaObject::invokeMethod(
            this,
            [this, number = check.number] {
                conclude(number, Answer::Result::NotReachable,
                         QStringLiteral("another node dialled it in vain"));
            },
            Qt::QueuedConnection);
        return;
    }
    check.helper = nullptr;
    check.viaHelper = false;
    dial(check.target, check.nonce, [this, number = check.number](const Result<void> &result) {
        if (result)
            conclude(number, Answer::Result::Provisional);
        else if (isEvidence(result.error()))
            dialledInVain(number, result.error().message);
        else
            conclude(number, Answer::Result::Refused, result.error().message);
    });
}

void Checker::dialledInVain(quint64 number, const QString &reason)
{
    Check *check = find(number);
    if (!check)
        return;
    check->helperDialled = check->viaHelper;
    QString why;
    if (!std::exchange(check->repeated, true) && check->connection
        && isAllowed(check->target.peerId(), check->target.address(), &why))
        proceed(*check);
    else
        conclude(number, Answer::Result::NotReachable, reason);
}

void Checker::help(Connection *asker, const Engine::DialBackRequest &request)
{
    const QHostAddress from = asker->peerAddress().address();
    const QHostAddress address = asSeenFrom(from, Io::toHostAddress(request.target));
    const QPointer<Connection> connection(asker);
    const auto answer = [this, connection, id = request.id](Answer::Result result,
                                                            const QString &reason) {
        if (connection)
            Access::send(*connection, encode(Answer{id, result, reason.toUtf8(), {}}));
    };
    QString why;
    if (request.target.port() < FirstPort)
        why = QStringLiteral("ports below 1024 are not dialled");
    // A peer in the LAN observes only addresses of the LAN, and a public one has no reason to make us dial
    // something inside.
    else if (isLocalScope(address) != isLocalScope(from)
             || !mayPass(address, request.target.port(), from, m_surroundings.interfaceNetworks()))
        why = QStringLiteral("the address is of another network than the link");
    else if (m_surroundings.isKnown(address, request.peer))
        why = QStringLiteral("it has been in touch with this node");
    else if (m_membership->refuse && m_membership->refuse(request.peer, request.target).isError())
        why = QStringLiteral("this node does not dial it");
    if (!why.isEmpty() || !isAllowed(asker->peerId(), address, &why)) {
        answer(Answer::Result::Refused, why);
        return;
    }
    dial(PeerAddress(address, request.target.port(), request.peer), request.nonce,
         [answer](const Result<void> &result) {
             answer(result                           ? Answer::Result::Reachable
                        : isEvidence(result.error()) ? Answer::Result::NotReachable
                                                     : Answer::Result::Refused,
                    result.error().message);
         });
}

void Checker::answered(Connection *helper, const Answer &answer)
{
    Check *check = find(answer.id);
    if (!check || check->helper != helper)
        return;
    switch (answer.result) {
    case Answer::Result::NotReachable:
        dialledInVain(check->number, QString::fromUtf8(answer.reason));
        break;
    case Answer::Result::Refused:
        proceed(*check);
        break;
    default:
        break; // the peer itself has to say so
    }
}

void Checker::arrived(Connection *connection, const QByteArray &nonce)
{
    for (const Check &check : m_checks) {
        if (check.nonce == nonce && check.viaHelper && check.connection
            && check.connection->peerId() == connection->peerId()) {
            conclude(check.number, Answer::Result::Reachable);
            return;
        }
    }
}

void Checker::tick()
{
    const quint64 now = m_environment->now();
    std::vector<quint64> late;
    for (const Check &check : m_checks) {
        if (check.viaHelper && (check.deadline <= now || !check.helper))
            late.push_back(check.number);
    }
    for (const quint64 number : late) {
        Check *check = find(number);
        if (check && !check->connection)
            conclude(number, Answer::Result::Refused);
        else if (check)
            proceed(*check); // that helper is of no help
    }
}

void Checker::conclude(quint64 number, Answer::Result result, const QString &reason)
{
    const auto found = std::find_if(m_checks.begin(), m_checks.end(), [number](const Check &check) {
        return check.number == number;
    });
    if (found == m_checks.end())
        return;
    const Check check = std::move(*found);
    m_checks.erase(found);
    qCDebug(lcNetwork).noquote() << "check of" << check.target.toString() << int(result) << reason;
    if (check.connection && check.done)
        check.done(Answer{check.id, result, reason.toUtf8(), {}});
}

Checker::Check *Checker::find(quint64 number)
{
    const auto found = std::find_if(m_checks.begin(), m_checks.end(), [number](const Check &check) {
        return check.number == number;
    });
    return found == m_checks.end() ? nullptr : &*found;
}

//! From a socket that has never sent anything to anybody.
void Checker::dial(const PeerAddress &target, const QByteArray &nonce,
                   std::function<void(const Result<void> &)> done)
{
    auto *fresh = new Endpoint(m_config, m_environment, this);
    Access::join(*fresh, m_membership, nullptr);
    QHostAddress local = m_endpoint.localAddress();
    if (local.isNull() || Io::toSocketAddress(local, 0).isUnspecified())
        local = QHostAddress(QHostAddress::Any);
    if (const Result<void> bound = Access::bind(*fresh, local); !bound) {
        delete fresh;
        QMetaObject::invokeMethod(
            this, [done, bound] { done(bound); }, Qt::QueuedConnection);
        return;
    }
    ++m_dials;
    whenFinished(Access::dialBack(*fresh, target, nonce, DialLimit), this,
                 [fresh, done](const Result<void> &result) {
                     fresh->deleteLater();
                     done(result);
                 });
}

QByteArray Checker::randomBytes(qsizetype size) const
{
    QByteArray bytes(size, Qt::Uninitialized);
    m_environment->random({reinterpret_cast<quint8 *>(bytes.data()), size_t(size)});
    return bytes;
}

} // namespace Qp2p::Peering
