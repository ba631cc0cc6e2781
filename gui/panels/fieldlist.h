// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Names and values in two columns; values can be selected and copied.
#pragma once

#include <QPlainTextEdit>

class QFormLayout;
class QLabel;

namespace Qp2p::Gui {

//! \brief A value that may be one endless word, such as an id or a path: it wraps anywhere, is as high as its
//! lines, and is copied without breaks.
class LongValue : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit LongValue(QWidget *parent = nullptr);

    void setText(const QString &text); //!< the same text again keeps the selection

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fitHeight();
};

class FieldList : public QWidget
{
    Q_OBJECT

public:
    explicit FieldList(QWidget *parent = nullptr);

    //! Returns the value's label, which shows plain text.
    QLabel *add(const QString &name);
    LongValue *addLong(const QString &name);

private:
    QFormLayout *m_layout;
};

} // namespace Qp2p::Gui
