// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What all channels share: which one this platform has, Qt's addresses, and why a bind failed.

#include <qp2pcore/io/datagramchannel.h>

#include <qp2pcore/io/linuxchannel.h>

#include <QNetworkInterface>

#include <cerrno>

namespace Qp2p::Io {

namespace {

quint32 scopeNumber(const QString &scope)
{
    bool isNumber = false;
    const uint number = scope.toUInt(&isNumber);
    if (isNumber || scope.isEmpty())
        return number;
    return quint32(QNetworkInterface::interfaceIndexFromName(scope));
}

QString interfacesOfThisMachine()
{
    constexpr qsizetype MaxNames = 8; // machines with containers have hundreds
    QStringList names;
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : interfaces)
        names.append(interface.name());
    const QString more = names.size() > MaxNames ? QStringLiteral(" …") : QString();
    return QStringLiteral("it has %1%2.").arg(names.mid(0, MaxNames).join(u", "), more);
}

QString scopeName(quint32 scope)
{
    const QString name = QNetworkInterface::interfaceNameFromIndex(int(scope));
    return name.isEmpty() ? QString::number(scope) : name;
}

//! As people write it: 192.0.2.1:12000 or [2001:db8::1]:12000.
QString addressAndPort(const QHostAddress &address, quint16 port)
{
    QString text = address.toString();
    if (address == QHostAddress(QHostAddress::Any))
        text = QStringLiteral("[::]"); // Qt would say 0.0.0.0, which is IPv4 alone
    else if (address.protocol() == QAbstractSocket::IPv6Protocol)
        text = u'[' + text + u']';
    return text + u':' + QString::number(port);
}

} // namespace

Result<std::unique_ptr<DatagramChannel>> openDatagramChannel(const QHostAddress &address,
                                                             quint16 port)
{
#ifdef Q_OS_LINUX
    return openLinuxChannel(address, port);
#else
    return openUdpSocketChannel(address, port);
#endif
}

Result<void> checkScope(const QHostAddress &address)
{
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return {};
    const QString scope = address.scopeId();
    if (scope.isEmpty()) {
        if (!address.isLinkLocal())
            return {};
        return Error(
            ErrorCode::InvalidArgument,
            QStringLiteral("%1 is a link-local address, another machine on each link. Name the "
                           "network interface of this machine behind a percent sign, as in "
                           "%1%eth0; %2")
                .arg(address.toString(), interfacesOfThisMachine()));
    }
    const quint32 number = scopeNumber(scope);
    if (number != 0 && !QNetworkInterface::interfaceNameFromIndex(int(number)).isEmpty())
        return {};
    return Error(ErrorCode::AddressNotAvailable,
                 QStringLiteral("There is no network interface \"%1\" on this machine; %2")
                     .arg(scope, interfacesOfThisMachine()));
}

Engine::SocketAddress toSocketAddress(const QHostAddress &address, quint16 port)
{
    switch (address.protocol()) {
    case QAbstractSocket::IPv4Protocol: {
        const quint32 ipv4 = address.toIPv4Address();
        return Engine::SocketAddress::fromIpv4(
            {quint8(ipv4 >> 24), quint8(ipv4 >> 16), quint8(ipv4 >> 8), quint8(ipv4)}, port);
    }
    case QAbstractSocket::IPv6Protocol: {
        const Q_IPV6ADDR ipv6 = address.toIPv6Address();
        std::array<quint8, 16> bytes;
        std::memcpy(bytes.data(), ipv6.c, bytes.size());
        return Engine::SocketAddress::fromIpv6(bytes, port, scopeNumber(address.scopeId()));
    }
    case QAbstractSocket::AnyIPProtocol:
        return Engine::SocketAddress::fromIpv6({}, port);
    case QAbstractSocket::UnknownNetworkLayerProtocol:
        break;
    }
    return {};
}

QHostAddress toHostAddress(const Engine::SocketAddress &address)
{
    if (address.isNull())
        return {};
    QHostAddress result(address.sockaddr());
    if (address.scopeId() != 0)
        result.setScopeId(scopeName(address.scopeId()));
    return result;
}

Error bindError(int systemError, const QString &systemMessage, const QHostAddress &address,
                quint16 port)
{
    const auto because = [&](ErrorCode code, const QString &reasonAndWayOut) {
        return Error(code,
                     QStringLiteral("Cannot listen on %1: %2")
                         .arg(addressAndPort(address, port), reasonAndWayOut));
    };

    switch (systemError) {
    case EADDRINUSE:
        return because(ErrorCode::AddressInUse,
                       QStringLiteral("another socket has this port. Stop the program that uses "
                                      "it, or take another port (0 takes a free one)."));
    case EADDRNOTAVAIL:
        return because(ErrorCode::AddressNotAvailable,
                       QStringLiteral("the address does not belong to this machine. Use an address "
                                      "of this machine, or :: or 0.0.0.0 for all."));
    case EAFNOSUPPORT:
        return because(ErrorCode::AddressNotAvailable,
                       QStringLiteral("IPv6 is switched off on this machine. Use an IPv4 address, "
                                      "or 0.0.0.0 for all."));
    case EACCES:
    case EPERM:
        if (port != 0 && port < 1024) {
            return because(ErrorCode::PermissionDenied,
                           QStringLiteral("ports below 1024 need a privilege. Use port 1024 or "
                                          "above, or give the program the privilege (on Linux "
                                          "CAP_NET_BIND_SERVICE)."));
        }
        return because(ErrorCode::PermissionDenied,
                       QStringLiteral("the system does not let this program use the network. "
                                      "Permit it in the sandbox or the security policy (SELinux, "
                                      "AppArmor, systemd, Flatpak) that the program runs under."));
    case EMFILE:
    case ENFILE:
        return because(ErrorCode::SocketFailed,
                       QStringLiteral("too many files and sockets are open. Raise the limit (on "
                                      "Linux: ulimit -n) or close some."));
    case EINVAL:
    case ENODEV:
        if (address.isLinkLocal()) {
            return because(ErrorCode::AddressNotAvailable,
                           QStringLiteral("a link-local address needs an interface of this machine "
                                          "behind a percent sign, as in fe80::1%eth0."));
        }
        break;
    default:
        break;
    }
    return because(ErrorCode::SocketFailed,
                   QStringLiteral("the system says \"%1\".").arg(systemMessage));
}

Error scopeError(const Error &problem, const QHostAddress &address, quint16 port)
{
    return Error(problem.code,
                 QStringLiteral("Cannot listen on %1: %2")
                     .arg(addressAndPort(address, port), problem.message));
}

} // namespace Qp2p::Io
