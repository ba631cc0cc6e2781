// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which connections are shown, and in which order.
#pragma once

#include <models/connectionmodel.h>

#include <QSortFilterProxyModel>

namespace Qp2p::Gui {

//! \brief Filters connections by text and state, and sorts by value. A peer is shown while one of its
//! connections is.
class ConnectionFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    enum class Shown { All, Open, Linking, Closed };
    Q_ENUM(Shown)

    explicit ConnectionFilter(QObject *parent = nullptr);

    //! Rows that have each word of \a text somewhere, in any case. The whole peer id counts.
    void setText(const QString &text);
    void setShown(Shown shown);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    bool acceptsConnection(const QModelIndex &connection) const;

    QStringList m_words;
    Shown m_shown = Shown::All;
};

} // namespace Qp2p::Gui
