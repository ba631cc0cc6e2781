// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/windowrules.h>

#include <desktop/accessiblecombobox.h>
#include <panels/scrollarea.h>

#include <QApplication>
#include <QDialogButtonBox>
#include <QEvent>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>
#include <QWizard>

namespace Qp2p::Gui {

namespace {

//! The layout of \a page moves into a scroll area, which takes its place.
void letPageScroll(QWidget *page, const QString &name)
{
    if (!page->layout())
        return;
    auto *content = new QWidget(page);
    content->setLayout(page->layout()); // takes the widgets along; their order for Tab stays
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins({});
    layout->addWidget(inScrollArea(content, name));
}

//! All but the buttons at the end.
void letContentScroll(QDialog *dialog)
{
    auto *old = qobject_cast<QVBoxLayout *>(dialog->layout());
    if (!old)
        return;
    QDialogButtonBox *buttons = nullptr;
    if (old->count() > 0)
        buttons = qobject_cast<QDialogButtonBox *>(old->itemAt(old->count() - 1)->widget());
    if (!buttons)
        return;
    old->removeWidget(buttons);
    auto *content = new QWidget(dialog);
    content->setLayout(old);
    const QMargins margins = old->contentsMargins();
    old->setContentsMargins(margins.left(), margins.top(), margins.right(), 0);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins({});
    layout->addWidget(inScrollArea(content, dialog->windowTitle()), 1);
    auto *frame = new QVBoxLayout;
    frame->setContentsMargins(margins.left(), 0, margins.right(), margins.bottom());
    frame->addWidget(buttons);
    layout->addLayout(frame);
    buttons->show();
}

//! Long texts beside each other would make it wider than a small screen.
void stackButtonsWhereNarrow(QDialog *dialog)
{
    const int room = fittedSize(*dialog, dialog->screen()->size()).width();
    const QList<QDialogButtonBox *> boxes = dialog->findChildren<QDialogButtonBox *>();
    for (QDialogButtonBox *box : boxes) {
        const int margins = dialog->style()->pixelMetric(QStyle::PM_LayoutLeftMargin)
            + dialog->style()->pixelMetric(QStyle::PM_LayoutRightMargin);
        if (box->sizeHint().width() > room - margins)
            box->setOrientation(Qt::Vertical);
    }
}

//! A long title would make it wider than a small screen.
void letTitleWrap(QWizard *wizard)
{
    const QWizardPage *page = wizard->currentPage();
    const QList<QLabel *> labels = wizard->findChildren<QLabel *>();
    for (QLabel *label : labels) {
        if (page && (label->text() == page->title() || label->text() == page->subTitle())) {
            label->setWordWrap(true); // one label for the titles of all pages
            label->setMinimumWidth(1);
        }
    }
}

//! Qt's texts have letters that the pages use as well. Enter goes on, and Escape cancels.
void dropLetters(QWizard *wizard)
{
    for (const auto which : {QWizard::BackButton, QWizard::NextButton, QWizard::CommitButton,
                             QWizard::FinishButton, QWizard::CancelButton}) {
        QString text = wizard->buttonText(which);
        wizard->setButtonText(which, text.remove(u'&'));
    }
}

//! Any focused button would take Enter otherwise: the first one in a dialog copied something.
void useOneDefaultButton(QDialog *dialog)
{
    const QList<QPushButton *> all = dialog->findChildren<QPushButton *>();
    const bool hasDefault = std::any_of(
        all.begin(), all.end(), [](const QPushButton *button) { return button->isDefault(); });
    for (QPushButton *button : all)
        button->setAutoDefault(false);
    if (hasDefault || qobject_cast<QWizard *>(dialog))
        return;
    const QList<QDialogButtonBox *> boxes = dialog->findChildren<QDialogButtonBox *>();
    for (const auto role : {QDialogButtonBox::AcceptRole, QDialogButtonBox::RejectRole}) {
        for (const QDialogButtonBox *box : boxes) {
            const QList<QAbstractButton *> buttons = box->buttons();
            for (QAbstractButton *button : buttons) {
                auto *push = qobject_cast<QPushButton *>(button);
                if (!push || box->buttonRole(button) != role)
                    continue;
                push->setDefault(true);
                return;
            }
        }
    }
}

class WindowRules : public QObject
{
public:
    using QObject::QObject;

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Polish && event->type() != QEvent::Show)
            return false;
        auto *dialog = qobject_cast<QDialog *>(watched);
        if (!dialog || !dialog->isWindow())
            return false;
        const bool isOfQt = qobject_cast<QMessageBox *>(dialog)
            || qobject_cast<QFileDialog *>(dialog) || qobject_cast<QInputDialog *>(dialog);
        if (event->type() == QEvent::Polish && !isOfQt)
            apply(dialog);
        if (event->type() == QEvent::Polish)
            dropIconWhereNarrow(qobject_cast<QMessageBox *>(dialog));
        if (event->type() == QEvent::Show)
            keepOnScreen(*dialog);
        if (event->type() == QEvent::Show && !isOfQt && !event->spontaneous())
            QMetaObject::invokeMethod(
                dialog, [dialog] { growToContent(dialog); }, Qt::QueuedConnection);
        return false;
    }

private:
    //! Texts that wrap need more height than their hints say, which is known once they are laid out.
    static void growToContent(QDialog *dialog)
    {
        auto *area = dialog->findChild<QScrollArea *>(QString(), Qt::FindDirectChildrenOnly);
        if (!area || !area->widget() || dialog->property("hasGrown").toBool())
            return;
        dialog->setProperty("hasGrown", true); // later the size is the user's
        const int missing = area->widget()->height() - area->viewport()->height();
        if (missing <= 0)
            return;
        dialog->resize(fittedSize(*dialog, dialog->size() + QSize(0, missing)));
        keepOnScreen(*dialog);
    }

