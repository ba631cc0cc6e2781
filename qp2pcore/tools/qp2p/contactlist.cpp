// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "contactlist.h"

#include <qp2pcore/localfile.h>

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ContactListText
{
    Q_DECLARE_TR_FUNCTIONS(ContactList)
};

constexpr qint64 MaxFileSize = qint64(4) * 1024 * 1024;
constexpr qsizetype MaxContacts = 10'000;

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
    const Result<QByteArray> bytes = readLocalFile(fileName, MaxFileSize);
    if (!bytes)
        return Error(bytes.error().code,
                     bytes.error().message + u' '
                         + ContactListText::tr("It should have contacts in it, one a line."));
    QList<PeerAddress> contacts;
    const QList<QByteArray> lines = bytes->split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString text = QString::fromUtf8(lines[i].split('#').first()).trimmed();
        if (text.isEmpty())
            continue;
        const auto contact = PeerAddress::fromString(text);
        if (!contact)
            return Error(ErrorCode::InvalidArgument,
                         ContactListText::tr("Line %1 of \"%2\": %3")
                             .arg(i + 1)
                             .arg(fileName, contact.error().message));
        if (!contacts.contains(*contact))
            contacts.append(*contact);
        if (contacts.size() > MaxContacts)
            return Error(ErrorCode::InvalidArgument,
                         ContactListText::tr("The file \"%1\" has more than %2 contacts.")
                             .arg(fileName)
                             .arg(MaxContacts));
    }
    return contacts;
}
