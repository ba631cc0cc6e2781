// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/messagemodel.h>
#include <models/tabletext.h>

#include <qp2pcore/safetext.h>

#include <QCoreApplication>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

MessageModel::MessageModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void MessageModel::setUnits(Units units)
{
    m_units = units;
    if (!m_records.empty())
        Q_EMIT dataChanged(index(0, Size), index(int(m_records.size()) - 1, Size));
}

void MessageModel::add(const QList<MessageRecord> &messages)
{
    if (messages.isEmpty())
        return;
    qint64 bytes = 0;
    qsizetype first = messages.size(); // of those that fit
    while (first > 0 && messages.size() - first < MaxMessages) {
        const qint64 size = messages.at(first - 1).message.size();
        if (bytes + size > MaxBytes && bytes > 0)
            break;
        bytes += size;
        --first;
    }
    makeRoom(messages.size() - first, bytes);
    const auto begin = int(m_records.size());
    beginInsertRows({}, begin, begin + int(messages.size() - first) - 1);
    m_records.insert(m_records.end(), messages.begin() + first, messages.end());
    m_bytes += bytes;
    endInsertRows();
}

void MessageModel::makeRoom(qsizetype count, qint64 bytes)
{
    int leaving = 0;
    qint64 freed = 0;
    const auto size = qsizetype(m_records.size());
    while (leaving < size
           && (size - leaving + count > MaxMessages || m_bytes - freed + bytes > MaxBytes)) {
        freed += m_records.at(size_t(leaving)).message.size();
        ++leaving;
    }
    if (leaving == 0)
        return;
    beginRemoveRows({}, 0, leaving - 1);
    m_records.erase(m_records.begin(), m_records.begin() + leaving);
    m_bytes -= freed;
    endRemoveRows();
}

void MessageModel::setStatus(quint64 id, MessageRecord::Status status, const Error &error)
{
    // What changes is young, as a rule.
    for (auto i = m_records.size(); i-- > 0;) {
        if (m_records[i].id != id)
            continue;
        m_records[i].status = status;
        m_records[i].error = error;
        Q_EMIT dataChanged(index(int(i), 0), index(int(i), ColumnCount - 1));
        return;
    }
}

void MessageModel::clear()
{
    beginResetModel();
    m_records.clear();
    m_bytes = 0;
    endResetModel();
}

const MessageRecord *MessageModel::at(int row) const
{
    return row >= 0 && row < int(m_records.size()) ? &m_records[size_t(row)] : nullptr;
}

int MessageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_records.size());
}

int MessageModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MessageModel::data(const QModelIndex &index, int role) const
{
    const MessageRecord *record = index.isValid() ? at(index.row()) : nullptr;
    if (!record)
        return {};
    if (role == Qt::DisplayRole)
        return text(*record, index.column());
    if (role == SortRole && index.column() == Size)
        return record->message.size();
    if (role == SortRole && index.column() == Time)
        return record->when;
    if (role == SortRole && index.column() == RoundTrip)
        return qlonglong(record->roundTrip.count());
    if (role == SortRole)
        return text(*record, index.column());
    if (role == Qt::ToolTipRole && index.column() == Time)
        return QLocale().toString(record->when.toLocalTime().time(), u"HH:mm:ss.zzz"_s);
    if ((role == Qt::ToolTipRole || role == CopyRole) && index.column() == Peer)
        return record->peer.toString();
    if (role == Qt::ToolTipRole && index.column() == State && record->error.isError())
        return shownAsToolTip(record->error.message, 1024);
    if (role == Qt::TextAlignmentRole && (index.column() == Size || index.column() == RoundTrip))
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    return {};
}

