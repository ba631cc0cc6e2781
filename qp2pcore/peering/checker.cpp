// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checker.h>

#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressscope.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

constexpr std::chrono::seconds HelperLimit(8); // its dial, and the ways to it and back
constexpr qsizetype MaxHelpers = 3;
constexpr auto Payment = quint64(DialBackPayment);
constexpr auto MaxPayment = quint64(MaxDialBackPayment);
constexpr qsizetype MinExtraPayment = 100; // below it the message around it is what is sent

Engine::SocketAddress socketAddressOf(const PeerAddress &address)
{
    return Io::toSocketAddress(address.address(), address.port());
}

} // namespace

Checker::Checker(Endpoint &endpoint, const EndpointConfig &config,
                 std::shared_ptr<const Membership> membership, Surroundings &surroundings)
    : m_surroundings(surroundings)
    , m_environment(Access::environment(endpoint))
    , m_dialler(endpoint, config, membership, this) // a child: it moves to another thread with us
    , m_helper(m_environment, membership, surroundings, m_limits, m_ahead, m_dialler)
{
}

Checker::~Checker() = default;

// ---- what is wanted of us

void Checker::checkClaim(Connection *connection, quint16 port, Done done)
{
    Check &check = add(connection, 0, port, Kind::Claim, std::move(done));
    if (port < FirstAdvertisedPort)
        concludeLater(check, Answer::Result::Refused, CheckRefusal::port());
    else if (!begin(check, m_ahead) && Access::unchargedBytes(*connection) >= Payment)
        m_limits.queue(check.keys, m_environment->now(), m_ahead);
}

//! Strangers can send many of these, so what is refused costs no more than this.
void Checker::check(Connection *connection, const DialBackRequest &request)
{
    if (request.id == 0) {
        for (Check &waiting : m_checks) { // perhaps its claim has waited for this
            if (waiting.connection == connection && waiting.step == Step::Waiting)
                begin(waiting, m_ahead);
        }
        return;
    }
    const auto answer = [this, alive = QPointer(connection),
                         port = request.port](const Answer &what) {
        if (alive)
            Access::send(*alive, encode(what));
        const bool hasPassed = what.result == Answer::Result::Reachable
            || what.result == Answer::Result::Provisional;
        if (alive && hasPassed)
            m_surroundings.requestPassed(alive, port);
    };
    const auto refuse = [&](const QString &reason) {
        answer({request.id, Answer::Result::Refused, reason.toUtf8(), {}});
    };
    if (request.size < DialBackPayment) {
        refuse(CheckRefusal::payment());
    } else if (request.port < FirstAdvertisedPort) {
        refuse(CheckRefusal::port());
    } else {
        Check &check = add(connection, request.id, request.port, Kind::Request, answer);
        if (!begin(check, m_ahead)) {
            m_checks.pop_back();
            refuse(Access::unchargedBytes(*connection) < Payment ? CheckRefusal::payment()
                                                                 : CheckRefusal::room());
        }
    }
}

Checker::Check &Checker::add(Connection *connection, quint64 id, quint16 port, Kind kind, Done done)
{
    Check check;
    check.number = ++m_lastNumber;
    check.connection = connection;
    check.id = id;
    setTarget(check, port);
    check.kind = kind;
    check.done = std::move(done);
    m_checks.push_back(std::move(check));
    return m_checks.back();
}

//! Where the peer has proven to be, and nowhere else.
void Checker::setTarget(Check &check, quint16 port)
{
    const QHostAddress observed = check.connection->peerAddress().address();
    const PeerId peerId = check.connection->peerId();
    check.target = PeerAddress(observed, port, peerId);
    check.keys = CheckLimits::keysOf({peerId, observed, observed, port},
                                     m_surroundings.interfaceNetworks());
}

