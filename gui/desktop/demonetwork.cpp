// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/demonetwork.h>

#include <qp2pcore/authority.h>

#include <QCoreApplication>
#include <QFile>
#include <QRandomGenerator>
#include <QTimer>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct DemoNetworkText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::DemoNetwork)
};

const QString NetworkName = u"demo"_s;
constexpr int Nodes = 5;
const QStringList Names{u"anna"_s, u"ben"_s,   u"carla"_s, u"david"_s,
                        u"emma"_s, u"fritz"_s, u"greta"_s};

} // namespace

//! The members, in their thread.
class DemoMembers : public QObject
{
public:
    DemoMembers(const Authority &authority, const CertificatePolicy &policy)
        : m_authority(authority)
        , m_policy(policy)
        , m_timer(this)
    {
        connect(&m_timer, &QTimer::timeout, this, [this] { chat(); });
    }

    //! The contact for others. A node that cannot listen is left out; the first must.
    Result<PeerAddress> start();
    void stop() { m_members.clear(); }

private:
    Result<Network *> add(int number, const QList<PeerAddress> &contacts);
    void chat();

    const Authority m_authority;
    const CertificatePolicy m_policy;
    std::vector<std::unique_ptr<Network>> m_members;
    QTimer m_timer;
    int m_said = 0;
};

Result<Network *> DemoMembers::add(int number, const QList<PeerAddress> &contacts)
{
    const Result<Identity> identity = m_authority.issue({Names.at(number)});
    if (!identity)
        return identity.error();
    EndpointConfig endpoint;
    endpoint.setIdentity(*identity);
    endpoint.setCertificatePolicy(m_policy);
    endpoint.setNetworkName(NetworkName);
    endpoint.setAgent(u"demo/"_s + Names.at(number));
    NetworkConfig config;
    config.setEndpoint(endpoint);
    config.setRole(number < Nodes ? Peer::Role::Node : Peer::Role::Client);
    config.setListen(DemoNetwork::addressOf(number), 0);
    auto member = std::make_unique<Network>(config);
    connect(member.get(), &Network::peerConnected, this, [this](Peer *peer) {
        connect(peer, &Peer::requestReceived, this,
                [](const Request &request) { request.reply(request.message()); });
    });
    const QFuture<Result<void>> joining = member->join(contacts);
    if (joining.isFinished() && !joining.result())
        return joining.result().error();
    m_members.push_back(std::move(member));
    return m_members.back().get();
}

Result<PeerAddress> DemoMembers::start()
{
    const Result<Network *> first = add(0, {});
    if (!first)
        return first.error();
    const PeerAddress contact(DemoNetwork::addressOf(0), first.value()->endpoint()->localPort());
    for (int number = 1; number < Names.size(); ++number)
        (void)add(number, {contact});
    m_timer.start(250ms);
    return contact;
}

//! A member sends something to one of its peers.
void DemoMembers::chat()
{
    QRandomGenerator *random = QRandomGenerator::global();
    const auto number = int(random->bounded(quint32(m_members.size())));
    const QList<Peer *> peers = m_members.at(size_t(number))->peers();
    if (peers.isEmpty())
        return;
    Peer *peer = peers.at(random->bounded(peers.size()));
    const QStringList sentences{
        u"Good morning from %1 (%2)."_s,
        u"%1 says: this is message %2 of the demonstration."_s,
        u"%1 asks whether everybody can be reached (%2)."_s,
        u"The backup of %1 is complete (%2)."_s,
    };
    ++m_said;
    QByteArray text =
        sentences.at(m_said % sentences.size()).arg(Names.at(number)).arg(m_said).toUtf8();
    if (m_said % 5 == 0) // now and then something for the plots
        text += '\n' + QByteArray(random->bounded(20'000, 400'000), 'x');
    if (m_said % 7 == 0)
        (void)peer->request(Message(text));
    else
        peer->send(Message(text));
}

QHostAddress DemoNetwork::addressOf(int member)
{
#ifdef Q_OS_LINUX
    return QHostAddress(quint32(0x7f000002) + quint32(member));
#else
    Q_UNUSED(member);
    return QHostAddress(QHostAddress::LocalHost);
#endif
}

DemoNetwork::DemoNetwork()
{
    m_thread.setObjectName(u"demo"_s);
}

DemoNetwork::~DemoNetwork()
{
    if (m_members)
        m_members->deleteLater();
    m_thread.quit();
    m_thread.wait();
}

Result<std::unique_ptr<DemoNetwork>> DemoNetwork::start(Profile &profile)
{
    const Result<Authority> authority = Authority::create(NetworkName);
    if (!authority)
        return authority.error();
    const QString authorityFile = profile.directory() + u"/demo.crt.pem"_s;
    QFile file(authorityFile);
    if (!file.open(QFile::WriteOnly) || file.write(authority->certificatePem()) < 0)
        return Error(ErrorCode::FileWriteFailed,
                     DemoNetworkText::tr("The demonstration could not write \"%1\": %2.")
                         .arg(authorityFile, file.errorString()));
    file.close();
    const Result<Identity> own = authority->issue({u"me"_s});
    if (!own)
        return own.error();
    if (const Result<void> replaced = profile.replaceIdentity(*own); !replaced)
        return replaced.error();

    const auto policy = CertificatePolicy::privateAuthority({authorityFile}, NetworkName);
    std::unique_ptr<DemoNetwork> demo(new DemoNetwork);
    demo->m_members = new DemoMembers(*authority, policy);
    demo->m_members->moveToThread(&demo->m_thread);
    QObject::connect(&demo->m_thread, &QThread::finished, demo->m_members, &QObject::deleteLater);
    demo->m_thread.start();
    std::optional<Result<PeerAddress>> contact;
    QMetaObject::invokeMethod(
        demo->m_members, [&] { contact = demo->m_members->start(); }, Qt::BlockingQueuedConnection);
    if (!*contact)
        return contact->error();

    Settings &settings = profile.settings();
    settings.setCertificatePolicy(policy);
    settings.setNetworkName(NetworkName);
    settings.setListenAddress(QHostAddress(QHostAddress::LocalHost).toString());
    settings.setContacts({contact->value().toString()});
    settings.setWasSetUp();
    return demo;
}

} // namespace Qp2p::Gui
