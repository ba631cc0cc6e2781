// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How values are shown: in the user's units and language, and text of peers so that it cannot deceive.
#pragma once

#include <models/snapshot.h>

#include <qp2pcore/certificateinfo.h>

#include <QString>

#include <chrono>

namespace Qp2p::Gui {

//! \brief What the user wants to read.
struct Units
{
    enum class Rates { Bytes, Bits };
    enum class Prefixes { Binary, Decimal }; //!< KiB = 1,024 bytes, or kB = 1,000

    Rates rates = Rates::Bytes;
    Prefixes prefixes = Prefixes::Binary;

    friend bool operator==(const Units &, const Units &) = default;
};

constexpr int MaxShownText = 256; //!< UTF-16 units of a text of a peer in a table or a label

//! One line of plain text, see safeText(). It must still be shown as plain text.
QString shown(QStringView text, int length = MaxShownText);
//! The same for what guesses its format, such as tool tips.
//! \brief The message of \a error: of JoinFailed line by line, for it is a list, of all others one line, so that
//! no text of a peer begins a line of its own.
QString shownError(const Error &error);
QString shownAsToolTip(QStringView text, int length = MaxShownText);
//! The first 12 characters, for where the whole id stands nearby.
QString shortId(const PeerId &peerId);

QString shownBytes(double bytes, Units units);
QString shownRate(double bytesPerSecond, Units units);
QString shownMilliseconds(double milliseconds);
//! "3 min 05 s": the two largest parts.
QString shownDuration(std::chrono::seconds duration);
QString shownTime(const QDateTime &when); //!< local date and time, to the second

QString roleText(Peer::Role role);
QString linkText(Peer::Link link);
//! Address and port, or who forwards.
QString placeText(const ConnectionSnapshot &row);
QString directionText(Connection::Direction direction);
QString stateText(ConnectionSnapshot::State state);
QString networkStateText(Network::State state);
QString modeText(CertificateMode mode);
QString candidateStateText(JoinCandidate::State state);
QString candidateSourceText(JoinCandidate::Source source);

//! \brief What its owner is called, as the certificate's maker wrote it: the common name where that is also
//! in the subjectAltName, else the first name there, else the common name.
QString nameOf(const CertificateInfo &info);
QString nameInCertificate(const QByteArray &der); //!< empty where it cannot be read

} // namespace Qp2p::Gui
