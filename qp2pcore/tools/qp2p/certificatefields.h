// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificates and what was made of them, in words and for JSON.
#pragma once

#include <qp2pcore/acceptance.h>
#include <qp2pcore/certificateinfo.h>

#include <QJsonObject>
#include <QString>
#include <QStringList>

//! "encrypt-only", as --mode has it.
QString modeName(Qp2p::CertificateMode mode);

//! "private-authority, by CN=friends, for the name friends". May hold text of the peer.
QString acceptanceText(const Qp2p::Acceptance &acceptance);

QJsonObject certificateFields(const Qp2p::CertificateInfo &info);
//! A line for each of its contents. Text of the peer is escaped.
QStringList certificateLines(const Qp2p::CertificateInfo &info);