    //! A peer id is one word of 52 letters; beside an icon it would be too wide for a small screen.
    static void dropIconWhereNarrow(QMessageBox *box)
    {
        if (!box)
            return;
        const int letters = box->screen()->availableGeometry().width()
            / box->fontMetrics().averageCharWidth();
        if (letters < 80)
            box->setIcon(QMessageBox::NoIcon);
    }

    static void apply(QDialog *dialog)
    {
        const QSize wanted = dialog->testAttribute(Qt::WA_Resized) ? dialog->size()
                                                                   : dialog->sizeHint();
        if (auto *wizard = qobject_cast<QWizard *>(dialog)) {
            const QList<int> ids = wizard->pageIds();
            for (const int id : ids)
                letPageScroll(wizard->page(id), wizard->page(id)->title());
            dropLetters(wizard);
            letTitleWrap(wizard);
            for (QWidget *at = wizard->currentPage(); at && at != wizard; at = at->parentWidget())
                at->updateGeometry();
            wizard->setTitleFormat(wizard->titleFormat()); // measures its least size again
        } else {
            letContentScroll(dialog);
        }
        useOneDefaultButton(dialog);
        stackButtonsWhereNarrow(dialog);
        dialog->resize(fittedSize(*dialog, wanted));
    }
};

} // namespace

void useWindowRules()
{
    static QPointer<WindowRules> rules;
    if (rules)
        return;
    rules = new WindowRules(qApp);
    qApp->installEventFilter(rules);
    nameComboBoxes();
}

void keepOnScreen(QWidget &window)
{
    const QRect available = window.screen()->availableGeometry();
    QRect frame = window.frameGeometry();
    if (available.contains(frame))
        return;
    const QPoint before = frame.topLeft();
    frame.moveRight(std::min(frame.right(), available.right()));
    frame.moveBottom(std::min(frame.bottom(), available.bottom()));
    frame.moveLeft(std::max(frame.left(), available.left()));
    frame.moveTop(std::max(frame.top(), available.top()));
    window.move(window.pos() + frame.topLeft() - before);
}

QSize fittedSize(const QWidget &window, QSize wanted)
{
    const int title = window.style()->pixelMetric(QStyle::PM_TitleBarHeight);
    const int frame = window.fontMetrics().averageCharWidth();
    const QSize available = window.screen()->availableGeometry().size();
    return wanted.boundedTo(available - QSize(2 * frame, title + frame));
}

} // namespace Qp2p::Gui
