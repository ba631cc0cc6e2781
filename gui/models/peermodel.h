// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The peers, each with its connections below it.
#pragma once

#include <models/connectionmodel.h>

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>

namespace Qp2p::Gui {

//! \brief A tree of two levels over a ConnectionModel, with its columns and roles. A peer's row has the sums
//! and the best state of its connections. Rows keep their place while they live; new ones come at the end,
//! so that selection and expansion survive each update.
//!
//! A connection whose peer proved no key is a peer of its own.
class PeerModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    //! \a connections must outlive it.
    explicit PeerModel(ConnectionModel &connections, QObject *parent = nullptr);
    ~PeerModel() override;

    void setBlocked(const QList<PeerId> &peers);
    //! \brief Whether the connections below \a peer are visible. Those of the others are not announced with
    //! each update: thousands of signals a second would have no reader.
    void setExpanded(const QModelIndex &peer,
                     bool isExpanded); // NOLINT: the signature of a view's signal

    //! All connections of a peer, or the one of \a index; empty where \a index is none.
    QList<ConnectionSnapshot> connectionsAt(const QModelIndex &index) const;
    //! Of a peer's row, and of each of its connections; null where it proved no key.
    PeerId peerAt(const QModelIndex &index) const;
    //! The peer of a connection, or \a index itself.
    QModelIndex peerIndex(const QModelIndex &index) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Key
    {
        PeerId peer;
        quint64 connection = 0; //!< where the peer is null
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed = 0) noexcept
        {
            return qHash(key.peer, seed) ^ ::qHash(key.connection, seed);
        }
    };
    struct Row
    {
        Key key;
        quintptr number = 0; //!< of the row's children's indexes; never that of another
        QList<ConnectionSnapshot> connections;
        ConnectionSnapshot sum; //!< what the peer's row shows
        bool hasBothDirections = false;
        bool isExpanded = false;
    };
    using Fresh = QList<const ConnectionSnapshot *>;

    void update();
    void removeMissing(const QHash<Key, Fresh> &fresh);
    bool updateRow(int row, const Fresh &fresh);
    void removeMissingConnections(int row, const Fresh &fresh);
    void append(const QList<Key> &order, const QHash<Key, Fresh> &fresh);
    void announce(int first, int last);
    void announceConnections(int row);
    void announceAll();
    void renumber();
    static void sumUp(Row &row);
    QVariant blockedData(const Row &row, int column, int role) const;
    QVariant peerData(const Row &row, int column, int role) const;
    QVariant connectionData(const Row &row, const ConnectionSnapshot &connection, int column,
                            int role) const;

    ConnectionModel &m_connections;
    QList<Row> m_rows;
    QHash<quintptr, int> m_rowOfNumber;
    QSet<PeerId> m_blocked;
    quintptr m_lastNumber = 0;
};

} // namespace Qp2p::Gui
