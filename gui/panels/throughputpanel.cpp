// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/throughputpanel.h>

#include <panels/detailspanel.h>
#include <panels/plaintext.h>
#include <panels/plot.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace Qp2p::Gui {

ThroughputPanel::ThroughputPanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_span(makeSpanBox(this))
    , m_totals(wrappedLabel({}, this))
    , m_plot(new Plot(tr("All connections"), this))
{
    auto *top = new QHBoxLayout;
    top->addWidget(m_span);
    top->addWidget(m_totals, 1);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_plot, 1);
    connect(&workspace, &Workspace::refreshed, this, &ThroughputPanel::refresh);
    connect(&workspace.host(), &NetworkHost::detailsReady, this, &ThroughputPanel::showDetails);
    connect(m_span, &QComboBox::currentIndexChanged, this, &ThroughputPanel::refresh);
}

void ThroughputPanel::refresh()
{
    if (!isVisible())
        return;
    const EndpointStats &stats = m_workspace.host().lastSnapshot().status.statistics;
    const Units units = m_workspace.settings().units();
    m_totals->setText(tr("Since joining: %1 sent, %2 received")
                          .arg(shownBytes(double(stats.bytesSent), units),
                               shownBytes(double(stats.bytesReceived), units)));
    showRates(m_plot, units);
    m_workspace.host().requestDetails(0);
}

void ThroughputPanel::showDetails(const ConnectionDetails &details)
{
    if (details.id != 0)
        return;
    Plot::Series sent{tr("Sent"), {}};
    Plot::Series received{tr("Received"), {}};
    for (const Sample &sample : details.history) {
        sent.points.append({sample.at, double(sample.sendRate)});
        received.points.append({sample.at, double(sample.receiveRate)});
    }
    const double now = details.history.isEmpty() ? 0 : details.history.last().at;
    m_plot->setData({sent, received}, now, m_span->currentData().toDouble());
}

} // namespace Qp2p::Gui
