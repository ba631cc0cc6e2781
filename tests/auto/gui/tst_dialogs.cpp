// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The dialogs: first steps, joining, certificates, identity, settings, a changed key.
#include <desktop/desktopapp.h>
#include <dialogs/blockeddialog.h>
#include <dialogs/certificatesdialog.h>
#include <dialogs/contactsdialog.h>
#include <dialogs/firststeps.h>
#include <dialogs/joindialog.h>
#include <dialogs/keychangedquestion.h>
#include <dialogs/settingsdialog.h>
#include <mainwindow.h>
#include <panels/cachepanel.h>
#include <panels/certificatetree.h>
#include <panels/connectionspanel.h>
#include <panels/detailspanel.h>
#include <panels/identitywidget.h>
#include <panels/messagespanel.h>
#include <panels/messagestrip.h>
#include <panels/modewidget.h>
#include <panels/plaintext.h>
#include <panels/plot.h>
#include <panels/tableview.h>
#include <qp2pcore/authority.h>
#include <shared/gui/hostiletexts.h>
#include <shared/gui/rows.h>
#include <shared/gui/windows.h>

#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUdpSocket>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_Dialogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstStepsLeadToANetwork();
    void firstStepsWaitForWhatIsMissing();
    void theQuestionAboutAKeyWaitsForTheUser();
    void contactsAreCheckedWhileTheyAreWritten();
    void joiningIsShownAndCancelled();
    void modesSayWhomTheyKeepOut();
    void identityIsExportedImportedAndMadeAnew();
    void rubbishAsIdentityIsRefused();
    void settingsAreAppliedWithOneJoin();
};

void tst_Dialogs::firstStepsLeadToANetwork()
{
    QTemporaryDir folder;
    DesktopApp app(openProfile(folder, false));
    app.start(DesktopApp::Start::Shown);
    QTRY_VERIFY(visibleChild<FirstSteps>(app.window()));
    FirstSteps *steps = visibleChild<FirstSteps>(app.window());
    const Profile &profile = app.workspace().profile();
    QVERIFY(!profile.identity().isNull()); // made on the way
    const PeerId peerId = profile.identity().peerId();
    QString texts;
    for (const QLabel *label : steps->findChildren<QLabel *>())
        texts += label->text();
    QVERIFY(texts.contains(peerId.toString()));
    QVERIFY(!steps->findChild<CertificateTree *>()); // its fields are one click away
    auto *name = visibleChild<QLineEdit>(steps);
    QVERIFY(name);
    QTest::keyClicks(name, u"Anna"_s);
    steps->next();
    QCOMPARE(nameInCertificate(profile.identity().certificates().first()), u"Anna"_s);
    QCOMPARE(profile.identity().peerId(), peerId);
    // What cannot work is not offered, and no peer is there that a choice could refuse.
    QVERIFY(!steps->mode().findChildren<QRadioButton *>().at(2)->isEnabled());
    QVERIFY(steps->mode().findChildren<QRadioButton *>().at(1)->isEnabled());
    QCoreApplication::processEvents();
    QVERIFY2(steps->mode().consequence().isEmpty(), qPrintable(steps->mode().consequence()));
    QVERIFY(steps->mode().policy().mode() == CertificateMode::EncryptOnly);
    steps->next();
    QTest::keyClicks(&steps->networkName(), u"friends"_s);
    QCOMPARE(steps->button(QWizard::FinishButton)->isEnabled(), true);
    steps->button(QWizard::FinishButton)->click();
    QTRY_COMPARE(app.workspace().host().state(), Network::State::Joined);
    QVERIFY(app.workspace().settings().wasSetUp());
    QCOMPARE(app.workspace().settings().networkName(), u"friends"_s);
}

void tst_Dialogs::firstStepsWaitForWhatIsMissing()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder, false));
    FirstSteps steps(workspace);
    steps.show();
    steps.next();
    QTest::mouseClick(steps.mode().findChildren<QRadioButton *>().at(1), Qt::LeftButton, {},
                      QPoint(8, 8));
    QVERIFY(!steps.mode().problem().isEmpty());
    QVERIFY(!steps.button(QWizard::NextButton)->isEnabled());
    steps.mode().setPolicy(CertificatePolicy::encryptOnly());
    steps.next();
    steps.contacts().setText(u"192.0.2.1"_s);
    QVERIFY(!steps.button(QWizard::FinishButton)->isEnabled());
    steps.reject();
    QVERIFY(!workspace.settings().wasSetUp());
}

