// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/detailspanel.h>

#include <desktop/statemark.h>
#include <panels/certificatetree.h>
#include <panels/fieldlist.h>
#include <panels/plaintext.h>
#include <panels/plot.h>
#include <panels/scrollarea.h>

#include <qp2pcore/safetext.h>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

QComboBox *makeSpanBox(QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setAccessibleName(DetailsPanel::tr("Time that the plots show"));
    box->addItem(DetailsPanel::tr("Last minute"), 60);
    box->addItem(DetailsPanel::tr("Last 10 minutes"), 600);
    box->addItem(DetailsPanel::tr("Last hour"), 3600);
    return box;
}

void showBytes(Plot *plot, Units units)
{
    const double step = units.prefixes == Units::Prefixes::Decimal ? 1000 : 1024;
    plot->setFormat([units](double value) { return shownBytes(value, units); }, {1, step});
}

void showRates(Plot *plot, Units units)
{
    const bool isBits = units.rates == Units::Rates::Bits;
    const double step = isBits || units.prefixes == Units::Prefixes::Decimal ? 1000 : 1024;
    plot->setFormat([units](double value) { return shownRate(value, units); },
                    {isBits ? 8.0 : 1.0, step});
}

DetailsPanel::DetailsPanel(Workspace &workspace, QWidget *parent)
    : QTabWidget(parent)
    , m_workspace(workspace)
{
    setAccessibleName(tr("Details of the connection"));
    setDocumentMode(true);
    addTab(makeOverview(), tr("Overview"));
    addTab(makeStatistics(), tr("Statistics"));
    addTab(makeCertificates(), tr("Certificates"));
    addTab(makePath(), tr("Path"));
    connect(&workspace, &Workspace::refreshed, this, &DetailsPanel::refresh);
    connect(&workspace.host(), &NetworkHost::detailsReady, this, &DetailsPanel::showDetails);
    connect(m_span, &QComboBox::currentIndexChanged, this, &DetailsPanel::refresh);
    connect(this, &QTabWidget::currentChanged, this, &DetailsPanel::refresh);
    choose(0);
}

QWidget *DetailsPanel::makeOverview()
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    m_nothing = wrappedLabel(tr("Select a peer or a connection to see its details."), content);
    layout->addWidget(m_nothing);
    auto *fields = new FieldList(content);
    m_fields = fields;
    m_peerId = fields->addLong(tr("Peer id"));
    m_name = fields->add(tr("Name"));
    m_address = fields->add(tr("Address"));
    m_state = fields->add(tr("State"));
    m_link = fields->add(tr("Link"));
    m_security = fields->add(tr("Security"));
    m_opened = fields->add(tr("Opened"));
    m_agent = fields->add(tr("Software"));
    m_qlog = fields->addLong(tr("qlog"));
    layout->addWidget(fields);
    layout->addStretch(1);
    return inScrollArea(content, tr("Overview of the connection"));
}

QWidget *DetailsPanel::makeStatistics()
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    m_span = makeSpanBox(content);
    layout->addWidget(m_span, 0, Qt::AlignLeft);
    m_rttPlot = new Plot(tr("Round-trip time"), content);
    m_windowPlot = new Plot(tr("Congestion window"), content);
    m_ratePlot = new Plot(tr("Rates"), content);
    m_rttPlot->setFormat(shownMilliseconds, {});
    m_windowPlot->setWhatsThis(
        tr("The congestion window is how many bytes the connection may have on "
           "their way before the peer acknowledges them."));
    for (Plot *plot : {m_rttPlot, m_windowPlot, m_ratePlot})
        layout->addWidget(plot, 1);
    auto *fields = new FieldList(content);
    m_rtt = fields->add(tr("Round-trip time"));
    m_window = fields->add(tr("Congestion window"));
    m_packets = fields->add(tr("Packets"));
    m_messages = fields->add(tr("Messages"));
    m_queues = fields->add(tr("Queued"));
    m_mtu = fields->add(tr("Largest datagram"));
    layout->addWidget(fields);
    return inScrollArea(content, tr("Statistics of the connection"));
}

