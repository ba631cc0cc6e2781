// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Divides PEM text (RFC 7468) into its blocks, without decoding them.
#pragma once

#include <QByteArrayView>

#include <optional>
#include <vector>

namespace Qp2p::Engine {

//! \brief A block as it stands in the text that was divided, and as long as that.
struct PemBlock
{
    QByteArrayView label; //!< what stands after BEGIN, e.g. "CERTIFICATE"
    QByteArrayView text; //!< from the BEGIN line to the END line, both included
};

//! \brief The blocks of \a pem in their order; what stands between them is explanation and skipped.
//! Nothing where a block has no end or another one begins inside it.
std::optional<std::vector<PemBlock>> dividePem(QByteArrayView pem);

} // namespace Qp2p::Engine
