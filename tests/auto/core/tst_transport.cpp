// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The test cases of the QUIC interop runner that concern transport, between two whole endpoints in
// virtual time: every byte arrives, whatever the link does.
#include <shared/endpointaccess.h>
#include <shared/endpointpair.h>
#include <shared/engine/certificates.h>

#include <qp2pcore/private/simulated.h>

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

//! A chain about as large as peers accept: two certificates of almost 8 KiB.
Result<Identity> largeChainIdentity()
{
    const Key authorityKey = Key::generate(KeyKind::P256);
    CertificateRequest authorityRequest;
    authorityRequest.isAuthority = true;
    authorityRequest.keyUsage = 0;
    authorityRequest.padding = QByteArray(7000, 'p');
    const Certificate authority = makeCertificate(authorityKey, authorityRequest);
    const Key key = Key::generate(KeyKind::P256);
    CertificateRequest request;
    request.padding = QByteArray(7000, 'p');
    const Certificate leaf = makeCertificate(key, request, authority, authorityKey);
    return Identity::fromPem(key.pem + leaf.pem + authority.pem);
}

//! The dialler is behind a NAT.
class Pair : public EndpointPair
{
public:
    explicit Pair(const LinkProfile &link, quint64 seed = 1, const EndpointConfig &config = {},
                  Ip ip = Ip::V4)
        : EndpointPair({link, config, config, seed, true, ip})
    {
    }

    //! Sends messages of these sizes and returns whether the same ones arrived and were acknowledged.
    bool transfer(Connection *from, Connection *to, const QList<qsizetype> &sizes,
                  std::chrono::nanoseconds limit)
    {
        QList<QByteArray> sent;
        QList<QByteArray> received;
        int acknowledged = 0;
        QObject context;
        QObject::connect(to, &Connection::messageReceived, &context,
                         [&](const Message &message) { received.append(message.payload()); });
        QObject::connect(from, &Connection::messageAcknowledged, &context, [&] { ++acknowledged; });
        QObject::connect(from, &Connection::messageFailed, &context,
                         [](quint64, const Error &error) { qInfo() << error; });
        qsizetype next = 0;
        const auto fill = [&] {
            while (next < sizes.size() && from->canSend(sizes.at(next))) {
                sent.append(noise(sizes.at(next), quint32(next + 1)));
                from->send(Message(sent.last()));
                ++next;
            }
        };
        QObject::connect(from, &Connection::sendQueueAvailable, &context, fill);
        fill();
        if (!simulation.runUntil(
                [&] { return received.size() == sizes.size() && acknowledged == sizes.size(); },
                limit)) {
            qInfo() << "received" << received.size() << "acknowledged" << acknowledged << "of"
                    << sizes.size();
            return false;
        }
        std::sort(sent.begin(), sent.end());
        std::sort(received.begin(), received.end());
        return sent == received;
    }
};

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * 1000;

bool carries(const LinkProfile &link, const QList<qsizetype> &sizes)
{
    Pair pair(link);
    return pair.connect() && pair.transfer(pair.out, pair.in, sizes, 60s);
}

//! Of fifty that each carry a message.
int failedHandshakes(const LinkProfile &link)
{
    EndpointConfig config;
    config.setHandshakeTimeout(60s);
    int failures = 0;
    for (quint64 seed = 1; seed <= 50; ++seed) {
        Pair pair(link, seed, config);
        if (!pair.connect(60s) || !pair.transfer(pair.out, pair.in, {1 * KB}, 60s))
            ++failures;
    }
    return failures;
}

} // namespace

class tst_Transport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handshakeTakesOneRoundTripWithoutRetryAndTwoWithIt();
    void transferOfSeveralMessagesIsByteExact();
    void pathWithAnEndlessRoundTripWorks();
    void twoThousandSmallMessagesAreMultiplexed();
    void keyUpdateInTheMiddleOfATransferIsInvisible();
    void acceptorSendsAtMostThreeTimesWhatItGotBeforeTheAddressIsValidated();
    void fiftyHandshakesSurviveThirtyPercentLoss();
    void transferSurvivesLossInBursts();
    void fiftyHandshakesSurviveThirtyPercentCorruption();
    void transferSurvivesCorruption();
    void transferSurvivesReorderingAndDuplication();
    void transferSurvivesBlackholes();
    void transferSurvivesRebindingOfThePort();
    void transferSurvivesRebindingOfTheAddress();
    void ipv6Works();
    void smallPathMtuIsFound();
    void slowPathIsFilled();
    void everyStepOfTheDegradationLadderWorks_data();
    void everyStepOfTheDegradationLadderWorks();
    void sendBufferThatBlocksLosesNothing();
};

