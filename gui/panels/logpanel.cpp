// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/logpanel.h>

#include <models/tabletext.h>
#include <panels/tableview.h>

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollBar>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

LogPanel::LogPanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_level(new QComboBox(this))
    , m_category(new QComboBox(this))
    , m_text(new QLineEdit(this))
    , m_verbose(new QCheckBox(tr("Debug lines"), this))
    , m_qlog(new QCheckBox(tr("qlog of new connections"), this))
    , m_table(new TableView(u"log"_s, workspace.settings(), this))
{
    m_level->setAccessibleName(tr("Minimum level"));
    m_level->addItem(tr("All levels"));
    m_level->addItem(tr("Info and above"));
    m_level->addItem(tr("Warnings and errors"));
    m_level->addItem(tr("Errors"));
    m_category->setAccessibleName(tr("Category"));
    m_category->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_text->setAccessibleName(tr("Filter the log by text"));
    m_text->setPlaceholderText(tr("Filter by text"));
    m_text->setClearButtonEnabled(true);
    m_verbose->setToolTip(tr("Logs details that help to find faults in the program."));
    m_qlog->setToolTip(
        tr("Writes a qlog file for each new connection. The files show who communicated with whom, "
           "and when."));
    m_qlog->setWhatsThis(tr("qlog is a standard file format that records each QUIC packet of a "
                            "connection, for analysis with tools such as qvis."));
    m_table->setAccessibleName(tr("Log"));
    m_table->setFilteredModel(&workspace.log(), &m_filter, 0, TableView::Sorting::None);
    m_table->restoreLayout({16, 12, 20, 60});

    layOut();
    connectInputs();
    followEnd();
    connect(m_table, &TableView::problem, this, &LogPanel::problem);
    connect(&workspace.log(), &LogModel::categoryAdded, this, &LogPanel::updateCategories);
    updateCategories();
}

void LogPanel::layOut()
{
    auto *saveButton = new QPushButton(tr("Save …"), this);
    auto *clearButton = new QPushButton(tr("Clear"), this);
    auto *top = new QHBoxLayout;
    top->addWidget(m_level);
    top->addWidget(m_category);
    top->addWidget(m_text, 1);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_verbose);
    bottom->addWidget(m_qlog);
    bottom->addStretch(1);
    bottom->addWidget(saveButton);
    bottom->addWidget(clearButton);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    layout->addLayout(bottom);
    connect(clearButton, &QPushButton::clicked, &m_workspace.log(), &LogModel::clear);
    connect(saveButton, &QPushButton::clicked, this, &LogPanel::save);
}

void LogPanel::connectInputs()
{
    connect(m_level, &QComboBox::currentIndexChanged, &m_filter, &LogFilter::setLeastLevel);
    connect(m_category, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_filter.setCategory(index <= 0 ? QString() : m_category->itemText(index));
    });
    connect(m_text, &QLineEdit::textChanged, &m_filter, &LogFilter::setText);
    connect(m_verbose, &QCheckBox::toggled, this, &LogSink::setVerbose);
    m_qlog->setChecked(m_workspace.settings().writesQlog());
    connect(m_qlog, &QCheckBox::toggled, &m_workspace.settings(), &Settings::setWritesQlog);
    connect(&m_workspace.settings(), &Settings::windowChanged, this,
            [this] { m_qlog->setChecked(m_workspace.settings().writesQlog()); });
}

//! Unless the user has scrolled up to read.
void LogPanel::followEnd()
{
    const QScrollBar *bar = m_table->verticalScrollBar();
    connect(&m_filter, &QAbstractItemModel::rowsAboutToBeInserted, this, [this, bar] {
        const bool atEnd = bar->value() == bar->maximum();
        m_table->setProperty("followsEnd", atEnd);
    });
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_table->property("followsEnd").toBool())
            m_table->scrollToBottom();
    });
}

void LogPanel::updateCategories()
{
    const QString chosen = m_category->currentIndex() > 0 ? m_category->currentText() : QString();
    const QSignalBlocker blocker(m_category);
    m_category->clear();
    m_category->addItem(tr("All categories"));
    m_category->addItems(m_workspace.log().categories());
    m_category->setCurrentIndex(std::max(0, m_category->findText(chosen)));
}

void LogPanel::save()
{
    auto *dialog = new QFileDialog(this, tr("Save the log"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"log"_s);
    dialog->selectFile(u"qp2p.log"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &LogPanel::write);
    dialog->open();
}

void LogPanel::write(const QString &fileName)
{
    QModelIndexList rows;
    for (int row = 0; row < m_filter.rowCount(); ++row)
        rows.append(m_filter.index(row, 0));
    const QByteArray text =
        toText(rows, {LogModel::Time, LogModel::Level, LogModel::Category, LogModel::Text}).toUtf8()
        + '\n';
    QSaveFile file(fileName);
    if (!file.open(QFile::WriteOnly) || file.write(text) != text.size() || !file.commit())
        Q_EMIT problem(tr("The log could not be written to \"%1\": %2. Choose another folder.")
                           .arg(fileName, file.errorString()));
}

} // namespace Qp2p::Gui
