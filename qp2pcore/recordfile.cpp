// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/recordfile_p.h>

#include <qp2pcore/privatefile_p.h>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryFile>
#include <QThread>

#include <filesystem>
#include <system_error>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace Qp2p {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::RecordFile)
};

constexpr int Version = 1;
constexpr auto TemporarySuffix = ".qp2p-saving-"_L1;
constexpr QByteArrayView RecordStart = R"({"record":)";
constexpr QByteArrayView ChecksumStart = R"(,"checksum":")";
constexpr QByteArrayView LineEnd = R"("})";
constexpr qsizetype ChecksumSize = 16;

QByteArray checksumOf(QByteArrayView record)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(record);
    return hash.result().toHex().first(ChecksumSize);
}

std::optional<QJsonObject> recordOf(QByteArrayView line)
{
    const qsizetype tail = ChecksumStart.size() + ChecksumSize + LineEnd.size();
    if (line.size() < RecordStart.size() + tail || !line.startsWith(RecordStart)
        || !line.endsWith(LineEnd))
        return {};
    const QByteArrayView record = line.sliced(RecordStart.size()).chopped(tail);
    const QByteArrayView end = line.last(tail);
    if (!end.startsWith(ChecksumStart)
        || end.sliced(ChecksumStart.size(), ChecksumSize) != checksumOf(record))
        return {};
    const QJsonDocument document = QJsonDocument::fromJson(record.toByteArray());
    if (!document.isObject())
        return {};
    return document.object();
}

QByteArray headerOf(const QString &format)
{
    return R"({"format":")" + format.toLatin1() + R"(","version":)" + QByteArray::number(Version)
        + '}';
}

QString reasonOf(const QFileDevice &file)
{
    return file.errorString();
}

} // namespace

RecordFile::RecordFile(const QString &fileName, const QString &format)
    : m_fileName(fileName)
    , m_format(format)
{
}

RecordFile::Lock::Lock(const QString &fileName)
    : m_lock(fileName + ".lock"_L1)
{
}

Result<void> RecordFile::Lock::take()
{
    // QLockFile by itself waits ever longer between two attempts; a save takes milliseconds.
    constexpr int attempts = 500;
    for (int i = 0; i < attempts; ++i) {
        if (m_lock.tryLock(0))
            return {};
        if (m_lock.error() != QLockFile::LockFailedError)
            break;
        QThread::msleep(2);
    }
    const QString reason = m_lock.error() == QLockFile::PermissionError
        ? Text::tr("its folder cannot be written to")
        : m_lock.error() == QLockFile::LockFailedError ? Text::tr("another program is writing it")
                                                       : Text::tr("the disk may be full");
    return Error(ErrorCode::FileWriteFailed,
                 Text::tr("The file \"%1\" cannot be locked: %2.").arg(m_lock.fileName(), reason));
}

