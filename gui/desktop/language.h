// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The language of the program.
#pragma once

#include <QString>
#include <QStringList>
#include <QTranslator>

namespace Qp2p::Gui {

//! \brief Loads the catalogues of this program and of Qt. Empty: that of the system.
class Language
{
public:
    ~Language();

    void use(const QString &code);
    //! Those that are complete.
    static QStringList codes();

private:
    void remove();

    QTranslator m_own;
    QTranslator m_qt;
};

} // namespace Qp2p::Gui
