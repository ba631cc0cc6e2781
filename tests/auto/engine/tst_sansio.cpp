// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The engine is sans-IO: its compiled objects refer to no socket, clock, thread, timer or file. What
// the libraries below it do by themselves does not show here (GnuTLS has random bytes of its own).

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

namespace {

// One rule for each way out of "bytes and time in, bytes, events and a deadline out".
struct Rule
{
    const char *name;
    const char *pattern; // of a demangled symbol, or of a C function
};

constexpr Rule Rules[] = {
    {"sockets",
     "^(socket|bind|connect|listen|accept4?|send|sendto|sendmsg|sendmmsg|recv|recvfrom|recvmsg|"
     "recvmmsg|getsockopt|setsockopt|getsockname|getpeername|getaddrinfo|gethostbyname|poll|ppoll|"
     "select|epoll_\\w+|ioctl|if_nametoindex|getifaddrs)$"},
    {"clocks",
     "^(clock_gettime|clock_getres|clock|time|gettimeofday|ftime|localtime(_r)?|gmtime(_r)?|"
     "timerfd_\\w+|timer_\\w+|setitimer|alarm|nanosleep|usleep|sleep|clock_nanosleep)$|"
     "std::chrono::_V2::\\w+_clock::now|^QElapsedTimer|^QDeadlineTimer|^QTime\\b|^QDateTime|^"
     "QDate\\b"},
    {"timers", "^QTimer|^QBasicTimer|^QChronoTimer|^QObject::startTimer"},
    {"threads",
     "^(pthread_\\w+|thrd_\\w+|mtx_\\w+|sem_\\w+|fork|vfork|clone|system|popen|posix_spawn\\w*|"
     "exec\\w+)$|"
     "^std::(thread|mutex|condition_variable|future|promise|async)|^std::__future|^QThread|^QMutex|"
     "^QBasicMutex|^QSemaphore|^QWaitCondition|^QReadWriteLock|^QFuture|^QtConcurrent|^QProcess"},
    {"event loops and objects",
     "^QObject::|^QCoreApplication::(exec|postEvent|sendEvent|processEvents|notify)|^QEventLoop|"
     "^QAbstractEventDispatcher|^QMetaObject::invokeMethod|^QMetaObject::activate|"
     "^QSocketNotifier|^vtable for QObject|^typeinfo for QObject"},
    {"networks", "^Q(Abstract|Udp|Tcp|Local|Ssl)Socket|^QHostAddress|^QHostInfo|^QNetwork|^QDns"},
    {"files",
     "^(open(at)?(64)?|creat(64)?|fopen(64)?|fdopen|read|pread(64)?|write|pwrite(64)?|unlink(at)?|"
     "rename(at2?)?|link(at)?|symlink|mkdir(at)?|rmdir|stat(64)?|fstat(64)?|lstat(64)?|chmod|"
     "fchmod|"
     "fsync|fdatasync|mmap(64)?|close|syscall|dup[23]?|getenv|secure_getenv)$|"
     "^QFile|^QSaveFile|^QTemporary|^QDir\\b|^QDir::|^QStandardPaths|^QLockFile|^QIODevice|"
     "^QSettings|^qgetenv|^qEnvironmentVariable"},
    {"chance that is not an argument",
     "^(rand|random|srand|drand48|getrandom|getentropy|arc4random\\w*)$|^QRandomGenerator|"
     "^std::random_device|^gnutls_rnd$"},
    {"values that do the above for programs",
     "^Qp2p::(Identity::(load|save|generate)|Authority::|EndpointConfig::validate|"
     "(read|create)\\w*File\\b|loadAuthorities)"},
};

struct Reference
{
    QString object; // e.g. engine/router.cpp
    QString symbol;
};

// "obj/engine/messages/inbox.cpp.o" -> "engine/messages/inbox.cpp"
QString sourceOf(const QString &object)
{
    QString name = object.mid(qMax(0, object.lastIndexOf(QStringLiteral(".dir/")) + 5));
    if (name.startsWith(QLatin1String("./")))
        name.remove(0, 2);
    name.chop(name.endsWith(QStringLiteral(".obj")) ? 4 : 2);
    if (name.startsWith(
            QStringLiteral("./"))) // CMake's, where a target has a source outside its folder
        name.remove(0, 2);
    return name;
}

} // namespace

class tst_SansIo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theRulesFindWhatTheyAreFor_data();
    void theRulesFindWhatTheyAreFor();
    void noObjectRefersToTheWorld_data();
    void noObjectRefersToTheWorld();

