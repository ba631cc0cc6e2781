// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/messagestrip.h>

#include <panels/plaintext.h>

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStyle>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace Qp2p::Gui {

MessageStrip::MessageStrip(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(wrappedLabel({}, this))
    , m_more(plainLabel({}, this))
    , m_answer(new QPushButton(this))
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
    m_answer->setAutoDefault(false);
    m_answer->setAccessibleName(tr("Answer this question"));
    connect(m_answer, &QPushButton::clicked, this, [this] {
        if (!m_entries.isEmpty() && m_entries.last().answer)
            std::function(m_entries.last().answer)(); // it may take the entry away
    });
    connect(m_close, &QToolButton::clicked, this, &MessageStrip::dismiss);
    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_more, 0, Qt::AlignTop);
    layout->addWidget(m_answer, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    hide();
}

void MessageStrip::show(const QString &text, Kind kind)
{
    const Entry entry{text, kind, {}, {}};
    add(entry);
    if (kind == Kind::Done) { // it need not be kept
        QTimer::singleShot(std::chrono::seconds(8), this, [this, entry] {
            m_entries.removeAll(entry);
            update();
        });
    }
}

void MessageStrip::ask(const QString &text, const QString &button, std::function<void()> answer)
{
    add({text, Kind::Question, button, std::move(answer)});
}

void MessageStrip::withdraw(const QString &text)
{
    m_entries.removeIf([&](const Entry &entry) { return entry.text == text; });
    update();
}

void MessageStrip::add(const Entry &entry)
{
    m_entries.removeAll(entry);
    m_entries.append(entry);
    if (m_entries.size() > Most) {
        const auto oldest = std::find_if(
            m_entries.cbegin(), m_entries.cend(),
            [](const Entry &other) { return other.kind != Kind::Question; });
        m_entries.erase(oldest == m_entries.cend() ? m_entries.cbegin() : oldest);
    }
    update();
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
    const auto icon = latest.kind == Kind::Done ? QStyle::SP_MessageBoxInformation
                                                : QStyle::SP_MessageBoxWarning;
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_icon->setPixmap(style()->standardIcon(icon).pixmap(size));
    m_text->setText(latest.text);
    m_answer->setText(latest.button);
    m_answer->setVisible(!latest.button.isEmpty());
    m_more->setText(m_entries.size() > 1
                        ? tr("%n earlier", "messages behind this one", int(m_entries.size()) - 1)
                        : QString());
    setAccessibleDescription(latest.text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

} // namespace Qp2p::Gui
