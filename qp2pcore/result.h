// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How every call of this library fails: an Error value, alone or in a Result.
#pragma once

#include <qp2pcore/qp2pcore_export.h>

#include <QByteArray>
#include <QDebug>
#include <QList>
#include <QMetaType>
#include <QString>

#include <utility>
#include <variant>

namespace Qp2p {
Q_NAMESPACE_EXPORT(QP2PCORE_EXPORT)

//! \brief What went wrong, for programs. The sentence for people is Error::message.
enum class ErrorCode {
    None,

    // How the library was called
    InvalidArgument, //!< a value that can never work; the message names it
    WrongState, //!< e.g. listen() on a closed endpoint, send() after close(); after another end, its reason
    Cancelled, //!< given up by this program: close(), or the endpoint was destroyed
    Unsupported, //!< this build, or the libraries it runs with, cannot do it

    // Sockets and names
    AddressInUse,
    AddressNotAvailable, //!< not an address of this machine, or its family is switched off
    PermissionDenied,
    NetworkUnavailable,
    SocketFailed, //!< any other error of the operating system
    HostNotFound,

    // Dialling
    HandshakeTimeout, //!< no answer, or not enough of it, in time
    PortUnreachable, //!< the peer's host says that nothing receives on the port (Linux only)
    HandshakeFailed, //!< the peer and we could not agree (TLS alert, version, parameters)
    NoCommonProtocol, //!< the peer speaks another ALPN than qp2p/1
    CertificateRejected, //!< the peer refused ours; closeReason says by which of its rules, if it does

    // Why this side refused the peer's certificate: one code for each rule
    CertificateMissing,
    CertificateMalformed, //!< cannot be read, or is not X.509 version 3
    CertificateChainTooLong, //!< more than 4 certificates
    CertificateChainTooLarge, //!< one above 8 KiB, or all above 16
    CertificateWeakKey, //!< a kind or size that is not accepted, on either end
    CertificateWeakSignature,
    CertificateBadSignature, //!< forged or damaged
    CertificateExpired, //!< it, or one above it
    CertificateNotYetValid, //!< likewise
    CertificateSelfSigned, //!< where an authority is asked
    CertificateUnknownAuthority,
    CertificateIssuerNotAllowed, //!< signed by one that may not sign it
    CertificateWrongPurpose,
    CertificateWrongName,
    CertificateWithoutName, //!< no subjectAltName where a name is asked; a common name is none
    PeerIdMismatch, //!< another key than the expected one answered
    ConnectionRefused, //!< the peer is there and does not want (more) connections
    WrongNetwork, //!< the peer belongs to another network
    OwnAddress, //!< this program itself answered
    Blocked, //!< the peer or its address is on this side's block list

    // Networks
    NotAMember, //!< a QP2P endpoint answered that belongs to no network
    NotReachable, //!< a node is wanted, and the peer could not dial us back (or we not it)
    LinkTimeout, //!< a half of the link was missing for too long
    JoinFailed, //!< no candidate could be joined; the message names each and its reason
    IdentityInUse, //!< another program uses the identity of this one at the same time
    NoRelay, //!< no linked node opens a way to the peer; the message names each and its reason

    // Open connections
    ClosedByPeer, //!< with the peer's code and reason in closeCode and closeReason
    ClosedLocally, //!< close() was called here
    IdleTimeout, //!< nothing heard for the effective idle time
    ConnectionReset, //!< the peer lost its state (stateless reset)
    ProtocolViolation, //!< one side broke RFC 9000 or our control protocol
    Misbehaviour, //!< the peer exceeded the limits for resets and malformed messages
    ResourceLimit, //!< there is no memory or no place left for the connection, here or at the peer

    // Messages
    MessageInvalid, //!< malformed: wrong version, missing or extra bytes, an empty payload
    MessageTooLarge, //!< above the limit of this side or of the peer
    MessageRefused, //!< the receiver stopped reading it, or the sender reset it
    MessageTimeout, //!< it arrived too slowly
    QueueFull, //!< the send queue has no room; wait for sendQueueAvailable()
    NoReply, //!< the peer ended a request without a reply
    RequestTimeout, //!< no reply came in the time that the request was given

    // Files and identities
    FileNotFound,
    FileUnreadable,
    FileExists,
    FilePermissions, //!< a key file that others may read
    FileWriteFailed,
    InvalidPem,
    WrongPassphrase,
    KeyMismatch, //!< key and certificate do not belong together
    UnsupportedKey, //!< a type or strength this library does not accept
    NoAuthorities, //!< a trust store without any
    NotAnAuthority, //!< a certificate given as an authority's that may not sign others
};
Q_ENUM_NS(ErrorCode)

//! \brief An error: what happened, to which address or file, and what to do about it.
class Error
{
public:
    Error() = default;
    Error(ErrorCode c, QString m)
        : code(c)
        , message(std::move(m))
    {
    }

    bool isError() const { return code != ErrorCode::None; }

    ErrorCode code = ErrorCode::None;
    QString message; //!< one or two full sentences, plain text, may hold text of the peer
    quint64 closeCode = 0; //!< of CONNECTION_CLOSE (application) or STOP_SENDING, if any: closecode.h
    QString closeReason; //!< the reason phrase that came with it, as the peer sent it
    //! What the peer presented, where it came to no connection: DER, leaf first.
    QList<QByteArray> peerCertificates = {};
};

//! \brief The name of \a code, e.g. "AddressInUse": stable, for scripts and logs.
QP2PCORE_EXPORT QString errorCodeName(ErrorCode code);

QP2PCORE_EXPORT QDebug operator<<(QDebug debug, const Error &error);

//! \brief A value of \a T or the Error why there is none.
template<typename T>
class Result
{
public:
    Result(T value) // NOLINT(google-explicit-constructor): `return value;` is the point
        : m_content(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error) // NOLINT(google-explicit-constructor)
        : m_content(std::in_place_index<1>, std::move(error))
    {
    }

    bool isOk() const { return m_content.index() == 0; }
    explicit operator bool() const { return isOk(); }

    //! Only where isOk().
    const T &value() const & { return std::get<0>(m_content); }
    T &value() & { return std::get<0>(m_content); }
    T value() && { return std::get<0>(std::move(m_content)); }
    const T &operator*() const { return value(); }
    const T *operator->() const { return &value(); }

    //! The reason, or an Error with ErrorCode::None where isOk().
    Error error() const { return isOk() ? Error() : std::get<1>(m_content); }

private:
    std::variant<T, Error> m_content;
};

template<>
class Result<void>
{
public:
    Result() = default;
    Result(Error error) // NOLINT(google-explicit-constructor)
        : m_error(std::move(error))
    {
    }

    bool isOk() const { return !m_error.isError(); }
    explicit operator bool() const { return isOk(); }
    Error error() const { return m_error; }

private:
    Error m_error;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Error)
