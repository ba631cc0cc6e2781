// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The candidates of a join, and how far each has come.
#pragma once

#include <models/snapshot.h>

#include <QAbstractTableModel>

namespace Qp2p::Gui {

class CandidateModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Address, Source, State, Why, ColumnCount };

    explicit CandidateModel(QObject *parent = nullptr);

    void setCandidates(const QList<JoinCandidate> &candidates);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<JoinCandidate> m_candidates;
};

} // namespace Qp2p::Gui