void tst_Dialogs::theQuestionAboutAKeyWaitsForTheUser()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    workspace.join({});
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    const auto old = Identity::generate();
    const PeerAddress at(QHostAddress(u"192.0.2.9"_s), 12000, old->peerId());
    workspace.host().addToCache({at});
    QTRY_COMPARE(workspace.cache().rowCount(), 1);
    BootstrapCache::Entry known = *workspace.cache().at(0);
    known.certificate = old->certificates().first();
    Error error(ErrorCode::PeerIdMismatch, u"Another key."_s);
    const auto come = [&](const Identity &identity) {
        error.peerCertificates = identity.certificates();
        QCOMPARE(KeyChangedQuestion::newPeerId(error), identity.peerId());
        Q_EMIT workspace.host().peerKeyChanged(known, error);
    };
    MainWindow window(workspace);
    window.show();
    const auto strip = [&] { return window.strip().text(); };
    const auto fresh = Identity::generate();
    for (int i = 0; i < 100; ++i) // again and again: one question
        come(*fresh);
    QCOMPARE(workspace.keyQuestions().size(), 1);
    QVERIFY(!visibleChild<KeyChangedQuestion>(&window)); // somebody may be typing
    QCOMPARE(strip(), KeyChangedQuestion::summary(old->peerId(), fresh->peerId()));
    button(&window.strip(), u"Decide …"_s)->click();
    auto *question = visibleChild<KeyChangedQuestion>(&window);
    QVERIFY(question);
    QString texts;
    for (const QLabel *label : question->findChildren<QLabel *>())
        texts += label->text() + u'\n';
    for (const QPlainTextEdit *value : question->findChildren<QPlainTextEdit *>())
        texts += value->toPlainText() + u'\n';
    QVERIFY(texts.contains(at.endpointString()));
    for (const Identity &identity : {*old, *fresh}) {
        QVERIFY(texts.contains(identity.peerId().toString()));
        QVERIFY(texts.contains(
            CertificateInfo::fromDer(identity.certificates().first())->fingerprintText()));
    }
    QTest::keyClick(question, Qt::Key_Escape); // later
    QCOMPARE(workspace.keyQuestions().size(), 1);
    QTRY_VERIFY(!visibleChild<KeyChangedQuestion>(&window));
    button(&window.strip(), u"Decide …"_s)->click();
    QTest::keyClick(visibleChild<KeyChangedQuestion>(&window), Qt::Key_Return); // no
    QVERIFY(workspace.keyQuestions().isEmpty());
    QVERIFY(strip().isEmpty());
    QVERIFY(workspace.settings().refusesKey(old->peerId(), fresh->peerId()));
    come(*fresh);
    QVERIFY(workspace.keyQuestions().isEmpty());

    const auto blocked = Identity::generate();
    come(*blocked);
    button(&window.strip(), u"Decide …"_s)->click();
    button(visibleChild<KeyChangedQuestion>(&window), u"Block the new key"_s)->click();
    QTRY_COMPARE(workspace.host().blockedPeers(), QList<PeerId>{blocked->peerId()});

    // A hostile peer has more keys than any owner of a node.
    for (int i = 0; i < 2 * Workspace::MaxKeyQuestions; ++i)
        come(*Identity::generate());
    QCOMPARE(workspace.keyQuestions().size(), Workspace::MaxKeyQuestions);
    for (int i = 0; i < 2 * MessageStrip::Most; ++i) // a question is not pushed out
        window.strip().show(QString::number(i), MessageStrip::Kind::Problem);
    while (!workspace.keyQuestions().isEmpty()) {
        const Workspace::KeyQuestion open = workspace.keyQuestions().first();
        workspace.answerKeyQuestion(open.known.peerId, open.newId, Workspace::KeyAnswer::Refuse);
    }

    const auto trusted = Identity::generate();
    come(*trusted);
    window.askAboutKey(old->peerId(), trusted->peerId());
    button(visibleChild<KeyChangedQuestion>(&window), u"Trust the new key"_s)->click();
    QTRY_COMPARE(workspace.cache().rowCount(), 0); // the old key is no longer pinned

    error.peerCertificates = {QByteArray("rubbish")};
    KeyChangedQuestion unreadable(workspace, known, error);
    QVERIFY(!button(&unreadable, u"Trust the new key"_s)->isEnabled());
}

