// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Errors and good news above the tables, so that no dialog gets in the way.
#pragma once

#include <QFrame>
#include <QList>

class QLabel;
class QToolButton;

namespace Qp2p::Gui {

//! \brief Shows the latest message; earlier ones come back when it is dismissed. Equal ones count once.
class MessageStrip : public QFrame
{
    Q_OBJECT

public:
    static constexpr qsizetype Most = 20;

    explicit MessageStrip(QWidget *parent = nullptr);

    enum class Kind { Problem, Done };
    void show(const QString &text, Kind kind); //!< what a peer says must be safe text already
    QString text() const;
    using QFrame::show;

private:
    void update();
    void dismiss();

    struct Entry
    {
        QString text;
        Kind kind;
        friend bool operator==(const Entry &, const Entry &) = default;
    };

    QList<Entry> m_entries; //!< the latest last
    QLabel *m_icon;
    QLabel *m_text;
    QLabel *m_more;
    QToolButton *m_close;
};

} // namespace Qp2p::Gui
