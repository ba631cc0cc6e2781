// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificate chains made to deceive or to exhaust, each with what is wrong with it.
#pragma once

#include <shared/engine/testauthority.h>

#include <vector>

namespace Qp2p::Test {

using Chain = QList<QByteArray>;

inline const TestAuthority &authority()
{
    static const TestAuthority authority("The authority");
    return authority;
}

//! An authority below the right one.
inline TestAuthority below(const CertificateRequest &request)
{
    return TestAuthority(request, authority());
}

inline QByteArray derSequence(const QByteArray &content)
{
    QByteArray head("\x30");
    if (content.size() < 128)
        return head + char(content.size()) + content;
    return head + '\x82' + char(content.size() >> 8) + char(content.size() & 0xff) + content;
}

inline QByteArray tlv(char tag, const QByteArray &content)
{
    return QByteArray(1, tag) + char(content.size()) + content;
}

struct Case
{
    QByteArray name;
    Chain chain;
};

//! All of them; the names tell what is wrong.
class Corpus
{
public:
    Corpus()
    {
        addDamaged();
        addLeaves();
        addExtensions();
        addSignatures();
        addIntermediates();
        addShapes();
    }
    std::vector<Case> cases;

private:
    void add(const QByteArray &name, const Chain &chain) { cases.push_back({name, chain}); }
    void addLeaf(const QByteArray &name, const CertificateRequest &request)
    {
        add(name, authority().issue(request).ders);
    }
    template<typename Change>
    void addChanged(const QByteArray &name, Change change)
    {
        CertificateRequest request = peerRequest();
        change(request);
        addLeaf(name, request);
    }

