// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Linux's fast way out: many datagrams for one system call, ECN and packet info, which Qt has not.
#pragma once

#include <qp2pcore/io/datagramchannel.h>

namespace Qp2p::Io {

//! \brief openDatagramChannel() of Linux. A kernel without segmentation (4.18) or receive offload
//! (5.0) is found out at run time and costs speed only: 0.26 of it without both.
//!
//! The environment variables QP2P_NO_GSO and QP2P_NO_GRO (set to anything), read when a socket is
//! bound, switch the offloads off. They are for tests and for finding faults.
Result<std::unique_ptr<DatagramChannel>> openLinuxChannel(const QHostAddress &address, quint16 port);

} // namespace Qp2p::Io
