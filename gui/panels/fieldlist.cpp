// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/fieldlist.h>

#include <panels/plaintext.h>

#include <QEvent>
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

LongValue *FieldList::addLong(const QString &name)
{
    auto *value = new LongValue(this);
    value->setAccessibleName(name);
    m_layout->addRow(plainLabel(name, this), value);
    return value;
}

LongValue::LongValue(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setTabChangesFocus(true);
    setFrameShape(NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumWidth(1);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false); // it looks like a label
    fitHeight();
}

void LongValue::setText(const QString &text)
{
    if (toPlainText() == text)
        return;
    setPlainText(text);
    fitHeight();
}

void LongValue::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

void LongValue::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitHeight();
}

void LongValue::fitHeight()
{
    // A document of this kind measures its height in lines.
    const int lines = std::max(1, int(document()->size().height()));
    const int wanted = lines * fontMetrics().lineSpacing() + 2;
    if (height() != wanted || minimumHeight() != wanted)
        setFixedHeight(wanted);
}

} // namespace Qp2p::Gui