    void addDamaged();
    void addLeaves();
    void addExtensions();
    void addSignatures();
    void addIntermediates();
    void addShapes();
};

inline void Corpus::addDamaged()
{
    const Chain good = authority().issue().ders;
    const QByteArray leaf = good.first();
    for (qsizetype size = 0; size < leaf.size(); size += 8)
        add("cut after " + QByteArray::number(size), {leaf.left(size)});
    // Outside of the length bytes too, every bit of what is signed counts.
    for (qsizetype at = 4; at < leaf.size(); at += 3) {
        QByteArray flipped = leaf;
        flipped[at] = char(flipped[at] ^ (1 << (at % 8)));
        add("a bit flipped in byte " + QByteArray::number(at), {flipped});
    }
    add("a byte behind it", {leaf + '\0'});
    add("a certificate behind it", {leaf + leaf});
    add("an indefinite length", {QByteArray("\x30\x80") + leaf.mid(4) + QByteArray(2, '\0')});
    add("a length of 2^64", {QByteArray::fromHex("3088ffffffffffffffff") + leaf.mid(4)});
    add("PEM instead of DER", {authority().certificate().pem});
    add("nested sequences", {QByteArray::fromHex("3080").repeated(4000)});
}

inline void Corpus::addLeaves()
{
    addChanged("expired", [](auto &request) { request.notAfter = TestDate - 1; });
    addChanged("not yet valid", [](auto &request) { request.notBefore = TestDate + 1; });
    addChanged("valid for less than nothing", [](auto &request) {
        request.notBefore = TestDate + Day;
        request.notAfter = TestDate - Day;
    });
    addChanged("from 2049 on", [](auto &request) { request.notBefore = 2'500'000'000; });
    addChanged("until 1970", [](auto &request) {
        request.notBefore = 0;
        request.notAfter = 1;
    });
    addChanged("for mail", [](auto &request) { request.purposes = {"1.3.6.1.5.5.7.3.4"}; });
    addChanged("for code", [](auto &request) { request.purposes = {"1.3.6.1.5.5.7.3.3"}; });
    addChanged("for 30 purposes that are none of ours", [](auto &request) {
        request.purposes = {};
        for (int i = 0; i < 30; ++i)
            request.purposes.append("1.3.6.1.4.1.55555.9." + QByteArray::number(i));
    });
    addChanged("for keys only", [](auto &request) { request.keyUsage = 0x20; });
    addChanged("that signs others", [](auto &request) {
        request.isAuthority = true;
        request.keyUsage = 0x84;
    });
    addChanged("version 1", [](auto &request) { request.version = 1; });
    // The name that is asked for in this corpus is "friends".
    addChanged("no name", [](auto &request) {
        request.dnsNames = {};
        request.ipAddresses = {};
    });
    addChanged("the name as common name", [](auto &request) {
        request.commonName = "friends";
        request.dnsNames = {};
        request.ipAddresses = {};
    });
    addChanged("the name as common name beside others", [](auto &request) {
        request.commonName = "friends";
        request.dnsNames = {"enemies"};
    });
    for (const char *name : {"friend", "friends.", "afriends", "friends.example", "*", "*.friends",
                             "f*", "friends\n", " friends", "xn--friends", "friends/"})
        addChanged(QByteArray("the name ") + name, [name](auto &request) {
            request.dnsNames = {}; // by hand: GnuTLS would tidy them up
            request.ipAddresses = {};
            request.extensions = {{"2.5.29.17", derSequence(tlv('\x82', name))}};
        });
    for (const KeyKind kind : {KeyKind::Rsa1024, KeyKind::P521, KeyKind::Ed448})
        add("key kind " + QByteArray::number(int(kind)),
            authority().issue(peerRequest(), kind).ders);
    for (const unsigned bits : {512U, 1024U, 4104U, 8192U, 16384U})
        add("RSA of " + QByteArray::number(bits) + " bits by somebody",
            {makeCertificateForRsa(bits, peerRequest()).der});
}

inline void Corpus::addExtensions()
{
    const auto addExtension = [this](const QByteArray &name, const QByteArray &oid,
                                     const QByteArray &der, bool keepsNames = true) {
        addChanged(name, [&](auto &request) {
            if (!keepsNames) {
                request.dnsNames = {};
                request.ipAddresses = {};
            }
            request.extensions.append({oid, der});
        });
    };
    const QByteArray san = "2.5.29.17";
    addExtension("an empty list of names", san, derSequence({}), false);
    addExtension("names that are no list", san, "garbage", false);
    addExtension("a name whose length lies", san, QByteArray::fromHex("3009820766726965"), false);
    addExtension("a zero in the name", san,
                 derSequence(tlv('\x82', QByteArray("friends\0.evil", 13))), false);
    addExtension("the name as a mail address", san, derSequence(tlv('\x81', "friends")), false);
    addExtension("the name as a URI", san, derSequence(tlv('\x86', "friends")), false);
    addExtension("the name as an other name", san,
                 derSequence(tlv('\xa0',
                                 QByteArray::fromHex("06032a0304a0090c0766726965"
                                                     "6e6473"))),
                 false);
    addExtension("the name as a registered id", san, derSequence(tlv('\x88', "friends")), false);
    addExtension("an address of 5 bytes", san, derSequence(tlv('\x87', "12345")), false);
    for (const int count : {300, 1000, 1900})
        addExtension(QByteArray::number(count) + " names", san,
                     derSequence(tlv('\x82', "ab").repeated(count)), false);
    addExtension("900 purposes", "2.5.29.37",
                 derSequence(QByteArray::fromHex("06052b06010909").repeated(900)));
    addExtension("garbage as key usage", "2.5.29.15", "garbage");
    for (const int count : {10, 100, 150}) {
        addChanged("a name of many parts, " + QByteArray::number(count), [count](auto &request) {
            request.dnsNames = {QByteArray("a.").repeated(count) + "friends"};
        });
        addChanged(
            QByteArray::number(count) + " unknown extensions and another name",
            [count](auto &request) {
                request.dnsNames = {"enemies"};
                for (int i = 0; i < count; ++i)
                    request.extensions.append({"1.3.6.1.4.1.55555." + QByteArray::number(i + 10),
                                               QByteArray::fromHex("0500")});
            });
    }
}

inline void Corpus::addSignatures()
{
    const Key rsa = Key::generate(KeyKind::Rsa2048);
    CertificateRequest request = authorityRequest("The authority");
    const Certificate weakIssuer = makeCertificate(rsa, request);
    for (const int digest : {int(GNUTLS_DIG_MD5), int(GNUTLS_DIG_SHA1)}) {
        addChanged("a weak digest by a stranger, " + QByteArray::number(digest), [&](auto &leaf) {
            leaf.digest = digest;
            const Key key = Key::generate(KeyKind::Ed25519);
            add("a weak digest, " + QByteArray::number(digest),
                {makeCertificate(key, leaf, weakIssuer, rsa).der});
            leaf.digest = 0;
            leaf.notAfter = TestDate - 1;
        });
    }
    // Somebody else with the name of the authority.
    const TestAuthority impostor("The authority");
    add("an impostor's", impostor.issue().ders);
    add("an impostor's with its certificate",
        Chain(impostor.issue().ders) + Chain{impostor.certificate().der});
    add("an impostor's with the certificate of the right one",
        Chain(impostor.issue().ders) + Chain{authority().certificate().der});
    const Key own = Key::generate(KeyKind::Ed25519);
    add("self-signed", {makeCertificate(own, peerRequest()).der});
    request = peerRequest();
    request.commonName = "The authority";
    add("self-signed in the name of the authority", {makeCertificate(own, request).der});
    add("self-signed, and the authority behind it",
        {makeCertificate(own, request).der, authority().certificate().der});
    add("the authority itself", {authority().certificate().der});
    // The signature of another certificate.
    QByteArray swapped = authority().issue().ders.first();
    const QByteArray other = authority().issue().ders.first();
    swapped.replace(swapped.size() - 64, 64, other.right(64));
    add("the signature of another", {swapped});
    swapped.replace(swapped.size() - 64, 64, QByteArray(64, '\0'));
    add("a signature of zeros", {swapped});
    QByteArray algorithm = authority().issue().ders.first();
    algorithm.replace(QByteArray::fromHex("06032b6570"), QByteArray::fromHex("06032b6571"));
    add("Ed25519 called Ed448", {algorithm});
}

inline void Corpus::addIntermediates()
{
    const auto chainOf = [](CertificateRequest request) { return below(request).issue().ders; };
    const auto addBelow = [&](const QByteArray &name, auto change) {
        CertificateRequest request = authorityRequest("In between");
        change(request);
        add(name, chainOf(request));
    };
    addBelow("an intermediate that is no authority", [](auto &request) {
        request.isAuthority = false;
        request.keyUsage = 0x80;
    });
    addBelow("an intermediate that may not sign", [](auto &request) { request.keyUsage = 0x80; });
    addBelow("an expired intermediate", [](auto &request) { request.notAfter = TestDate - 1; });
    addBelow("an intermediate of the future",
             [](auto &request) { request.notBefore = TestDate + 1; });
    addBelow("an intermediate for mail",
             [](auto &request) { request.purposes = {"1.3.6.1.5.5.7.3.4"}; });
    addBelow("an intermediate for other names",
             [](auto &request) { request.permittedNames = {"enemies"}; });
    for (const int count : {10, 100, 300})
        addBelow(QByteArray::number(count) + " constraints that exclude the name",
                 [count](auto &request) {
                     for (int i = 0; i < count; ++i)
                         request.permittedNames.append("n" + QByteArray::number(i) + ".example");
                 });
    CertificateRequest request = authorityRequest("At the top");
    request.pathLength = 0;
    const TestAuthority top = below(request);
    add("one below another that allows none",
        TestAuthority(authorityRequest("Below it"), top).issue().ders);
    const TestAuthority between = below(authorityRequest("In between"));
    const Chain chain = between.issue().ders;
    add("without its intermediate", {chain.first()});
    add("with the intermediate of another",
        {chain.first(), below(authorityRequest("In between")).certificate().der});
    QByteArray damaged = chain[1];
    damaged[damaged.size() - 1] = char(damaged[damaged.size() - 1] ^ 1);
    add("with a damaged intermediate", {chain[0], damaged});
    add("with garbage for an intermediate", {chain[0], QByteArray(1000, '\x30')});
    add("with nothing for an intermediate", {chain[0], {}});
    add("with an intermediate of 8 KiB and more", {chain[0], QByteArray(8193, '0')});
    add("with a key of 16,384 bits in between",
        {chain[0], makeCertificateForRsa(16384, authorityRequest("In between")).der});
    add("the intermediate first", {chain[1], chain[0]});
    // CVE-2024-0567: two that sign each other.
    const Key one = Key::generate(KeyKind::Ed25519), two = Key::generate(KeyKind::Ed25519);
    const Certificate oneSelf = makeCertificate(one, authorityRequest("One"));
    const Certificate twoSelf = makeCertificate(two, authorityRequest("Two"));
    const Certificate oneByTwo = makeCertificate(one, authorityRequest("One"), twoSelf, two);
    const Certificate twoByOne = makeCertificate(two, authorityRequest("Two"), oneSelf, one);
    const Key leaf = Key::generate(KeyKind::Ed25519);
    add("a circle",
        {makeCertificate(leaf, peerRequest(), oneByTwo, one).der, oneByTwo.der, twoByOne.der});
    add("a circle with a tail",
        {makeCertificate(leaf, peerRequest(), oneByTwo, one).der, oneByTwo.der, twoByOne.der,
         oneSelf.der});
}

inline void Corpus::addShapes()
{
    const Chain chain = authority().issue().ders;
    add("nothing at all", {});
    add("an empty certificate", {QByteArray()});
    add("the same twice", {chain[0], chain[0]});
    add("the same four times", Chain(4, chain[0]));
    for (const qsizetype count : {qsizetype(5), qsizetype(17), qsizetype(1000)})
        add(QByteArray::number(count) + " certificates", Chain(count, chain[0]));
    CertificateRequest request = peerRequest();
    request.padding = QByteArray(9000, 'p');
    addLeaf("a leaf above 8 KiB", request);
    request.padding = QByteArray(6500, 'p');
    request.dnsNames = {"enemies"};
    addLeaf("a large leaf for another name", request);
    add("a random leaf", {QByteArray(500, '\xa5')});
}

} // namespace Qp2p::Test
