// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/storage/recordfile.h>

#include <qp2pcore/storage/filenames.h>
#include <qp2pcore/storage/folders.h>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryFile>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace Qp2p {

namespace {

struct RecordFileText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::RecordFile)
};

constexpr int Version = 1;
//! All kinds that there are.
constexpr std::array KnownFormats{"qp2p-bootstrap-cache"_L1, "qp2p-block-list"_L1};
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

std::filesystem::path folderOf(const QString &fileName)
{
    const std::filesystem::path folder = filePath(fileName).parent_path();
    return folder.empty() ? std::filesystem::path(".") : folder;
}

#ifdef Q_OS_UNIX

//! Returns why not, or nothing.
QString openTemporary(QFile &file, QString &name, const QString &start)
{
    QByteArray bytes = fileNameToBytes(start) + "XXXXXX";
    const int descriptor = ::mkostemp(bytes.data(), O_CLOEXEC); // mode 0600
    if (descriptor < 0)
        return systemReason(errno);
    name = fileNameFromBytes(bytes);
    file.open(descriptor, QFile::WriteOnly, QFile::AutoCloseHandle);
    return {};
}

#else

QString openTemporary(QFile &file, QString &name, const QString &start)
{
    QTemporaryFile temporary(start + "XXXXXX"_L1);
    temporary.setAutoRemove(false);
    if (!temporary.open())
        return reasonOf(temporary);
    name = temporary.fileName();
    file.setFileName(name);
    return file.open(QFile::WriteOnly) ? QString() : reasonOf(file);
}

#endif

} // namespace

RecordFile::RecordFile(const QString &fileName, const QString &format)
    : m_fileName(fileName)
    , m_format(format)
{
}

QString RecordFile::targetName() const
{
    return linkTarget(m_fileName);
}