QWidget *DetailsPanel::makeCertificates()
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    m_acceptance = wrappedLabel({}, content);
    layout->addWidget(m_acceptance);
    m_chain = new CertificateTree(content);
    layout->addWidget(m_chain, 1);
    return content;
}

QWidget *DetailsPanel::makePath()
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->addWidget(
        wrappedLabel(tr("Addresses of the peer, the latest last. The address changes when the peer "
                        "switches networks or its router assigns another one."),
                     content));
    m_path = new QTreeWidget(content);
    m_path->setAccessibleName(tr("Addresses of the peer"));
    m_path->setRootIsDecorated(false);
    m_path->setHeaderLabels({tr("Since"), tr("Address")});
    m_path->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    layout->addWidget(m_path, 1);
    return content;
}

void DetailsPanel::choose(quint64 id)
{
    if (id != 0 && id == m_id)
        return;
    m_id = id;
    m_path->clear();
    for (Plot *plot : {m_rttPlot, m_windowPlot, m_ratePlot})
        plot->setData({}, 0, 60);
    refresh();
}

void DetailsPanel::refresh()
{
    const ConnectionSnapshot *row = m_workspace.connections().byId(m_id);
    m_nothing->setVisible(!row);
    m_fields->setVisible(row);
    for (int i = 1; i < count(); ++i)
        setTabEnabled(i, row != nullptr);
    if (!row) {
        setCurrentIndex(0);
        return;
    }
    if (!isVisible())
        return;
    showOverview(*row);
    showFigures(*row);
    showCertificates(*row);
    m_workspace.host().requestDetails(m_id);
}

namespace {

void emphasise(QLabel *label, bool isWarning)
{
    QPalette palette = label->parentWidget()->palette();
    if (isWarning)
        palette.setColor(QPalette::WindowText, markColour(Mark::Warning, palette));
    label->setPalette(palette);
    QFont font = label->parentWidget()->font();
    font.setBold(isWarning);
    label->setFont(font);
}

} // namespace

void DetailsPanel::showOverview(const ConnectionSnapshot &row)
{
    const ConnectionFacts &facts = *row.facts;
    m_peerId->setText(facts.peerId.isNull() ? tr("Not proven (a peer of the old qp2p)")
                                            : facts.peerId.toString());
    m_name->setText(facts.name.isEmpty() ? tr("No name in the certificate") : shown(facts.name));
    m_address->setText(placeText(row));
    m_state->setText(row.state == ConnectionSnapshot::State::Closed
                         ? tr("Closed at %1: %2")
                               .arg(shownTime(row.closedAt), shown(row.closeReason.message, 512))
                         : stateText(row.state));
    if (row.state == ConnectionSnapshot::State::Open)
        //: %1: "Outgoing" or "Incoming", %2: a role, %3: a kind of link
        m_link->setText(
            tr("%1 connection to a peer with the role %2; link: %3")
                .arg(directionText(facts.direction), roleText(row.role), linkText(row.link)));
    else
        m_link->setText(tr("%1 connection without a link").arg(directionText(facts.direction)));
    const bool isWarning = facts.peerId.isNull()
        || facts.acceptance.mode == CertificateMode::EncryptOnly;
    emphasise(m_security, isWarning);
    emphasise(m_acceptance, isWarning);
    m_security->setText(
        facts.authority.isEmpty()
            ? (isWarning
                   ? tr("%1: no authority confirms who this is").arg(modeText(facts.acceptance.mode))
                   : modeText(facts.acceptance.mode))
            : tr("%1, certificate issued by %2")
                  .arg(modeText(facts.acceptance.mode), shown(facts.authority)));
    m_opened->setText(tr("%1 (%2)").arg(
        shownTime(facts.openedAt),
        shownDuration(std::chrono::duration_cast<std::chrono::seconds>(row.stats.age))));
    m_agent->setText(facts.agent.isEmpty() ? tr("Unknown") : shown(facts.agent));
    m_qlog->setText(
        !facts.qlogFile.isEmpty()
            ? facts.qlogFile
            : tr("None. To write qlog files for new connections, enable qlog in the log panel."));
    m_qlog->setWhatsThis(tr("qlog is a standard file format that records each QUIC packet of a "
                            "connection, for analysis with tools such as qvis."));
}

