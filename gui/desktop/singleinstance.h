// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One program for each profile: a second start shows the first one's window.
#pragma once

#include <QLocalServer>
#include <QObject>

namespace Qp2p::Gui {

//! \brief Listens on a socket that only this user can open, and whose name follows from the profile.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(const QString &profileDirectory, QObject *parent = nullptr);

    //! \brief Asks the program that has the profile open to show itself. False where none answers.
    static bool raiseOther(const QString &profileDirectory);

    //! The profile must be locked: what is left of another socket is removed. False where it fails; the
    //! program then runs without.
    bool listen();

Q_SIGNALS:
    void raiseWanted();

private:
    void answer();

    const QString m_name;
    QLocalServer m_server;
};

} // namespace Qp2p::Gui
