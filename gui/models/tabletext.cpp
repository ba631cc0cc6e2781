// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/tabletext.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Qp2p::Gui {

namespace {

QByteArray csvCell(const QVariant &value)
{
    QByteArray cell = value.toString().toUtf8();
    const bool isNumber = value.typeId() != QMetaType::QString;
    if (!isNumber && !cell.isEmpty() && QByteArrayView("=+-@\t\r").contains(cell.front()))
        cell.prepend('\'');
    const bool needsQuotes = std::any_of(cell.begin(), cell.end(), [](char c) {
        return c == '"' || c == ',' || c == '\n' || c == '\r';
    });
    if (!needsQuotes)
        return cell;
    cell.replace('"', "\"\"");
    return '"' + cell + '"';
}

QByteArray csvLine(const QList<QByteArray> &cells)
{
    return cells.join(',') + "\r\n";
}

} // namespace

QByteArray toCsv(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns,
                 int role)
{
    QList<QByteArray> cells;
    for (const int column : columns)
        cells.append(csvCell(model.headerData(column, Qt::Horizontal, role)));
    QByteArray text = csvLine(cells);
    for (const int row : rows) {
        cells.clear();
        for (const int column : columns)
            cells.append(csvCell(model.index(row, column).data(role)));
        text += csvLine(cells);
    }
    return text;
}

QByteArray toJson(const QAbstractItemModel &model, const QList<int> &rows,
                  const QList<int> &columns, int role)
{
    QJsonArray array;
    for (const int row : rows) {
        QJsonObject object;
        for (const int column : columns)
            object.insert(model.headerData(column, Qt::Horizontal, role).toString(),
                          QJsonValue::fromVariant(model.index(row, column).data(role)));
        array.append(object);
    }
    return QJsonDocument(array).toJson();
}

QString toText(const QAbstractItemModel &model, const QList<int> &rows, const QList<int> &columns)
{
    QStringList lines;
    for (const int row : rows) {
        QStringList cells;
        for (const int column : columns)
            cells.append(model.index(row, column).data(Qt::DisplayRole).toString());
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n');
}

} // namespace Qp2p::Gui
