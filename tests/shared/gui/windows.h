// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What tests of windows share.
#pragma once

#include <models/workspace.h>

#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace Qp2p::Test {

inline std::unique_ptr<Gui::Profile> openProfile(const QTemporaryDir &folder, bool wasSetUp = true)
{
    auto profile = Gui::Profile::open(folder.filePath(QStringLiteral("profile")));
    Q_ASSERT(profile.isOk());
    profile.value()->settings().setListenAddress(QHostAddress(QHostAddress::LocalHost).toString());
    if (wasSetUp)
        profile.value()->settings().setWasSetUp();
    return std::move(profile).value();
}

template<typename Widget>
Widget *visibleChild(const QWidget *parent)
{
    const QList<Widget *> all = parent->findChildren<Widget *>();
    for (Widget *widget : all) {
        if (widget->isVisible())
            return widget;
    }
    return nullptr;
}

//! Whether what the network was told has been done: it does one thing after the other.
inline bool commandsAreDone(Gui::Workspace &workspace)
{
    QSignalSpy snapshots(&workspace.host(), &Gui::NetworkHost::snapshotReady);
    const auto isAnswered = [&] {
        workspace.host().refresh();
        return snapshots.size() >= 2; // the first may have been asked for before
    };
    return QTest::qWaitFor(isAnswered, 30'000);
}

inline QPushButton *button(const QWidget *window, const QString &text)
{
    const QList<QPushButton *> all = window->findChildren<QPushButton *>();
    for (QPushButton *candidate : all) {
        QString shown = candidate->text();
        if (shown.remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

} // namespace Qp2p::Test
