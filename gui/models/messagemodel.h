// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The messages that went out and came in, newest last.
#pragma once

#include <models/shown.h>
#include <models/snapshot.h>

#include <QAbstractTableModel>

#include <deque>

namespace Qp2p::Gui {

//! \brief Keeps the newest messages, bounded in number and bytes.
class MessageModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr qsizetype MaxMessages = 2000;
    static constexpr qint64 MaxBytes = qint64(64) * 1024 * 1024;
    static constexpr int Preview = 120; //!< characters

    enum Column { Time, Direction, Peer, Content, Kind, State, Size, RoundTrip, ColumnCount };
    enum DataRole { SortRole = Qt::UserRole };

    explicit MessageModel(QObject *parent = nullptr);

    void setUnits(Units units);
    void add(const QList<MessageRecord> &messages);
    void setStatus(quint64 id, MessageRecord::Status status, const Error &error);
    void clear();

    const MessageRecord *at(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const MessageRecord &record, int column) const;
    void makeRoom(qsizetype count, qint64 bytes);

    Units m_units;
    std::deque<MessageRecord> m_records;
    qint64 m_bytes = 0;
};

//! \brief "0000  51 50 32 50 …  QP2P": 16 bytes a line, of at most the first \a most bytes.
QString hexDump(const QByteArray &bytes, qsizetype most);
//! \brief Bytes of text like "51 50:32 50", any white space or colons between. Errors: InvalidArgument.
Result<QByteArray> fromHexText(QStringView text);
//! \brief \a bytes with its line breaks, everything else as safeText() shows it; at most the first \a most.
QString multilineText(const QByteArray &bytes, qsizetype most);

} // namespace Qp2p::Gui
