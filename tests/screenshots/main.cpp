// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Opens every window of the desktop app on a real display, with a small network behind it, and takes a
// picture of each. See screenshots.sh.

#include <desktop/demonetwork.h>
#include <desktop/desktopapp.h>
#include <desktop/symbolicicon.h>
#include <dialogs/blockeddialog.h>
#include <dialogs/certificatesdialog.h>
#include <dialogs/contactsdialog.h>
#include <dialogs/firststeps.h>
#include <dialogs/joindialog.h>
#include <dialogs/keychangedquestion.h>
#include <dialogs/settingsdialog.h>
#include <mainwindow.h>
#include <models/history.h>
#include <panels/connectionspanel.h>
#include <panels/detailspanel.h>
#include <panels/messagespanel.h>
#include <panels/messagestrip.h>
#include <panels/modewidget.h>
#include <panels/tableview.h>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

namespace {

QString folder;
int failures = 0;

void check(bool good, const char *what)
{
    if (good)
        return;
    std::fprintf(stderr, "screenshots: %s\n", what);
    ++failures;
}

bool until(const std::function<bool()> &condition, int seconds = 60)
{
    return QTest::qWaitFor(condition, seconds * 1000);
}

void take(QWidget *window, const QString &name)
{
    window->raise();
    QCoreApplication::processEvents();
    QTest::qWait(120); // until the server has painted it
    const QPixmap picture = window->screen()->grabWindow(window->winId());
    check(!picture.isNull() && picture.save(folder + u'/' + name + u".png"_s),
          "a picture was not saved");
}

void takeTabs(QWidget *window, const QString &name)
{
    auto *tabs = window->findChild<QTabWidget *>();
    for (int i = 0; i < tabs->count(); ++i) {
        tabs->setCurrentIndex(i);
        QTest::qWait(400);
        take(window, u"%1-%2"_s.arg(name).arg(i + 1));
    }
}

template<typename Widget>
Widget *shown(QWidget *parent)
{
    Widget *found = nullptr;
    check(until([&] {
              found = nullptr;
              for (Widget *widget : parent->findChildren<Widget *>()) {
                  if (widget->isVisible())
                      found = widget;
              }
              return found != nullptr;
          }),
          "a window did not open");
    return found;
}

void takeFirstSteps(Settings::Appearance appearance, const QString &language)
{
    QTemporaryDir home;
    auto profile = Profile::open(home.filePath(u"first"_s));
    check(profile.isOk(), "no profile");
    profile.value()->settings().setAppearance(appearance);
    profile.value()->settings().setLanguage(language);
    DesktopApp app(std::move(profile).value());
    app.start(DesktopApp::Start::Shown);
    auto *steps = shown<FirstSteps>(app.window());
    take(steps, u"first-steps-1"_s);
    steps->next();
    take(steps, u"first-steps-2"_s);
    steps->next();
    steps->contacts().setText(u"192.0.2.7:12000\nexample.org:12000\n192.0.2.8"_s);
    take(steps, u"first-steps-3"_s);
    steps->close();
}

void takeNetwork(Settings::Appearance appearance, const QString &language)
{
    QTemporaryDir home;
    auto profile = Profile::open(home.filePath(u"demo"_s));
    check(profile.isOk(), "no profile");
    profile.value()->settings().setAppearance(appearance);
    profile.value()->settings().setLanguage(language);
    profile.value()->settings().setWritesQlog(true);
    auto demo = DemoNetwork::start(**profile);
    check(demo.isOk(), "no network");
    DesktopApp app(std::move(profile).value());
    app.start(DesktopApp::Start::Shown);
    MainWindow *window = app.window();
    Workspace &workspace = app.workspace();
    check(until([&] {
              return workspace.host().lastSnapshot().status.peers() >= 5
                  && workspace.cache().rowCount() >= 4
                  && workspace.host().lastSnapshot().status.ipv4.reachability.state
                  == Reachability::State::Reachable;
          }),
          "the network was not joined");
    const auto traffic = [&](int row) {
        const ConnectionSnapshot *connection = workspace.connections().at(row);
        if (connection && connection->state == ConnectionSnapshot::State::Open)
            workspace.send(connection->facts->peerId, connection->facts->name,
                           Message(QByteArray(200'000, 'm')), MessageRecord::Kind::Message);
    };
    window->connectionsPanel().table().selectSourceRow(0);
    for (int second = 0; second < 25; ++second) {
        traffic(second % 3);
        QTest::qWait(700);
    }
    const PeerId peer = workspace.connections().at(0)->facts->peerId;
    workspace.send(peer, workspace.connections().at(0)->facts->name, Message("Is anybody there?"),
                   MessageRecord::Kind::Request);
    QTest::qWait(1500);
    TableView &table = window->connectionsPanel().table();
    table.expand(table.model()->index(0, 0));
    take(window, u"network"_s);

    auto *details = window->findChild<DetailsPanel *>();
    for (int i = 0; i < details->count(); ++i) {
        details->setCurrentIndex(i);
        QTest::qWait(1200);
        take(window, u"details-%1"_s.arg(i + 1));
    }
    details->setCurrentIndex(1);
    for (const QString &dock : {u"cache"_s, u"messages"_s, u"log"_s, u"throughput"_s}) {
        window->raiseDock(dock);
        QTest::qWait(1200);
        if (dock == u"messages") {
            window->messagesPanel().choosePeer(peer);
            window->messagesPanel().table().selectSourceRow(workspace.messages().rowCount() - 1);
        }
        take(window, dock);
    }

    window->showJoin();
    auto *join = shown<JoinDialog>(window);
    join->editor().setText(u"127.0.0.9:9\n192.0.2.1:99999\nexample.org"_s);
    take(join, u"join-wrong"_s);
    join->editor().setText(u"127.0.0.9:9\n127.0.0.2:12000"_s);
    workspace.join(join->editor().contacts());
    QTest::qWait(600);
    take(join, u"join"_s);
    join->close();

    window->showCertificates();
    auto *certificates = shown<CertificatesDialog>(window);
    takeTabs(certificates, u"certificates"_s);
    certificates->mode().setPolicy(CertificatePolicy::agreedAuthority());
    certificates->findChild<QTabWidget *>()->setCurrentIndex(0);
    QTest::qWait(2000);
    take(certificates, u"certificates-consequence"_s);
    certificates->close();

    window->showSettings();
    auto *settings = shown<SettingsDialog>(window);
    takeTabs(settings, u"settings"_s);
    settings->close();

    window->connectionsPanel().blockAction()->trigger();
    auto *question = shown<QDialog>(window);
    take(question, u"question"_s);
    question->close();

    BootstrapCache::Entry entry;
    check(workspace.cache().at(0) != nullptr, "the cache is empty");
    entry = *workspace.cache().at(0);
    Error changed(ErrorCode::PeerIdMismatch, {});
    changed.peerCertificates = workspace.profile().identity().certificates();
    KeyChangedQuestion key(workspace, entry, changed, window);
    key.show();
    take(&key, u"key-changed"_s);
    key.close();

    window->strip().show(
        u"The settings could not be written to \"/home/anna/settings.ini\". Make that "
        "folder writable and its disk not full."_s,
        MessageStrip::Kind::Problem);
    window->showBlocked();
    auto *blocked = shown<BlockedDialog>(window);
    take(blocked, u"blocked"_s);
    blocked->close();
    window->showAbout();
    take(shown<QDialog>(window), u"about"_s);
    take(window, u"strip"_s);
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    if (argc < 3) {
        std::fprintf(stderr, "Usage: screenshots FOLDER light|dark [LANGUAGE]\n");
        return 2;
    }
    folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    useResources();
    QApplication::setWindowIcon(QIcon(u":/icons/org.qp2p.desktop.svg"_s));
    const bool isDark = qstrcmp(argv[2], "dark") == 0;
    const QString language = argc > 3 ? QString::fromLatin1(argv[3]) : u"en"_s;
    const auto appearance = isDark ? Settings::Appearance::Dark : Settings::Appearance::Light;
    takeFirstSteps(appearance, language);
    takeNetwork(appearance, language);
    return failures == 0 ? 0 : 1;
}