namespace {

//! All of it, or the first MaxBytes and one more; nothing where there is no file.
Result<QByteArray> storedBytes(const QString &fileName)
{
    QFile file;
    if (const Result<void> opened = openForReading(file, fileName); !opened) {
        if (opened.error().code == ErrorCode::FileNotFound)
            return QByteArray();
        return Error(opened.error().code,
                     opened.error().message + u' '
                         + RecordFileText::tr(
                             "It is left as it is, and nothing is saved to it; move it away, "
                             "or name another file."));
    }
    QByteArray stored = file.read(RecordFile::MaxBytes + 1);
    if (file.error() != QFile::NoError)
        return Error(
            ErrorCode::FileUnreadable,
            RecordFileText::tr("The file \"%1\" cannot be read: %2. It is left as it is, and "
                               "nothing is saved to it; move it away, or name another file.")
                .arg(fileName, reasonOf(file)));
    return stored;
}

//! Takes the first line off \a rest; returns it without its end.
QByteArrayView takeLine(QByteArrayView &rest)
{
    const qsizetype newline = rest.indexOf('\n');
    QByteArrayView line = newline < 0 ? rest : rest.first(newline);
    rest = newline < 0 ? QByteArrayView() : rest.sliced(newline + 1);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

//! What was found, beside the records.
struct Findings
{
    bool hasHeader = false;
    bool isZero = false; //!< all bytes are
    bool isTooLarge = false;
    int damagedLines = 0;
};

QString damageOf(const Findings &findings, bool isForeign, const QString &format);

} // namespace

Result<RecordFile::Content> RecordFile::read() const
{
    Content content;
    const Result<QByteArray> stored = storedBytes(m_fileName);
    if (!stored)
        return stored.error();
    if (stored->isEmpty())
        return content;

    const QByteArray bytes = decodedText(*stored);
    const QByteArray header = headerOf(m_format);
    QByteArrayView rest = bytes;
    const QByteArrayView firstLine = takeLine(rest);
    const QJsonObject fields = QJsonDocument::fromJson(firstLine.toByteArray()).object();
    const QString format = fields.value("format"_L1).toString();
    if (format == m_format && fields.value("version"_L1).toInt() > Version)
        return Error(ErrorCode::Unsupported,
                     RecordFileText::tr("The file \"%1\" was written by a later version of this "
                                        "program. It is left as it is; update the program, or name "
                                        "another file.")
                         .arg(m_fileName));
    // Their records are valid and mean something else.
    if (format != m_format && std::ranges::find(KnownFormats, format) != KnownFormats.end()) {
        content.damage = RecordFileText::tr("it is a file of another kind, %1").arg(format);
        content.isForeign = true;
        return content;
    }

    Findings findings{firstLine == header, stored->count('\0') == stored->size(),
                      stored->size() > MaxBytes};
    if (!findings.hasHeader)
        rest = bytes; // the first line may be a record
    while (!rest.isEmpty()) {
        if (auto record = recordOf(takeLine(rest)))
            content.records.append(*record);
        else
            ++findings.damagedLines;
    }
    const bool isCut = !bytes.isEmpty() && header.startsWith(bytes);
    content.isForeign = !findings.hasHeader && content.records.isEmpty() && !findings.isZero
        && !isCut;
    content.damage = damageOf(findings, content.isForeign, m_format);
    return content;
}

namespace {

QString damageOf(const Findings &findings, bool isForeign, const QString &format)
{
    if (findings.isTooLarge)
        return RecordFileText::tr("it is larger than %1 bytes").arg(RecordFile::MaxBytes);
    if (findings.isZero)
        return RecordFileText::tr("it has nothing but zeros in it, as after a power cut");
    if (isForeign)
        return RecordFileText::tr("it is something else than a file of the kind %1").arg(format);
    if (!findings.hasHeader)
        return RecordFileText::tr("its first line is damaged");
    if (findings.damagedLines > 0)
        return RecordFileText::tr("damaged lines: %1").arg(findings.damagedLines);
    return {};
}

} // namespace

Result<QString> RecordFile::setAside() const
{
    // More do not help, and the disk must not fill up where a file is damaged again and again.
    constexpr int maxAside = 9;
    const QString target = targetName();
    std::error_code error;
    for (int i = 1; i <= maxAside; ++i) {
        const QString aside = target + ".damaged"_L1
            + (i == 1 ? QString() : QString(u'-' + QString::number(i)));
        const std::filesystem::path from = filePath(target);
        const std::filesystem::path to = filePath(aside);
        if (std::filesystem::exists(std::filesystem::symlink_status(to, error)) && i < maxAside)
            continue;
        if (i == maxAside)
            std::filesystem::remove(to, error); // where it is a folder, what follows fails
        std::filesystem::create_hard_link(from, to, error);
        if (error == std::errc::file_exists && i < maxAside) // another program was faster
            continue;
        if (error && error != std::errc::file_exists) // a file system without hard links
            std::filesystem::rename(from, to, error);
        if (!error)
            return aside;
        break;
    }
    return Error(ErrorCode::FileWriteFailed,
                 RecordFileText::tr(
                     "The damaged file \"%1\" cannot be kept under another name: %2. Nothing is "
                     "saved to it; move it away, or name another file.")
                     .arg(m_fileName, QString::fromLocal8Bit(error.message().c_str())));
}

Result<void> RecordFile::write(const QList<QJsonObject> &records) const
{
    const auto failed = [this](const QString &reason) {
        return Error(
            ErrorCode::FileWriteFailed,
            RecordFileText::tr("The file \"%1\" cannot be written: %2. What it had is kept.")
                .arg(m_fileName, reason));
    };
    QByteArray bytes = headerOf(m_format) + '\n';
    for (const QJsonObject &record : records) {
        const QByteArray json = QJsonDocument(record).toJson(QJsonDocument::Compact);
        bytes += RecordStart.toByteArray() + json + ChecksumStart.toByteArray() + checksumOf(json)
            + LineEnd.toByteArray() + '\n';
    }
    if (bytes.size() > MaxBytes)
        return failed(RecordFileText::tr("it would be larger than %1 bytes").arg(MaxBytes));
    // Readable by its owner only: it says which peers we communicate with. Not QSaveFile, whose leftovers cannot be
    // distinguished from a file that another program has put beside this one.
    const QString target = targetName();
    QString temporaryName;
    QFile file;
    if (const QString reason = openTemporary(file, temporaryName, target + TemporarySuffix);
        !reason.isEmpty())
        return failed(reason);
    const std::filesystem::path temporary = filePath(temporaryName);
    const auto abandoned = [&](const QString &reason) {
        file.close();
        std::error_code ignored;
        std::filesystem::remove(temporary, ignored);
        return failed(reason);
    };
    if (file.write(bytes) != bytes.size() || !file.flush())
        return abandoned(reasonOf(file));
#ifdef Q_OS_UNIX
    if (::fsync(file.handle()) != 0)
        return abandoned(systemReason(errno));
#endif
    file.close();
    std::error_code error;
    std::filesystem::rename(temporary, filePath(target), error);
    if (error)
        return abandoned(QString::fromLocal8Bit(error.message().c_str()));
    if (!syncFolder(fileNameOf(folderOf(target))))
        return failed(RecordFileText::tr("its folder cannot be synced; check the disk"));
    return {};
}

void RecordFile::removeLeftovers() const
{
    const QString target = targetName();
    const std::filesystem::path start = filePath(target + TemporarySuffix).filename();
    const auto anHourAgo = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folderOf(target), error), end;
         !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().filename().native().starts_with(start.native())
            && entry->symlink_status(ignored).type() == std::filesystem::file_type::regular
            && entry->last_write_time(ignored) < anHourAgo && !ignored)
            std::filesystem::remove(entry->path(), ignored);
    }
}

} // namespace Qp2p
