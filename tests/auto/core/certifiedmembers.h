// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints of a private authority, whose certificates and authorities change in a test.
#pragma once

#include <shared/simulation.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/endpoint.h>

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>

#include <chrono>

namespace Qp2p::Test {

inline const QDateTime Now = QDateTime::fromSecsSinceEpoch(1'780'272'000,
                                                           Qt::UTC); // of the simulation

inline Identity issued(const Authority &authority, const QString &peer, std::chrono::days validity)
{
    Authority::Terms terms;
    terms.peerName = peer;
    terms.validity = validity;
    terms.now = Now;
    return authority.issue(terms).value();
}

//! What an endpoint says of certificates, and when: seconds since the beginning.
struct Warnings
{
    Warnings(Endpoint *endpoint, const Simulation &simulation)
    {
        const auto time = [&simulation, begin = simulation.now()] {
            return std::chrono::nanoseconds(simulation.now() - begin);
        };
        QObject::connect(endpoint, &Endpoint::certificateExpiring, endpoint,
                         [this, time](const PeerId &peer, const QDateTime &when) {
                             given.append({peer, when, time()});
                         });
    }
    struct Given
    {
        PeerId peer;
        QDateTime when;
        std::chrono::nanoseconds at;
    };
    QList<Given> of(const PeerId &peer) const
    {
        QList<Given> list;
        for (const Given &one : given) {
            if (one.peer == peer)
                list.append(one);
        }
        return list;
    }
    QList<Given> given;
};

class CertifiedMembers
{
protected:
    //! Into the folder of the test. Returns the file's name.
    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }
    //! Hears little of its peers, so that weeks pass quickly.
    EndpointConfig member(const Identity &identity) const
    {
        EndpointConfig config;
        config.setIdentity(identity);
        config.setCertificatePolicy(
            CertificatePolicy::privateAuthority({m_file}, QStringLiteral("friends")));
        config.setIdleTimeout(std::chrono::minutes(10));
        config.setMaxConnectionsPerAddress(1000);
        return config;
    }

    QTemporaryDir m_folder;
    //! Of all members, with the certificate of m_friends at first.
    const QString m_file = m_folder.filePath(QStringLiteral("friends.crt.pem"));
    const Authority m_friends = Authority::create(QStringLiteral("friends"), Now).value();
};

} // namespace Qp2p::Test
