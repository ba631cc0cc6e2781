// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "contactlist.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ContactList)
};

constexpr qint64 LargestFile = qint64(4) * 1024 * 1024;
constexpr qsizetype MostContacts = 10'000;

} // namespace

Result<QList<PeerAddress>> parseContacts(const QStringList &texts)
{
    QList<PeerAddress> contacts;
    for (const QString &text : texts) {
        const auto contact = PeerAddress::fromString(text);
        if (!contact)
            return contact.error();
        if (!contacts.contains(*contact))
            contacts.append(*contact);
    }
    return contacts;
}

Result<QList<PeerAddress>> readContacts(const QString &fileName)
{
    QFile file(fileName);
    if (!QFileInfo::exists(fileName))
        return Error(ErrorCode::FileNotFound,
                     Text::tr("There is no file \"%1\" with contacts.").arg(fileName));
    if (!QFileInfo(fileName).isFile() || !file.open(QFile::ReadOnly))
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The file \"%1\" with contacts cannot be read. It must be a regular "
                              "file that you may read.")
                         .arg(fileName));
    const QByteArray bytes = file.read(LargestFile + 1);
    if (bytes.size() > LargestFile)
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The file \"%1\" has more than the %2 bytes of a list of contacts.")
                         .arg(fileName)
                         .arg(LargestFile));
    QList<PeerAddress> contacts;
    const QList<QByteArray> lines = bytes.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString text = QString::fromUtf8(lines[i].split('#').first()).trimmed();
        if (text.isEmpty())
            continue;
        const auto contact = PeerAddress::fromString(text);
        if (!contact)
            return Error(
                ErrorCode::InvalidArgument,
                Text::tr("Line %1 of \"%2\": %3").arg(i + 1).arg(fileName, contact.error().message));
        if (!contacts.contains(*contact))
            contacts.append(*contact);
        if (contacts.size() > MostContacts)
            return Error(ErrorCode::InvalidArgument,
                         Text::tr("The file \"%1\" has more than %2 contacts.")
                             .arg(fileName)
                             .arg(MostContacts));
    }
    return contacts;
}
