// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Each window of the desktop app, one after the other, as a user opens it.
#pragma once

#include <dialogs/contactsdialog.h>
#include <dialogs/keychangedquestion.h>
#include <mainwindow.h>
#include <panels/cachepanel.h>
#include <panels/connectionspanel.h>
#include <panels/tableview.h>
#include <qp2pcore/identity.h>
#include <shared/gui/rows.h>
#include <shared/gui/windows.h>

#include <QAbstractScrollArea>
#include <QDialog>

#include <functional>

namespace Qp2p::Test {

//! Whether some of it can be seen. The content of scroll areas covers all but their frames.
inline bool isSeen(const QWidget *widget)
{
    const auto *area = qobject_cast<const QAbstractScrollArea *>(widget);
    return widget->isVisible()
        && (!widget->visibleRegion().isEmpty()
            || (area && !area->viewport()->visibleRegion().isEmpty()));
}

//! \brief Calls \a check for the main window, with peers and a selection, and for each of its dialogs while it
//! is open.
inline void forEveryWindow(Gui::Workspace &workspace, Gui::MainWindow &window,
                           const std::function<void(QWidget *)> &check)
{
    window.show();
    workspace.connections().update(connectionRows(1, 3));
    window.connectionsPanel().table().selectSourceRow(0);
    Q_EMIT workspace.refreshed();
    QCoreApplication::processEvents();
    check(&window);
    const QList<std::function<void()>> openers{
        [&] { window.showFirstSteps(); },
        [&] { window.showJoin(); },
        [&] { window.showCertificates(); },
        [&] { window.showSettings(); },
        [&] { window.showBlocked(); },
        [&] { window.showAbout(); },
        [&] { window.connectionsPanel().disconnectAction()->trigger(); },
        [&] {
            auto *dialog = new Gui::ContactsDialog(QStringLiteral("Nodes"),
                                                   QStringLiteral("One per line"),
                                                   Gui::ContactsDialog::Need::Anything, &window);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        },
        [&] {
            const Identity before = Identity::generate().value();
            const Identity after = Identity::generate().value();
            BootstrapCache::Entry known;
            known.addresses = {PeerAddress(QHostAddress(QHostAddress::LocalHost), 12000)};
            known.peerId = before.peerId();
            known.certificate = before.certificates().first();
            Error error(ErrorCode::PeerIdMismatch, {});
            error.peerCertificates = after.certificates();
            auto *dialog = new Gui::KeyChangedQuestion(workspace, known, error, &window);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        },
    };
    for (const auto &open : openers) {
        open();
        QCoreApplication::processEvents();
        auto *dialog = visibleChild<QDialog>(&window);
        QVERIFY(dialog);
        check(dialog);
        if (QTest::currentTestFailed())
            return;
        dialog->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

} // namespace Qp2p::Test
