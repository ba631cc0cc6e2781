// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How Linux's channel sends: many datagrams for one system call, ECN, a source address, and what to do where the
// system refuses one of these.
#pragma once

#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/io/linuxerrorqueue.h>
#include <qp2pcore/io/linuxsocket.h>

namespace Qp2p::Io {

//! What every kernel with UDP_SEGMENT takes in one call (UDP_MAX_SEGMENTS).
inline constexpr size_t MaxSegmentsPerSend = 64;

class OutgoingMessage;

//! \brief Sends through a socket; both it and \a errors must outlive this.
class LinuxSender
{
public:
    LinuxSender(LinuxSocket &socket, LinuxErrorQueue &errors)
        : m_socket(socket)
        , m_errors(errors)
    {
    }

    //! As DatagramChannel::send(). May read the error queue.
    SendResult send(const OutgoingDatagrams &datagrams);
    //! The errno because of which the latest send() could not take all.
    int blockedBy() const { return m_blockedBy; }

private:
    int sendDespiteErrors(OutgoingMessage &message, const quint8 *data, size_t size,
                          size_t segmentSize);
    SendResult sendSingly(OutgoingMessage &message, const OutgoingDatagrams &datagrams,
                          int batchError);

    LinuxSocket &m_socket;
    LinuxErrorQueue &m_errors;
    int m_blockedBy = 0;
};

} // namespace Qp2p::Io
