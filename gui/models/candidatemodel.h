// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The candidates of a join, their states, and below each that failed a row with the reason.
#pragma once

#include <models/snapshot.h>

#include <QAbstractTableModel>

namespace Qp2p::Gui {

class CandidateModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Address, Source, State, ColumnCount };
    enum DataRole { ReasonRole = Qt::UserRole }; //!< bool: the row is a reason, in column 0

    explicit CandidateModel(QObject *parent = nullptr);

    void setCandidates(const QList<JoinCandidate> &candidates);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        qsizetype candidate = 0;
        bool isReason = false;
        friend bool operator==(const Row &, const Row &) = default;
    };
    QList<JoinCandidate> m_candidates;
    QList<Row> m_rows;
};

} // namespace Qp2p::Gui
