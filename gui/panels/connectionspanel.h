// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The table of peers and their connections with its filter.
#pragma once

#include <models/connectionfilter.h>
#include <models/peermodel.h>
#include <models/workspace.h>

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;

namespace Qp2p::Gui {

class TableView;

class ConnectionsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionsPanel(Workspace &workspace, QWidget *parent = nullptr);

    TableView &table() const { return *m_table; }
    //! Disconnect, block, copy, export: for menus. They follow the selection.
    QAction *disconnectAction() const { return m_disconnect; }
    QAction *blockAction() const { return m_block; }
    QAction *copyAddressAction() const { return m_copyAddress; }
    QAction *copyPeerIdAction() const { return m_copyPeerId; }
    void focusFilter();
    PeerId currentPeer() const; //!< null where there is none

Q_SIGNALS:
    void connectionChosen(quint64 id); //!< 0: none
    void problem(const QString &what);

private:
    void setUpTable();
    void setUpActions();
    void layOut();
    void restoreFilter();
    void refresh();
    void updateActions();
    QModelIndexList selectedPeers() const; //!< each once, also for rows below it
    void disconnectSelected();
    void blockSelected();
    void copyAddresses();
    void copyPeerIds();

    Workspace &m_workspace;
    PeerModel m_peers;
    ConnectionFilter m_filter;
    QLineEdit *m_text;
    QComboBox *m_shown;
    QLabel *m_count;
    TableView *m_table;
    QLabel *m_empty;
    QAction *m_disconnect;
    QAction *m_block;
    QAction *m_copyAddress;
    QAction *m_copyPeerId;
    quint64 m_chosen = 0;
};

} // namespace Qp2p::Gui
