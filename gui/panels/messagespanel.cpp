// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <panels/messagespanel.h>

#include <panels/plaintext.h>
#include <panels/tableview.h>

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QVBoxLayout>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

enum Format { AsText, AsHex };

QComboBox *formatBox(const QString &name, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setAccessibleName(name);
    box->addItem(MessagesPanel::tr("Text"));
    box->addItem(MessagesPanel::tr("Hexadecimal"));
    return box;
}

} // namespace

MessagesPanel::MessagesPanel(Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
{
    // The list takes the width: who has said what is what people look for.
    auto *texts = new QSplitter(Qt::Vertical, this);
    texts->addWidget(makeReader());
    texts->addWidget(makeComposer());
    texts->setChildrenCollapsible(false);
    m_parts = new QSplitter(Qt::Horizontal, this); // docks at the bottom are wide and low
    m_parts->addWidget(makeList());
    m_parts->addWidget(texts);
    m_parts->setChildrenCollapsible(false);
    m_parts->setStretchFactor(0, 3);
    m_parts->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_parts);

    connect(&workspace, &Workspace::refreshed, this, &MessagesPanel::updatePeers);
    connect(&workspace.messages(), &QAbstractItemModel::dataChanged, this,
            &MessagesPanel::updateButtons);
    updatePeers();
    showChosen();
}

//! Beside the texts the list would have one column left on a small screen: there it is above them.
void MessagesPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    constexpr int enough = 110; // letters
    const bool isNarrow = width() < fontMetrics().averageCharWidth() * enough;
    m_parts->setOrientation(isNarrow ? Qt::Vertical : Qt::Horizontal);
    m_table->setMinimumHeight(isNarrow ? fontMetrics().height() * 8 : 0);
}

QWidget *MessagesPanel::makeList()
{
    m_table = new TableView(u"messages-2"_s, m_workspace.settings(), this);
    m_table->setAccessibleName(tr("Messages"));
    m_filter.setSortRole(MessageModel::SortRole);
    m_table->setFilteredModel(&m_workspace.messages(), &m_filter);
    m_table->restoreLayout({10, 7, 16, 36, 10, 18, 10, 12});
    connect(m_table, &TableView::choiceChanged, this, &MessagesPanel::messageChosen);
    connect(m_table, &TableView::problem, this, &MessagesPanel::problem);
    return m_table;
}

QWidget *MessagesPanel::makeReader()
{
    auto *side = new QWidget(this);
    m_view = formatBox(tr("How the message is shown"), side);
    m_reader = new QPlainTextEdit(side);
    m_reader->setReadOnly(true);
    m_reader->setMinimumHeight(fontMetrics().height() * 3);
    m_reader->setTabChangesFocus(true);
    m_reader->setAccessibleName(tr("Content of the message"));
    m_reader->setPlaceholderText(tr("Select a message to read it."));
    m_reader->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_save = new QPushButton(tr("Sa&ve …"), side);
    auto *top = new QHBoxLayout;
    top->addWidget(m_view);
    top->addStretch(1);
    top->addWidget(m_save);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins({});
    layout->addLayout(top);
    layout->addWidget(m_reader, 1);
    connect(m_view, &QComboBox::currentIndexChanged, this, &MessagesPanel::showChosen);
    connect(m_save, &QPushButton::clicked, this, &MessagesPanel::save);
    return side;
}

