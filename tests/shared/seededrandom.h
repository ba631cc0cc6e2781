// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Chance that repeats: the same numbers for the same seed, on every platform and library.
#pragma once

#include <QtGlobal>

namespace Qp2p::Test {

//! \brief SplitMix64 (Steele, Lea, Flood 2014). Eight bytes of state, so that each of a hundred
//! thousand links can have its own, and <random>'s distributions, which differ between libraries,
//! are not needed.
class SeededRandom
{
public:
    explicit SeededRandom(quint64 seed)
        : m_state(seed)
    {
    }

    quint64 next()
    {
        m_state += 0x9e3779b97f4a7c15u;
        quint64 z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    //! 0 to \a limit - 1; the bias is below 2^-32 for the small limits of tests.
    quint64 below(quint64 limit) { return next() % limit; }

    //! True in a fraction of \a probability of all calls. Draws no number for 0.
    bool happens(double probability)
    {
        return probability > 0 && double(next() >> 11) * 0x1.0p-53 < probability;
    }

    //! A generator of its own for each of several things.
    static quint64 derivedSeed(quint64 seed, quint64 which)
    {
        SeededRandom mixed(seed ^ SeededRandom(which).next());
        return mixed.next();
    }

private:
    quint64 m_state;
};

} // namespace Qp2p::Test
