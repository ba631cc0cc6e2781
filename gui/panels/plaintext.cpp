// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/plaintext.h>

#include <QCoreApplication>
#include <QPushButton>

namespace Qp2p::Gui {

namespace {

struct QuestionText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::Question)
};

} // namespace

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    return label;
}

QLabel *wrappedLabel(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    label->setWordWrap(true);
    label->setMinimumWidth(1); // a word without end must not widen the window
    return label;
}

QMessageBox *ask(QWidget *parent, const QString &title, const QString &question,
                 const QString &consequence, const QString &yesText, std::function<void()> yes)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(title);
    box->setTextFormat(Qt::PlainText);
    box->setText(question);
    box->setInformativeText(consequence);
    QPushButton *yesButton = box->addButton(yesText, QMessageBox::AcceptRole);
    QPushButton *noButton = box->addButton(QuestionText::tr("&No"), QMessageBox::RejectRole);
    box->setDefaultButton(noButton);
    box->setEscapeButton(noButton);
    QObject::connect(box, &QMessageBox::buttonClicked, parent,
                     [yesButton, yes = std::move(yes)](const QAbstractButton *clicked) {
                         if (clicked == yesButton)
                             yes();
                     });
    box->open();
    return box;
}

} // namespace Qp2p::Gui
