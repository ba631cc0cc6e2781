// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A certificate chain, field by field.
#pragma once

#include <QByteArray>
#include <QList>
#include <QTreeWidget>

namespace Qp2p::Gui {

//! \brief One branch per certificate, the peer's own first. Its issuer chose the texts: they are shown plain
//! and shortened.
class CertificateTree : public QTreeWidget
{
    Q_OBJECT

public:
    explicit CertificateTree(QWidget *parent = nullptr);

    //! DER, leaf first; the same chain again changes nothing.
    void setChain(const QList<QByteArray> &chain);

private:
    void addCertificate(const QByteArray &der, qsizetype number);

    QList<QByteArray> m_chain;
};

} // namespace Qp2p::Gui
