// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The file in which settings are kept: values by key, read with a fallback and saved as a whole.
#pragma once

#include <qp2pcore/result.h>

#include <QMetaEnum>
#include <QObject>
#include <QSettings>
#include <QTimer>
#include <QVariant>

#include <memory>

namespace Qp2p::Gui {

//! \brief Written as a whole into a new file that then takes the old one's place (QSaveFile), soon after a
//! change and at the end: a power cut leaves the old or the new file. Keys that this version does not
//! know are kept. A value that cannot be used counts as not set.
class SettingsFile : public QObject
{
    Q_OBJECT

public:
    //! problem() reports what went wrong with reading.
    explicit SettingsFile(const QString &fileName, QObject *parent = nullptr);
    ~SettingsFile() override;

    //! What was wrong with the file, and what was done about it; no error where nothing was.
    Error problem() const { return m_problem; }

    bool contains(const QString &key) const { return m_file->contains(key); }
    QVariant value(const QString &key) const { return m_file->value(key); }
    QString text(const QString &key) const { return m_file->value(key).toString(); }
    QStringList texts(const QString &key) const { return m_file->value(key).toStringList(); }
    //! \a fallback also where it is not between \a min and \a max.
    int number(const QString &key, int fallback, int min, int max) const;
    bool flag(const QString &key, bool fallback) const;
    //! By its name in the file.
    template<typename Enum>
    Enum choice(const QString &key, Enum fallback) const
    {
        bool known = false;
        const int value = QMetaEnum::fromType<Enum>().keyToValue(text(key).toLatin1().constData(),
                                                                 &known);
        return known ? Enum(value) : fallback;
    }

    //! False where it is so already.
    bool set(const QString &key, const QVariant &value);
    void remove(const QString &group);

    //! \brief Writes what is not written yet. Errors: FileWriteFailed.
    Result<void> save();

Q_SIGNALS:
    void saveFailed(const Qp2p::Error &error);
    void saved();

private:
    void setAside();
    void changed();

    const QString m_fileName;
    std::unique_ptr<QSettings> m_file;
    Error m_problem;
    QTimer m_saveTimer;
    bool m_dirty = false;
};

} // namespace Qp2p::Gui
