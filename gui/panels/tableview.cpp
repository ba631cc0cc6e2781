// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/tableview.h>

#include <models/settings.h>
#include <models/tabletext.h>
#include <panels/rowdelegate.h>

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QMenu>
#include <QMimeData>
#include <QSaveFile>
#include <QScrollBar>
#include <QSet>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

TableView::TableView(const QString &name, Settings &settings, QWidget *parent)
    : QTreeView(parent)
    , m_name(name)
    , m_settings(settings)
    , m_stillTimer(this)
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setAlternatingRowColors(true);
    setRootIsDecorated(false);
    setUniformRowHeights(true); // rows need no measuring
    setAllColumnsShowFocus(true);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setTextElideMode(Qt::ElideRight);
    setContextMenuPolicy(Qt::DefaultContextMenu);
    setItemDelegate(new RowDelegate(this));
    // As low as its place: in a scroll area it would ask for the height of its size hint.
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    setMinimumHeight(fontMetrics().height() * 5);
    QHeaderView *header = this->header();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setResizeContentsPrecision(50);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](const QPoint &at) { columnMenu()->popup(header->mapToGlobal(at)); });

    const auto addCopyAction = [this](const QString &text, Format format) {
        auto *action = new QAction(text, this);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, format] { copyAs(format); });
        addAction(action);
        m_copyActions.append(action);
        return action;
    };
    addCopyAction(tr("&Copy rows"), Format::Text)->setShortcut(QKeySequence::Copy);
    addCopyAction(tr("Copy rows as CS&V"), Format::Csv);
    addCopyAction(tr("Copy rows as &JSON"), Format::Json);
    auto *exportAction = new QAction(tr("&Export rows …"), this);
    connect(exportAction, &QAction::triggered, this, &TableView::exportRows);
    m_copyActions.append(exportAction);

    m_stillTimer.setSingleShot(true);
    m_stillTimer.setInterval(1500ms);
    connect(&m_stillTimer, &QTimer::timeout, this, [this] {
        if (m_filter)
            m_filter->setDynamicSortFilter(true);
    });
}

TableView::~TableView() = default;

void TableView::setFilteredModel(QAbstractItemModel *model, QSortFilterProxyModel *filter,
                                 int exportRole, Sorting sorting)
{
    m_filter = filter;
    m_exportRole = exportRole;
    filter->setSourceModel(model);
    setModel(filter);
    header()->setSortIndicator(-1, Qt::AscendingOrder); // in the model's order at first
    setSortingEnabled(sorting == Sorting::ByUser);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &TableView::choiceChanged);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &TableView::choiceChanged);
}

// --- Columns ------------------------------------------------------------------------------------

void TableView::restoreLayout(const QList<int> &widths)
{
    m_widths = widths;
    Q_ASSERT(widths.size() == model()->columnCount());
    QHeaderView *header = this->header();
    header->setSortIndicator(-1, Qt::AscendingOrder);
    useFirstWidths();
    // A layout of a version with other columns would show nonsense.
    const QByteArray saved = m_settings.layout(m_name);
    const QByteArray version = QByteArray::number(model()->columnCount()) + ':';
    if (saved.startsWith(version))
        header->restoreState(saved.sliced(version.size()));
    header->setStretchLastSection(true);
    const auto save = [this] { saveLayout(); };
    connect(header, &QHeaderView::sectionResized, this, save);
    connect(header, &QHeaderView::sectionMoved, this, save);
    connect(header, &QHeaderView::sortIndicatorChanged, this, save);
}

void TableView::saveLayout()
{
    m_settings.setLayout(m_name,
                         QByteArray::number(model()->columnCount()) + ':' + header()->saveState());
}

void TableView::useFirstWidths()
{
    QHeaderView *header = this->header();
    for (int column = 0; column < header->count(); ++column) {
        const QString title = model()->headerData(column, Qt::Horizontal).toString();
        header->resizeSection(column,
                              std::max(fontMetrics().averageCharWidth() * m_widths.at(column),
                                       fontMetrics().horizontalAdvance(title + u"MMM"_s)));
        setColumnHidden(column, m_widths.at(column) == 0);
    }
}

void TableView::resetLayout()
{
    QHeaderView *header = this->header();
    for (int column = 0; column < header->count(); ++column)
        header->moveSection(header->visualIndex(column), column);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    useFirstWidths();
}

void TableView::fitColumns()
{
    const int most = viewport()->width() / 2;
    for (const int column : visibleColumns()) {
        resizeColumnToContents(column);
        if (columnWidth(column) > most)
            setColumnWidth(column, most);
    }
}

QMenu *TableView::columnMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QList<int> visible = visibleColumns();
    for (int column = 0; column < model()->columnCount(); ++column) {
        QAction *action = menu->addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(isColumnHidden(column) || visible.size() > 1); // one stays
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            saveLayout();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("&Fit columns")), &QAction::triggered, this, &TableView::fitColumns);
    connect(menu->addAction(tr("&Reset columns")), &QAction::triggered, this,
            &TableView::resetLayout);
    return menu;
}

