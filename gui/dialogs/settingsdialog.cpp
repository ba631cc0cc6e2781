// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/settingsdialog.h>

#include <desktop/tray.h>
#include <panels/plaintext.h>
#include <panels/scrollarea.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QNetworkInterface>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

//! The consequence of \a field close below it, and more space after both.
void addConsequence(QFormLayout *form, QWidget *field, const QString &consequence)
{
    field->setAccessibleDescription(consequence);
    if (field->whatsThis().isEmpty())
        field->setWhatsThis(consequence);
    QLabel *text = wrappedLabel(consequence);
    QFont small = text->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    text->setFont(small);
    text->setAlignment(Qt::AlignLeading
                       | Qt::AlignTop); // close to the field, also in a row that is too high
    text->setMinimumWidth(0); // the program's own words: as wide as the longest of them at least
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true); // it wraps
    text->setSizePolicy(policy);
    form->addRow(QString(), text);
    form->addItem(new QSpacerItem(0, field->fontMetrics().height() * 2 / 3, QSizePolicy::Minimum,
                                  QSizePolicy::Fixed));
}

void addField(QFormLayout *form, const QString &name, QWidget *field, const QString &consequence)
{
    QLabel *label = plainLabel(name);
    label->setBuddy(field);
    field->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    form->addRow(label, field);
    addConsequence(form, field, consequence);
}

void addCheck(QFormLayout *form, QCheckBox *field, const QString &consequence)
{
    form->addRow(QString(), field);
    addConsequence(form, field, consequence);
}

std::pair<QScrollArea *, QFormLayout *> makePage(const QString &name)
{
    auto *page = new QWidget;
    auto *form = new QFormLayout(page);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setVerticalSpacing(page->fontMetrics().height() / 6);
    return {inScrollArea(page, name), form};
}

constexpr int NoExternalPort = 1023;

QSpinBox *spinBox(int least, int most)
{
    auto *box = new QSpinBox;
    box->setRange(least, most);
    return box;
}

} // namespace

SettingsDialog::SettingsDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_problem(wrappedLabel({}, this))
{
    setWindowTitle(tr("Settings"));
    auto *tabs = new QTabWidget(this);
    tabs->setAccessibleName(windowTitle());
    tabs->addTab(makeNetworkPage(), tr("&Network"));
    tabs->addTab(makeLimitsPage(), tr("&Limits"));
    tabs->addTab(makeWindowPage(), tr("&Program"));
    auto *buttons = new QDialogButtonBox(
        QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Apply, this);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(tabs, 1);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        apply();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this,
            &SettingsDialog::apply);
    connect(m_networkName, &QLineEdit::textChanged, this, &SettingsDialog::update);
    connect(m_role, &QComboBox::currentIndexChanged, this, &SettingsDialog::update);
    connect(m_address, &QComboBox::currentIndexChanged, this, &SettingsDialog::update);
    read();
    update();
    resize(fontMetrics().averageCharWidth() * 112, fontMetrics().height() * 38);
}

QComboBox *SettingsDialog::makeAddressBox()
{
    auto *box = new QComboBox;
    box->addItem(tr("All interfaces"), QString());
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries)
            //: an address, and the name of its network interface
            box->addItem(tr("%1 (%2)").arg(entry.ip().toString(), interface.humanReadableName()),
                         entry.ip().toString());
    }
    return box;
}

QWidget *SettingsDialog::makeNetworkPage()
{
    const auto [page, form] = makePage(tr("Settings of the network"));
    m_role = new QComboBox;
    m_role->addItem(tr("Node: accepts connections"), int(Peer::Role::Node));
    m_role->addItem(tr("Client: only connects to nodes"), int(Peer::Role::Client));
    addField(
        form, tr("&Role:"), m_role,
        tr("Peers check whether a node is reachable. If it is not, it takes part as a client."));
    m_address = makeAddressBox();
    addField(form, tr("&Interface:"), m_address,
             tr("Use only this interface. If its address is not available, joining fails."));
    m_port = spinBox(0, 65535);
    m_port->setSpecialValueText(tr("Any free port"));
    addField(
        form, tr("UDP p&ort:"), m_port,
        tr("A fixed port is needed for port forwarding. Peers do not check ports below 1024."));
    m_externalIPv4 = externalPortBox();
    addField(
        form, tr("External port, IPv&4:"), m_externalIPv4,
        tr("Where the router forwards another port to this machine. Peers connect to it at the "
           "public address."));
    m_externalIPv6 = externalPortBox();
    addField(form, tr("External port, IPv&6:"), m_externalIPv6, tr("The same for IPv6."));
    m_families = new QComboBox;
    m_families->addItem(tr("IPv4 and IPv6"));
    m_families->addItem(tr("IPv4 only"));
    m_families->addItem(tr("IPv6 only"));
    addField(form, tr("IP &families:"), m_families,
             tr("Connects only over these. An interface address determines the family."));
    m_networkName = new QLineEdit;
    m_networkName->setPlaceholderText(tr("No name"));
    m_networkName->setMaxLength(64);
    m_networkName->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
    addField(form, tr("Network na&me:"), m_networkName,
             tr("Only peers with the same network name connect. The name is not secret."));
    auto *certificates = new QPushButton(tr("&Certificate mode …"));
    connect(certificates, &QPushButton::clicked, this, &SettingsDialog::certificatesWanted);
    form->addRow(QString(), certificates);
    m_joinsAtStart = new QCheckBox(tr("&Join when the program starts"));
    addCheck(form, m_joinsAtStart,
             tr("Uses the bootstrap cache and the contacts of the last join."));
    return page;
}

