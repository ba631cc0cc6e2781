// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The tree of peers: one row a peer, and what stays in place while it is updated.
#include <models/connectionfilter.h>
#include <models/peermodel.h>
#include <shared/gui/rows.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using Mode = QAbstractItemModelTester::FailureReportingMode;
using State = ConnectionSnapshot::State;

namespace {

//! Connection \a id of peer \a peer.
ConnectionSnapshot connectionOf(quint64 peer, quint64 id)
{
    ConnectionSnapshot row = connectionRow(id);
    auto facts = std::make_shared<ConnectionFacts>(*row.facts);
    facts->peerId = peer == 0 ? PeerId() : peerIdOf(peer);
    row.facts = facts;
    return row;
}

//! Two connections each: 2 * peer and 2 * peer + 1.
QList<ConnectionSnapshot> pairs(quint64 first, int count)
{
    QList<ConnectionSnapshot> rows;
    for (quint64 peer = first; peer < first + quint64(count); ++peer)
        rows << connectionOf(peer, 2 * peer) << connectionOf(peer, 2 * peer + 1);
    return rows;
}

void grow(QList<ConnectionSnapshot> &rows)
{
    for (ConnectionSnapshot &row : rows) {
        row.stats.bytesSent += 1000;
        row.stats.age += std::chrono::seconds(1);
    }
}

QString cell(const QModelIndex &index, int column)
{
    return index.siblingAtColumn(column).data().toString();
}

} // namespace

class tst_PeerModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onePeerIsOneRow();
    void aPeerSumsUpItsConnections();
    void unprovenPeersAreNotMerged();
    void blockedPeersSaySo();
    void selectionAndExpansionSurviveUpdates();
    void aThousandPeersCostOneSignal();
    void onlyWhatChangesIsAnnounced();
    void aPeerIsShownWhileOneConnectionMatches();
    void unitsReachPeersAndConnections();
    void randomUpdatesStayConsistent();
};

void tst_PeerModel::onePeerIsOneRow()
{
    ConnectionModel connections;
    PeerModel model(connections);
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    connections.update(pairs(1, 3));
    QCOMPARE(model.rowCount(), 3);
    const QModelIndex two = model.index(1, 0);
    QCOMPARE(model.rowCount(two), 2);
    QCOMPARE(model.peerAt(two), peerIdOf(2));
    QCOMPARE(model.peerAt(model.index(1, 0, two)), peerIdOf(2));
    QCOMPARE(model.connectionsAt(two).size(), 2);
    QCOMPARE(model.connectionsAt(model.index(1, 0, two)).first().facts->id, 5U);
    QCOMPARE(model.index(1, 0, two).data(ConnectionModel::IdRole).toULongLong(), 5U);
    QCOMPARE(model.peerIndex(model.index(1, 0, two)), two);
    connections.update({});
    QCOMPARE(model.rowCount(), 0);
}

void tst_PeerModel::aPeerSumsUpItsConnections()
{
    ConnectionModel connections;
    PeerModel model(connections);
    QList<ConnectionSnapshot> rows = pairs(1, 1);
    rows[0].stats.bytesSent = 100;
    rows[1].stats.bytesSent = 200;
    rows[0].stats.age = std::chrono::seconds(9);
    rows[1].stats.age = std::chrono::seconds(60);
    connections.update(rows);
    const QModelIndex peer = model.index(0, 0);
    QCOMPARE(peer.siblingAtColumn(ConnectionModel::Sent).data(ConnectionModel::SortRole).toInt(),
             300);
    QCOMPARE(cell(peer, ConnectionModel::Direction), u"Both"_s);
    QCOMPARE(cell(peer, ConnectionModel::Age), u"1 min 00 s"_s);
    rows[1].state = State::Closed; // the better one is what the peer is
    connections.update(rows);
    QCOMPARE(cell(peer, ConnectionModel::State), u"Open"_s);
    QCOMPARE(cell(peer, ConnectionModel::Direction), u"Incoming"_s);
    QCOMPARE(cell(peer, ConnectionModel::Age), u"9 s"_s);
    rows[0].state = State::Closed;
    connections.update(rows);
    QCOMPARE(cell(peer, ConnectionModel::State), u"Closed"_s);
}

void tst_PeerModel::unprovenPeersAreNotMerged()
{
    ConnectionModel connections;
    PeerModel model(connections);
    connections.update({connectionOf(0, 1), connectionOf(0, 2)});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.peerAt(model.index(0, 0)).isNull());
    QVERIFY(model.index(0, ConnectionModel::Security).data(ConnectionModel::WarningRole).toBool());
}

