// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A whole network that comes and goes, in virtual time: nobody is left alone.
//
// QP2P_CHURN_MINUTES and QP2P_CHURN_MEMBERS change how long and how many (tests/nightly.sh).

#include <shared/networkworld.h>
#include <shared/seededrandom.h>

#include <qp2pcore/identity.h>

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int DefaultMembers = 40; // each handshake costs ten times as much
#else
constexpr int DefaultMembers = 200;
#endif

int fromEnvironment(const char *name, int otherwise)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(name, &ok);
    return ok && value > 0 ? value : otherwise;
}

//! Seconds that a member has been without any link; counted once a second.
struct Watched
{
    Member *member;
    int lonely = 0;
};

} // namespace

class tst_NetworkChurn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyIsLeftAlone();
};

void tst_NetworkChurn::nobodyIsLeftAlone()
{
    const int count = fromEnvironment("QP2P_CHURN_MEMBERS", DefaultMembers);
    const int minutes = fromEnvironment("QP2P_CHURN_MINUTES", 5);
    QElapsedTimer wall;
    wall.start();
    NetworkWorld world(2026);
    LinkProfile link;
    link.latency = 20ms;
    link.loss = 0.02;
    world.simulation.setDefaultLink(link);
    SeededRandom random(4);
    std::vector<Watched> living;
    int number = 0;
    const auto come = [&] {
        // Three that live now: clients, and who does not know its address yet, are none.
        QList<PeerAddress> contacts;
        for (int i = 0; i < 100 && contacts.size() < 3 && !living.empty(); ++i) {
            const Network &one = *living[random.below(living.size())].member->network;
            const PeerAddress seen = one.observedAddress(QAbstractSocket::IPv4Protocol);
            if (one.endpoint()->isListening() && !seen.isNull())
                contacts.append(PeerAddress(seen.address(), 12000));
        }
        if (contacts.isEmpty() && number > 0)
            contacts.append(world.contact(1));
        ++number;
        // Every tenth is a client.
        Member &member = number % 10 == 0 ? world.client(number) : world.node(number);
        member.join(contacts);
        living.push_back({&member});
    };
    int worst = 0;
    const auto second = [&] {
        world.simulation.runFor(1s);
        for (Watched &one : living) {
            one.lonely = one.member->network->peers().isEmpty() ? one.lonely + 1 : 0;
            worst = std::max(worst, one.lonely);
        }
    };
    for (int i = 0; i < count; ++i) {
        come();
        if (i % 5 == 4)
            second();
    }
    for (int i = 0; i < 60; ++i)
        second();
    qInfo("%d members after %d s of virtual time, %lld s of real time", count, 60 + count / 5,
          wall.elapsed() / 1000);
    const int steps = minutes * 30;
    for (int step = 0; step < steps; ++step) {
        const size_t index = random.below(living.size());
        Member *leaver = living[index].member;
        living.erase(living.begin() + qsizetype(index));
        if (step % 2 == 0)
            leaver->network->leave();
        else
            leaver->network.reset(); // its peers are told by QUIC alone
        come();
        second();
        second();
        if (step % 2 == 0)
            leaver->network.reset();
    }
    qInfo("%d came and went in %d virtual minutes; longest without a link: %d s; %lld s of real "
          "time",
          steps, minutes, worst, wall.elapsed() / 1000);
    QVERIFY2(worst < 120, qPrintable(QString::number(worst)));
    // At the end everybody has links, and most of them as many as they want.
    for (int i = 0; i < 60; ++i)
        second();
    int chosen = 0;
    for (const Watched &one : living) {
        const auto peers = one.member->network->peers();
        QVERIFY(!peers.isEmpty());
        chosen += int(std::count_if(peers.cbegin(), peers.cend(),
                                    [](const Peer *peer) { return peer->isChosen(); }));
    }
    qInfo("%.1f chosen links each", double(chosen) / double(living.size()));
    QVERIFY(chosen > int(living.size()) * 4);
}

QTEST_GUILESS_MAIN(tst_NetworkChurn)
#include "tst_networkchurn.moc"
