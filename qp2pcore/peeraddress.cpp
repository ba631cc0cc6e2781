// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The one strict reader of addresses that people type, paste and receive.
#include <qp2pcore/peeraddress.h>

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QDebug>
#include <QUrl>

#include <algorithm>
#include <optional>

namespace Qp2p {

namespace {

struct AddressText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::PeerAddress)
};

//! What stands before the port: an address or a name, never both.
struct Host
{
    QHostAddress address;
    QString name;
};

Result<Host> parseHost(QStringView text);
Result<Host> parseBracketedHost(QStringView text);
Result<quint16> parsePort(QStringView text);
Result<void> checkCharacters(QStringView text);
QHostAddress normalised(const QHostAddress &address);
bool canBeDialled(const QHostAddress &address);
bool lacksScope(const QHostAddress &address);
std::optional<QHostAddress> parseIpv6(QStringView text);

// A peer id, a host name of 253 characters and a port make 313; a name in another script may be
// somewhat longer before it is encoded.
constexpr qsizetype MaxTextSize = 512;

Error problem(const QString &sentence)
{
    return Error(ErrorCode::InvalidArgument, sentence);
}

QString shown(QStringView text)
{
    constexpr int MaxShown = 80;
    return safeText(text, MaxShown);
}

Result<PeerAddress> parse(QStringView text)
{
    if (text.isEmpty())
        return problem(AddressText::tr("Nothing was given."));
    if (text.size() > MaxTextSize)
        return problem(AddressText::tr("It is too long."));
    if (const Result<void> characters = checkCharacters(text); !characters)
        return characters.error();
    if (const qsizetype scheme = text.indexOf(u"://"); scheme >= 0)
        return problem(AddressText::tr("Leave out the \"%1\".").arg(shown(text.left(scheme + 3))));

    PeerId peerId;
    if (const qsizetype at = text.indexOf(u'@'); at >= 0) {
        const Result<PeerId> id = PeerId::fromString(text.left(at));
        if (!id)
            return problem(AddressText::tr("A peer id must stand before the \"@\".") + u' '
                           + id.error().message);
        peerId = *id;
        text = text.mid(at + 1);
    }

    const bool bracketed = text.startsWith(u'[');
    const qsizetype colon = text.lastIndexOf(u':');
    if (!bracketed && parseIpv6(text))
        return problem(AddressText::tr("An IPv6 address stands in brackets, and the port follows: "
                                       "[%1]:12000.")
                           .arg(text));
    if (!bracketed && text.count(u':') > 1)
        return problem(
            AddressText::tr("Only an IPv6 address has more than one \":\", and it stands in "
                            "brackets."));
    if (colon < 0 || (bracketed && colon < text.lastIndexOf(u']')))
        return problem(AddressText::tr("The port is missing."));

    const QStringView hostText = text.left(colon);
    const Result<Host> host = bracketed ? parseBracketedHost(hostText) : parseHost(hostText);
    if (!host)
        return host.error();
    const Result<quint16> port = parsePort(text.mid(colon + 1));
    if (!port)
        return port.error();
    return host->name.isEmpty() ? PeerAddress(host->address, *port, peerId)
                                : PeerAddress(host->name, *port, peerId);
}

} // namespace

PeerAddress::PeerAddress(const QHostAddress &address, quint16 port, const PeerId &peerId)
    : m_port(port)
    , m_peerId(peerId)
{
    const QHostAddress candidate = normalised(address);
    if (!canBeDialled(candidate))
        return;
    m_address = candidate;
    // QHostAddress compares without the scope id (Qt 6.4): the text distinguishes fe80::1%eth0 from
    // fe80::1%eth1, which are two machines.
    m_host = candidate.toString();
}

PeerAddress::PeerAddress(const QString &host, quint16 port, const PeerId &peerId)
    : m_port(port)
    , m_peerId(peerId)
{
    if (host.size() > MaxTextSize || !checkCharacters(host))
        return;
    if (const std::optional<QHostAddress> ipv6 = parseIpv6(host)) {
        *this = PeerAddress(*ipv6, port, peerId);
        return;
    }
    const Result<Host> parsed = parseHost(host);
    if (parsed && parsed->name.isEmpty())
        *this = PeerAddress(parsed->address, port, peerId);
    else if (parsed)
        m_host = parsed->name;
}

Result<PeerAddress> PeerAddress::fromString(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    Result<PeerAddress> address = parse(trimmed);
    if (address)
        return address;
    return problem(
        AddressText::tr("\"%1\" is not the address of a peer. %2 Write host:port, for example "
                        "%3, %4 or %5.")
            .arg(shown(trimmed), address.error().message, QStringLiteral("node.example.org:12000"),
                 QStringLiteral("203.0.113.7:12000"), QStringLiteral("[2001:db8::7]:12000")));
}