private:
    QList<Reference> m_references;
};

void tst_SansIo::initTestCase()
{
#if !defined(QP2P_NM) || !defined(QP2P_ENGINE_OBJECTS)
    QSKIP("The build found no nm to read objects with.");
#else
    QFile list(QStringLiteral(QP2P_ENGINE_OBJECTS));
    QVERIFY2(list.open(QIODevice::ReadOnly), qPrintable(list.errorString()));
    const QStringList objects = QString::fromUtf8(list.readAll()).split(u'\n', Qt::SkipEmptyParts);
    QStringList sources;
    for (const QString &object : objects) {
        if (object.endsWith(QLatin1String(".gch")))
            continue; // a precompiled header
        QProcess nm;
        nm.start(QStringLiteral(QP2P_NM),
                 {QStringLiteral("--undefined-only"), QStringLiteral("--demangle"),
                  QStringLiteral("--no-sort"), object});
        QVERIFY2(nm.waitForFinished(), qPrintable(nm.errorString()));
        if (nm.exitCode() != 0)
            QSKIP("nm cannot read these objects.");
        const QString source = sourceOf(object);
        sources.append(source);
        const QStringList lines = QString::fromUtf8(nm.readAllStandardOutput())
                                      .split(u'\n', Qt::SkipEmptyParts);
        for (const QString &line : lines) {
            // "                 U QFile::open(…)@Qt_6"; W and w are weak ones.
            static const QRegularExpression entry(
                QStringLiteral("^\\s*[UWwVv]\\s+(.*?)(@@?[A-Za-z_0-9.]+)?$"));
            const QRegularExpressionMatch match = entry.match(line);
            if (match.hasMatch())
                m_references.append({source, match.captured(1)});
        }
    }
    // The list is that of the engine, and whole.
    for (const char *source :
         {"engine/router.cpp", "engine/session.cpp", "engine/messages/inbox.cpp",
          "engine/messages/outbox.cpp", "engine/tls.cpp"})
        QVERIFY2(sources.contains(QLatin1String(source)), source);
    QVERIFY(m_references.size() > 300);
#endif
}

void tst_SansIo::theRulesFindWhatTheyAreFor_data()
{
    QTest::addColumn<QString>("symbol");
    for (const char *symbol : {"socket",
                               "sendmsg",
                               "recvfrom",
                               "clock_gettime",
                               "std::chrono::_V2::steady_clock::now()",
                               "QElapsedTimer::start()",
                               "QDeadlineTimer::current(Qt::TimerType)",
                               "QTimer::start(int)",
                               "QDateTime::currentDateTimeUtc()",
                               "pthread_create",
                               "QMutex::lock()",
                               "std::thread::_M_start_thread(std::unique_ptr<std::thread::_State>)",
                               "QObject::QObject(QObject*)",
                               "QUdpSocket::writeDatagram(char const*, long long)",
                               "QHostAddress::QHostAddress()",
                               "open",
                               "fopen64",
                               "QFile::QFile(QString const&)",
                               "QRandomGenerator::global()",
                               "getrandom",
                               "gnutls_rnd",
                               "qgetenv(char const*)",
                               "Qp2p::Identity::load(QString const&)"})
        QTest::addRow("%s", symbol) << QString::fromLatin1(symbol);
}

void tst_SansIo::theRulesFindWhatTheyAreFor()
{
    QFETCH(const QString, symbol);
    QVERIFY(std::any_of(std::begin(Rules), std::end(Rules), [&](const Rule &rule) {
        return QRegularExpression(QString::fromLatin1(rule.pattern)).match(symbol).hasMatch();
    }));
}

void tst_SansIo::noObjectRefersToTheWorld_data()
{
    QTest::addColumn<QString>("pattern");
    for (const Rule &rule : Rules)
        QTest::addRow("%s", rule.name) << QString::fromLatin1(rule.pattern);
}

void tst_SansIo::noObjectRefersToTheWorld()
{
    QFETCH(const QString, pattern);
    const QRegularExpression forbidden(pattern);
    QVERIFY2(forbidden.isValid(), qPrintable(forbidden.errorString()));
    QStringList found;
    for (const Reference &reference : m_references) {
        if (forbidden.match(reference.symbol).hasMatch())
            found.append(reference.object + QStringLiteral(": ") + reference.symbol);
    }
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

QTEST_GUILESS_MAIN(tst_SansIo)
#include "tst_sansio.moc"