QList<int> TableView::visibleColumns() const
{
    QList<int> columns;
    const QHeaderView *header = this->header();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    return columns;
}

// --- Rows ---------------------------------------------------------------------------------------

QModelIndexList TableView::selectedInOrder() const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    const auto position = [](const QModelIndex &index) { // a row comes before those below it
        return index.parent().isValid() ? std::pair(index.parent().row(), index.row())
                                        : std::pair(index.row(), -1);
    };
    std::sort(rows.begin(), rows.end(),
              [&](const auto &a, const auto &b) { return position(a) < position(b); });
    return rows;
}

QModelIndexList TableView::selectedSourceIndexes() const
{
    QModelIndexList sources = selectedInOrder();
    for (QModelIndex &index : sources)
        index = m_filter->mapToSource(index);
    return sources;
}

QList<int> TableView::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList sources = selectedSourceIndexes();
    for (const QModelIndex &index : sources)
        rows.append(index.row());
    return rows;
}

QModelIndex TableView::currentSourceIndex() const
{
    return m_filter->mapToSource(currentIndex()).siblingAtColumn(0);
}

int TableView::currentSourceRow() const
{
    return currentSourceIndex().row();
}

void TableView::selectSourceRow(int row)
{
    const QModelIndex index = m_filter->mapFromSource(m_filter->sourceModel()->index(row, 0));
    if (index.isValid())
        selectionModel()->setCurrentIndex(
            index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

QModelIndexList TableView::rowsToCopy() const
{
    QModelIndexList rows = selectedInOrder();
    if (!rows.isEmpty())
        return rows;
    for (int row = 0; row < model()->rowCount(); ++row)
        rows.append(model()->index(row, 0));
    return rows;
}

namespace {

//! Rows below others instead of those, each once: a file has a row for each connection.
QModelIndexList leavesOf(const QModelIndexList &rows, const QAbstractItemModel &model)
{
    QModelIndexList leaves;
    QSet<QModelIndex> taken;
    const auto take = [&](const QModelIndex &index) {
        if (!taken.contains(index))
            leaves.append(index);
        taken.insert(index);
    };
    for (const QModelIndex &row : rows) {
        const int below = model.rowCount(row);
        for (int i = 0; i < below; ++i)
            take(model.index(i, 0, row));
        if (below == 0)
            take(row);
    }
    return leaves;
}

} // namespace

QByteArray TableView::rowsAs(Format format) const
{
    const int role = m_exportRole == 0 ? int(Qt::DisplayRole) : m_exportRole;
    const QModelIndexList rows = rowsToCopy();
    switch (format) {
    case Format::Text:
        return toText(rows, visibleColumns()).toUtf8();
    case Format::Csv:
        return toCsv(*model(), leavesOf(rows, *model()), visibleColumns(), role);
    case Format::Json:
        return toJson(*model(), leavesOf(rows, *model()), visibleColumns(), role);
    }
    return {};
}

void TableView::copyAs(Format format)
{
    QApplication::clipboard()->setText(QString::fromUtf8(rowsAs(format)));
}

void TableView::exportRows()
{
    const QString csv = tr("CSV (*.csv)");
    const QString json = tr("JSON (*.json)");
    auto *dialog = new QFileDialog(this, tr("Export rows"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({csv, json});
    dialog->setDefaultSuffix(u"csv"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, json](const QString &chosen) {
        dialog->setDefaultSuffix(chosen == json ? u"json"_s : u"csv"_s);
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &name) {
        const bool isJson = name.endsWith(u".json"_s, Qt::CaseInsensitive);
        QSaveFile file(name);
        if (!file.open(QFile::WriteOnly)
            || file.write(rowsAs(isJson ? Format::Json : Format::Csv)) < 0 || !file.commit())
            Q_EMIT problem(tr("The rows could not be written to \"%1\": %2. Choose another folder.")
                               .arg(name, file.errorString()));
    });
    dialog->open();
}

// --- Standing still -----------------------------------------------------------------------------

void TableView::holdStill()
{
    m_stillTimer.stop();
    if (m_filter)
        m_filter->setDynamicSortFilter(false);
}

void TableView::mousePressEvent(QMouseEvent *event)
{
    holdStill();
    QTreeView::mousePressEvent(event);
}

void TableView::mouseReleaseEvent(QMouseEvent *event)
{
    QTreeView::mouseReleaseEvent(event);
    m_stillTimer.start();
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    holdStill();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(actions());
    menu->addSeparator();
    QMenu *columns = columnMenu();
    columns->setTitle(tr("C&olumns"));
    columns->setAttribute(Qt::WA_DeleteOnClose, false);
    menu->addMenu(columns);
    connect(menu, &QObject::destroyed, columns, &QObject::deleteLater);
    connect(menu, &QMenu::aboutToHide, this, [this] { m_stillTimer.start(); });
    menu->popup(event->globalPos());
}

void TableView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() & Qt::ShiftModifier) {
        QScrollBar *bar = horizontalScrollBar();
        bar->setValue(bar->value() - event->angleDelta().y());
        event->accept();
        return;
    }
    QTreeView::wheelEvent(event);
}

} // namespace Qp2p::Gui