void tst_Transport::handshakeTakesOneRoundTripWithoutRetryAndTwoWithIt()
{
    const auto timeToOpen = [](EndpointConfig::RetryMode mode) {
        EndpointConfig config;
        config.setRetryMode(mode);
        LinkProfile link;
        link.latency = 50ms;
        Pair pair(link, 1, config);
        const quint64 start = pair.simulation.now();
        if (!pair.connect())
            return -1.0;
        return double(pair.simulation.now() - start) / 1e8; // round trips
    };
    // One for the TLS flight, one for the confirmation and the hello; Retry adds one.
    const double without = timeToOpen(EndpointConfig::RetryMode::Never);
    const double with = timeToOpen(EndpointConfig::RetryMode::Always);
    QVERIFY2(without > 1.9 && without < 2.2, qPrintable(QString::number(without)));
    QVERIFY2(with > 2.9 && with < 3.2, qPrintable(QString::number(with)));
}

void tst_Transport::transferOfSeveralMessagesIsByteExact()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {2 * MB, 3 * MB, 5 * MB}, 60s));
    QVERIFY(pair.transfer(pair.in, pair.out, {2 * MB, 3 * MB, 5 * MB}, 60s));
}

void tst_Transport::pathWithAnEndlessRoundTripWorks()
{
    LinkProfile link = interopLink();
    link.latency = 750ms;
    QVERIFY(carries(link, {2 * MB}));
}

void tst_Transport::twoThousandSmallMessagesAreMultiplexed()
{
    QVERIFY(carries(interopLink(), QList<qsizetype>(1999, 32)));
}

void tst_Transport::keyUpdateInTheMiddleOfATransferIsInvisible()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {500 * KB}, 60s));
    ngtcp2_conn *quic = EndpointAccess::quic(*pair.dialler);
    QCOMPARE(ngtcp2_conn_initiate_key_update(quic, EndpointAccess::now(*pair.dialler)), 0);
    QVERIFY(pair.transfer(pair.out, pair.in, {2500 * KB}, 60s));
    QVERIFY(pair.transfer(pair.in, pair.out, {500 * KB}, 60s));
}

void tst_Transport::acceptorSendsAtMostThreeTimesWhatItGotBeforeTheAddressIsValidated()
{
    EndpointConfig config;
    config.setRetryMode(EndpointConfig::RetryMode::Never);
    Pair pair(interopLink(), 1, config);
    // A chain that is as large as peers accept, several times what three Initials allow at once.
    const Result<Identity> identity = largeChainIdentity();
    QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
    EndpointConfig acceptorConfig = config;
    acceptorConfig.setIdentity(*identity);
    pair.acceptor = std::make_unique<SimulatedEndpoint>(acceptorConfig, pair.acceptorHost);

    quint64 in = 0;
    quint64 out = 0;
    int diallerPackets = 0;
    double worst = 0;
    bool validated = false;
    pair.simulation.onDatagram = [&](Wire &wire) {
        const bool fromAcceptor = wire.from.port() == pair.acceptor->localPort();
        if (!fromAcceptor) {
            // The interop runner loses the second to the seventh packet of the client.
            const int index = ++diallerPackets;
            if (index >= 2 && index <= 7)
                return WireAction::Drop;
            in += quint64(wire.data.size());
            // A Handshake packet proves that the dialler reads what it is sent at its address.
            validated = validated || index > 7;
        } else if (!validated) {
            out += quint64(wire.data.size());
            worst = std::max(worst, double(out) / double(in));
        }
        return WireAction::Deliver;
    };
    QVERIFY(pair.connect());
    QVERIFY2(worst > 1 && worst <= 3, qPrintable(QString::number(worst)));
    QVERIFY(pair.transfer(pair.in, pair.out, {5 * KB}, 60s));
}

void tst_Transport::fiftyHandshakesSurviveThirtyPercentLoss()
{
    LinkProfile link = interopLink();
    link.loss = 0.3;
    link.meanLossBurst = 1.5;
    link.maxLossBurst = 3;
    QCOMPARE(failedHandshakes(link), 0);
}

void tst_Transport::transferSurvivesLossInBursts()
{
    LinkProfile link = interopLink();
    link.loss = 0.02;
    link.meanLossBurst = 2;
    link.maxLossBurst = 3;
    Pair pair(link);
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {2 * MB}, 60s));
    QVERIFY(pair.out->stats().packetsLost > 0);
}

void tst_Transport::fiftyHandshakesSurviveThirtyPercentCorruption()
{
    LinkProfile link = interopLink();
    link.corruption = 0.3;
    QCOMPARE(failedHandshakes(link), 0);
}

