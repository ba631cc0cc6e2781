// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/settings.h>

#include <QMetaEnum>
#include <QRandomGenerator>
#include <QUdpSocket>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int FirstExternalPort = 1024; // no peer dials one below, see NetworkConfig::validate()

QString externalPortKey(QAbstractSocket::NetworkLayerProtocol family)
{
    return family == QAbstractSocket::IPv6Protocol ? u"network/externalPortIPv6"_s
                                                   : u"network/externalPortIPv4"_s;
}

} // namespace

Settings::Settings(const QString &fileName, QObject *parent)
    : QObject(parent)
    , m_file(fileName)
{
    connect(&m_file, &SettingsFile::saved, this, &Settings::saved);
    connect(&m_file, &SettingsFile::saveFailed, this, &Settings::saveFailed);
}

void Settings::set(const QString &key, const QVariant &value, Concerns concerns)
{
    if (!m_file.set(key, value))
        return;
    if (concerns == Concerns::Window)
        Q_EMIT windowChanged();
    else if (concerns == Concerns::Network)
        Q_EMIT networkChanged();
}

template<typename Enum>
void Settings::setChoice(const QString &key, Enum value, Concerns concerns)
{
    set(key, QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(int(value))), concerns);
}

// --- The network --------------------------------------------------------------------------------

Peer::Role Settings::role() const
{
    const auto role = m_file.choice(u"network/role"_s, Peer::Role::Node);
    return role == Peer::Role::Client ? role : Peer::Role::Node;
}

void Settings::setRole(Peer::Role role)
{
    setChoice(u"network/role"_s, role, Concerns::Network);
}

QString Settings::listenAddress() const
{
    const QString address = m_file.text(u"network/listenAddress"_s);
    return QHostAddress(address).isNull() ? QString() : address;
}

void Settings::setListenAddress(const QString &address)
{
    set(u"network/listenAddress"_s, address, Concerns::Network);
}

quint16 Settings::listenPort() const
{
    return quint16(m_file.number(u"network/listenPort"_s, 0, 0, 65535));
}

void Settings::setListenPort(quint16 port)
{
    set(u"network/listenPort"_s, int(port), Concerns::Network);
}

quint16 Settings::externalPort(QAbstractSocket::NetworkLayerProtocol family) const
{
    const int port = m_file.number(externalPortKey(family), 0, 0, 65535);
    return port < FirstExternalPort ? 0 : quint16(port);
}

void Settings::setExternalPort(QAbstractSocket::NetworkLayerProtocol family, quint16 port)
{
    set(externalPortKey(family), int(port), Concerns::Network);
}

void Settings::chooseListenPort()
{
    if (m_file.contains(u"network/listenPort"_s))
        return;
    constexpr int first = 20000;
    constexpr int end = 32768; // where Linux begins to give ports away
    constexpr int attempts = 20; // a machine with that many of them taken has another problem
    for (int i = 0; i < attempts; ++i) {
        const auto port = quint16(QRandomGenerator::global()->bounded(first, end));
        QUdpSocket probe;
        if (probe.bind(addressToListenOn(), port, QUdpSocket::DontShareAddress)) {
            set(u"network/listenPort"_s, int(port), Concerns::Nothing);
            return;
        }
    }
}

Settings::Families Settings::families() const
{
    return m_file.choice(u"network/families"_s, Families::Both);
}

void Settings::setFamilies(Families families)
{
    setChoice(u"network/families"_s, families, Concerns::Network);
}

QHostAddress Settings::addressToListenOn() const
{
    if (const QString address = listenAddress(); !address.isEmpty())
        return QHostAddress(address);
    switch (families()) {
    case Families::Both:
        break;
    case Families::IPv4:
        return QHostAddress(QHostAddress::AnyIPv4);
    case Families::IPv6:
        return QHostAddress(QHostAddress::AnyIPv6);
    }
    return QHostAddress(QHostAddress::Any);
}

