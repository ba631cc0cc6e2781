// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What an identity holds: a key and a chain that were checked to belong together.
#pragma once

#include <qp2pcore/certificates/gnutlshandles.h>
#include <qp2pcore/peerid.h>

#include <QByteArray>
#include <QList>
#include <QSharedData>
#include <QString>

namespace Qp2p {

class IdentityData : public QSharedData
{
public:
    Engine::OwnedDatum keyDer; //!< PKCS#8, not encrypted; wiped with this object
    QList<QByteArray> chain; //!< DER, leaf first
    PeerId peerId;
    QString keyDescription;
};

} // namespace Qp2p
