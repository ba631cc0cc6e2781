// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When certificates expire: which warnings are due, and when to check again.
#pragma once

#include <qp2pcore/peerid.h>

#include <QHash>

#include <array>
#include <chrono>

namespace Qp2p {

//! \brief Knows which warnings were given. Has no clock of its own.
class CertificateWatch
{
public:
    using Seconds = std::chrono::sys_seconds;

    //! A fortnight is enough to get a new certificate, and the day before is hard to overlook.
    static constexpr std::array<std::chrono::days, 2> WarningsBefore{std::chrono::days(14),
                                                                     std::chrono::days(1)};
    //! The clock may be set, and a timer does not run while the machine sleeps.
    static constexpr std::chrono::hours MaxInterval{1};
    //! As many as connections that peers may open; a peer that was warned of and is forgotten is warned of again.
    static constexpr qsizetype MaxPeers = 4096;

    //! \brief Whether a warning is due now of the certificate of \a peer, which is valid until \a until: once for each
    //! of WarningsBefore, or once only where several have passed. It counts as given then.
    bool takeWarning(const PeerId &peer, Seconds until, Seconds now);
    //! The same, without giving it.
    bool isWarningDue(const PeerId &peer, Seconds until, Seconds now) const;
    //! When something is due of a certificate that is valid until \a until: the next warning, or its end. At
    //! most MaxInterval from \a now.
    static Seconds nextDue(Seconds until, Seconds now);

    qsizetype size() const { return m_given.size(); }

private:
    //! With the last second of its validity: a peer may have two, on connections of before and after a renewal.
    using Certificate = std::pair<PeerId, qint64>;
    //! Those whose time has come.
    static size_t warningsUntil(Seconds until, Seconds now);
    void makeRoom(Seconds now);

    QHash<Certificate, size_t> m_given; //!< how many warnings
};

} // namespace Qp2p
