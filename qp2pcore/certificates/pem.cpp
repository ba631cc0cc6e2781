// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/pem.h>

namespace Qp2p::Engine {

namespace {

//! The label of a boundary line that starts with \a prefix; nothing where \a line is not one.
std::optional<QByteArrayView> labelOf(QByteArrayView line, QByteArrayView prefix)
{
    constexpr QByteArrayView Suffix = "-----";
    line = line.trimmed();
    if (!line.startsWith(prefix) || !line.endsWith(Suffix)
        || line.size() < prefix.size() + Suffix.size())
        return {};
    return line.sliced(prefix.size(), line.size() - prefix.size() - Suffix.size());
}

} // namespace

std::optional<std::vector<PemBlock>> dividePem(QByteArrayView pem)
{
    // Editors on Windows put it before the first line.
    constexpr QByteArrayView ByteOrderMark = "\xef\xbb\xbf";
    if (pem.startsWith(ByteOrderMark))
        pem = pem.sliced(ByteOrderMark.size());

    std::vector<PemBlock> blocks;
    std::optional<QByteArrayView> open;
    qsizetype begin = 0;
    for (qsizetype lineBegin = 0; lineBegin < pem.size();) {
        const qsizetype newline = pem.indexOf('\n', lineBegin);
        const qsizetype lineEnd = newline < 0 ? pem.size() : newline + 1;
        const QByteArrayView line = pem.sliced(lineBegin, lineEnd - lineBegin);
        if (const auto label = labelOf(line, "-----BEGIN ")) {
            if (open)
                return {};
            open = label;
            begin = lineBegin;
        } else if (const auto endLabel = labelOf(line, "-----END "); endLabel && open) {
            if (*endLabel != *open)
                return {};
            blocks.push_back({*open, pem.sliced(begin, lineEnd - begin)});
            open.reset();
        }
        lineBegin = lineEnd;
    }
    if (open)
        return {};
    return blocks;
}

} // namespace Qp2p::Engine
