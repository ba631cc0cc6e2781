// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How likely it is that somebody with ten thousand addresses surrounds a member: a model of 30 days with
// a restart each day, around the cache and the choice of nodes as they are.

#include <shared/seededrandom.h>

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/cachecontent.h>
#include <qp2pcore/peering/candidatebook.h>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using Peering::CacheContent;
using Peering::CandidateBook;

namespace {

constexpr int Honest = 50;
constexpr int Sybils = 10'000;
constexpr int SybilGroups = 32;
constexpr int Days = 30;
constexpr int Links = 8;
constexpr int Told = 20;

struct Attack
{
    const char *name;
    double sybilsInHonestAnswers; //!< they have links to honest nodes, too
    int visitsADay; //!< of sybils, which the member dials back
    double honestOffline; //!< the chance that an honest node does not answer now
    bool anchors = true; //!< what it takes: without each of these defences
    bool groups = true;
};

struct World
{
    World()
    {
        for (int i = 0; i < Honest + Sybils; ++i)
            ids.push_back(PeerId::fromBytes(
                QCryptographicHash::hash(QByteArray::number(i), QCryptographicHash::Sha256)));
        for (int i = 0; i < Honest + Sybils; ++i)
            numbers.insert(ids[size_t(i)], i);
    }
    static bool isSybil(int number) { return number >= Honest; }
    //! Honest nodes live in 50 groups of their own.
    static PeerAddress address(int number)
    {
        const int group = isSybil(number) ? 100 + number % SybilGroups : number;
        const quint32 host = isSybil(number) ? quint32(number / SybilGroups) + 1 : 1;
        return PeerAddress(QHostAddress(0x0b000000u + (quint32(group) << 16) + host), 12000);
    }
    std::vector<PeerId> ids;
    QHash<PeerId, int> numbers;
};

class Victim
{
public:
    Victim(const World &world, const Attack &attack, quint64 seed)
        : m_world(world)
        , m_attack(attack)
        , m_random(seed)
    {
    }

    //! One day; the share of sybils among the links after the restart, and at its end.
    bool isSurrounded() const
    {
        return std::all_of(m_links.cbegin(), m_links.cend(),
                           [](int number) { return World::isSybil(number); });
    }
    double sybilsInCache() const
    {
        int sybils = 0;
        for (const auto &item : m_cache.items())
            sybils += World::isSybil(m_world.numbers.value(item.entry.peerId));
        return double(sybils) / double(std::max<qsizetype>(m_cache.items().size(), 1));
    }

    //! Through an honest contact on the first day, and from the cache after that.
    void start(bool first)
    {
        m_links.clear();
        m_book = {};
        if (first) {
            link(int(m_random.below(Honest)));
        } else {
            // Anchors, then the newest: the first that answers.
            QList<CacheContent::Item> order = m_cache.items();
            std::stable_partition(order.begin(), order.end(), [this](const auto &item) {
                return item.entry.isAnchor && m_attack.anchors;
            });
            for (const auto &item : order) {
                const int number = m_world.numbers.value(item.entry.peerId);
                if (answers(number)) {
                    link(number);
                    break;
                }
                m_cache.failed(item.entry.peerId);
            }
        }
        fill();
    }

