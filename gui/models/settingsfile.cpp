// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/settingsfile.h>

#include <qp2pcore/localfile.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 MaxFileSize = qint64(4) * 1024 * 1024; // bytes
constexpr int Version = 1;

struct SettingsText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::Settings)
};

//! QSettings takes what it cannot read, such as the zeros that a power cut leaves or UTF-16, for keys.
bool isText(const QString &fileName)
{
    const Result<QByteArray> content = readLocalFile(fileName, MaxFileSize, FileText::AsItIs);
    return content && !content->contains('\0');
}

} // namespace

SettingsFile::SettingsFile(const QString &fileName, QObject *parent)
    : QObject(parent)
    , m_fileName(fileName)
    , m_saveTimer(this)
{
    const QFileInfo info(fileName);
    if (info.exists() && !isText(fileName))
        setAside();
    m_file = std::make_unique<QSettings>(fileName, QSettings::IniFormat);
    (void)m_file->allKeys(); // sections are read when they are needed, and only then found broken
    if (m_file->status() != QSettings::NoError) {
        m_file.reset();
        setAside();
        m_file = std::make_unique<QSettings>(fileName, QSettings::IniFormat);
    }
    m_file->setAtomicSyncRequired(true);
    if (number(u"version"_s, Version, 0, INT_MAX) > Version)
        m_problem = Error(
            ErrorCode::Unsupported,
            SettingsText::tr(
                "A later version of this program wrote the settings in \"%1\". Settings "
                "that this version does not know are kept and have no effect.")
                .arg(fileName));
    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(2s);
    connect(&m_saveTimer, &QTimer::timeout, this, [this] {
        if (const Result<void> saved = save(); !saved)
            Q_EMIT saveFailed(saved.error());
    });
}

SettingsFile::~SettingsFile()
{
    blockSignals(true); // who would receive them may be half destroyed
    (void)save(); // call save() before, to learn whether it works
}

void SettingsFile::setAside()
{
    const QString aside = m_fileName + u".broken"_s;
    QFile::remove(aside);
    if (QFile::rename(m_fileName, aside))
        m_problem = Error(
            ErrorCode::FileUnreadable,
            SettingsText::tr("The settings in \"%1\" could not be read. The program uses its "
                             "default settings. The file was kept as \"%2\".")
                .arg(m_fileName, aside));
    else
        m_problem = Error(
            ErrorCode::FileUnreadable,
            SettingsText::tr("The settings in \"%1\" could not be read. The program uses its "
                             "default settings and cannot save changes. Remove that file.")
                .arg(m_fileName));
}

Result<void> SettingsFile::save()
{
    m_saveTimer.stop();
    if (!m_dirty)
        return {};
    m_file->setValue(u"version"_s, Version);
    m_file->sync();
    if (m_file->status() != QSettings::NoError)
        return Error(
            ErrorCode::FileWriteFailed,
            SettingsText::tr(
                "The settings could not be written to \"%1\". Check the permissions of the "
                "folder and the free disk space. Until then, changes are lost when the "
                "program ends.")
                .arg(m_fileName));
    m_dirty = false;
    Q_EMIT saved();
    return {};
}

bool SettingsFile::set(const QString &key, const QVariant &value)
{
    if (m_file->value(key) == value)
        return false;
    m_file->setValue(key, value);
    changed();
    return true;
}

void SettingsFile::remove(const QString &group)
{
    m_file->remove(group);
    changed();
}

void SettingsFile::changed()
{
    m_dirty = true;
    m_saveTimer.start();
}

int SettingsFile::number(const QString &key, int fallback, int min, int max) const
{
    bool isNumber = false;
    const int value = m_file->value(key).toInt(&isNumber);
    return isNumber && value >= min && value <= max ? value : fallback;
}

bool SettingsFile::flag(const QString &key, bool fallback) const
{
    const QString value = m_file->value(key).toString();
    return value == u"true" ? true : value == u"false" ? false : fallback;
}

} // namespace Qp2p::Gui