QWidget *SettingsDialog::makeLimitsPage()
{
    const auto [page, form] = makePage(tr("Limits"));
    m_retry = new QComboBox;
    m_retry->addItem(tr("Always"));
    m_retry->addItem(tr("Under load"));
    m_retry->addItem(tr("Never"));
    m_retry->setWhatsThis(tr("Retry is the QUIC packet with which a node asks a peer to prove its "
                             "address before it connects."));
    addField(form, tr("R&etry:"), m_retry,
             tr("Peers must prove their address before they connect. Costs one round trip; without "
                "it, forged packets can put load on this machine."));
    m_links = spinBox(1, 64);
    addField(form, tr("Lin&ks to keep:"), m_links,
             tr("Number of nodes this machine stays linked to. Other peers can link in addition."));
    m_connections = spinBox(1, 65536);
    m_connections->setGroupSeparatorShown(true);
    addField(form, tr("&Maximum connections:"), m_connections,
             tr("Further connections are refused. Each uses about 25 KiB of memory."));
    m_message = spinBox(1, 1024);
    m_message->setSuffix(tr(" MiB"));
    addField(form, tr("Maximum messa&ge size:"), m_message,
             tr("Larger messages are refused. Each connection can use this much memory per "
                "direction."));
    m_refuse = new QCheckBox(tr("Re&fuse unreachable nodes"));
    addCheck(form, m_refuse,
             tr("Nodes that are not reachable are disconnected instead of accepted as clients."));
    return page;
}

QWidget *SettingsDialog::makeWindowPage()
{
    const auto [page, form] = makePage(tr("Settings of the program"));
    m_language = new QComboBox;
    m_language->addItem(tr("System default"), QString());
    m_language->addItem(u"English"_s, u"en"_s);
    m_language->addItem(u"Deutsch"_s, u"de"_s);
    addField(form, tr("Lan&guage:"), m_language, tr("Takes effect immediately."));
    m_appearance = new QComboBox;
    m_appearance->addItem(tr("System default"), int(Settings::Appearance::System));
    m_appearance->addItem(tr("Light"), int(Settings::Appearance::Light));
    m_appearance->addItem(tr("Dark"), int(Settings::Appearance::Dark));
    addField(form, tr("&Appearance:"), m_appearance,
             tr("System default follows the light or dark setting of the desktop."));
    m_rates = new QComboBox;
    m_rates->addItem(tr("Bytes per second"));
    m_rates->addItem(tr("Bits per second"));
    addField(form, tr("&Rates:"), m_rates, tr("Unit of rates in tables and plots."));
    m_prefixes = new QComboBox;
    m_prefixes->addItem(tr("KiB, MiB: steps of 1,024"));
    m_prefixes->addItem(tr("kB, MB: steps of 1,000"));
    addField(form, tr("&Sizes:"), m_prefixes,
             tr("Unit of sizes in bytes. Bits per second always use steps of 1,000."));
    m_refresh = spinBox(1, 60);
    m_refresh->setSuffix(tr(" s", "seconds"));
    addField(form, tr("Re&fresh every:"), m_refresh,
             tr("Interval between updates of the tables. Paused while the window is hidden."));
    m_tray = new QCheckBox(tr("Keep running in the &tray when the window closes"));
    addCheck(form, m_tray,
             isTrayAvailable()
                 ? tr("You stay in the network. To end the program, choose Network, Quit.")
                 : tr("No tray found. Until one appears, closing the window ends the program."));
    m_qlog = new QCheckBox(tr("Write &qlog files of new connections"));
    addCheck(form, m_qlog,
             tr("One file per connection in the profile folder. The files grow fast and show who "
                "communicated with whom, and when."));
    return page;
}

