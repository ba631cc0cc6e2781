// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The subcommands: each takes its own words of the command line, its name first.
#pragma once

#include <QStringList>

int runListen(const QStringList &arguments);
int runSend(const QStringList &arguments);
int runRequest(const QStringList &arguments);
int runPing(const QStringList &arguments);
int runPerf(const QStringList &arguments);
int runInspect(const QStringList &arguments);
int runAuthority(const QStringList &arguments);
int runNode(const QStringList &arguments);
int runStatus(const QStringList &arguments);
int runCache(const QStringList &arguments);
int runIdentity(const QStringList &arguments);
int runPeers(const QStringList &arguments);
int runConnect(const QStringList &arguments);
int runDisconnect(const QStringList &arguments);
int runBlock(const QStringList &arguments);
int runUnblock(const QStringList &arguments);
int runBlocked(const QStringList &arguments);
