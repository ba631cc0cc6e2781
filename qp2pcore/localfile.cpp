// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/localfile.h>

#include <qp2pcore/storage/filenames.h>
#include <qp2pcore/storage/privatefile.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

#include <system_error>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace Qp2p {

namespace {

struct LocalFileText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::LocalFile)
};

constexpr char16_t FirstByte = 0xdc80; // stands for the byte 0x80, and so on until 0xdcff for 0xff
constexpr char16_t LastByte = 0xdcff;

bool isByte(QChar unit)
{
    return unit.unicode() >= FirstByte && unit.unicode() <= LastByte;
}

Error fileNotFound(const QString &fileName)
{
    return Error(ErrorCode::FileNotFound,
                 LocalFileText::tr("There is no file \"%1\". Check its name.").arg(fileName));
}

Error unreadable(const QString &fileName, const QString &reason)
{
    return Error(ErrorCode::FileUnreadable,
                 LocalFileText::tr("The file \"%1\" cannot be read: %2.").arg(fileName, reason));
}

} // namespace

QString fileNameFromBytes(QByteArrayView bytes)
{
    QString name = QString::fromUtf8(bytes);
    if (fileNameToBytes(name) == bytes)
        return name;
    // Piece by piece: a character has at most four bytes.
    name.clear();
    while (!bytes.isEmpty()) {
        qsizetype taken = 0;
        for (qsizetype size = std::min<qsizetype>(4, bytes.size()); size > 0 && taken == 0; --size) {
            QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
            const QString piece = decoder(bytes.first(size));
            if (!decoder.hasError() && piece.toUtf8() == bytes.first(size)) {
                name += piece;
                taken = size;
            }
        }
        if (taken == 0) {
            name += QChar(char16_t(FirstByte + (quint8(bytes.front()) - 0x80)));
            taken = 1;
        }
        bytes = bytes.sliced(taken);
    }
    return name;
}

QByteArray fileNameToBytes(QStringView fileName)
{
    QByteArray bytes;
    qsizetype start = 0;
    for (qsizetype i = 0; i < fileName.size(); ++i) {
        const bool isPair = i > start && fileName[i - 1].isHighSurrogate();
        if (!isByte(fileName[i]) || isPair)
            continue;
        bytes += fileName.sliced(start, i - start).toUtf8();
        bytes += char(quint8(0x80 + (fileName[i].unicode() - FirstByte)));
        start = i + 1;
    }
    return bytes + fileName.sliced(start).toUtf8();
}

std::filesystem::path filePath(const QString &fileName)
{
#ifdef Q_OS_WIN
    return fileName.toStdWString();
#else
    return fileNameToBytes(fileName).toStdString();
#endif
}

QString fileNameOf(const std::filesystem::path &path)
{
#ifdef Q_OS_WIN
    return QString::fromStdWString(path.wstring());
#else
    return fileNameFromBytes(QByteArray::fromStdString(path.string()));
#endif
}

QString systemReason(int code)
{
    return QString::fromLocal8Bit(std::generic_category().message(code).c_str());
}

QString linkTarget(const QString &fileName)
{
    // As many as Linux follows.
    constexpr int maxLinks = 40;
    std::filesystem::path path = filePath(fileName);
    for (int i = 0; i < maxLinks; ++i) {
        std::error_code error;
        const std::filesystem::path next = std::filesystem::read_symlink(path, error);
        if (error)
            break;
        path = next.is_absolute() ? next : path.parent_path() / next;
    }
    return fileNameOf(path);
}

QByteArray decodedText(const QByteArray &bytes)
{
    if (bytes.startsWith("\xef\xbb\xbf"))
        return bytes.sliced(3);
    for (const auto &[mark, encoding] :
         {std::pair("\xff\xfe", QStringDecoder::Utf16LE), {"\xfe\xff", QStringDecoder::Utf16BE}}) {
        if (!bytes.startsWith(mark))
            continue;
        QStringDecoder decoder(encoding);
        return QString(decoder(QByteArrayView(bytes).sliced(2))).toUtf8();
    }
    return bytes;
}

#ifdef Q_OS_UNIX

Result<void> openForReading(QFile &file, const QString &fileName)
{
    if (fileName.isEmpty() || fileName.contains(QChar::Null))
        return fileNotFound(fileName);
    // O_NONBLOCK, or opening a FIFO would wait for its writer; O_NOCTTY, for a terminal that is opened
    // may become ours.
    const int descriptor = ::open(fileNameToBytes(fileName).constData(),
                                  O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fileNotFound(fileName);
    if (descriptor < 0) // a socket cannot be opened: that is ENXIO
        return unreadable(fileName,
                          errno == ENXIO ? notRegular(S_IFSOCK)
                                         : QString::fromLocal8Bit(
                                             std::generic_category().message(errno).c_str()));
    file.open(descriptor, QFile::ReadOnly | QFile::Unbuffered, QFile::AutoCloseHandle);
    struct stat status = {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return {};
    file.close();
    return unreadable(fileName, notRegular(status.st_mode));
}

QString notRegular(mode_t mode)
{
    if (S_ISDIR(mode))
        return LocalFileText::tr("it is a folder; name a file");
    if (S_ISFIFO(mode) || S_ISSOCK(mode))
        return LocalFileText::tr("it is a pipe or a socket; name a regular file");
    return LocalFileText::tr("it is a device; name a regular file");
}

#else

Result<void> openForReading(QFile &file, const QString &fileName)
{
    const QFileInfo info(fileName);
    if (fileName.contains(QChar::Null) || !info.exists())
        return fileNotFound(fileName);
    if (info.isDir())
        return unreadable(fileName, LocalFileText::tr("it is a folder; name a file"));
    if (!info.isFile())
        return unreadable(fileName, LocalFileText::tr("it is a device; name a regular file"));
    file.setFileName(fileName);
    if (!file.open(QFile::ReadOnly | QFile::Unbuffered))
        return unreadable(fileName, file.errorString());
    return {};
}

#endif

Result<QByteArray> readLocalFile(const QString &fileName, qint64 maxBytes, FileText text)
{
    QFile file;
    if (const Result<void> opened = openForReading(file, fileName); !opened)
        return opened.error();
    // One byte more shows a file that is too large, also one that grows meanwhile.
    const QByteArray bytes = file.read(maxBytes + 1);
    if (file.error() != QFile::NoError)
        return unreadable(fileName, file.errorString());
    if (bytes.size() > maxBytes)
        return unreadable(
            fileName,
            LocalFileText::tr("it has more than the %1 bytes that are expected").arg(maxBytes));
    return text == FileText::Decoded ? decodedText(bytes) : bytes;
}

Result<QByteArray> readKeyFile(const QString &fileName, KeyFileAccess access)
{
    return readPrivateFile(fileName, access);
}

} // namespace Qp2p
