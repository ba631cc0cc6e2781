// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Names and values in two columns; values can be selected and copied.
#pragma once

#include <QWidget>

class QFormLayout;
class QLabel;

namespace Qp2p::Gui {

class FieldList : public QWidget
{
    Q_OBJECT

public:
    explicit FieldList(QWidget *parent = nullptr);

    //! Returns the value's label, which shows plain text.
    QLabel *add(const QString &name);

private:
    QFormLayout *m_layout;
};

} // namespace Qp2p::Gui