void tst_Transport::transferSurvivesCorruption()
{
    LinkProfile link = interopLink();
    link.corruption = 0.02;
    QVERIFY(carries(link, {2 * MB}));
}

void tst_Transport::transferSurvivesReorderingAndDuplication()
{
    LinkProfile link = interopLink();
    link.reorder = 0.1;
    link.reorderDelay = 20ms;
    link.duplication = 0.05;
    QVERIFY(carries(link, {1 * MB, 1 * MB, 64}));
}

void tst_Transport::transferSurvivesBlackholes()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    // Five seconds on, two off, as in the interop runner.
    for (int i = 1; i <= 4; ++i) {
        pair.simulation.after(std::chrono::seconds(7 * i - 5), [&] { pair.cut(); });
        pair.simulation.after(std::chrono::seconds(7 * i - 3), [&] { pair.heal(); });
    }
    QVERIFY(pair.transfer(pair.out, pair.in, {10 * MB}, 60s));
}

void tst_Transport::transferSurvivesRebindingOfThePort()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    QSignalSpy moved(pair.in.data(), &Connection::peerAddressChanged);
    for (int i = 0; i < 3; ++i)
        pair.simulation.after(std::chrono::seconds(1 + 3 * i), [&] {
            pair.simulation.rebindNat(pair.diallerHost, NatRebinding::PortOnly);
        });
    QVERIFY(pair.transfer(pair.out, pair.in, {10 * MB}, 60s));
    QCOMPARE(moved.size(), 3);
    QVERIFY(pair.transfer(pair.in, pair.out, {1 * MB}, 60s));
}

void tst_Transport::transferSurvivesRebindingOfTheAddress()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    QSignalSpy moved(pair.in.data(), &Connection::peerAddressChanged);
    pair.simulation.after(
        1s, [&] { pair.simulation.rebindNat(pair.diallerHost, NatRebinding::AddressAndPort); });
    QVERIFY(pair.transfer(pair.out, pair.in, {10 * MB}, 60s));
    QCOMPARE(moved.size(), 1);
    QCOMPARE(pair.in->peerAddress().address(), QHostAddress(QStringLiteral("192.0.2.3")));
}

void tst_Transport::ipv6Works()
{
    Pair pair(interopLink(), 1, {}, Pair::Ip::V6);
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {5 * KB, 10 * KB}, 60s));
    QCOMPARE(pair.out->peerAddress().address(), QHostAddress(QStringLiteral("2001:db8::1")));
}

void tst_Transport::smallPathMtuIsFound()
{
    LinkProfile link = interopLink();
    link.mtu = 1252; // IPv6's minimum of 1280 leaves 1232, so something between
    Pair pair(link);
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {1 * MB}, 60s));
    QVERIFY(pair.out->stats().maxDatagramSize <= 1252);
    QVERIFY(pair.out->stats().maxDatagramSize >= 1200);
}

void tst_Transport::slowPathIsFilled()
{
    Pair pair(interopLink());
    QVERIFY(pair.connect());
    const quint64 start = pair.simulation.now();
    QVERIFY(pair.transfer(pair.out, pair.in, {10 * MB}, 60s));
    const double seconds = double(pair.simulation.now() - start) / 1e9;
    // 10 MB at 10 Mbit/s are 8 s; virtual time makes this a property of the code, not of the machine.
    QVERIFY2(seconds < 8 * 1.3, qPrintable(QString::number(seconds)));
}

void tst_Transport::everyStepOfTheDegradationLadderWorks_data()
{
    QTest::addColumn<LinkProfile>("link");
    QTest::addColumn<int>("timeout");
    for (const NamedLinkProfile &step : degradationLadder())
        QTest::newRow(qPrintable(step.name)) << step.profile << int(step.timeout.count());
}

void tst_Transport::everyStepOfTheDegradationLadderWorks()
{
    QFETCH(LinkProfile, link);
    QFETCH(int, timeout);
    EndpointConfig config;
    config.setHandshakeTimeout(std::chrono::seconds(timeout));
    Pair pair(link, 7, config);
    QVERIFY(pair.connect(std::chrono::seconds(timeout)));
    QVERIFY(pair.transfer(pair.out, pair.in, {100, 10 * KB}, std::chrono::seconds(timeout)));
}

void tst_Transport::sendBufferThatBlocksLosesNothing()
{
    Pair pair(interopLink());
    pair.simulation.setSendBuffer(pair.diallerHost, 8, 1ms);
    QVERIFY(pair.connect());
    QVERIFY(pair.transfer(pair.out, pair.in, {1 * MB, 100, 100}, 60s));
}

QTEST_GUILESS_MAIN(tst_Transport)
#include "tst_transport.moc"
