// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages: what came in, what went out, and a place to write.
#pragma once

#include <models/workspace.h>

#include <QSortFilterProxyModel>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;

namespace Qp2p::Gui {

class TableView;

class MessagesPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype MaxShown = qsizetype(64) * 1024; //!< bytes of one message

    explicit MessagesPanel(Workspace &workspace, QWidget *parent = nullptr);

    TableView &table() const { return *m_table; }
    void choosePeer(const PeerId &peer); //!< to write to, now
    //! The next text goes to the peer of connection \a id; 0 changes nothing.
    void addressConnection(quint64 id);

Q_SIGNALS:
    void problem(const QString &what);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override; //!< Ctrl+Enter sends
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeReader();
    QWidget *makeComposer();
    void connectComposer();
    bool isWriting() const;
    void address(const PeerId &peer);
    void updatePeers();
    void fillPeers();
    void updateButtons();
    void messageChosen();
    void showChosen();
    Result<Message> composed() const;
    void send(MessageRecord::Kind kind);
    void reply();
    void save();
    const MessageRecord *chosen() const;

    Workspace &m_workspace;
    QSortFilterProxyModel m_filter;
    PeerId m_addressee; //!< null: none is chosen
    bool m_isLinked = false; //!< the addressee
    quint64 m_chosenMessage = 0;
    QSplitter *m_parts;
    TableView *m_table;
    QComboBox *m_view;
    QPlainTextEdit *m_reader;
    QPushButton *m_save;
    QComboBox *m_peer;
    QComboBox *m_format;
    QPlainTextEdit *m_editor;
    QCheckBox *m_echo;
    QLabel *m_wrong;
    QPushButton *m_send;
    QPushButton *m_request;
    QPushButton *m_reply;
};

} // namespace Qp2p::Gui
