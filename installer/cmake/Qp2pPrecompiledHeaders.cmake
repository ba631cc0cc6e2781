# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# Precompiled headers: most of the time of a build goes into the headers of Qt, of which every file
# reads the same ones. Only headers of others are in them, so that a change of ours rebuilds no more than
# before. Every file still includes what it uses: tests/nightly.sh builds without them.

option(QP2P_PRECOMPILED_HEADERS "Precompile the headers of Qt and the standard library" ON)
add_feature_info(precompiled-headers QP2P_PRECOMPILED_HEADERS "headers of Qt are compiled once for each part")

set(QP2P_CORE_HEADERS
    <QByteArray> <QByteArrayView> <QCoreApplication> <QDateTime> <QDir> <QFile> <QFileInfo> <QHash>
    <QJsonArray> <QJsonDocument> <QJsonObject> <QList> <QMetaType> <QObject> <QPointer> <QRegularExpression>
    <QSet> <QSharedDataPointer> <QString> <QStringList> <QTimer> <QtEndian>
    <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <utility> <variant> <vector>)
set(QP2P_NETWORK_HEADERS ${QP2P_CORE_HEADERS}
    <QFuture> <QFutureWatcher> <QHostAddress> <QPromise> <QThread> <QUdpSocket>)
set(QP2P_WIDGETS_HEADERS ${QP2P_NETWORK_HEADERS}
    <QAbstractTableModel> <QAction> <QApplication> <QDialog> <QDialogButtonBox> <QFileDialog> <QFormLayout>
    <QHeaderView> <QIcon> <QLabel> <QMainWindow> <QMenu> <QMessageBox> <QPainter> <QPushButton>
    <QSortFilterProxyModel> <QTableView> <QTreeView> <QVBoxLayout>)

# qp2p_precompile(<target> <header>...)
#
# Precompiles the headers for one target.
function(qp2p_precompile target)
    if(QP2P_PRECOMPILED_HEADERS)
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()

# qp2p_precompile_as(<target> <other target>)
#
# Uses those of another target, which must be compiled with the same options and definitions.
function(qp2p_precompile_as target other)
    if(QP2P_PRECOMPILED_HEADERS)
        target_precompile_headers(${target} REUSE_FROM ${other})
    endif()
endfunction()
