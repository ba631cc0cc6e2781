// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/joinfailures.h>

#include <algorithm>

namespace Qp2p::Gui {

namespace {

//! Whether a peer answered, and a rule of either side was against it.
bool isRefusal(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HandshakeFailed:
    case ErrorCode::NoCommonProtocol:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::WrongNetwork:
    case ErrorCode::OwnAddress:
    case ErrorCode::Blocked:
    case ErrorCode::NotAMember:
    case ErrorCode::NotReachable:
    case ErrorCode::IdentityInUse:
        return true;
    default:
        return code >= ErrorCode::CertificateRejected && code <= ErrorCode::PeerIdMismatch;
    }
}

} // namespace

JoinFailures JoinFailures::of(const QList<JoinCandidate> &candidates)
{
    JoinFailures failures;
    for (const JoinCandidate &candidate : candidates) {
        if (candidate.state != JoinCandidate::State::Failed)
            continue;
        const ErrorCode code = candidate.error.code;
        const auto counted = std::find_if(failures.refused.begin(), failures.refused.end(),
                                          [code](const auto &rule) { return rule.first == code; });
        if (!isRefusal(code))
            ++failures.unanswered;
        else if (counted != failures.refused.end())
            ++counted->second;
        else
            failures.refused.append({code, 1});
    }
    return failures;
}

} // namespace Qp2p::Gui
