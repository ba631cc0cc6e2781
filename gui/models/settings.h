// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the user has chosen, in one file of the profile.
#pragma once

#include <models/settingsfile.h>
#include <models/shown.h>

#include <qp2pcore/networkconfig.h>

#include <QObject>
#include <QVariant>

#include <memory>

namespace Qp2p::Gui {

//! \brief Typed settings with a fallback for each, kept in a SettingsFile.
class Settings : public QObject
{
    Q_OBJECT

public:
    //! problem() reports what went wrong with reading.
    explicit Settings(const QString &fileName, QObject *parent = nullptr);

    //! What was wrong with the file, and what was done about it; no error where nothing was.
    Error problem() const { return m_file.problem(); }

    enum class Families { Both, IPv4, IPv6 };
    Q_ENUM(Families)
    enum class Appearance { System, Light, Dark };
    Q_ENUM(Appearance)

    // The network: a change takes a new join.
    Peer::Role role() const;
    void setRole(Peer::Role role);
    QString listenAddress() const; //!< empty: every address of families()
    void setListenAddress(const QString &address);
    quint16 listenPort() const; //!< 0: a free one
    void setListenPort(quint16 port);
    //! Of a router that forwards it, see NetworkConfig::setExternalPort(); 0: the same as listenPort().
    quint16 externalPort(QAbstractSocket::NetworkLayerProtocol family) const;
    void setExternalPort(QAbstractSocket::NetworkLayerProtocol family, quint16 port);
    //! \brief Chooses a free port at random and keeps it, where none has been chosen yet, not even 0: others
    //! find this member again, and a router can forward the port. Among 20000 to 32767, which systems give
    //! to no program by themselves.
    void chooseListenPort();
    Families families() const;
    void setFamilies(Families families);
    QHostAddress addressToListenOn() const;
    EndpointConfig::RetryMode retryMode() const;
    void setRetryMode(EndpointConfig::RetryMode mode);
    int maxConnections() const;
    void setMaxConnections(int count);
    int maxMessageMebibytes() const;
    void setMaxMessageMebibytes(int size);
    int wantedLinks() const;
    void setWantedLinks(int count);
    bool refusesUnreachable() const;
    void setRefusesUnreachable(bool refuses);
    QString networkName() const;
    void setNetworkName(const QString &name);
    CertificatePolicy certificatePolicy() const;
    void setCertificatePolicy(const CertificatePolicy &policy);
    //! \brief Changed keys that the user does not accept, as "known id" and "new id".
    bool refusesKey(const PeerId &known, const PeerId &changed) const;
    void refuseKey(const PeerId &known, const PeerId &changed);
    void acceptKey(const PeerId &known, const PeerId &changed);
    static constexpr qsizetype MaxRefusedKeys =
        200; //!< as many as nodes are remembered; the oldest leaves
    QStringList contacts() const;
    void setContacts(const QStringList &contacts);

    // The window: a change takes effect immediately.
    bool joinsAtStart() const;
    void setJoinsAtStart(bool joins);
    bool writesQlog() const;
    void setWritesQlog(bool writes);
    QString language() const; //!< "de", …; empty: the system's
    void setLanguage(const QString &language);
    Units units() const;
    void setUnits(const Units &units);
    Appearance appearance() const;
    void setAppearance(Appearance appearance);
    int refreshSeconds() const;
    void setRefreshSeconds(int seconds);
    bool usesTray() const;
    void setUsesTray(bool uses);
    bool trayWasExplained() const;
    void setTrayWasExplained();
    bool wasSetUp() const; //!< the first steps are done
    void setWasSetUp();

    QByteArray layout(const QString &name) const; //!< of windows and tables
    void setLayout(const QString &name, const QByteArray &state);
    QVariant filter(const QString &name) const;
    void setFilter(const QString &name, const QVariant &value);
    void resetLayout();

    //! \brief Writes what is not written yet. Errors: FileWriteFailed.
    Result<void> save() { return m_file.save(); }

Q_SIGNALS:
    //! Language, units, appearance, refresh, tray, qlog.
    void windowChanged();
    //! A running network does not follow it: it must be joined again.
    void networkChanged();
    void saveFailed(const Qp2p::Error &error);
    void saved();

private:
    enum class Concerns { Window, Network, Nothing };
    void set(const QString &key, const QVariant &value, Concerns concerns);
    template<typename Enum>
    void setChoice(const QString &key, Enum value, Concerns concerns);

    SettingsFile m_file;
};

} // namespace Qp2p::Gui
