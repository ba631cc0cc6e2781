// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The table of the bootstrap cache.
#pragma once

#include <models/snapshot.h>

#include <QAbstractTableModel>
#include <QHash>

namespace Qp2p::Gui {

class CacheModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Peer,
        Name,
        Addresses,
        Trying,
        LastConnected,
        Successes,
        Failures,
        Certificate,
        ColumnCount,
    };
    enum DataRole {
        SortRole = Qt::UserRole,
        IdRole, //!< PeerId
        ExportRole = Qt::UserRole + 3, //!< as ConnectionModel::ExportRole
    };

    explicit CacheModel(QObject *parent = nullptr);

    void setEntries(const QList<BootstrapCache::Entry> &entries);
    //! Which of them are being dialled, and their states.
    void setCandidates(const QList<JoinCandidate> &candidates);

    const BootstrapCache::Entry *at(int row) const; //!< null where \a row is none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        BootstrapCache::Entry entry;
        QString name; //!< in its certificate
        QString fingerprint;
    };
    static Row rowOf(const BootstrapCache::Entry &entry);
    QString text(const Row &row, int column) const;
    QVariant sortValue(const Row &row, int column) const;
    QString toolTip(const Row &row, int column) const;

    QList<Row> m_rows;
    QHash<PeerId, JoinCandidate::State> m_tried;
};

} // namespace Qp2p::Gui