QWidget *MessagesPanel::makeComposer()
{
    auto *side = new QWidget(this);
    m_peer = new QComboBox(side);
    m_peer->setAccessibleName(tr("Peer to write to"));
    m_peer->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_peer->setMinimumContentsLength(16);
    m_peer->setPlaceholderText(tr("Choose a peer"));
    QLabel *to = plainLabel(tr("T&o:", "addressee of a message"), side);
    to->setBuddy(m_peer);
    m_format = formatBox(tr("What is written"), side);
    m_editor = new QPlainTextEdit(side);
    m_editor->setTabChangesFocus(true);
    m_editor->setMinimumHeight(fontMetrics().height() * 3);
    m_editor->setAccessibleName(tr("Message to send"));
    m_editor->setPlaceholderText(tr("Write a message."));
    m_wrong = wrappedLabel({}, side);
    m_wrong->hide();
    m_echo = new QCheckBox(tr("Echo &requests"), side);
    m_echo->setToolTip(tr("Answers each incoming request automatically with its own content."));
    m_send = new QPushButton(tr("&Send"), side);
    m_send->setToolTip(tr("Sends a message (Ctrl+Enter). The table shows when it was delivered."));
    m_request = new QPushButton(tr("Re&quest"), side);
    m_request->setToolTip(tr("Sends a request, and shows the reply and how long it took."));
    m_reply = new QPushButton(tr("Re&ply"), side);
    m_reply->setToolTip(tr("Answers the request that is selected in the table."));
    auto *top = new QHBoxLayout;
    top->addWidget(to);
    top->addWidget(m_peer, 1);
    top->addWidget(m_format);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_echo);
    buttons->addStretch(1);
    for (QPushButton *button : {m_send, m_request, m_reply})
        buttons->addWidget(button);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins({});
    layout->addLayout(top);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_wrong);
    layout->addLayout(buttons);
    connectComposer();
    return side;
}

void MessagesPanel::connectComposer()
{
    m_editor->installEventFilter(this);
    connect(m_peer, &QComboBox::currentIndexChanged, this, [this] {
        const Result<PeerId> chosen = PeerId::fromString(m_peer->currentData().toString());
        address(chosen ? *chosen : PeerId());
    });
    connect(m_editor, &QPlainTextEdit::textChanged, this, &MessagesPanel::updateButtons);
    connect(m_format, &QComboBox::currentIndexChanged, this, &MessagesPanel::updateButtons);
    connect(m_send, &QPushButton::clicked, this, [this] { send(MessageRecord::Kind::Message); });
    connect(m_request, &QPushButton::clicked, this, [this] { send(MessageRecord::Kind::Request); });
    connect(m_reply, &QPushButton::clicked, this, &MessagesPanel::reply);
    connect(m_echo, &QCheckBox::toggled, &m_workspace.host(), &NetworkHost::setEcho);
}