void tst_PeerModel::blockedPeersSaySo()
{
    ConnectionModel connections;
    PeerModel model(connections);
    QList<ConnectionSnapshot> rows = pairs(1, 2);
    rows[0].state = rows[1].state = State::Closed;
    connections.update(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setBlocked({peerIdOf(1)});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(cell(model.index(0, 0), ConnectionModel::State), u"Blocked"_s);
    QCOMPARE(cell(model.index(0, 0, model.index(0, 0)), ConnectionModel::State), u"Blocked"_s);
    QCOMPARE(cell(model.index(1, 0), ConnectionModel::State), u"Open"_s);
    model.setBlocked({});
    QCOMPARE(cell(model.index(0, 0), ConnectionModel::State), u"Closed"_s);
}

void tst_PeerModel::selectionAndExpansionSurviveUpdates()
{
    ConnectionModel connections;
    PeerModel model(connections);
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    QTreeView view;
    view.setModel(&filter);
    QList<ConnectionSnapshot> rows = pairs(1, 5);
    connections.update(rows);
    const QModelIndex three = filter.index(2, 0);
    view.expand(three);
    view.setCurrentIndex(filter.index(1, 0, three));
    // The peer gets two new connections and loses the old ones, others come and go.
    rows.remove(4, 2);
    rows.remove(0, 2);
    rows << connectionOf(3, 100) << connectionOf(3, 101) << connectionOf(9, 102);
    connections.update(rows);
    const QModelIndex now = filter.index(1, 0);
    QCOMPARE(filter.mapToSource(now).data(ConnectionModel::IdRole).toULongLong(), 100U);
    QVERIFY(view.isExpanded(now));
    QVERIFY(view.currentIndex().isValid());
    view.setCurrentIndex(now);
    for (int second = 0; second < 5; ++second) {
        grow(rows);
        connections.update(rows);
        QVERIFY(view.isExpanded(now));
        QCOMPARE(view.currentIndex(), now);
    }
}

void tst_PeerModel::aThousandPeersCostOneSignal()
{
    ConnectionModel connections;
    PeerModel model(connections);
    QList<ConnectionSnapshot> rows = pairs(1, 1000);
    connections.update(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    grow(rows);
    connections.update(rows);
    QCOMPARE(changed.size(), 1);
    model.setExpanded(model.index(5, 0), true);
    changed.clear();
    grow(rows);
    connections.update(rows);
    QCOMPARE(changed.size(), 2); // with those below the one that is expanded
    changed.clear();
    rows.remove(0, 200); // 100 peers go, 100 come
    rows += pairs(2001, 100);
    grow(rows);
    connections.update(rows);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(model.rowCount(), 1000);
}

void tst_PeerModel::onlyWhatChangesIsAnnounced()
{
    ConnectionModel connections;
    PeerModel model(connections);
    QList<ConnectionSnapshot> rows = pairs(1, 10);
    connections.update(rows);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    connections.update(rows);
    QCOMPARE(changed.size(), 0);
    for (const int peer : {2, 3, 7}) // two runs
        rows[2 * peer].sendRate += 1;
    connections.update(rows);
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 2);
    QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 3);
    QCOMPARE(changed.at(1).at(0).toModelIndex().row(), 7);
}

void tst_PeerModel::aPeerIsShownWhileOneConnectionMatches()
{
    ConnectionModel connections;
    PeerModel model(connections);
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    QList<ConnectionSnapshot> rows = pairs(1, 3);
    rows[0].state = State::Closed;
    connections.update(rows);
    filter.setShown(ConnectionFilter::Shown::Closed);
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 2); // whole
    rows[4].state = State::Closed; // what changes comes by itself
    connections.update(rows);
    QCOMPARE(filter.rowCount(), 2);
    rows[0].state = State::Open;
    connections.update(rows);
    QCOMPARE(filter.rowCount(), 1);
    filter.setShown(ConnectionFilter::Shown::All);
    filter.setText(u"10.0.0.5"_s); // the second connection of peer 2
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 2);
    filter.setText(peerIdOf(2).toString().last(20));
    QCOMPARE(filter.rowCount(filter.index(0, 0)), 2);
}

void tst_PeerModel::unitsReachPeersAndConnections()
{
    QLocale::setDefault(QLocale::c());
    ConnectionModel connections;
    PeerModel model(connections);
    QList<ConnectionSnapshot> rows = pairs(1, 1);
    rows[0].stats.bytesSent = 1'000'000;
    rows[1].stats.bytesSent = 1'000'000;
    connections.update(rows);
    const QModelIndex peer = model.index(0, 0);
    QCOMPARE(cell(peer, ConnectionModel::Sent), u"1.91 MiB"_s);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    connections.setUnits({Units::Rates::Bytes, Units::Prefixes::Decimal});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(cell(peer, ConnectionModel::Sent), u"2.00 MB"_s);
    QCOMPARE(cell(model.index(0, 0, peer), ConnectionModel::Sent), u"1.00 MB"_s);
}

void tst_PeerModel::randomUpdatesStayConsistent()
{
    ConnectionModel connections;
    PeerModel model(connections);
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    const QAbstractItemModelTester filterTester(&filter, Mode::Fatal);
    filter.sort(ConnectionModel::Rtt);
    QTreeView view;
    view.setModel(&filter);
    quint32 random = 1;
    const auto next = [&random](quint32 limit) {
        random = random * 1664525 + 1013904223;
        return (random >> 16) % limit;
    };
    for (int round = 0; round < 200; ++round) {
        QList<ConnectionSnapshot> rows;
        QSet<PeerId> peers;
        for (quint64 id = 1; id <= 40; ++id) {
            if (next(3) == 0)
                continue;
            rows.append(connectionOf(id % 15, id)); // 0: two that proved no key
            rows.last().stats.smoothedRtt = std::chrono::milliseconds(next(100));
            rows.last().state = State(next(3));
            if (id % 15 != 0)
                peers.insert(rows.last().facts->peerId);
        }
        connections.update(rows);
        filter.setShown(ConnectionFilter::Shown(next(4)));
        view.setExpanded(filter.index(int(next(10)), 0), next(2) == 0);
        const auto unproven = std::count_if(
            rows.begin(), rows.end(), [](const auto &row) { return row.facts->peerId.isNull(); });
        QCOMPARE(model.rowCount(), int(peers.size() + unproven));
        int all = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            for (const ConnectionSnapshot &connection : model.connectionsAt(model.index(row, 0))) {
                QCOMPARE(connection.stats.smoothedRtt,
                         connections.byId(connection.facts->id)->stats.smoothedRtt);
                ++all;
            }
        }
        QCOMPARE(all, int(rows.size()));
    }
}

QTEST_MAIN(tst_PeerModel)
#include "tst_peermodel.moc"
