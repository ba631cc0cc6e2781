// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Light or dark: as the user or the desktop wants it.
#pragma once

#include <models/settings.h>

#include <QObject>

namespace Qp2p::Gui {

//! \brief Sets the program's palette. Qt 6.4 knows no colour scheme: a desktop whose Qt plugin sets the
//! palette is followed by itself, others are asked through the portal's settings (D-Bus).
class Appearance : public QObject
{
    Q_OBJECT

public:
    explicit Appearance(QObject *parent = nullptr);

    void apply(Settings::Appearance wanted);

private Q_SLOTS:
    void portalChanged(const QString &group, const QString &key);

private:
    static bool desktopIsDark();

    Settings::Appearance m_wanted = Settings::Appearance::System;
};

} // namespace Qp2p::Gui