    void liveADay()
    {
        for (int hour = 0; hour < 24; ++hour) {
            for (int i = 0; i < m_attack.visitsADay / 24; ++i)
                visit(Honest + int(m_random.below(Sybils)));
            visit(int(m_random.below(Honest)));
            // Honest nodes come and go; a sybil never lets go.
            m_links.erase(std::remove_if(m_links.begin(), m_links.end(),
                                         [this](int number) {
                                             return !World::isSybil(number)
                                                 && m_random.happens(m_attack.honestOffline / 4);
                                         }),
                          m_links.end());
            fill();
        }
        QList<PeerId> anchors;
        for (const int number : m_links) // in the order of linking
            anchors.append(m_world.ids[size_t(number)]);
        m_cache.setAnchors(anchors);
    }

private:
    bool answers(int number)
    {
        return World::isSybil(number) || !m_random.happens(m_attack.honestOffline);
    }
    CacheContent::Entry entryOf(int number) const
    {
        CacheContent::Entry entry;
        entry.peerId = m_world.ids[size_t(number)];
        entry.addresses = {World::address(number)};
        return entry;
    }
    void link(int number)
    {
        m_links.push_back(number);
        m_cache.connected(entryOf(number), ++m_now);
        m_book.succeeded(m_world.ids[size_t(number)], World::address(number));
        askForPeers(number);
    }
    //! It dials us, is checked, and is dialled for our half.
    void visit(int number) { m_cache.connected(entryOf(number), ++m_now); }
    void askForPeers(int of)
    {
        const auto budget = std::make_shared<Peering::DialBudget>();
        for (int i = 0; i < Told; ++i) {
            const bool sybil = World::isSybil(of)
                || m_random.happens(m_attack.sybilsInHonestAnswers);
            const int number = sybil ? Honest + int(m_random.below(Sybils))
                                     : int(m_random.below(Honest));
            m_book.add(
                {m_world.ids[size_t(of)], Peering::addressGroup(World::address(of).address())},
                m_world.ids[size_t(number)], {World::address(number)}, budget);
        }
    }
    void fill()
    {
        for (int attempts = 0; m_links.size() < Links && attempts < 60; ++attempts) {
            CandidateBook::Choice choice;
            for (const auto &item : m_cache.items())
                choice.remembered.append(item.entry);
            choice.isExcluded = [this](const PeerId &peerId) {
                return std::find(m_links.cbegin(), m_links.cend(), m_world.numbers.value(peerId))
                    != m_links.cend();
            };
            choice.isAddressExcluded = [](const PeerAddress &) { return false; };
            if (m_attack.groups) {
                for (const int number : m_links)
                    choice.linkedGroups.insert(
                        Peering::addressGroup(World::address(number).address()));
            }
            choice.random = [this](quint32 limit) { return quint32(m_random.below(limit)); };
            choice.now = m_time += std::chrono::seconds(70);
            const auto candidate = m_book.choose(choice);
            if (!candidate) {
                if (m_links.empty())
                    return;
                askForPeers(m_links[m_random.below(m_links.size())]);
                continue;
            }
            const int number = m_world.numbers.value(candidate->peerId);
            const auto &budget = candidate->budget;
            if (budget)
                budget->reserve();
            if (answers(number)) {
                if (budget)
                    budget->answered();
                link(number);
            } else {
                if (budget)
                    budget->unanswered(Peering::DialBudget::BytesPerAddress);
                m_book.failed(*candidate, choice.now);
            }
        }
    }

    const World &m_world;
    const Attack &m_attack;
    SeededRandom m_random;
    CacheContent m_cache;
    CandidateBook m_book;
    std::vector<int> m_links; //!< of our choice
    qint64 m_now = 1'000'000;
    Peering::Time m_time = Peering::Time(std::chrono::seconds(70));
};

} // namespace

class tst_Eclipse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void memberIsHardlyEverSurrounded();
};

void tst_Eclipse::memberIsHardlyEverSurrounded()
{
    const World world;
    const Attack attacks[] = {
        {"half of what honest nodes tell is sybils", 0.5, 48, 0.1},
        {"nine tenths are, and 240 come by each day", 0.9, 240, 0.1},
        {"the same, and a third of the honest are away", 0.9, 240, 0.33},
        {"… without anchors", 0.9, 240, 0.33, false},
        {"… without looking for groups without a link", 0.9, 240, 0.33, true, false},
        {"… without either", 0.9, 240, 0.33, false, false},
    };
    bool ok = false;
    const int asked = qEnvironmentVariableIntValue("QP2P_ECLIPSE_RUNS", &ok);
#if defined(__SANITIZE_ADDRESS__)
    constexpr int usual = 1;
#else
    constexpr int usual = 6;
#endif
    const int runs = ok ? asked : usual;
    bool good = true;
    QElapsedTimer timer;
    timer.start();
    for (const Attack &attack : attacks) {
        const bool isDefended = attack.anchors && attack.groups;
        if (!isDefended && !ok)
            continue; // only for comparison
        int days = 0;
        int surrounded = 0;
        int runsSurrounded = 0;
        double inCache = 0;
        for (int run = 0; run < runs; ++run) {
            Victim victim(world, attack, quint64(1000 + run));
            bool ever = false;
            for (int day = 0; day < Days; ++day) {
                victim.start(day == 0);
                const bool now = victim.isSurrounded();
                surrounded += now;
                ever = ever || now;
                ++days;
                victim.liveADay();
            }
            runsSurrounded += ever;
            inCache += victim.sybilsInCache() / runs;
        }
        qInfo("%-48s surrounded after %5.2f %% of restarts, in %5.1f %% of runs; %3.0f %% of the "
              "cache are sybils",
              attack.name, 100.0 * surrounded / days, 100.0 * runsSurrounded / runs,
              100.0 * inCache);
        if (isDefended)
            good = good && 100 * surrounded <= days;
    }
    qInfo("%d runs of %d days each: %lld ms", runs, Days, timer.elapsed());
    QVERIFY(good);
}

QTEST_GUILESS_MAIN(tst_Eclipse)
#include "tst_eclipse.moc"
