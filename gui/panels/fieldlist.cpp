// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/fieldlist.h>

#include <panels/plaintext.h>

#include <QFormLayout>

namespace Qp2p::Gui {

FieldList::FieldList(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setLabelAlignment(Qt::AlignLeft);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

QLabel *FieldList::add(const QString &name)
{
    QLabel *value = wrappedLabel({}, this);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    value->setAccessibleName(name);
    value->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_layout->addRow(plainLabel(name, this), value);
    return value;
}

} // namespace Qp2p::Gui
