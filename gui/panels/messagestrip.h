// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Errors and good news above the tables, so that no dialog gets in the way.
#pragma once

#include <QFrame>
#include <QList>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace Qp2p::Gui {

//! \brief Shows the latest message; earlier ones come back when it is dismissed. Equal ones count once.
class MessageStrip : public QFrame
{
    Q_OBJECT

public:
    static constexpr qsizetype Most = 20;

    explicit MessageStrip(QWidget *parent = nullptr);

    enum class Kind { Problem, Done, Question };
    void show(const QString &text, Kind kind); //!< what a peer says must be safe text already
    //! \brief A question that waits until the user wants to answer it: \a button calls \a answer. It stays
    //! until withdraw(), or until it is dismissed; problems do not push it out.
    void ask(const QString &text, const QString &button, std::function<void()> answer);
    void withdraw(const QString &text); //!< it is over
    QString text() const;
    using QFrame::show;

private:
    struct Entry
    {
        QString text;
        Kind kind;
        QString button;
        std::function<void()> answer;
        friend bool operator==(const Entry &a, const Entry &b)
        {
            return a.text == b.text && a.kind == b.kind;
        }
    };

    void add(const Entry &entry);
    void update();
    void dismiss();

    QList<Entry> m_entries; //!< the latest last
    QLabel *m_icon;
    QLabel *m_text;
    QLabel *m_more;
    QPushButton *m_answer;
    QToolButton *m_close;
};

} // namespace Qp2p::Gui