//! Where there is room, and the peer has paid for a dial.
bool Checker::begin(Check &check, const CheckLimits::Ahead &ahead)
{
    const Time now = m_environment->now();
    if (!check.connection || Access::unchargedBytes(*check.connection) < Payment
        || !m_limits.hasRoom(check.keys, now, ahead))
        return false;
    check.paid = std::min(Access::unchargedBytes(*check.connection), MaxPayment);
    Access::charge(*check.connection, check.paid);
    m_limits.count(check.keys, now);
    proceed(check);
    return true;
}

//! Begins what waits: networks that have had no check in this minute first, then such groups, then the oldest.
void Checker::serve()
{
    using Novelty = CheckLimits::Novelty;
    const Time now = m_environment->now();
    m_ahead.clear();
    for (const Novelty turn : {Novelty::NewNetwork, Novelty::NewGroup, Novelty::None}) {
        for (Check &check : m_checks) {
            if (check.step != Step::Waiting || m_limits.noveltyOf(check.keys, now) != turn)
                continue;
            const bool isPaid = check.connection
                && Access::unchargedBytes(*check.connection) >= Payment;
            if (isPaid && !begin(check, m_ahead))
                m_limits.queue(check.keys, now, m_ahead);
        }
    }
}

Checker::Waiting Checker::waitingOf(const Connection *connection) const
{
    const bool isWaiting = std::any_of(
        m_checks.cbegin(), m_checks.cend(), [connection](const Check &check) {
            return check.connection == connection && check.step == Step::Waiting;
        });
    if (!isWaiting)
        return Waiting::None;
    return Access::unchargedBytes(*connection) >= Payment ? Waiting::ForRoom : Waiting::ForPayment;
}

// ---- a check

//! For another dial: it needs its own payment, and room.
void Checker::askAgain(Check &check, const QString &reason)
{
    check.step = Step::Waiting;
    check.helper = nullptr;
    if (!begin(check, m_ahead) && check.kind == Kind::Request)
        concludeLater(check, Answer::Result::Refused, reason);
}

//! The next helper, or ourselves.
void Checker::proceed(Check &check)
{
    QList<Connection *> helpers = helpersFor(check);
    check.helper = nullptr;
    check.nonce = randomBytes(Engine::dialBackNonceSize);
    check.nonceIsOfHelper = false;
    check.deadline = m_environment->now() + HelperLimit;
    if (helpers.isEmpty() && check.dialler)
        helpers.append(std::exchange(check.dialler, nullptr));
    if (!helpers.isEmpty() && (check.asked.size() < MaxHelpers || check.helperDialled))
        askHelper(check, helpers);
    else if (check.helperDialled) // a dial of ours would say less
        concludeLater(check, Answer::Result::Refused,
                      QStringLiteral("one node could not dial it, no other tried"));
    else
        dialOurselves(check);
}

//! \brief Nodes on other addresses than the peer's and ours that were not asked yet. Ours is what nodes agree on, and
//! what the hello of the peer says, which sees us on another way perhaps, or lies.
QList<Connection *> Checker::helpersFor(const Check &check) const
{
    QList<Connection *> helpers;
    const auto family = check.target.address().protocol();
    const QHostAddress own = m_surroundings.ownAddress(family);
    const QHostAddress seenByPeer = check.connection ? check.connection->observedAddress().address()
                                                     : QHostAddress();
    for (Connection *node : m_surroundings.nodeConnections()) {
        const QHostAddress address = node->peerAddress().address();
        if (address.protocol() == family && address != check.target.address() && address != own
            && address != seenByPeer && node->peerId() != check.target.peerId()
            && !check.asked.contains(node->peerId()))
            helpers.append(node);
    }
    return helpers;
}

//! One of \a helpers, by chance.
void Checker::askHelper(Check &check, const QList<Connection *> &helpers)
{
    const QByteArray chance = randomBytes(2);
    const qsizetype index = (quint8(chance[0]) << 8 | quint8(chance[1])) % helpers.size();
    check.helper = helpers[index];
    check.step = Step::Helper;
    check.nonceIsOfHelper = true;
    check.asked.append(check.helper->peerId());
    DialBackRequest request;
    request.id = check.number;
    request.target = socketAddressOf(check.target);
    request.port = check.target.port();
    request.peer = check.target.peerId();
    request.nonce = check.nonce;
    // Everything that the peer has paid goes on: a dial with more to send stands losses better.
    DialBackRequest extra;
    extra.port = request.port;
    extra.size = qsizetype(check.paid - Payment);
    if (extra.size >= MinExtraPayment)
        Access::send(*check.helper, encode(extra));
    Access::send(*check.helper, encode(request));
}