void tst_Dialogs::contactsAreCheckedWhileTheyAreWritten()
{
    ContactsDialog dialog(u"Title"_s, u"Explanation"_s, ContactsDialog::Need::PeerIdAndIpAddress);
    dialog.show();
    const QPushButton *ok = dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
    QVERIFY(!ok->isEnabled());
    dialog.editor().setText(u"192.0.2.1:1"_s);
    QVERIFY(!ok->isEnabled()); // no peer id
    dialog.editor().setText(peerIdOf(1).toString() + u"@192.0.2.1:1\nrubbish"_s);
    QVERIFY(!ok->isEnabled());
    QString problem;
    for (const QLabel *label : dialog.findChildren<QLabel *>())
        problem += label->text();
    QVERIFY2(problem.contains(u"Line 2:"_s), qPrintable(problem));
    dialog.editor().setText(peerIdOf(1).toString() + u"@192.0.2.1:1"_s);
    QVERIFY(ok->isEnabled());
    QCOMPARE(dialog.contacts().size(), 1);
}

void tst_Dialogs::joiningIsShownAndCancelled()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    JoinDialog dialog(workspace);
    dialog.show();
    QUdpSocket silent; // somebody who never answers
    QVERIFY(silent.bind(QHostAddress::LocalHost));
    dialog.editor().setText(u"127.0.0.1:%1"_s.arg(silent.localPort()));
    QTest::keyClick(&dialog, Qt::Key_Return, Qt::NoModifier);
    button(&dialog, u"Join"_s)->click();
    QTRY_COMPARE(workspace.candidates().rowCount(), 1);
    QTRY_COMPARE(workspace.candidates().index(0, CandidateModel::State).data().toString(),
                 u"Dialling …"_s);
    QTRY_VERIFY(button(&dialog, u"Cancel join"_s)->isEnabled());
    QVERIFY(!button(&dialog, u"Join"_s)->isEnabled());
    button(&dialog, u"Cancel join"_s)->click();
    QTRY_VERIFY(button(&dialog, u"Join"_s)->isEnabled());
}

void tst_Dialogs::modesSayWhomTheyKeepOut()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    const auto ours = Authority::create(u"ours"_s);
    const auto anna = ours->issue({u"anna"_s});
    QVERIFY(workspace.profile().replaceIdentity(*ours->issue({u"me"_s})).isOk());
    const QString file = folder.filePath(u"ours.pem"_s);
    QFile pem(file);
    QVERIFY(pem.open(QFile::WriteOnly));
    pem.write(ours->certificatePem());
    pem.close();
    const auto row = [](quint64 id, const Identity &identity) {
        ConnectionSnapshot made = connectionRow(id);
        auto facts = std::make_shared<ConnectionFacts>(*made.facts);
        facts->peerId = identity.peerId();
        facts->certificates = identity.certificates();
        made.facts = facts;
        return made;
    };
    workspace.connections().update({row(1, *anna), row(2, *Identity::generate())});

    CertificatesDialog dialog(workspace);
    dialog.show();
    ModeWidget &mode = dialog.mode();
    QTRY_COMPARE(mode.consequence(), u"All 2 connected peers would be accepted."_s);
    QPushButton *apply = button(&dialog, u"Apply"_s);
    QVERIFY(!apply->isEnabled()); // nothing has changed
    mode.setPolicy(CertificatePolicy::privateAuthority({file}, u"ours"_s));
    QTRY_VERIFY2(mode.consequence().contains(u"1 connected peer"_s), qPrintable(mode.consequence()));
    QVERIFY(!mode.consequence().contains(u"refuse this machine"_s));
    QVERIFY(workspace.settings().certificatePolicy().mode() == CertificateMode::EncryptOnly);
    QVERIFY(apply->isEnabled());
    mode.setPolicy(CertificatePolicy::privateAuthority({file}, u"theirs"_s));
    QTRY_VERIFY2(mode.consequence().contains(u"refuse this machine"_s),
                 qPrintable(mode.consequence()));
    mode.setPolicy(CertificatePolicy::privateAuthority({folder.filePath(u"gone.pem"_s)}));
    QVERIFY(mode.problem().contains(u"gone.pem"_s));
    QVERIFY(!apply->isEnabled());
    mode.setPolicy(CertificatePolicy::privateAuthority({file}, u"ours"_s));
    apply->click();
    QVERIFY(workspace.settings().certificatePolicy()
            == CertificatePolicy::privateAuthority({file}, u"ours"_s));
    QVERIFY(!apply->isEnabled());
}