bool PeerAddress::lacksScope() const
{
    return Qp2p::lacksScope(m_address);
}

QString PeerAddress::host() const
{
    return m_host;
}

QString PeerAddress::toString() const
{
    if (isNull() || m_peerId.isNull())
        return endpointString();
    return m_peerId.toString() + u'@' + endpointString();
}

QString PeerAddress::endpointString() const
{
    if (isNull())
        return {};
    const bool needsBrackets = m_address.protocol() == QAbstractSocket::IPv6Protocol;
    const QString host = needsBrackets ? QString(u'[' + m_host + u']') : m_host;
    return host + u':' + QString::number(m_port);
}

size_t qHash(const PeerAddress &address, size_t seed)
{
    return qHashMulti(seed, address.m_host, address.m_port, address.m_peerId);
}

QDebug operator<<(QDebug debug, const PeerAddress &address)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "PeerAddress("
                              << (address.isNull() ? QStringLiteral("null") : address.toString())
                              << ')';
    return debug;
}

namespace {

//! Invisible characters and look-alike spaces come with pasted text; the ones that reorder text
//! could show another address than the one that is dialled.
Result<void> checkCharacters(QStringView text)
{
    const QList<uint> codePoints = text.toUcs4();
    for (const uint codePoint : codePoints) {
        switch (QChar::category(codePoint)) {
        case QChar::Separator_Space:
        case QChar::Separator_Line:
        case QChar::Separator_Paragraph:
            return problem(AddressText::tr("It has a space inside."));
        case QChar::Other_Control:
        case QChar::Other_Format:
        case QChar::Other_Surrogate:
        case QChar::Other_PrivateUse:
        case QChar::Other_NotAssigned:
            return problem(
                AddressText::tr("It has a character that cannot be seen (U+%1).")
                    .arg(QString::number(codePoint, 16).toUpper().rightJustified(4, u'0')));
        default:
            break;
        }
    }
    return {};
}

bool isDecimal(QStringView text)
{
    return !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

Result<quint16> parsePort(QStringView text)
{
    if (text.isEmpty())
        return problem(AddressText::tr("The port is missing."));
    if (!isDecimal(text))
        return problem(AddressText::tr("The port \"%1\" is not a number.").arg(shown(text)));
    bool ok = false;
    const quint16 port = text.toUShort(&ok);
    if (!ok || port == 0)
        return problem(
            AddressText::tr("The port must be from 1 to 65535, not %1.").arg(shown(text)));
    // Elsewhere a leading zero means octal, so it may not mean what the reader thinks.
    if (text.startsWith(u'0'))
        return problem(AddressText::tr("The port must not begin with a zero."));
    return port;
}

//! Exactly four decimal numbers. inet_aton() and with it getaddrinfo() also take 127.1, 0177.0.0.1
//! and 0x7f000001, by which an address slips past a reader and a filter.
std::optional<QHostAddress> parseIpv4(QStringView text)
{
    quint32 address = 0;
    const QList<QStringView> parts = text.split(u'.');
    if (parts.size() != 4)
        return {};
    for (const QStringView part : parts) {
        const bool looksOctal = part.size() > 1 && part.startsWith(u'0');
        const uint value = isDecimal(part) && part.size() <= 3 ? part.toUInt() : 256;
        if (value > 255 || looksOctal)
            return {};
        address = (address << 8) | value;
    }
    return QHostAddress(address);
}

//! Without brackets, with or without a scope id. Qt's own parser is too generous alone: it takes
//! groups of any length and all of inet_aton()'s spellings in the IPv4 tail.
std::optional<QHostAddress> parseIpv6(QStringView text)
{
    // Interfaces have at most 15 characters on Linux; other systems number them or use GUIDs.
    constexpr qsizetype MaxScopeSize = 64;
    const qsizetype percent = text.indexOf(u'%');
    const QStringView digits = percent < 0 ? text : text.left(percent);
    const QStringView scope = percent < 0 ? QStringView() : text.mid(percent + 1);
    const bool scopeOk = percent < 0
        || (!scope.isEmpty() && scope.size() <= MaxScopeSize
            && std::all_of(scope.begin(), scope.end(), [](QChar c) {
                   return c.unicode() > 0x20 && c.unicode() < 0x7f
                       && !QStringView(u"%/\\[]@\"'").contains(c);
               }));
    if (!scopeOk || !digits.contains(u':'))
        return {};

    const QList<QStringView> groups = digits.split(u':');
    for (qsizetype i = 0; i < groups.size(); ++i) {
        const QStringView group = groups[i];
        const bool isIpv4Tail = i == groups.size() - 1 && group.contains(u'.');
        const bool ok = isIpv4Tail
            ? parseIpv4(group).has_value()
            : group.size() <= 4 && std::all_of(group.begin(), group.end(), [](QChar c) {
                  return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f')
                      || (c >= u'A' && c <= u'F');
              });
        if (!ok)
            return {};
    }
    QHostAddress address;
    if (!address.setAddress(digits.toString())
        || address.protocol() != QAbstractSocket::IPv6Protocol)
        return {};
    address.setScopeId(scope.toString());
    return address;
}

//! An IPv4 peer has one address here, however it was written: a dual-stack socket reports the
//! mapped form, which would compare unequal and let the peer count twice.
QHostAddress normalised(const QHostAddress &address)
{
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return address;
    constexpr quint8 MappedPrefix[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    if (!std::equal(std::begin(MappedPrefix), std::end(MappedPrefix), std::begin(bytes.c)))
        return address;
    return QHostAddress(quint32(bytes.c[12]) << 24 | quint32(bytes.c[13]) << 16
                        | quint32(bytes.c[14]) << 8 | quint32(bytes.c[15]));
}

//! False for addresses that no single peer can have: unspecified, broadcast, multicast.
bool canBeDialled(const QHostAddress &address)
{
    return !address.isNull() && address != QHostAddress(QHostAddress::Any)
        && address != QHostAddress(QHostAddress::AnyIPv4)
        && address != QHostAddress(QHostAddress::AnyIPv6) && !address.isBroadcast()
        && !address.isMulticast();
}

bool lacksScope(const QHostAddress &address)
{
    return address.protocol() == QAbstractSocket::IPv6Protocol && address.isLinkLocal()
        && address.scopeId().isEmpty();
}

Result<Host> hostOfAddress(const QHostAddress &address)
{
    const QHostAddress candidate = normalised(address);
    if (!canBeDialled(candidate))
        return problem(AddressText::tr("%1 stands for many machines and cannot be dialled.")
                           .arg(candidate.toString()));
    return Host{candidate, {}};
}

Result<Host> parseBracketedHost(QStringView text)
{
    if (!text.endsWith(u']'))
        return problem(
            AddressText::tr("The \"]\" after the IPv6 address is missing or misplaced."));
    const QStringView inside = text.mid(1, text.size() - 2);
    const std::optional<QHostAddress> address = parseIpv6(inside);
    if (!address)
        return problem(
            AddressText::tr("\"%1\" is not an IPv6 address, and only these stand in brackets.")
                .arg(shown(inside)));
    if (lacksScope(*address))
        return problem(
            //: %1: an IPv6 address; eth0 is the name of a network interface
            AddressText::tr(
                "%1 is a link-local address, another machine on each link. Name the network "
                "interface too, as in [%1%eth0]:12000.")
                .arg(address->toString()));
    return hostOfAddress(*address);
}

//! Whether getaddrinfo() could take \a name for an IPv4 address in one of inet_aton()'s spellings.
bool endsInNumber(QStringView name)
{
    const QStringView last = name.mid(name.lastIndexOf(u'.') + 1);
    return isDecimal(last) || last.startsWith(u"0x");
}

//! RFC 1123 section 2.1, and underscores, which names in private networks often have.
bool isHostName(QStringView name)
{
    constexpr qsizetype MaxNameSize = 253; // RFC 1035 section 2.3.4, as text
    constexpr qsizetype MaxLabelSize = 63;
    if (name.isEmpty() || name.size() > MaxNameSize)
        return false;
    const QList<QStringView> labels = name.split(u'.');
    return std::all_of(labels.begin(), labels.end(), [](QStringView label) {
        return !label.isEmpty() && label.size() <= MaxLabelSize && !label.startsWith(u'-')
            && !label.endsWith(u'-') && std::all_of(label.begin(), label.end(), [](QChar c) {
                   return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-'
                       || c == u'_';
               });
    });
}

Result<Host> parseHost(QStringView text)
{
    if (text.isEmpty())
        return problem(AddressText::tr("The host is missing."));
    // The dot at the end of a complete name is no part of it in certificates.
    if (text.endsWith(u'.'))
        text.chop(1);
    // Also turns full-width digits and dots into plain ones, so numbers are looked for afterwards.
    const QString name = QString::fromLatin1(QUrl::toAce(text.toString())).toLower();
    if (!isHostName(name))
        return problem(AddressText::tr("\"%1\" is not a host name.").arg(shown(text)));
    if (!endsInNumber(name))
        return Host{{}, name};
    const std::optional<QHostAddress> address = parseIpv4(name);
    if (!address)
        return problem(
            AddressText::tr("\"%1\" is not an IPv4 address; that has four numbers from 0 to 255 "
                            "without leading zeros.")
                .arg(shown(text)));
    return hostOfAddress(*address);
}

} // namespace

} // namespace Qp2p
