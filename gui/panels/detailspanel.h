// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is known of one connection.
#pragma once

#include <models/workspace.h>

#include <QTabWidget>

class QComboBox;
class QLabel;
class QTreeWidget;

namespace Qp2p::Gui {

class CertificateTree;
class FieldList;
class LongValue;
class Plot;

//! \brief Overview, statistics with plots, certificates and path of the connection that was chosen.
class DetailsPanel : public QTabWidget
{
    Q_OBJECT

public:
    explicit DetailsPanel(Workspace &workspace, QWidget *parent = nullptr);

    void choose(quint64 id); //!< 0: none

private:
    QWidget *makeOverview();
    QWidget *makeStatistics();
    QWidget *makeCertificates();
    QWidget *makePath();
    void refresh();
    void showOverview(const ConnectionSnapshot &row);
    void showFigures(const ConnectionSnapshot &row);
    void showCertificates(const ConnectionSnapshot &row);
    void showDetails(const ConnectionDetails &details);

    Workspace &m_workspace;
    quint64 m_id = 0;

    QLabel *m_nothing;
    FieldList *m_fields;
    LongValue *m_peerId;
    QLabel *m_name;
    QLabel *m_address;
    QLabel *m_state;
    QLabel *m_link;
    QLabel *m_agent;
    QLabel *m_opened;
    QLabel *m_security;
    LongValue *m_qlog;

    QComboBox *m_span;
    Plot *m_rttPlot;
    Plot *m_windowPlot;
    Plot *m_ratePlot;
    QLabel *m_rtt;
    QLabel *m_window;
    QLabel *m_packets;
    QLabel *m_messages;
    QLabel *m_queues;
    QLabel *m_mtu;

    QLabel *m_acceptance;
    CertificateTree *m_chain;
    QTreeWidget *m_path;
};

//! \brief The spans that plots can show, in seconds as the items' data.
QComboBox *makeSpanBox(QWidget *parent);
//! Shows sizes and rates in \a units, with axes that are round in them.
void showBytes(Plot *plot, Units units);
void showRates(Plot *plot, Units units);

} // namespace Qp2p::Gui