void tst_Dialogs::identityIsExportedImportedAndMadeAnew()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    IdentityWidget widget(workspace);
    widget.show();
    const PeerId first = workspace.profile().identity().peerId();
    QVERIFY(!first.isNull());
    const QString exported = folder.filePath(u"certificate.pem"_s);
    widget.exportTo(exported);
    QFile file(exported);
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray pem = file.readAll();
    QVERIFY(pem.contains("BEGIN CERTIFICATE") && !pem.contains("PRIVATE KEY"));

    button(&widget, u"New identity …"_s)->click(); // asks first
    auto *question = visibleChild<QMessageBox>(&widget);
    QVERIFY(question);
    QTest::keyClick(question, Qt::Key_Return);
    QCOMPARE(workspace.profile().identity().peerId(), first);
    widget.generate();
    QVERIFY(workspace.profile().identity().peerId() != first);

    const auto other = Identity::generate();
    const QString saved = folder.filePath(u"other.pem"_s);
    QVERIFY(other->save(saved).isOk());
    widget.importFrom(saved);
    QCOMPARE(workspace.profile().identity().peerId(), other->peerId());
}

void tst_Dialogs::rubbishAsIdentityIsRefused()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    IdentityWidget widget(workspace);
    const PeerId before = workspace.profile().identity().peerId();
    QSignalSpy problem(&widget, &IdentityWidget::problem);
    const QList<QByteArray> rubbish{
        "", "rubbish", QByteArray(100'000, 'x'),
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        workspace.profile().identity().certificatePem()};
    for (const QByteArray &bytes : rubbish) {
        const QString name = folder.filePath(u"rubbish.pem"_s);
        QFile file(name);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(bytes);
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        widget.importFrom(name);
        QCOMPARE(workspace.profile().identity().peerId(), before);
    }
    widget.importFrom(folder.filePath(u"gone.pem"_s));
    QCOMPARE(problem.size(), rubbish.size() + 1);
}

void tst_Dialogs::settingsAreAppliedWithOneJoin()
{
    QTemporaryDir folder;
    Workspace workspace(openProfile(folder));
    workspace.join({});
    QTRY_COMPARE(workspace.host().state(), Network::State::Joined);
    QSignalSpy started(&workspace.host(), &NetworkHost::started);
    SettingsDialog dialog(workspace);
    dialog.show();
    QPushButton *apply = dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Apply);
    const auto spins = dialog.findChildren<QSpinBox *>();
    for (QSpinBox *spin : spins) {
        if (spin->suffix() == u" MiB")
            spin->setValue(32);
        else if (spin->maximum() == 64)
            spin->setValue(4);
    }
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->text() == u"External port, IPv&4:")
            qobject_cast<QSpinBox *>(label->buddy())->setValue(22000);
    }
    apply->click();
    QTRY_COMPARE(started.size(), 1);
    QCOMPARE(workspace.settings().maxMessageMebibytes(), 32);
    QCOMPARE(workspace.settings().wantedLinks(), 4);
    QCOMPARE(workspace.settings().externalPort(QAbstractSocket::IPv4Protocol), quint16(22000));
    QCOMPARE(workspace.settings().externalPort(QAbstractSocket::IPv6Protocol), quint16(0));
    for (QComboBox *box : dialog.findChildren<QComboBox *>()) {
        if (box->findText(u"Dark"_s) >= 0)
            box->setCurrentText(u"Dark"_s);
    }
    apply->click(); // concerns the window alone
    QVERIFY(commandsAreDone(workspace));
    QCOMPARE(workspace.host().lastSnapshot().status.state, Network::State::Joined);
    QCOMPARE(started.size(), 1);
    QCOMPARE(workspace.settings().appearance(), Settings::Appearance::Dark);
}

QTEST_MAIN(tst_Dialogs)
#include "tst_dialogs.moc"
