// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The measured works, as the client does them.
#pragma once

#include "endpoint.h"

#include <optional>

namespace Bare {

//! \brief The command line.
struct Options
{
    Role role = Role::Server;
    std::string work;
    in_addr bind{htonl(INADDR_LOOPBACK)};
    sockaddr_in server{};
    uint64_t count = 1000;
    size_t size = 64;
    uint64_t inFlight = 16;
    uint64_t connections = 1000;
    std::optional<double> seconds;
};

//! Resident memory of this process, in KiB.
long rssKib();

//! Does a work and reports it. Throws where it fails.
void measure(const Options &options);

} // namespace Bare