void Checker::dialOurselves(Check &check)
{
    check.step = Step::Dialling;
    m_dialler.dial(
        check.target, check.nonce, check.paid,
        [this, number = check.number](CheckDialler::Result result, const QString &reason) {
            switch (result) {
            case CheckDialler::Result::Arrived:
                conclude(number, Answer::Result::Provisional);
                break;
            case CheckDialler::Result::Failed:
                dialFailed(number, reason);
                break;
            case CheckDialler::Result::NotTried:
                conclude(number, Answer::Result::Refused, reason);
                break;
            }
        });
}

void Checker::dialFailed(quint64 number, const QString &reason)
{
    Check *check = find(number);
    if (!check)
        return;
    check->helperDialled = check->step == Step::Helper;
    check->dialler = check->helper;
    if (std::exchange(check->repeated, true))
        conclude(number, Answer::Result::NotReachable, reason);
    else
        askAgain(*check, QStringLiteral("no second dial: no room, or not paid for"));
}

void Checker::answered(Connection *helper, const Answer &answer)
{
    Check *check = find(answer.id);
    if (!check || check->step != Step::Helper || check->helper != helper)
        return;
    switch (answer.result) {
    case Answer::Result::NotReachable:
        dialFailed(check->number, QString::fromUtf8(answer.reason));
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
        if (check.nonce == nonce && check.nonceIsOfHelper && check.connection
            && check.connection->peerId() == connection->peerId()) {
            conclude(check.number, Answer::Result::Reachable);
            return;
        }
    }
}

void Checker::peerMoved(Connection *connection)
{
    for (Check &check : m_checks) {
        if (check.connection != connection || check.step == Step::Over
            || check.target.address() == connection->peerAddress().address())
            continue;
        Check again;
        again.number = ++m_lastNumber; // what is still said of the earlier one is not taken for this
        again.connection = check.connection;
        again.id = check.id;
        again.kind = check.kind;
        again.done = std::move(check.done);
        setTarget(again, check.target.port());
        check = std::move(again);
        if (check.kind == Kind::Request)
            concludeLater(check, Answer::Result::Refused, QStringLiteral("the address has changed"));
    }
}

void Checker::tick()
{
    const Time now = m_environment->now();
    std::vector<quint64> late;
    for (const Check &check : m_checks) {
        if (!check.connection
            || (check.step == Step::Helper && (check.deadline <= now || !check.helper)))
            late.push_back(check.number);
    }
    for (const quint64 number : late) {
        Check *check = find(number);
        if (!check->connection)
            conclude(number, Answer::Result::Refused); // calls no handler
        else // that helper has perhaps dialled
            askAgain(*check, QStringLiteral("a helper did not answer"));
    }
    serve();
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

void Checker::concludeLater(Check &check, Answer::Result result, const QString &reason)
{
    check.step = Step::Over;
    QMetaObject::invokeMethod(
        this, [this, number = check.number, result, reason] { conclude(number, result, reason); },
        Qt::QueuedConnection);
}

Checker::Check *Checker::find(quint64 number)
{
    const auto found = std::find_if(m_checks.begin(), m_checks.end(), [number](const Check &check) {
        return check.number == number;
    });
    return found == m_checks.end() ? nullptr : &*found;
}

QByteArray Checker::randomBytes(qsizetype size) const
{
    QByteArray bytes(size, Qt::Uninitialized);
    m_environment->random({reinterpret_cast<quint8 *>(bytes.data()), size_t(size)});
    return bytes;
}

} // namespace Qp2p::Peering
