// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/logmodel.h>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

int severity(QtMsgType level)
{
    switch (level) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return 3;
}

} // namespace

LogModel::LogModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void LogModel::add(const QList<LogLine> &lines)
{
    if (lines.isEmpty())
        return;
    const qsizetype first = std::max<qsizetype>(0, lines.size() - MaxLines);
    const auto count = int(lines.size() - first);
    if (const int over = int(m_lines.size()) + count - MaxLines; over > 0) {
        beginRemoveRows({}, 0, over - 1);
        m_lines.erase(m_lines.begin(), m_lines.begin() + over);
        endRemoveRows();
    }
    const auto begin = int(m_lines.size());
    beginInsertRows({}, begin, begin + count - 1);
    m_lines.insert(m_lines.end(), lines.begin() + first, lines.end());
    endInsertRows();
    const qsizetype before = m_categories.size();
    for (const LogLine &line : lines)
        m_categories.insert(line.category);
    if (m_categories.size() != before)
        Q_EMIT categoryAdded();
}

void LogModel::clear()
{
    beginResetModel();
    m_lines.clear();
    endResetModel();
}

QStringList LogModel::categories() const
{
    QStringList all(m_categories.begin(), m_categories.end());
    all.sort();
    return all;
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString LogModel::levelText(int level)
{
    switch (level) {
    case 0:
        return tr("Debug", "level of a log line");
    case 1:
        return tr("Info", "level of a log line");
    case 2:
        return tr("Warning", "level of a log line");
    default:
        return tr("Error", "level of a log line");
    }
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_lines.size()))
        return {};
    const LogLine &line = m_lines[size_t(index.row())];
    if (role == LevelRole)
        return severity(line.level);
    if (role == Qt::ToolTipRole && index.column() == Text)
        return QString(u"<span>"_s + line.text.toHtmlEscaped() + u"</span>"_s);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return line.when.toString(u"HH:mm:ss.zzz"_s);
    case Level:
        return levelText(severity(line.level));
    case Category:
        return line.category;
    case Text:
        return line.text;
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Level:
        return tr("Level");
    case Category:
        return tr("Category");
    case Text:
        return tr("Text");
    default:
        return {};
    }
}

void LogFilter::setLeastLevel(int level)
{
    m_leastLevel = level;
    invalidateFilter();
}

void LogFilter::setCategory(const QString &category)
{
    m_category = category;
    invalidateFilter();
}

void LogFilter::setText(const QString &text)
{
    m_text = text;
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QAbstractItemModel *source = sourceModel();
    if (source->index(row, 0, parent).data(LogModel::LevelRole).toInt() < m_leastLevel)
        return false;
    if (!m_category.isEmpty()
        && source->index(row, LogModel::Category, parent).data().toString() != m_category)
        return false;
    return m_text.isEmpty()
        || source->index(row, LogModel::Text, parent)
               .data()
               .toString()
               .contains(m_text, Qt::CaseInsensitive);
}

} // namespace Qp2p::Gui
