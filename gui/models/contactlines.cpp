// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/contactlines.h>

#include <QCoreApplication>
#include <QNetworkInterface>
#include <QSet>

namespace Qp2p::Gui {

namespace {

struct ContactLinesText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::ContactLines)
};

} // namespace

ContactLines ContactLines::parse(QStringView text)
{
    ContactLines result;
    QSet<PeerAddress> seen;
    int number = 0;
    const auto wrong = [&](const QString &message) {
        ++result.wrongLines;
        if (result.problems.size() < MaxProblems)
            result.problems.append({number, message});
    };
    for (const QStringView line : text.tokenize(u'\n')) {
        ++number;
        const qsizetype comment = line.indexOf(u'#');
        const QStringView contact = (comment < 0 ? line : line.first(comment)).trimmed();
        if (contact.isEmpty())
            continue;
        const Result<PeerAddress> parsed = PeerAddress::fromString(contact);
        if (!parsed) {
            wrong(parsed.error().message);
        } else if (result.contacts.size() == MaxContacts && !seen.contains(*parsed)) {
            wrong(ContactLinesText::tr("Only the first %n contacts are used.", nullptr,
                                       int(MaxContacts)));
        } else if (!seen.contains(*parsed)) {
            seen.insert(*parsed);
            result.contacts.append(*parsed);
        }
    }
    return result;
}

namespace {

//! A local one, for members in the same network; loopback where there is nothing else.
QHostAddress localAddressOf(const NetworkStatus &status)
{
    const QHostAddress &address = status.localAddress;
    const bool isAny = address == QHostAddress(QHostAddress::Any)
        || address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6);
    if (!isAny)
        return address;
    const bool isIPv4Only = address == QHostAddress(QHostAddress::AnyIPv4);
    const bool isIPv6Only = address == QHostAddress(QHostAddress::AnyIPv6) && !status.isDualStack;
    QHostAddress found = isIPv6Only ? QHostAddress(QHostAddress::LocalHostIPv6)
                                    : QHostAddress(QHostAddress::LocalHost);
    const QList<QHostAddress> all = QNetworkInterface::allAddresses();
    for (const QHostAddress &own : all) {
        const bool isIPv4 = own.protocol() == QAbstractSocket::IPv4Protocol;
        if (own.isLoopback() || own.isLinkLocal() || (isIPv4 ? isIPv6Only : isIPv4Only))
            continue;
        if (isIPv4)
            return own; // shorter, and every router of a home has it
        if (found.isLoopback())
            found = own;
    }
    return found;
}

} // namespace

QString ownContactLine(const NetworkStatus &status)
{
    if (!status.isListening || status.localPort == 0 || status.peerId.isNull())
        return {};
    const NetworkStatus::Family &family = status.ipv4.observedAddress.isNull() ? status.ipv6
                                                                               : status.ipv4;
    // At the advertised port: the observed one is that of an outgoing connection, and a router may change it.
    if (!family.observedAddress.isNull())
        return PeerAddress(family.observedAddress.address(), family.advertisedPort, status.peerId)
            .toString();
    return PeerAddress(localAddressOf(status), status.localPort, status.peerId).toString();
}

} // namespace Qp2p::Gui
