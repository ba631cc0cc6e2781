// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "wantedpeers.h"

#include <QFutureWatcher>
#include <QTimer>

#include <algorithm>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

constexpr auto FirstPause = 10s;
constexpr std::chrono::seconds LongestPause = 5min;

} // namespace

WantedPeers::WantedPeers(Network &network, Output &output, const QList<PeerId> &peers)
    : m_network(network)
    , m_output(output)
{
    for (const PeerId &peer : peers)
        m_peers.push_back({peer, FirstPause});
    connect(&network, &Network::stateChanged, this, [this](Network::State state) {
        if (state == Network::State::Joined)
            callAll();
    });
    connect(&network, &Network::peerDisconnected, this, [this](const Peer *peer) {
        for (Wanted &wanted : m_peers) {
            if (wanted.id == peer->id())
                QTimer::singleShot(wanted.pause, this, [this, &wanted] { call(wanted); });
        }
    });
}

void WantedPeers::callAll()
{
    for (Wanted &wanted : m_peers)
        call(wanted);
}

void WantedPeers::call(Wanted &wanted)
{
    if (m_network.state() != Network::State::Joined || m_network.peer(wanted.id) || wanted.isCalling)
        return;
    wanted.isCalling = true;
    // Not QFuture::then(): Qt 6.4 aborts where the future finishes after its context is gone.
    auto *watcher = new QFutureWatcher<Result<QPointer<Peer>>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, &wanted] {
        watcher->deleteLater();
        answered(wanted, watcher->result());
    });
    watcher->setFuture(m_network.connectTo(wanted.id));
}

void WantedPeers::answered(Wanted &wanted, const Result<QPointer<Peer>> &result)
{
    wanted.isCalling = false;
    if (result) {
        wanted.pause = FirstPause;
        wanted.hasFailed = false;
        return;
    }
    if (!std::exchange(wanted.hasFailed, true)) // it is tried for as long as the node runs
        m_output.error(Error(result.error().code,
                             tr("Not connected to %1: %2")
                                 .arg(wanted.id.toString().left(12), result.error().message)));
    QTimer::singleShot(wanted.pause, this, [this, &wanted] { call(wanted); });
    wanted.pause = std::min<std::chrono::seconds>(2 * wanted.pause, LongestPause);
}
