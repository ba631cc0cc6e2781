// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dials lost nodes, remembered ones and contacts again for as long as the program runs.
#pragma once

#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/dialledplaces.h>
#include <qp2pcore/peering/reconnectplan.h>

#include <QObject>
#include <QPointer>
#include <QSet>

namespace Qp2p::Peering {

//! \brief The dials that a ReconnectPlan asks for: to one contact and one node each time.
//!
//! Also when all wanted links are established: a node that is found then gets one of few extra links, and no other
//! link is given up for it. Results come from the event loop.
class Reconnector final : public QObject
{
    Q_OBJECT

public:
    //! Links beyond the wanted number, to nodes that were found again.
    static constexpr qsizetype MaxExtraLinks = 2;
    //! As many more where a contact was found.
    static constexpr qsizetype MaxExtraToContacts = 2;
    //! An extra link that is older may be closed for another one.
    static constexpr std::chrono::minutes ExtraLifetime{3};
    static constexpr qsizetype MaxContactDials = 8; //!< under way
    //! An answered dial is not repeated sooner, whatever became of the link.
    static constexpr std::chrono::seconds AnsweredPause{30};

    //! What it asks of its network.
    class Surroundings
    {
    public:
        virtual ~Surroundings() = default;
        virtual Time currentTime() const = 0;
        virtual quint32 randomBelow(quint32 limit) const = 0;
        virtual bool isBlocked(const PeerId &peerId) const = 0;
        virtual bool isBlocked(const QHostAddress &address) const = 0;
        //! There is a link to it, or one is being made; or it must not be dialled yet.
        virtual bool isExcludedPeer(const PeerId &peerId) const = 0;
        //! One of the peers was dialled at the address and port of \a contact.
        virtual bool isPeerAt(const PeerAddress &contact) const = 0;
        virtual Access::AdvertisedDial dial(const QList<PeerAddress> &addresses) = 0;
        virtual QFuture<Dial::Outcome> dialContact(const PeerAddress &contact) = 0;
        //! \brief \a connection has come of a dial that began at \a begun. False where no link follows. May delete
        //! the reconnector, and so may the next.
        virtual bool reconnected(Connection *connection, Time begun) = 0;
        virtual void rememberedNodeFailed(const PeerId &peerId, const Error &error) = 0;
    };

    Reconnector(Surroundings &surroundings, DialledPlaces &places, const PeerId &own,
                QObject *parent);

    ReconnectPlan &plan() { return m_plan; }

    void start(Time now);
    bool isDue(Time now) const { return m_contactsDue > 0 || m_plan.isDue(now); }
    struct Situation
    {
        QList<PeerAddress> contacts;
        QList<CachedNode> remembered;
        qsizetype roomForNodes = 0; //!< further links that a node may have
        qsizetype roomForContacts = 0;
    };
    void dialNext(const Situation &situation);
    //! \brief All of \a contacts without a link are dialled now, one each time. Returns how many those are.
    qsizetype dialContactsNow(const QList<PeerAddress> &contacts);
    //! \a peerId has answered at \a contact, whoever has dialled it.
    void recordContact(const PeerAddress &contact, const PeerId &peerId);
    //! Who has answered at \a contact, or has to; null where that is not known.
    PeerId idOf(const PeerAddress &contact) const;
    //! Whether a peer is asked for nodes now, only to hear who is there.
    bool beginExchange(Time now);

Q_SIGNALS:
    //! The place of an address is not being dialled any more.
    void placeReleased(const QByteArray &place);

private:
    bool isPeer(const PeerAddress &contact) const;
    bool isContactExcluded(const PeerAddress &contact) const;
    bool isAddressExcluded(const PeerAddress &address) const;
    void dialNode(const ReconnectPlan::Target &target);
    void dialContact(const PeerAddress &contact);
    //! Whether \a outcome has led to a link; says so to the plan where another dial would not help.
    bool evaluate(const QByteArray &dialled, Time begun, const Dial::Outcome &outcome);
    ReconnectPlan::Random random() const;

    Surroundings &m_surroundings;
    DialledPlaces &m_places;
    const PeerId m_own;
    ReconnectPlan m_plan;
    QHash<QByteArray, PeerId> m_contactIds; //!< who has answered at a contact
    qsizetype m_nodeDials = 0; //!< under way
    QSet<QByteArray> m_contactDials; //!< under way
    qsizetype m_contactsDue = 0; //!< of new contacts, that are not dialled yet
};

} // namespace Qp2p::Peering