Result<RecordFile::Content> RecordFile::read() const
{
    Content content;
    const QFileInfo info(m_fileName);
    if (!info.exists())
        return content;
    const auto unreadable = [this](const QString &reason) {
        return Error(
            ErrorCode::FileUnreadable,
            Text::tr("The file \"%1\" cannot be read: %2. It is left as it is, and nothing "
                     "is saved to it.")
                .arg(m_fileName, reason));
    };
    if (!info.isFile())
        return unreadable(Text::tr("it is not a regular file"));
    QFile file(m_fileName);
    if (!file.open(QFile::ReadOnly))
        return unreadable(reasonOf(file));
    const QByteArray bytes = file.read(MaxBytes + 1);
    if (file.error() != QFile::NoError)
        return unreadable(reasonOf(file));
    if (bytes.isEmpty())
        return content;

    const QByteArray header = headerOf(m_format);
    int damaged = 0;
    qsizetype start = 0;
    bool hasHeader = false;
    for (int number = 0; start < bytes.size(); ++number) {
        const qsizetype newline = bytes.indexOf('\n', start);
        const qsizetype end = newline < 0 ? bytes.size() : newline;
        const QByteArrayView line = QByteArrayView(bytes).sliced(start, end - start);
        start = end + 1;
        if (number == 0) {
            hasHeader = line == header;
            const QJsonObject said = QJsonDocument::fromJson(line.toByteArray()).object();
            if (said.value("format"_L1).toString() == m_format
                && said.value("version"_L1).toInt() > Version)
                return Error(ErrorCode::Unsupported,
                             Text::tr("The file \"%1\" was written by a later version of this "
                                      "program. It is left as it is; update the program, or name "
                                      "another file.")
                                 .arg(m_fileName));
            if (hasHeader)
                continue;
        }
        if (auto record = recordOf(line))
            content.records.append(*record);
        else
            ++damaged;
    }
    const bool isCutHeader = header.startsWith(bytes);
    if (!hasHeader && content.records.isEmpty() && !isCutHeader)
        return Error(
            ErrorCode::InvalidArgument,
            Text::tr("The file \"%1\" is something else than expected here (%2). It is left "
                     "as it is, and nothing is saved to it; name another file.")
                .arg(m_fileName, m_format));
    if (bytes.size() > MaxBytes)
        content.damage = Text::tr("it is larger than %1 bytes").arg(MaxBytes);
    else if (!hasHeader)
        content.damage = Text::tr("its first line is damaged");
    else if (damaged > 0)
        content.damage = Text::tr("%n of its lines are damaged", nullptr, damaged);
    return content;
}

void RecordFile::setAside() const
{
    const QString aside = m_fileName + ".damaged"_L1;
    QFile::remove(aside);
    if (QFileInfo(m_fileName).size() > MaxBytes)
        QFile::rename(m_fileName, aside);
    else
        QFile::copy(m_fileName, aside);
}

Result<void> RecordFile::write(const QList<QJsonObject> &records) const
{
    const auto failed = [this](const QString &reason) {
        return Error(ErrorCode::FileWriteFailed,
                     Text::tr("The file \"%1\" cannot be written: %2. What it had is kept.")
                         .arg(m_fileName, reason));
    };
    QByteArray bytes = headerOf(m_format) + '\n';
    for (const QJsonObject &record : records) {
        const QByteArray json = QJsonDocument(record).toJson(QJsonDocument::Compact);
        bytes += RecordStart.toByteArray() + json + ChecksumStart.toByteArray() + checksumOf(json)
            + LineEnd.toByteArray() + '\n';
    }
    if (bytes.size() > MaxBytes)
        return failed(Text::tr("it would be larger than %1 bytes").arg(MaxBytes));
    // Readable by its owner only: it tells who we talk to. Not QSaveFile, whose leftovers cannot be told
    // from a file that somebody has put beside this one.
    QTemporaryFile file(m_fileName + TemporarySuffix + "XXXXXX"_L1);
    if (!file.open() || file.write(bytes) != bytes.size() || !file.flush())
        return failed(reasonOf(file));
#ifdef Q_OS_UNIX
    if (::fsync(file.handle()) != 0)
        return failed(QString::fromLocal8Bit(std::generic_category().message(errno).c_str()));
#endif
    std::error_code error;
    std::filesystem::rename(QFile::encodeName(file.fileName()).toStdString(),
                            QFile::encodeName(m_fileName).toStdString(), error);
    if (error)
        return failed(QString::fromLocal8Bit(error.message().c_str()));
    file.setAutoRemove(false);
    if (!syncFolder(QFileInfo(m_fileName).path()))
        return failed(Text::tr("its folder cannot be synced"));
    return {};
}

void RecordFile::removeLeftovers() const
{
    const QFileInfo info(m_fileName);
    const QDateTime anHourAgo = QDateTime::currentDateTimeUtc().addSecs(-3600);
    const QFileInfoList files = info.dir().entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo &leftover : files) {
        if (leftover.fileName().startsWith(info.fileName() + TemporarySuffix)
            && leftover.lastModified() < anHourAgo)
            QFile::remove(leftover.filePath());
    }
}

} // namespace Qp2p
