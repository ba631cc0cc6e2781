// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Asks the loaded ngtcp2 and GnuTLS for their versions: a program may meet older ones than its build did.

#include <qp2pcore/io/runtimechecks.h>

#include <qp2pcore/version.h>

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>

#include <QCoreApplication>
#include <QVersionNumber>

namespace Qp2p {

namespace {

// 1.22.0 fixed an abort that a hostile server causes with one packet, 1.22.1 CVE-2026-40170.
constexpr QStringView NeededNgtcp2 = u"1.22.1";
// What Debian 12 has; older ones lack fixes of the certificate chain's verification.
constexpr QStringView NeededGnutls = u"3.7.9";

bool isOlder(QStringView found, QStringView needed)
{
    return QVersionNumber::fromString(found) < QVersionNumber::fromString(needed);
}

} // namespace

QString versionString()
{
    return QStringLiteral(QP2PCORE_VERSION_STRING);
}

QString ngtcp2Version()
{
    return QString::fromLatin1(ngtcp2_version(0)->version_str);
}

QString gnutlsVersion()
{
    return QString::fromLatin1(gnutls_check_version(nullptr));
}

Result<void> checkRuntime()
{
    return checkRuntimeVersions(ngtcp2Version(), gnutlsVersion());
}

Result<void> checkRuntimeVersions(QStringView ngtcp2, QStringView gnutls)
{
    if (isOlder(ngtcp2, NeededNgtcp2)) {
        return Error(
            ErrorCode::Unsupported,
            QCoreApplication::translate(
                "Qp2p::Version",
                "ngtcp2 %1 was loaded, but %2 or newer is needed: a hostile peer can end a program "
                "that uses an older one. Run installer/dependencies.sh and build again, or upgrade "
                "the package libngtcp2-16.")
                .arg(ngtcp2, NeededNgtcp2));
    }
    if (isOlder(gnutls, NeededGnutls)) {
        return Error(ErrorCode::Unsupported,
                     QCoreApplication::translate(
                         "Qp2p::Version",
                         "GnuTLS %1 was loaded, but %2 or newer is needed. Upgrade the package "
                         "libgnutls30 (Debian: sudo apt install --only-upgrade libgnutls30).")
                         .arg(gnutls, NeededGnutls));
    }
    return {};
}

Result<void> checkSocketBufferLimits(qint64 receiving, qint64 sending)
{
    if (receiving >= SocketBufferSize && sending >= SocketBufferSize)
        return {};
    return Error(
        ErrorCode::ResourceLimit,
        QCoreApplication::translate(
            "Qp2p::Version",
            "This system limits the buffers of a socket to %1 KiB for receiving and %2 KiB "
            "for sending, which slows fast transfers. Allow %3 KiB with: sudo sysctl -w "
            "net.core.rmem_max=%4 net.core.wmem_max=%4")
            .arg(receiving / 1024)
            .arg(sending / 1024)
            .arg(SocketBufferSize / 1024)
            .arg(SocketBufferSize));
}

} // namespace Qp2p
