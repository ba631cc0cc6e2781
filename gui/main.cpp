// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p-desktop: joins peer-to-peer networks and shows what happens in them.

#include <desktop/demonetwork.h>
#include <desktop/desktopapp.h>
#include <desktop/singleinstance.h>
#include <desktop/symbolicicon.h>

#include <qp2pcore/tools/shared/coredumps.h>
#include <qp2pcore/tools/shared/stopsignals.h>
#include <qp2pcore/version.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>
#include <QTemporaryDir>

#include <cstdio>
#include <memory>
#include <optional>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

namespace {

struct MainText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::Main)
};

int fail(const Error &error)
{
    std::fprintf(stderr, "qp2p-desktop: %s\n", qPrintable(error.message));
    QMessageBox box(QMessageBox::Critical, MainText::tr("QP2P cannot start"), {},
                    QMessageBox::Close);
    box.setTextFormat(Qt::PlainText);
    box.setText(error.message);
    box.exec(); // there is no window and no network yet that could wait for it
    return 1;
}

//! What was asked for on the command line.
struct Options
{
    QString directory; //!< of the profile; not of the demo's
    bool isDemo = false;
    DesktopApp::Start start = DesktopApp::Start::Shown;
};

//! None where the arguments are wrong, after that was reported. Ends the program after --help and --version.
std::optional<Options> parseArguments(const QCoreApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        MainText::tr("Joins peer-to-peer networks over QUIC, and shows what happens in them."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption profileOption(
        u"profile"_s,
        MainText::tr(
            "The folder of the profile: settings, identity and bootstrap cache of one network."),
        u"DIR"_s);
    const QCommandLineOption demoOption(
        u"demo"_s,
        MainText::tr(
            "Shows a small network on this machine, in a profile that is gone afterwards."));
    const QCommandLineOption hiddenOption(
        u"hidden"_s, MainText::tr("Starts in the tray, where the profile's settings use it."));
    parser.addOptions({profileOption, demoOption, hiddenOption});
    parser.process(app);
    QString problem;
    if (!parser.positionalArguments().isEmpty())
        problem = MainText::tr("qp2p-desktop takes no argument \"%1\". See --help.")
                      .arg(parser.positionalArguments().first());
    else if (parser.isSet(demoOption) && parser.isSet(profileOption))
        problem = MainText::tr("--demo has a profile of its own. Leave out --profile.");
    if (!problem.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(problem));
        return {};
    }
    return Options{
        parser.isSet(profileOption) ? parser.value(profileOption)
                                    : Profile::directoryFor(u"default"_s),
        parser.isSet(demoOption),
        parser.isSet(hiddenOption) ? DesktopApp::Start::InTray : DesktopApp::Start::Shown,
    };
}

void nameApplication()
{
    QCoreApplication::setApplicationName(u"qp2p-desktop"_s);
    QCoreApplication::setApplicationVersion(versionString());
    QGuiApplication::setApplicationDisplayName(u"QP2P"_s);
    QGuiApplication::setDesktopFileName(DesktopApp::applicationId());
    useResources();
    QApplication::setWindowIcon(QIcon(u":/icons/org.qp2p.desktop.svg"_s));
}

int run(const Options &options)
{
    std::optional<QTemporaryDir> demoFolder;
    QString directory = options.directory;
    if (options.isDemo) {
        demoFolder.emplace();
        directory = demoFolder->filePath(u"demo"_s);
    }
    Result<std::unique_ptr<Profile>> profile = Profile::open(directory);
    if (!profile && profile.error().code == ErrorCode::WrongState
        && SingleInstance::raiseOther(directory))
        return 0;
    if (!profile)
        return fail(profile.error());

    std::unique_ptr<DemoNetwork> demo;
    if (options.isDemo) {
        auto started = DemoNetwork::start(**profile);
        if (!started)
            return fail(started.error());
        demo = std::move(started).value();
    }
    SingleInstance instance(directory);
    DesktopApp desktop(std::move(profile).value());
    QObject::connect(&instance, &SingleInstance::raiseWanted, &desktop, &DesktopApp::raiseWindow);
    instance.listen();
    // The end of a session, or "kill": settings and cache are saved, peers are notified.
    StopSignals signalsToStop(StopSignals::Hangup::Stops);
    QObject::connect(&signalsToStop, &StopSignals::stopRequested, &desktop, &DesktopApp::quit);
    desktop.start(options.start);
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    forbidCoreDumps();
    QApplication app(argc, argv);
    nameApplication();
    Language language;
    language.use({});
    const std::optional<Options> options = parseArguments(app);
    if (!options)
        return 2;
    if (const Result<void> runtime = checkRuntime(); !runtime)
        return fail(runtime.error());
    return run(*options);
}
