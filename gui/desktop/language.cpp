// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/language.h>

#include <desktop/symbolicicon.h>

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace {

//! What Qt's buttons say, for where its own catalogue is not installed (Debian: qt6-translations-l10n).
[[maybe_unused]] constexpr const char *QtTexts[]{
    QT_TRANSLATE_NOOP("QPlatformTheme", "OK"),    QT_TRANSLATE_NOOP("QPlatformTheme", "Save"),
    QT_TRANSLATE_NOOP("QPlatformTheme", "Open"),  QT_TRANSLATE_NOOP("QPlatformTheme", "Cancel"),
    QT_TRANSLATE_NOOP("QPlatformTheme", "Close"), QT_TRANSLATE_NOOP("QPlatformTheme", "Apply"),
    QT_TRANSLATE_NOOP("QWizard", "< &Back"),      QT_TRANSLATE_NOOP("QWizard", "&Next >"),
    QT_TRANSLATE_NOOP("QWizard", "&Next"),        QT_TRANSLATE_NOOP("QWizard", "Cancel"),
};

} // namespace

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

Language::~Language()
{
    remove();
}

void Language::remove()
{
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
}

void Language::use(const QString &code)
{
    useResources();
    remove();
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    // English is what stands in the program; its catalogue has the plurals.
    if (m_own.load(locale, u"qp2p"_s, u"_"_s, u":/i18n"_s) || m_own.load(u":/i18n/qp2p_en.qm"_s))
        QCoreApplication::installTranslator(&m_own);
    if (m_qt.load(locale, u"qtbase"_s, u"_"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
}

QStringList Language::codes()
{
    return {u"en"_s, u"de"_s};
}

} // namespace Qp2p::Gui