bool MessagesPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && (key->modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier) {
            m_send->click();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void MessagesPanel::choosePeer(const PeerId &peer)
{
    address(peer);
    m_editor->setFocus();
}

void MessagesPanel::addressConnection(quint64 id)
{
    const ConnectionSnapshot *connection = m_workspace.connections().byId(id);
    if (connection && !isWriting())
        address(connection->facts->peerId);
}

//! A row that leaves a table makes the next one current: that must not change which peer a text goes to that is
//! being written.
bool MessagesPanel::isWriting() const
{
    return window()->focusWidget() == m_editor && !m_editor->document()->isEmpty();
}

void MessagesPanel::address(const PeerId &peer)
{
    m_addressee = peer;
    fillPeers();
}

void MessagesPanel::updatePeers()
{
    if (isVisible() && !m_peer->view()->isVisible())
        fillPeers();
}

//! Those with a link, in the order of the table. The one that is chosen stays, linked or not: what is written
//! must never go to another.
void MessagesPanel::fillPeers()
{
    QList<std::pair<QString, QString>> peers;
    QString nameOfChosen;
    m_isLinked = false;
    const ConnectionModel &connections = m_workspace.connections();
    for (int row = 0; row < connections.rowCount(); ++row) {
        const ConnectionSnapshot &connection = *connections.at(row);
        const QString id = connection.facts->peerId.toString();
        const bool isThere = std::any_of(peers.begin(), peers.end(),
                                         [&](const auto &peer) { return peer.first == id; });
        const QString name = connection.facts->name.isEmpty() ? connection.address.endpointString()
                                                              : shown(connection.facts->name, 40);
        if (connection.facts->peerId == m_addressee)
            nameOfChosen = name;
        if (connection.state != ConnectionSnapshot::State::Open || isThere)
            continue;
        m_isLinked = m_isLinked || connection.facts->peerId == m_addressee;
        //: a peer's short id, and its name or address
        peers.append({id, tr("%1 (%2)").arg(shortId(connection.facts->peerId), name)});
    }
    if (!m_addressee.isNull() && !m_isLinked)
        peers.append({m_addressee.toString(),
                      nameOfChosen.isEmpty()
                          //: a peer's short id
                          ? tr("Not connected: %1").arg(shortId(m_addressee))
                          //: a peer's short id, and its name or address
                          : tr("Not connected: %1 (%2)").arg(shortId(m_addressee), nameOfChosen)});
    bool isSame = peers.size() == m_peer->count();
    for (int i = 0; isSame && i < m_peer->count(); ++i)
        isSame = m_peer->itemData(i).toString() == peers.at(i).first
            && m_peer->itemText(i) == peers.at(i).second;
    const QSignalBlocker blocker(m_peer);
    if (!isSame) {
        m_peer->clear();
        for (const auto &[id, text] : peers)
            m_peer->addItem(text, id);
    }
    m_peer->setCurrentIndex(m_addressee.isNull() ? -1 : m_peer->findData(m_addressee.toString()));
    m_peer->setPlaceholderText(peers.isEmpty() ? tr("No peer is connected") : tr("Choose a peer"));
    updateButtons();
}

Result<Message> MessagesPanel::composed() const
{
    const QString text = m_editor->toPlainText();
    if (m_format->currentIndex() == AsText)
        return Message(text.toUtf8());
    const Result<QByteArray> bytes = fromHexText(text);
    if (!bytes)
        return bytes.error();
    return Message(*bytes);
}

void MessagesPanel::updateButtons()
{
    const Result<Message> message = composed();
    m_wrong->setVisible(!message);
    m_wrong->setText(message.error().message);
    const qint64 most = qint64(m_workspace.settings().maxMessageMebibytes()) * 1024 * 1024;
    const bool hasMessage = message && message->size() > 0 && message->size() <= most;
    const bool hasPeer = !m_addressee.isNull() && m_isLinked;
    m_send->setEnabled(hasMessage && hasPeer);
    m_request->setEnabled(hasMessage && hasPeer);
    const MessageRecord *record = chosen();
    m_reply->setEnabled(hasMessage && record && record->kind == MessageRecord::Kind::Request
                        && record->direction == MessageRecord::Direction::Incoming
                        && record->status == MessageRecord::Status::Pending);
    m_save->setEnabled(record);
}

const MessageRecord *MessagesPanel::chosen() const
{
    return m_workspace.messages().at(m_table->currentSourceRow());
}

//! The next text goes to its peer.
void MessagesPanel::messageChosen()
{
    const MessageRecord *record = chosen();
    const quint64 id = record ? record->id : 0;
    if (std::exchange(m_chosenMessage, id) != id && record && !isWriting())
        address(record->peer);
    showChosen();
}

void MessagesPanel::showChosen()
{
    const MessageRecord *record = chosen();
    updateButtons();
    if (!record) {
        m_reader->clear();
        return;
    }
    const QByteArray &payload = record->message.payload();
    m_reader->setLineWrapMode(m_view->currentIndex() == AsText ? QPlainTextEdit::WidgetWidth
                                                               : QPlainTextEdit::NoWrap);
    m_reader->setPlainText(m_view->currentIndex() == AsText ? multilineText(payload, MaxShown)
                                                            : hexDump(payload, MaxShown));
}

void MessagesPanel::send(MessageRecord::Kind kind)
{
    const Result<Message> message = composed();
    if (!message || m_addressee.isNull())
        return;
    QString name;
    const ConnectionModel &connections = m_workspace.connections();
    for (int row = 0; row < connections.rowCount(); ++row) {
        if (connections.at(row)->facts->peerId == m_addressee)
            name = connections.at(row)->facts->name;
    }
    m_workspace.send(m_addressee, name, *message, kind);
    m_editor->clear();
    m_table->scrollToBottom();
}

void MessagesPanel::reply()
{
    const Result<Message> message = composed();
    const MessageRecord *record = chosen();
    if (!message || !record)
        return;
    m_workspace.reply(MessageRecord(*record), *message);
    m_editor->clear();
}

void MessagesPanel::save()
{
    const MessageRecord *record = chosen();
    if (!record)
        return;
    auto *dialog = new QFileDialog(this, tr("Save the message"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, payload = record->message.payload()](const QString &name) {
                QSaveFile file(name);
                if (!file.open(QFile::WriteOnly) || file.write(payload) != payload.size()
                    || !file.commit())
                    Q_EMIT problem(
                        tr("The message could not be written to \"%1\": %2. Choose another folder.")
                            .arg(name, file.errorString()));
            });
    dialog->open();
}

} // namespace Qp2p::Gui
