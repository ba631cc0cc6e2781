// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/contactlines.h>

#include <QCoreApplication>
#include <QSet>

namespace Qp2p::Gui {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::ContactLines)
};

} // namespace

ContactLines ContactLines::parse(QStringView text)
{
    ContactLines result;
    QSet<PeerAddress> seen;
    int number = 0;
    const auto wrong = [&](const QString &message) {
        ++result.wrongLines;
        if (result.problems.size() < MostProblems)
            result.problems.append({number, message});
    };
    for (const QStringView line : text.tokenize(u'\n')) {
        ++number;
        const qsizetype comment = line.indexOf(u'#');
        const QStringView contact = (comment < 0 ? line : line.first(comment)).trimmed();
        if (contact.isEmpty())
            continue;
        const Result<PeerAddress> parsed = PeerAddress::fromString(contact);
        if (!parsed) {
            wrong(parsed.error().message);
        } else if (result.contacts.size() == MostContacts && !seen.contains(*parsed)) {
            wrong(Text::tr("Only the first %n contacts are used.", nullptr, int(MostContacts)));
        } else if (!seen.contains(*parsed)) {
            seen.insert(*parsed);
            result.contacts.append(*parsed);
        }
    }
    return result;
}

} // namespace Qp2p::Gui
