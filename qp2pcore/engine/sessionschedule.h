// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When each session of a router is due, and which of them have something to do now.
#pragma once

#include <qp2pcore/engine/events.h>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace Qp2p::Engine {

//! \brief The deadlines of all sessions, and their turns to write, first come first served.
//!
//! Each datagram moves the deadline of its session, mostly to a later time. Then the place in the heap stays, and is
//! corrected when it comes to the front: a tree of deadlines took an eighth of the CPU time of idle connections.
class SessionSchedule
{
public:
    //! What one session has here; lives with it, until release().
    struct Entry
    {
        bool hasTurn = false; //!< set by addTurn()

    private:
        friend class SessionSchedule;
        static constexpr quint32 NoSlot = UINT32_MAX;
        quint32 slot = NoSlot;
    };

    //! UINT64_MAX where no session is ever due.
    ngtcp2_tstamp deadline()
    {
        while (!m_heap.empty()) {
            const Place front = m_heap.front();
            Slot &slot = m_slots[front.slot];
            if (front.version == slot.version && front.time == slot.deadline)
                return front.time;
            pop();
            if (front.version == slot.version)
                enter(front.slot);
        }
        return UINT64_MAX;
    }
    //! A session that is due by \a now; its deadline is no longer set. Null where none is.
    std::optional<SessionId> takeDue(ngtcp2_tstamp now)
    {
        if (deadline() > now)
            return std::nullopt;
        return take(pop());
    }
    //! \brief Calls \a take with each of the sessions that may be dealt with by \a now already, in the order of their
    //! deadlines, with at most \a count of those that are due by \a until. Their deadlines are no longer set.
    template<typename Take>
    void takeEarly(ngtcp2_tstamp now, ngtcp2_tstamp until, size_t count, const Take &take)
    {
        std::vector<Place> others;
        for (; count > 0 && deadline() <= until; --count) {
            const Place place = pop();
            if (m_slots[place.slot].earliest <= now)
                take(this->take(place));
            else
                others.push_back(place);
        }
        for (const Place &place : others)
            push(place);
    }
    //! \a deadline UINT64_MAX: never. From \a earliest on takeEarly() may take it.
    void setDeadline(SessionId id, Entry &entry, ngtcp2_tstamp deadline, ngtcp2_tstamp earliest)
    {
        if (entry.slot == Entry::NoSlot)
            entry.slot = newSlot(id);
        Slot &slot = m_slots[entry.slot];
        slot.deadline = deadline;
        slot.earliest = earliest;
        if (deadline < slot.entered)
            enter(entry.slot);
    }
    //! The session goes; it may have turns still.
    void release(Entry &entry)
    {
        if (entry.slot == Entry::NoSlot)
            return;
        Slot &slot = m_slots[entry.slot];
        ++slot.version;
        slot.deadline = slot.entered = UINT64_MAX;
        m_freeSlots.push_back(std::exchange(entry.slot, Entry::NoSlot));
    }

    bool hasTurns() const { return !m_turns.empty(); }
    size_t turns() const { return m_turns.size(); }
    void addTurn(SessionId id, Entry &entry)
    {
        if (!std::exchange(entry.hasTurn, true))
            m_turns.push_back(id);
    }
    //! Only while hasTurns(). The session may have gone meanwhile.
    SessionId takeTurn()
    {
        const SessionId id = m_turns.front();
        m_turns.pop_front();
        return id;
    }

private:
    struct Slot
    {
        SessionId id = 0;
        ngtcp2_tstamp deadline = UINT64_MAX;
        ngtcp2_tstamp earliest = UINT64_MAX;
        ngtcp2_tstamp entered = UINT64_MAX; // the time of its place; not after its deadline
        quint32 version = 0; // of its place; earlier ones are void
    };
    //! In the heap.
    struct Place
    {
        ngtcp2_tstamp time;
        quint32 slot;
        quint32 version;
    };
    static bool isLater(const Place &one, const Place &other)
    {
        return one.time != other.time ? one.time > other.time : one.slot > other.slot;
    }

    quint32 newSlot(SessionId id)
    {
        if (m_freeSlots.empty()) {
            m_freeSlots.push_back(quint32(m_slots.size()));
            m_slots.emplace_back();
        }
        const quint32 slot = m_freeSlots.back();
        m_freeSlots.pop_back();
        m_slots[slot].id = id;
        return slot;
    }
    //! Gives \a index a place at its deadline; one that it had is void.
    void enter(quint32 index)
    {
        Slot &slot = m_slots[index];
        slot.entered = slot.deadline;
        ++slot.version;
        if (slot.deadline != UINT64_MAX)
            push({slot.deadline, index, slot.version});
    }
    SessionId take(const Place &place)
    {
        Slot &slot = m_slots[place.slot];
        slot.deadline = slot.entered = UINT64_MAX;
        return slot.id;
    }
    void push(const Place &place)
    {
        constexpr size_t few = 64;
        if (m_heap.size() >= few + 2 * m_slots.size())
            dropVoidPlaces();
        m_heap.push_back(place);
        std::push_heap(m_heap.begin(), m_heap.end(), isLater);
    }
    Place pop()
    {
        std::pop_heap(m_heap.begin(), m_heap.end(), isLater);
        const Place place = m_heap.back();
        m_heap.pop_back();
        return place;
    }
    void dropVoidPlaces()
    {
        std::erase_if(m_heap, [this](const Place &place) {
            return m_slots[place.slot].version != place.version;
        });
        std::make_heap(m_heap.begin(), m_heap.end(), isLater);
    }

    std::vector<Slot> m_slots;
    std::vector<quint32> m_freeSlots;
    std::vector<Place>
        m_heap; // the earliest in front; every slot with a deadline has one place that is not void
    std::deque<SessionId> m_turns;
};

} // namespace Qp2p::Engine
