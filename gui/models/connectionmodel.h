// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// All connections as rows, open and recently closed. PeerModel groups them by peer.
#pragma once

#include <models/shown.h>
#include <models/snapshot.h>

#include <QAbstractTableModel>
#include <QHash>

namespace Qp2p::Gui {

//! \brief One row a connection. Rows keep their place while they live; new ones come at the end.
class ConnectionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Peer,
        Name,
        State,
        Security,
        Address,
        Role,
        Link,
        Direction,
        Rtt,
        Sent,
        Received,
        SendRate,
        ReceiveRate,
        Age,
        Reason,
        ColumnCount,
    };
    enum DataRole {
        SortRole = Qt::UserRole, //!< a value that sorts as its kind does
        IdRole, //!< quint64
        StateRole, //!< ConnectionSnapshot::State as int
        ExportRole, //!< a raw value for CSV and JSON: numbers without units
        WarningRole, //!< bool: no authority confirms who the peer is
        SearchRole, //!< text in which the filter searches; empty for figures, which change all the time
        BlockedRole, //!< bool: of PeerModel
    };

    explicit ConnectionModel(QObject *parent = nullptr);

    void setUnits(Units units);
    //! Takes over what is new; one dataChanged() for each run of rows that changed.
    void update(const QList<ConnectionSnapshot> &connections);

    const QList<ConnectionSnapshot> &rows() const { return m_rows; }
    //! The value of any connection, as data() gives it for those of this model.
    QVariant cell(const ConnectionSnapshot &row, int column, int role) const;

    //! Null where \a row is none.
    const ConnectionSnapshot *at(int row) const;
    const ConnectionSnapshot *byId(quint64 id) const;
    int rowOf(quint64 id) const; //!< -1 where it is gone

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    //! A stable name for files, e.g. "peerId".
    static QString exportName(int column);

Q_SIGNALS:
    void updated(); //!< update() is complete
    void unitsChanged();

private:
    QString text(const ConnectionSnapshot &row, int column) const;
    static QVariant sortValue(const ConnectionSnapshot &row, int column);
    static QVariant exportValue(const ConnectionSnapshot &row, int column);
    QString toolTip(const ConnectionSnapshot &row, int column) const;

    Units m_units;
    QList<ConnectionSnapshot> m_rows;
    QHash<quint64, int> m_rowOf;
};

//! \brief "192.0.2.1:12000" as bytes that sort by family, address and port.
QByteArray addressSortKey(const PeerAddress &address);

} // namespace Qp2p::Gui