//! The lowest value stands for none: peers connect to no port below 1024.
QSpinBox *SettingsDialog::externalPortBox()
{
    QSpinBox *box = spinBox(NoExternalPort, 65535);
    box->setSpecialValueText(tr("Same as the UDP port"));
    return box;
}

void SettingsDialog::read()
{
    const Settings &settings = m_workspace.settings();
    m_role->setCurrentIndex(m_role->findData(int(settings.role())));
    const QString address = settings.listenAddress();
    if (m_address->findData(address) < 0)
        m_address->addItem(tr("%1 (not available)").arg(address), address);
    m_address->setCurrentIndex(m_address->findData(address));
    m_port->setValue(settings.listenPort());
    m_externalIPv4->setValue(
        std::max(NoExternalPort, int(settings.externalPort(QAbstractSocket::IPv4Protocol))));
    m_externalIPv6->setValue(
        std::max(NoExternalPort, int(settings.externalPort(QAbstractSocket::IPv6Protocol))));
    m_families->setCurrentIndex(int(settings.families()));
    m_networkName->setText(settings.networkName());
    m_joinsAtStart->setChecked(settings.joinsAtStart());
    m_retry->setCurrentIndex(int(settings.retryMode()));
    m_links->setValue(settings.wantedLinks());
    m_connections->setValue(settings.maxConnections());
    m_message->setValue(settings.maxMessageMebibytes());
    m_refuse->setChecked(settings.refusesUnreachable());
    m_language->setCurrentIndex(std::max(0, m_language->findData(settings.language())));
    m_appearance->setCurrentIndex(m_appearance->findData(int(settings.appearance())));
    m_rates->setCurrentIndex(int(settings.units().rates));
    m_prefixes->setCurrentIndex(int(settings.units().prefixes));
    m_refresh->setValue(settings.refreshSeconds());
    m_tray->setChecked(settings.usesTray());
    m_qlog->setChecked(settings.writesQlog());
}

void SettingsDialog::update()
{
    EndpointConfig config;
    config.setNetworkName(m_networkName->text());
    const Result<void> valid = config.validate();
    m_problem->setText(valid.error().message);
    m_problem->setVisible(!valid);
    m_ok->setEnabled(valid.isOk());
    const bool isNode = m_role->currentData().toInt() == int(Peer::Role::Node);
    m_address->setEnabled(isNode);
    m_port->setEnabled(isNode);
    m_externalIPv4->setEnabled(isNode);
    m_externalIPv6->setEnabled(isNode);
    m_families->setEnabled(isNode && m_address->currentData().toString().isEmpty());
}

void SettingsDialog::apply()
{
    if (!m_ok->isEnabled())
        return;
    Settings &settings = m_workspace.settings();
    bool networkChanged = false;
    const auto connection = connect(&settings, &Settings::networkChanged, this,
                                    [&networkChanged] { networkChanged = true; });
    settings.setRole(Peer::Role(m_role->currentData().toInt()));
    settings.setListenAddress(m_address->currentData().toString());
    settings.setListenPort(quint16(m_port->value()));
    const auto externalPort = [](const QSpinBox *box) {
        return quint16(box->value() == NoExternalPort ? 0 : box->value());
    };
    settings.setExternalPort(QAbstractSocket::IPv4Protocol, externalPort(m_externalIPv4));
    settings.setExternalPort(QAbstractSocket::IPv6Protocol, externalPort(m_externalIPv6));
    settings.setFamilies(Settings::Families(m_families->currentIndex()));
    settings.setNetworkName(m_networkName->text());
    settings.setRetryMode(EndpointConfig::RetryMode(m_retry->currentIndex()));
    settings.setWantedLinks(m_links->value());
    settings.setMaxConnections(m_connections->value());
    settings.setMaxMessageMebibytes(m_message->value());
    settings.setRefusesUnreachable(m_refuse->isChecked());
    disconnect(connection);

    settings.setJoinsAtStart(m_joinsAtStart->isChecked());
    settings.setAppearance(Settings::Appearance(m_appearance->currentData().toInt()));
    settings.setUnits(
        {Units::Rates(m_rates->currentIndex()), Units::Prefixes(m_prefixes->currentIndex())});
    settings.setRefreshSeconds(m_refresh->value());
    settings.setUsesTray(m_tray->isChecked());
    settings.setWritesQlog(m_qlog->isChecked());
    if (networkChanged)
        m_workspace.applyNetworkSettings();
    settings.setLanguage(m_language->currentData().toString()); // the window goes with this dialog
}

} // namespace Qp2p::Gui