EndpointConfig::RetryMode Settings::retryMode() const
{
    // By number: the values of a plain enum class have no names.
    return EndpointConfig::RetryMode(m_file.number(u"network/retry"_s, 0, 0, 2));
}

void Settings::setRetryMode(EndpointConfig::RetryMode mode)
{
    set(u"network/retry"_s, int(mode), Concerns::Network);
}

int Settings::maxConnections() const
{
    return m_file.number(u"network/maxConnections"_s, 4096, 1, 65536);
}

void Settings::setMaxConnections(int count)
{
    set(u"network/maxConnections"_s, count, Concerns::Network);
}

int Settings::maxMessageMebibytes() const
{
    return m_file.number(u"network/maxMessageMebibytes"_s, 16, 1, 1024);
}

void Settings::setMaxMessageMebibytes(int size)
{
    set(u"network/maxMessageMebibytes"_s, size, Concerns::Network);
}

int Settings::wantedLinks() const
{
    return m_file.number(u"network/wantedLinks"_s, 8, 1, 64);
}

void Settings::setWantedLinks(int count)
{
    set(u"network/wantedLinks"_s, count, Concerns::Network);
}

bool Settings::refusesUnreachable() const
{
    return m_file.flag(u"network/refusesUnreachable"_s, false);
}

void Settings::setRefusesUnreachable(bool refuses)
{
    set(u"network/refusesUnreachable"_s, refuses, Concerns::Network);
}

QString Settings::networkName() const
{
    return m_file.text(u"network/name"_s);
}

void Settings::setNetworkName(const QString &name)
{
    set(u"network/name"_s, name, Concerns::Network);
}

CertificatePolicy Settings::certificatePolicy() const
{
    const QString mode = m_file.text(u"certificates/mode"_s);
    const QStringList files = m_file.texts(u"certificates/authorities"_s);
    if (mode == u"AgreedAuthority"_s) {
        CertificatePolicy policy = CertificatePolicy::agreedAuthority(files);
        policy.setDiallerNames(m_file.texts(u"certificates/diallerNames"_s));
        return policy;
    }
    // Not "encrypt only" where no authority is known any more: it would let every peer in. Joining says
    // what is missing.
    if (mode == u"PrivateAuthority"_s)
        return CertificatePolicy::privateAuthority(files, m_file.text(u"certificates/name"_s));
    return CertificatePolicy::encryptOnly();
}

void Settings::setCertificatePolicy(const CertificatePolicy &policy)
{
    if (policy == certificatePolicy() && m_file.contains(u"certificates/mode"_s))
        return;
    const auto mode = [&] {
        switch (policy.mode()) {
        case CertificateMode::AgreedAuthority:
            return u"AgreedAuthority"_s;
        case CertificateMode::PrivateAuthority:
            return u"PrivateAuthority"_s;
        case CertificateMode::EncryptOnly:
            break;
        }
        return u"EncryptOnly"_s;
    }();
    set(u"certificates/authorities"_s, policy.authorityFiles(), Concerns::Nothing);
    set(u"certificates/name"_s, policy.name(), Concerns::Nothing);
    set(u"certificates/diallerNames"_s, policy.diallerNames(), Concerns::Nothing);
    set(u"certificates/mode"_s, mode, Concerns::Nothing);
    Q_EMIT networkChanged();
}

namespace {

QString changedKey(const PeerId &known, const PeerId &changed)
{
    return known.toString() + u' ' + changed.toString();
}

} // namespace

bool Settings::refusesKey(const PeerId &known, const PeerId &changed) const
{
    return m_file.texts(u"network/refusedKeys"_s).contains(changedKey(known, changed));
}

void Settings::refuseKey(const PeerId &known, const PeerId &changed)
{
    QStringList keys = m_file.texts(u"network/refusedKeys"_s);
    keys.removeAll(changedKey(known, changed));
    keys.append(changedKey(known, changed));
    if (keys.size() > MaxRefusedKeys)
        keys = keys.last(MaxRefusedKeys);
    set(u"network/refusedKeys"_s, keys, Concerns::Nothing);
}

