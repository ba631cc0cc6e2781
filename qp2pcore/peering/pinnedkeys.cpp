// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/pinnedkeys.h>

#include <qp2pcore/certificateinfo.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

//! With EncryptOnly a name is whatever its owner likes.
bool haveSameName(const Result<CertificateInfo> &before, const Result<CertificateInfo> &after,
                  CertificateMode mode)
{
    return mode != CertificateMode::EncryptOnly && before && after && !before->names.isEmpty()
        && before->names == after->names;
}

} // namespace

PeerId renewedKey(const CachedNode &known, const QList<QByteArray> &chain,
                  const CertificatePolicy &policy, const QDateTime &now)
{
    const auto before = CertificateInfo::fromDer(known.certificate);
    const auto after = CertificateInfo::fromDer(chain.value(0));
    if (!haveSameName(before, after, policy.mode()))
        return {};
    // The name check of the mode AgreedAuthority is about what is dialled: here it is the name that the node
    // had before.
    const PeerAddress dialled(known.name.isEmpty() ? before->names.first() : known.name,
                              known.addresses.first().port());
    return policy.verify(chain, dialled, now) ? after->peerId : PeerId();
}

std::optional<CachedNode> predecessorAt(const QList<CachedNode> &remembered,
                                        const PeerAddress &address, const QByteArray &certificate,
                                        CertificateMode mode)
{
    const auto isThere = [&](const PeerAddress &other) {
        return other.endpointString() == address.endpointString();
    };
    for (CachedNode entry : remembered) {
        const auto at = std::find_if(entry.addresses.begin(), entry.addresses.end(), isThere);
        if (at == entry.addresses.end())
            continue;
        if (haveSameName(CertificateInfo::fromDer(entry.certificate),
                         CertificateInfo::fromDer(certificate), mode))
            return {};
        std::rotate(entry.addresses.begin(), at, std::next(at));
        return entry;
    }
    return {};
}

} // namespace Qp2p::Peering
