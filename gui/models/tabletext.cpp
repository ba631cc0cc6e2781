// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/tabletext.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Qp2p::Gui {

namespace {

//! \brief Whether a spreadsheet might take \a text for a formula: OWASP's list, the full-width forms that East
//! Asian versions of Excel accept, and all of them behind blanks, which some import dialogs cut off.
bool looksLikeFormula(QStringView text)
{
    if (text.startsWith(u'\t') || text.startsWith(u'\r') || text.startsWith(u'\n'))
        return true;
    constexpr QStringView starts = u"=+-@\uff1d\uff0b\uff0d\uff20";
    const QStringView trimmed = text.trimmed();
    return !trimmed.isEmpty() && starts.contains(trimmed.front());
}

QString harmless(const QVariant &value)
{
    const QString text = value.toString();
    const bool isNumber = value.isValid() && value.typeId() != QMetaType::QString;
    return !isNumber && looksLikeFormula(text) ? QString(u'\'' + text) : text;
}

//! Which of the separators a spreadsheet expects hangs on its locale and on what the user chooses.
QByteArray csvCell(const QVariant &value)
{
    QByteArray cell = harmless(value).toUtf8();
    const bool needsQuotes = std::any_of(
        cell.begin(), cell.end(), [](char c) { return QByteArrayView("\",;\t\n\r|").contains(c); });
    if (!needsQuotes && cell.trimmed().size() == cell.size())
        return cell;
    cell.replace('"', "\"\"");
    return '"' + cell + '"';
}

//! A tab or a line break in a cell would begin another one.
QString textCell(const QModelIndex &index)
{
    const QVariant copy = index.data(CopyRole);
    const QVariant text = copy.isValid() ? copy : index.data(Qt::DisplayRole);
    return harmless(text).simplified();
}

QByteArray csvLine(const QList<QByteArray> &cells)
{
    return cells.join(',') + "\r\n";
}

} // namespace

QByteArray toCsv(const QAbstractItemModel &model, const QModelIndexList &rows,
                 const QList<int> &columns, int role)
{
    QList<QByteArray> cells;
    for (const int column : columns)
        cells.append(csvCell(model.headerData(column, Qt::Horizontal, role)));
    QByteArray text = csvLine(cells);
    for (const QModelIndex &row : rows) {
        cells.clear();
        for (const int column : columns)
            cells.append(csvCell(row.siblingAtColumn(column).data(role)));
        text += csvLine(cells);
    }
    return text;
}

QByteArray toJson(const QAbstractItemModel &model, const QModelIndexList &rows,
                  const QList<int> &columns, int role)
{
    QJsonArray array;
    for (const QModelIndex &row : rows) {
        QJsonObject object;
        for (const int column : columns)
            object.insert(model.headerData(column, Qt::Horizontal, role).toString(),
                          QJsonValue::fromVariant(row.siblingAtColumn(column).data(role)));
        array.append(object);
    }
    return QJsonDocument(array).toJson();
}

QString toText(const QModelIndexList &rows, const QList<int> &columns)
{
    QStringList lines;
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (const int column : columns)
            cells.append(textCell(row.siblingAtColumn(column)));
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n');
}

} // namespace Qp2p::Gui
