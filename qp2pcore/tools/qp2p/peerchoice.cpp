// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "peerchoice.h"

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct PeerChoiceText
{
    Q_DECLARE_TR_FUNCTIONS(PeerChoice)
};

constexpr qsizetype ShownCharacters = 12; // 60 bits: unique in any network that is not attacked
constexpr qsizetype MaxListed = 10; // of candidates, in an error

QString listed(const QList<Peer *> &peers)
{
    QStringList lines;
    for (const Peer *peer : peers.first(std::min(peers.size(), MaxListed))) {
        const QString name = peerName(*peer);
        lines.append(name.isEmpty() ? peer->id().toString()
                                    : peer->id().toString() + u" ("_s + safeText(name) + u')');
    }
    if (peers.size() > MaxListed)
        lines.append(u"…"_s);
    return lines.join(u", "_s);
}

} // namespace

QString peerName(const Peer &peer)
{
    // Without an authority anyone may write any name into a certificate.
    if (peer.acceptance().isNull() || peer.acceptance().mode == CertificateMode::EncryptOnly)
        return {};
    const auto info = CertificateInfo::fromDer(peer.certificates().value(0));
    if (!info)
        return {};
    // The names of a private authority's peers begin with that of the network; the subject is the peer.
    static const QRegularExpression commonName(u"(?:^|,)CN=((?:[^,\\\\]|\\\\.)*)"_s);
    const QString name = commonName.match(info->subject).captured(1);
    return info->names.contains(name) ? name : info->names.value(0);
}

QString shortId(const QString &peerId)
{
    return peerId.size() <= ShownCharacters ? peerId : QString(peerId.left(ShownCharacters) + u'…');
}

bool isPeerWord(const QString &word)
{
    return !word.isEmpty() && !word.contains(u':') && !word.contains(u'@')
        && QHostAddress(word).isNull();
}

Result<Peer *> choosePeer(const Network &network, const QString &word)
{
    QString beginning = word.trimmed();
    while (beginning.endsWith(u'…') || beginning.endsWith(u'.'))
        beginning.chop(1);
    QList<Peer *> found;
    const QList<Peer *> peers = network.peers();
    for (Peer *peer : peers) {
        const QString name = peerName(*peer);
        if (!beginning.isEmpty()
            && (peer->id().toString().startsWith(beginning, Qt::CaseInsensitive)
                || (!name.isEmpty() && name.compare(beginning, Qt::CaseInsensitive) == 0)))
            found.append(peer);
    }
    if (found.size() == 1)
        return found.first();
    const QString shown = safeText(word);
    if (!found.isEmpty())
        return Error(ErrorCode::InvalidArgument,
                     PeerChoiceText::tr(
                         "\"%1\" is the beginning of more than one peer: %2. Give more of it.")
                         .arg(shown, listed(found)));
    return Error(
        ErrorCode::InvalidArgument,
        peers.isEmpty()
            ? PeerChoiceText::tr("\"%1\" is no peer: there is none now.").arg(shown)
            : PeerChoiceText::tr("\"%1\" is no peer. The peers are: %2.").arg(shown, listed(peers)));
}
