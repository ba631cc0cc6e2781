// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/messagestrip.h>

#include <panels/plaintext.h>

#include <QAccessible>
#include <QHBoxLayout>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

namespace Qp2p::Gui {

MessageStrip::MessageStrip(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(wrappedLabel({}, this))
    , m_more(plainLabel({}, this))
    , m_close(new QToolButton(this))
{
    setFrameShape(StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    setAccessibleName(tr("Messages of the program"));
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_more->setForegroundRole(QPalette::ToolTipText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(tr("Dismiss this message"));
    m_close->setToolTip(m_close->accessibleName());
    connect(m_close, &QToolButton::clicked, this, &MessageStrip::dismiss);
    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_more, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    hide();
}

void MessageStrip::show(const QString &text, Kind kind)
{
    const Entry entry{text, kind};
    m_entries.removeAll(entry);
    m_entries.append(entry);
    if (m_entries.size() > Most)
        m_entries.removeFirst();
    update();
    if (kind == Kind::Done) { // nobody needs to keep it
        QTimer::singleShot(std::chrono::seconds(8), this, [this, entry] {
            m_entries.removeAll(entry);
            update();
        });
    }
}

QString MessageStrip::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void MessageStrip::dismiss()
{
    if (!m_entries.isEmpty())
        m_entries.removeLast();
    update();
}

void MessageStrip::update()
{
    setVisible(!m_entries.isEmpty());
    if (m_entries.isEmpty())
        return;
    const Entry &latest = m_entries.last();
    const auto icon = latest.kind == Kind::Problem ? QStyle::SP_MessageBoxWarning
                                                   : QStyle::SP_MessageBoxInformation;
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_icon->setPixmap(style()->standardIcon(icon).pixmap(size));
    m_text->setText(latest.text);
    m_more->setText(m_entries.size() > 1
                        ? tr("%n earlier", "messages behind this one", int(m_entries.size()) - 1)
                        : QString());
    setAccessibleDescription(latest.text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

} // namespace Qp2p::Gui
