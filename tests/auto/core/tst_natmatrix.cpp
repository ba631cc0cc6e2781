// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which of the twelve kinds of access can open a direct path to which other by plain UDP: as measured with real
// kernels, cell by cell.

#include "simulatedprogram.h"

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;

class tst_NatMatrix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holesArePunchedAsInRealKernels_data();
    void holesArePunchedAsInRealKernels();
};

namespace {

// Rows and columns in the order of NatType; + where both sides heard an answer. Ten rounds each with a Linux 6.18
// router in namespaces gave ten times the same, with 20, 30 and 5 ms to the middle.
constexpr const char *BothAtOnce[] = {
    "+++++++++++-", // none
    "++++++++----", // fw
    "+++++++++++-", // fullcone
    "+++++++++++-", // addr
    "++++++++----", // port
    "++++++++----", // port+reject
    "++++++++----", // cgn_eif
    "++++++++----", // cgn_port
    "+-++--------", // symaddr
    "+-++--------", // symseq
    "+-++--------", // sym
    "------------", // udpblock
};
// The first side begins 200 ms before the other: a router that answers what it does not expect spoils its own port.
constexpr const char *FirstIsEarly[] = {
    "+++++++++++-", // none
    "+++++-++----", // fw
    "+++++++++++-", // fullcone
    "+++++++++++-", // addr
    "+++++-++----", // port
    "+++++-++----", // port+reject
    "+++++-++----", // cgn_eif
    "+++++-++----", // cgn_port
    "+-++--------", // symaddr
    "+-++--------", // symseq
    "+-++--------", // sym
    "------------", // udpblock
};

LinkProfile withLatency(std::chrono::milliseconds latency)
{
    LinkProfile profile;
    profile.latency = latency;
    return profile;
}

//! \brief One side: sends to where the rendezvous and the other side's datagrams say, every 50 ms for two seconds.
class Puncher
{
public:
    Puncher(Simulation &simulation, const Simulation::Host &host)
        : m_simulation(simulation)
        , m_program(host, QHostAddress::Any, 0)
    {
        m_program.channel->onReadable = [this] {
            m_program.receive();
            for (const Program::Received &received : std::exchange(m_program.received, {}))
                handle(received);
        };
    }

    //! What the rendezvous at \a address reports is the other side's address; it answers when both have come.
    void registerAt(const SocketAddress &address) { m_program.send(address, "here"); }
    void startAfter(std::chrono::milliseconds delay) { m_delay = delay; }
    bool isConnected() const { return m_heardAnswer; }

private:
    void handle(const Program::Received &received)
    {
        if (received.data.startsWith("go ")) {
            const QList<QByteArray> words = received.data.split(' ');
            m_candidates = {at(words.at(1).constData(), words.at(2).toUShort())};
            m_simulation.after(m_delay, [this] { probe(); });
            return;
        }
        if (!m_candidates.contains(received.from))
            m_candidates.append(received.from);
        if (received.data == "answer")
            m_heardAnswer = true;
        else
            m_program.send(received.from, "answer");
    }
    void probe()
    {
        for (const SocketAddress &candidate : std::as_const(m_candidates))
            m_program.send(candidate, "probe");
        if (++m_rounds < 40)
            m_simulation.after(50ms, [this] { probe(); });
    }

    Simulation &m_simulation;
    Program m_program;
    QList<SocketAddress> m_candidates;
    std::chrono::milliseconds m_delay{0};
    int m_rounds = 0;
    bool m_heardAnswer = false;
};

//! Whether the two open a path, one of them \a lead before the other.
bool punch(NatType one, NatType other, std::chrono::milliseconds lead)
{
    Simulation simulation;
    const auto oneHost = simulation.hostWithAccess(one, ip("11.0.1.1"));
    const auto otherHost = simulation.hostWithAccess(other, ip("11.0.2.1"));
    const auto meetingHost = simulation.host({ip("11.0.0.10")});
    simulation.setLinks(oneHost, otherHost, withLatency(50ms));
    simulation.setLinks(oneHost, meetingHost, withLatency(25ms));
    simulation.setLinks(otherHost, meetingHost, withLatency(35ms));
    Program meeting(meetingHost, QHostAddress::Any, 7000);
    Puncher first(simulation, oneHost);
    Puncher second(simulation, otherHost);
    second.startAfter(lead);
    first.registerAt(at("11.0.0.10", 7000));
    second.registerAt(at("11.0.0.10", 7000));
    simulation.runFor(200ms);
    if (meeting.received.size() != 2) // a side without UDP
        return false;
    for (int i = 0; i < 2; ++i) {
        const SocketAddress &peer = meeting.received.at(1 - i).from;
        meeting.send(meeting.received.at(i).from,
                     "go " + Io::toHostAddress(peer).toString().toLatin1() + ' '
                         + QByteArray::number(peer.port()));
    }
    simulation.runFor(3s);
    return first.isConnected() && second.isConnected();
}

} // namespace

void tst_NatMatrix::holesArePunchedAsInRealKernels_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("isEarly");
    for (const NatTypeProfile &type : natTypes()) {
        const int row = int(type.type);
        QTest::addRow("%s, both at once", type.name) << row << QByteArray(BothAtOnce[row]) << false;
        QTest::addRow("%s, it is early", type.name) << row << QByteArray(FirstIsEarly[row]) << true;
    }
}

void tst_NatMatrix::holesArePunchedAsInRealKernels()
{
    QFETCH(const int, row);
    QFETCH(const QByteArray, expected);
    QFETCH(const bool, isEarly);
    QByteArray found;
    for (const NatTypeProfile &other : natTypes())
        found.append(punch(NatType(row), other.type, isEarly ? 200ms : 0ms) ? '+' : '-');
    QCOMPARE(found, expected);
}

QTEST_GUILESS_MAIN(tst_NatMatrix)
#include "tst_natmatrix.moc"