void Settings::acceptKey(const PeerId &known, const PeerId &changed)
{
    QStringList keys = m_file.texts(u"network/refusedKeys"_s);
    if (keys.removeAll(changedKey(known, changed)) > 0)
        set(u"network/refusedKeys"_s, keys, Concerns::Nothing);
}

QStringList Settings::contacts() const
{
    return m_file.texts(u"network/contacts"_s);
}

void Settings::setContacts(const QStringList &contacts)
{
    set(u"network/contacts"_s, contacts, Concerns::Nothing);
}

// --- The window ---------------------------------------------------------------------------------

bool Settings::joinsAtStart() const
{
    return m_file.flag(u"window/joinsAtStart"_s, true);
}

void Settings::setJoinsAtStart(bool joins)
{
    set(u"window/joinsAtStart"_s, joins, Concerns::Nothing);
}

bool Settings::writesQlog() const
{
    return m_file.flag(u"window/writesQlog"_s, false);
}

void Settings::setWritesQlog(bool writes)
{
    set(u"window/writesQlog"_s, writes, Concerns::Window);
}

QString Settings::language() const
{
    return m_file.text(u"window/language"_s);
}

void Settings::setLanguage(const QString &language)
{
    set(u"window/language"_s, language, Concerns::Window);
}

Units Settings::units() const
{
    return {m_file.flag(u"window/ratesInBits"_s, false) ? Units::Rates::Bits : Units::Rates::Bytes,
            m_file.flag(u"window/decimalPrefixes"_s, false) ? Units::Prefixes::Decimal
                                                            : Units::Prefixes::Binary};
}

void Settings::setUnits(const Units &units)
{
    set(u"window/ratesInBits"_s, units.rates == Units::Rates::Bits, Concerns::Nothing);
    set(u"window/decimalPrefixes"_s, units.prefixes == Units::Prefixes::Decimal, Concerns::Nothing);
    Q_EMIT windowChanged();
}

Settings::Appearance Settings::appearance() const
{
    return m_file.choice(u"window/appearance"_s, Appearance::System);
}

void Settings::setAppearance(Appearance appearance)
{
    setChoice(u"window/appearance"_s, appearance, Concerns::Window);
}

int Settings::refreshSeconds() const
{
    return m_file.number(u"window/refreshSeconds"_s, 1, 1, 60);
}

void Settings::setRefreshSeconds(int seconds)
{
    set(u"window/refreshSeconds"_s, seconds, Concerns::Window);
}

bool Settings::usesTray() const
{
    return m_file.flag(u"window/usesTray"_s, false);
}

void Settings::setUsesTray(bool uses)
{
    set(u"window/usesTray"_s, uses, Concerns::Window);
}

bool Settings::trayWasExplained() const
{
    return m_file.flag(u"window/trayWasExplained"_s, false);
}

void Settings::setTrayWasExplained()
{
    set(u"window/trayWasExplained"_s, true, Concerns::Nothing);
}

bool Settings::wasSetUp() const
{
    return m_file.flag(u"window/wasSetUp"_s, false);
}

void Settings::setWasSetUp()
{
    set(u"window/wasSetUp"_s, true, Concerns::Nothing);
}

QByteArray Settings::layout(const QString &name) const
{
    return m_file.value(u"layout/"_s + name).toByteArray();
}

void Settings::setLayout(const QString &name, const QByteArray &state)
{
    set(u"layout/"_s + name, state, Concerns::Nothing);
}

QVariant Settings::filter(const QString &name) const
{
    return m_file.value(u"filter/"_s + name);
}

void Settings::setFilter(const QString &name, const QVariant &value)
{
    set(u"filter/"_s + name, value, Concerns::Nothing);
}

void Settings::resetLayout()
{
    m_file.remove(u"layout"_s);
}

} // namespace Qp2p::Gui
