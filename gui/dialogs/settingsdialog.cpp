// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <dialogs/settingsdialog.h>

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
#include <QSystemTrayIcon>
#include <QTabWidget>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

//! The consequence of \a field, in the line below.
void addConsequence(QFormLayout *form, QWidget *field, const QString &consequence)
{
    field->setAccessibleDescription(consequence);
    QLabel *text = wrappedLabel(consequence);
    QFont small = text->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    text->setFont(small);
    text->setMinimumWidth(0); // the program's own words: as wide as the longest of them at least
    text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    form->addRow(QString(), text);
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
    return {inScrollArea(page, name), form};
}

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

QWidget *SettingsDialog::makeNetworkPage()
{
    const auto [page, form] = makePage(tr("Settings of the network"));
    m_role = new QComboBox;
    m_role->addItem(tr("Node: others can dial this machine"), int(Peer::Role::Node));
    m_role->addItem(tr("Client: only this machine dials"), int(Peer::Role::Client));
    addField(
        form, tr("&Role:"), m_role,
        tr("A node carries the network. Whether others can really dial it is checked by them; if "
           "not, it takes part as a client."));
    m_address = new QComboBox;
    m_address->addItem(tr("All interfaces"), QString());
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces) {
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries)
            //: an address, and the name of its network interface
            m_address->addItem(
                tr("%1 (%2)").arg(entry.ip().toString(), interface.humanReadableName()),
                entry.ip().toString());
    }
    addField(
        form, tr("&Interface:"), m_address,
        tr("Packets leave and arrive there alone. Where the address is gone, joining fails; no "
           "other is taken instead."));
    m_port = spinBox(0, 65535);
    m_port->setSpecialValueText(tr("Any free port"));
    addField(form, tr("UDP p&ort:"), m_port,
             tr("A fixed one is needed to forward it in a router. Ports below 1024 are checked by "
                "nobody."));
    m_families = new QComboBox;
    m_families->addItem(tr("IPv4 and IPv6"));
    m_families->addItem(tr("IPv4 only"));
    m_families->addItem(tr("IPv6 only"));
    addField(form, tr("&IP families:"), m_families,
             tr("Peers of the other family are not found. A chosen interface address decides it by "
                "itself."));
    m_networkName = new QLineEdit;
    m_networkName->setPlaceholderText(tr("No name"));
    m_networkName->setMaxLength(64);
    m_networkName->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
    addField(form, tr("Network na&me:"), m_networkName,
             tr("Members of networks with different names part at once. It is no secret."));
    auto *certificates = new QPushButton(tr("&Certificate mode …"));
    connect(certificates, &QPushButton::clicked, this, &SettingsDialog::certificatesWanted);
    form->addRow(QString(), certificates);
    m_joinsAtStart = new QCheckBox(tr("&Join when the program starts"));
    addCheck(form, m_joinsAtStart,
             tr("Through the bootstrap cache and the contacts of the latest join."));
    return page;
}

QWidget *SettingsDialog::makeLimitsPage()
{
    const auto [page, form] = makePage(tr("Limits"));
    m_retry = new QComboBox;
    m_retry->addItem(tr("Always"));
    m_retry->addItem(tr("Under load"));
    m_retry->addItem(tr("Never"));
    addField(form, tr("R&etry:"), m_retry,
             tr("Makes whoever dials prove its address first, at the cost of one round trip. "
                "Without it, "
                "forged packets can make this machine work."));
    m_links = spinBox(1, 64);
    addField(
        form, tr("Lin&ks to keep:"), m_links,
        tr("Nodes of its own choice that this machine stays linked to. Others may come on top."));
    m_connections = spinBox(1, 65536);
    m_connections->setGroupSeparatorShown(true);
    addField(form, tr("&Most connections:"), m_connections,
             tr("Further ones are refused. Each takes about 25 KB of memory."));
    m_message = spinBox(1, 1024);
    m_message->setSuffix(tr(" MiB"));
    addField(form, tr("Largest messa&ge:"), m_message,
             tr("Larger ones are refused. Each connection may take as much memory in either "
                "direction."));
    m_refuse = new QCheckBox(tr("Re&fuse nodes that cannot be dialled"));
    addCheck(
        form, m_refuse,
        tr("Peers behind routers that let nobody in are sent away, instead of taken as clients."));
    return page;
}

QWidget *SettingsDialog::makeWindowPage()
{
    const auto [page, form] = makePage(tr("Settings of the program"));
    m_language = new QComboBox;
    m_language->addItem(tr("As the system"), QString());
    m_language->addItem(u"English"_s, u"en"_s);
    m_language->addItem(u"Deutsch"_s, u"de"_s);
    addField(form, tr("&Language:"), m_language, tr("The window is made anew in it at once."));
    m_appearance = new QComboBox;
    m_appearance->addItem(tr("As the system"), int(Settings::Appearance::System));
    m_appearance->addItem(tr("Light"), int(Settings::Appearance::Light));
    m_appearance->addItem(tr("Dark"), int(Settings::Appearance::Dark));
    addField(form, tr("&Appearance:"), m_appearance,
             tr("Follows the desktop where that tells whether it is dark."));
    m_rates = new QComboBox;
    m_rates->addItem(tr("Bytes per second"));
    m_rates->addItem(tr("Bits per second"));
    addField(form, tr("&Rates:"), m_rates, tr("Rates in tables and plots."));
    m_prefixes = new QComboBox;
    m_prefixes->addItem(tr("KiB, MiB: steps of 1,024"));
    m_prefixes->addItem(tr("kB, MB: steps of 1,000"));
    addField(form, tr("&Sizes:"), m_prefixes,
             tr("Sizes in bytes. Bits always have steps of 1,000."));
    m_refresh = spinBox(1, 60);
    m_refresh->setSuffix(tr(" s", "seconds"));
    addField(form, tr("Re&fresh every:"), m_refresh,
             tr("How often the tables are read anew. Nothing is read while the window is hidden."));
    m_tray = new QCheckBox(tr("Keep running in the &tray when the window is closed"));
    m_tray->setEnabled(QSystemTrayIcon::isSystemTrayAvailable());
    addCheck(form, m_tray,
             m_tray->isEnabled()
                 ? tr("The network stays joined. \"Quit\" in the menu ends the program.")
                 : tr("This desktop has no tray, so closing the window ends the program."));
    m_qlog = new QCheckBox(tr("Write a &qlog of new connections"));
    addCheck(
        form, m_qlog,
        tr("A file for each connection, in the profile's folder. They tell who talked to whom, and "
           "when, and grow fast."));
    return page;
}

void SettingsDialog::read()
{
    const Settings &settings = m_workspace.settings();
    m_role->setCurrentIndex(m_role->findData(int(settings.role())));
    const QString address = settings.listenAddress();
    if (m_address->findData(address) < 0)
        m_address->addItem(tr("%1 (not there now)").arg(address), address);
    m_address->setCurrentIndex(m_address->findData(address));
    m_port->setValue(settings.listenPort());
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