void DetailsPanel::showFigures(const ConnectionSnapshot &row)
{
    const Units units = m_workspace.settings().units();
    const ConnectionStats &stats = row.stats;
    const auto ms = [](std::chrono::nanoseconds time) {
        return shownMilliseconds(double(time.count()) / 1e6);
    };
    const QLocale locale;
    //: round-trip times; %3 is the variation of the smoothed one
    m_rtt->setText(tr("latest %1, smoothed %2 ± %3, minimum %4")
                       .arg(ms(stats.latestRtt), ms(stats.smoothedRtt), ms(stats.rttVariance),
                            ms(stats.minRtt)));
    m_window->setText(tr("%1, %2 in flight")
                          .arg(shownBytes(double(stats.congestionWindow), units),
                               shownBytes(double(stats.bytesInFlight), units)));
    m_packets->setText(tr("%1 sent, %2 received, %3 lost")
                           .arg(locale.toString(stats.packetsSent),
                                locale.toString(stats.packetsReceived),
                                locale.toString(stats.packetsLost)));
    m_messages->setText(
        tr("%1 sent, %2 received, %3 refused, %4 failed")
            .arg(locale.toString(stats.messagesSent), locale.toString(stats.messagesReceived),
                 locale.toString(stats.messagesRefused), locale.toString(stats.messagesFailed)));
    m_queues->setText(tr("%1 to send, %2 to deliver")
                          .arg(shownBytes(double(stats.sendQueueBytes), units),
                               shownBytes(double(stats.inboxBytes), units)));
    m_mtu->setText(tr("%n bytes", nullptr, int(std::min<quint64>(stats.maxDatagramSize, 65535))));
    showBytes(m_windowPlot, units);
    showRates(m_ratePlot, units);
}

void DetailsPanel::showCertificates(const ConnectionSnapshot &row)
{
    const Acceptance &acceptance = row.facts->acceptance;
    if (acceptance.isNull()) {
        m_acceptance->setText(tr("Warning: this peer of the old qp2p presented no certificate. It "
                                 "has not proven who it is."));
    } else if (acceptance.mode == CertificateMode::EncryptOnly) {
        m_acceptance->setText(
            tr("Warning: no authority confirms who this is. The peer proved the key of its "
               "certificate and chose the name itself. Compare the peer id with its owner."));
    } else {
        const QString rule = acceptance.mode == CertificateMode::AgreedAuthority
            ? tr("Accepted: the agreed authority %1 issued the certificate.")
            : tr("Accepted: the private authority %1 issued the certificate.");
        const QString name = acceptance.matchedName.isEmpty()
            ? tr("No name was required.")
            : tr("It contains the required name %1.").arg(shown(acceptance.matchedName));
        m_acceptance->setText(rule.arg(shown(row.facts->authority)) + u' ' + name);
    }
    const QList<QByteArray> &path = acceptance.path;
    m_chain->setChain(path.size() > row.facts->certificates.size() ? path : row.facts->certificates);
}

void DetailsPanel::showDetails(const ConnectionDetails &details)
{
    if (details.id != m_id || m_id == 0)
        return;
    const double now = details.history.isEmpty() ? 0 : details.history.last().at;
    const double span = m_span->currentData().toDouble();
    const auto series = [&](const QString &name, float Sample::*value) {
        Plot::Series result{name, {}};
        for (const Sample &sample : details.history) {
            if (sample.at >= now - span - History::Step)
                result.points.append({sample.at, double(sample.*value)});
        }
        return result;
    };
    m_rttPlot->setData({series(tr("Smoothed"), &Sample::rtt)}, now, span);
    m_windowPlot->setData({series(tr("Window"), &Sample::congestionWindow)}, now, span);
    m_ratePlot->setData(
        {series(tr("Sent"), &Sample::sendRate), series(tr("Received"), &Sample::receiveRate)}, now,
        span);
    if (m_path->topLevelItemCount() == int(details.path.size()))
        return;
    m_path->clear();
    for (const PathChange &change : details.path)
        new QTreeWidgetItem(m_path, {shownTime(change.when), change.address.endpointString()});
}

} // namespace Qp2p::Gui