QString MessageModel::text(const MessageRecord &record, int column) const
{
    const bool isIncoming = record.direction == MessageRecord::Direction::Incoming;
    switch (column) {
    case Time:
        return QLocale().toString(record.when.toLocalTime().time(), u"HH:mm:ss"_s);
    case Direction:
        return isIncoming ? tr("From", "direction of a message")
                          : tr("To", "direction of a message");
    case Peer:
        if (record.peerName.isEmpty())
            return shortId(record.peer);
        //: a peer's short id, and the name in its certificate
        return tr("%1 (%2)").arg(shortId(record.peer), shown(record.peerName, 40));
    case Kind:
        switch (record.kind) {
        case MessageRecord::Kind::Message:
            return tr("Message");
        case MessageRecord::Kind::Request:
            return tr("Request");
        case MessageRecord::Kind::Reply:
            return tr("Reply");
        }
        return {};
    case Size:
        return shownBytes(double(record.message.size()), m_units);
    case RoundTrip:
        return record.roundTrip.count() == 0
            ? QString()
            : shownMilliseconds(double(record.roundTrip.count()) / 1000);
    case State:
        if (record.status == MessageRecord::Status::Failed)
            return tr("Failed: %1").arg(shown(record.error.message));
        if (record.status == MessageRecord::Status::Pending)
            return record.kind == MessageRecord::Kind::Request ? tr("Waiting for a reply")
                                                               : tr("Sending");
        if (record.kind == MessageRecord::Kind::Request)
            return tr("Answered");
        return isIncoming ? tr("Received") : tr("Delivered");
    case Content:
        return safeText(QByteArrayView(record.message.payload())
                            .first(std::min<qsizetype>(record.message.payload().size(),
                                                       qsizetype(Preview) * 4)),
                        Preview);
    default:
        return {};
    }
}

QVariant MessageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == Size || section == RoundTrip))
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Direction:
        return tr("Direction");
    case Peer:
        return tr("Peer");
    case Kind:
        return tr("Kind");
    case Size:
        return tr("Size");
    case RoundTrip:
        return tr("Round trip");
    case State:
        return tr("State");
    case Content:
        return tr("Content");
    default:
        return {};
    }
}

// --- Content ------------------------------------------------------------------------------------

namespace {

struct ContentText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::MessageContent)
};

QString andMore(qsizetype bytes, qsizetype most)
{
    if (bytes <= most)
        return {};
    return u"\n"_s
        + ContentText::tr("… and %n more bytes. Save the message to see all of it.", nullptr,
                          int(std::min<qsizetype>(bytes - most, INT_MAX)));
}

} // namespace

QString hexDump(const QByteArray &bytes, qsizetype most)
{
    constexpr qsizetype perLine = 16;
    QString text;
    const qsizetype end = std::min(bytes.size(), most);
    for (qsizetype line = 0; line < end; line += perLine) {
        const QByteArrayView part = QByteArrayView(bytes).sliced(line,
                                                                 std::min(perLine, end - line));
        QString readable;
        for (const char c : part)
            readable += c >= 0x20 && c < 0x7f ? QLatin1Char(c) : QLatin1Char('.');
        text += u"%1  %2  %3\n"_s.arg(line, 6, 16, QLatin1Char('0'))
                    .arg(QString::fromLatin1(part.toByteArray().toHex(' ')), -int(perLine * 3 - 1))
                    .arg(readable);
    }
    text.chop(1);
    return text + andMore(bytes.size(), most);
}

Result<QByteArray> fromHexText(QStringView text)
{
    QByteArray digits;
    for (const QChar c : text) {
        if (c.isSpace() || c == u':')
            continue;
        if (c.unicode() > 0x7f || !isxdigit(c.unicode()))
            return Error(ErrorCode::InvalidArgument,
                         ContentText::tr(
                             "\"%1\" is not a hexadecimal digit. Write bytes such as 51 50 32 50.")
                             .arg(safeText(QStringView(&c, 1))));
        digits.append(char(c.unicode()));
    }
    if (digits.size() % 2 != 0)
        return Error(
            ErrorCode::InvalidArgument,
            ContentText::tr("The number of hexadecimal digits is odd. Each byte has two, such "
                            "as 0a."));
    return QByteArray::fromHex(digits);
}

QString multilineText(const QByteArray &bytes, qsizetype most)
{
    const QByteArrayView part = QByteArrayView(bytes).first(std::min(bytes.size(), most));
    QString text;
    qsizetype begin = 0;
    while (begin <= part.size()) {
        qsizetype end = part.indexOf('\n', begin);
        if (end < 0)
            end = part.size();
        text += safeText(part.sliced(begin, end - begin), int(most)) + u'\n';
        begin = end + 1;
    }
    text.chop(1);
    return text + andMore(bytes.size(), most);
}

} // namespace Qp2p::Gui
