<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Qp2p::Authority</name>
    <message>
        <source>&quot;%1&quot; cannot be a name in a certificate. Use letters from a to z, digits, hyphens, dots between them and underscores, 64 at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no authority. Create or load one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A certificate must be valid for a day at least.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The authority &quot;%1&quot; has expired on %2. Make a new one and give its certificate to all peers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no authority to save. Create or load one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key in the certificate cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With so many names the certificate has %1 bytes, and no peer accepts more than %2. Leave some out.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::AuthorityFiles</name>
    <message>
        <source>There is no file %1 with authorities. Check its name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a regular file. Name a PEM file with authorities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file %1 with authorities cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file %1 has more than 4 MiB: too much for authorities. Check that it is the right file.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::BootstrapCache</name>
    <message>
        <source>&quot;%1&quot; is not the name of a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n of its entries are not valid</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The bootstrap cache &quot;%1&quot; was damaged: %2. It is kept as &quot;%1.damaged&quot;, and its good entries are used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be added: a node needs its peer id and an IP address, such as PEERID@192.0.2.1:12000.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::CertificatePolicy</name>
    <message>
        <source>“%1” cannot be the name in a certificate. Use letters from a to z, digits, hyphens, dots and underscores, 253 of them at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A private authority is asked for, and none is given. Name the PEM file with its certificate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names of diallers can be asked for in the mode AgreedAuthority only.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Certificates</name>
    <message>
        <source>The key in the certificate cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is of an unsupported type or strength (%1). Use %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ed25519, ECDSA P-256 or P-384, or RSA with %1 to %2 bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate has %1 bytes; at most %2 are accepted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate cannot be read (%1); it is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of the peer&apos;s certificate “%1” is not accepted. %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The peer&apos;s certificate “%1” has a weak signature (%2).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::EndpointConfig</name>
    <message>
        <source>%1 is %2. Set a duration from %3 to %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is %2. Set at least %3 and less than the idle timeout of %4, zero to switch keep-alive off, or a negative value for the default.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is %2 us. Set at most %3 us, or zero to switch polling off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Legacy peers have no certificate that an authority could vouch for. Accept them in the mode EncryptOnly only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is %2 bytes. Set a size from 1 byte to %3 bytes (1 GiB).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is %2. Set a number from 1 to %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not valid Unicode. Set another text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has %2 bytes in UTF-8. Set a text of at most %3 bytes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a control character or a line break. Set a text without.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for qlog files does not exist. Create it, or name another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot;, which was given for qlog files, is not a folder. Name one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program may not write to the folder &quot;%1&quot; for qlog files. Change its permissions, or name another.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::BlockedDialog</name>
    <message>
        <source>Blocked peers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Unblock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program neither dials these peers and addresses nor lets them in. The list can be changed while a network is joined.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CacheModel</name>
    <message>
        <source>Never</source>
        <comment>last connected</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An anchor: one of the two nodes longest linked. It is dialled first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dials in vain since the last success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added by hand; its certificate is kept once it was connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 of the certificate that it must present again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Latest join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Successes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CachePanel</name>
    <message>
        <source>&amp;Dial now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Clear …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Import …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E&amp;xport …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import nodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No node is remembered. Those that this machine has dialled with success come here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are remembered, the latest first. After a restart the network is joined through them.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Clear the bootstrap cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Forget all %n nodes?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>After a restart the network can then be joined through contacts only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add nodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One node a line, with its peer id: PEERID@192.0.2.1:12000. Its certificate is kept once it was connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read, or is larger than 4 MiB. Choose one that was exported from a bootstrap cache.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no node with a peer id and an IP address. Nothing was imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line %1 of &quot;%2&quot;: %3 Nothing was imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export nodes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CandidateModel</name>
    <message>
        <source>%1 at %2</source>
        <extracomment>a peer id, and the address where it is dialled</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why not</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CertificateTree</name>
    <message>
        <source>Field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate chain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not expire</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May sign other certificates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May not sign other certificates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 fingerprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer id of the key</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CertificatesDialog</name>
    <message>
        <source>Certificates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read authorities a&amp;gain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes in what has changed in the authorities&apos; files, without leaving.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Who is accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;My identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network is left and joined again with this rule.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This rule holds from the next join on.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionModel</name>
    <message>
        <source>Not proven</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>a certificate mode, and the name of the authority that vouches</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A peer of the old qp2p dialled; it proves no key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection is open; the link to the peer does not stand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each of the two nodes has dialled the other; each connection carries messages one way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One connection between a client and its node, used both ways.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothed round-trip time (RFC 9002)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 of the peer&apos;s public key, proven by the handshake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RTT</source>
        <extracomment>round-trip time</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receive rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed because</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionsPanel</name>
    <message>
        <source>&amp;Disconnect …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Block peer …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy &amp;address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy peer &amp;id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by peer, name, address or reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter connections by text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter connections by state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recently closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n connections</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No connection passes the filter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no connection yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join a network to see its connections: Network, Join.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer id, and the name in its certificate</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disconnect from %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Disconnect from %1 and %n other peers?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Messages on their way are lost. Either side may connect again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block peer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Block %1 and %n other peers?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The link ends, and this program neither dials the peer nor lets it in, until you take it off the list: Network, Blocked peers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Block</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactLines</name>
    <message numerus="yes">
        <source>Only the first %n contacts are used.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactsEditor</name>
    <message>
        <source>Contacts, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no peer id, or a host name where an IP address is needed. Write PEERID@192.0.2.1:12000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n further lines are wrong, too.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DemoNetwork</name>
    <message>
        <source>The demonstration could not write &quot;%1&quot;: %2.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DesktopApp</name>
    <message>
        <source>Still running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window closes, and the program keeps running in the tray.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network stays joined. A click on the icon in the tray brings the window back; its menu ends the program. The settings have a switch for this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QP2P</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program could not be started for the profile &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DetailsPanel</name>
    <message>
        <source>Time that the plots show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 10 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a connection to see its details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>qlog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview of the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round-trip time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Congestion window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest datagram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Statistics of the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the peer has been, the latest last. An address changes when a router forgets it, or the peer moves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Addresses of the peer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not proven: a peer of the old qp2p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its certificate has no name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed at %1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 connection to a peer with the role %2; link: %3</source>
        <extracomment>%1: &quot;Outgoing&quot; or &quot;Incoming&quot;, %2: a role, %3: a kind of link</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 connection without a link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, vouched for by %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2 long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: it was not switched on when this connection opened. The log panel switches it on for new ones.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>latest %1, smoothed %2, least %3, variation %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, of which %2 are in flight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 sent, %2 received, %3 lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 sent, %2 received, %3 refused, %4 failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to be sent, %2 to be delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This peer of the old qp2p has presented no certificate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted because it proved the key of its certificate. No authority was asked: the name is what the peer calls itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted because the agreed authority %1 vouches for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted because the private authority %1 vouches for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No name was asked for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name %1, which was asked for, is in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::FirstSteps</name>
    <message>
        <source>Welcome to QP2P</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 1 of 3: who you are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An identity was made for this machine. Keep it, or import one that you have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 2 of 3: who is accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All members of a network choose the same. It can be changed later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step 3 of 3: whom to join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One member is enough; you learn of the others through it. Without any you begin a network, and others can join through you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Addresses and ports, one a line:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::IdentityWidget</name>
    <message>
        <source>&amp;Copy peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export certificate …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Import identity …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generate a&amp;new …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 of the public key of this member</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes the certificate, without the key: what may be given to others, such as to an authority that shall sign it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes key and certificates from a PEM file, such as one that an authority has issued.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This member is known by its peer id, which follows from its key. The key stays in the profile&apos;s folder and is sent to nobody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The peer id is in the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export the certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take another identity from a file?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import an identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generate a new identity?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no identity yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This member gets another peer id: others will take it for somebody else, and who has pinned the old key is warned of the change. The network is left and joined again. The old key is kept in the profile&apos;s folder under another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Change identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.key)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This member is %1 now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key in this file is encrypted. Its passphrase:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate is in &quot;%1&quot; now.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::JoinDialog</name>
    <message>
        <source>Join a network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Candidates of the join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A join is under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Members to join through, one a line: an address and a port, each perhaps with the peer id to expect, as PEERID@192.0.2.1:12000. Remembered nodes are tried as well. Where there is neither, a new network begins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The join was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No candidate could be joined; the table says why. It is tried again, ever more rarely.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::KeyChangedQuestion</name>
    <message>
        <source>Peer id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SHA-256 fingerprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A node has another key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The node at %1 answered with another key than the one that this program remembers. It was refused.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perhaps its owner has made a new identity, or another machine has this address now. Perhaps somebody wants to take its place. Ask its owner for the new peer id before you accept it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actual</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trust the new key from now on, and dial again?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Yes, trust the new key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogModel</name>
    <message>
        <source>Debug</source>
        <comment>level of a log line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Info</source>
        <comment>level of a log line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <comment>level of a log line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <comment>level of a log line</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogPanel</name>
    <message>
        <source>&amp;Debug lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;qlog of new connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least level of the lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Info and above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category of the lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the log by text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logs what helps to find faults in the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes each packet of new connections to a file for qvis and similar tools. Such files tell who talked to whom, and when.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All categories</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogSink</name>
    <message numerus="yes">
        <source>%n lines came too fast and were left out.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Main</name>
    <message>
        <source>QP2P cannot start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joins peer-to-peer networks over QUIC, and shows what happens in them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of the profile: settings, identity and bootstrap cache of one network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows a small network on this machine, in a profile that is gone afterwards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starts in the tray, where the profile&apos;s settings use it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>qp2p-desktop takes no argument &quot;%1&quot;. See --help.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MainWindow</name>
    <message>
        <source>%1 – QP2P</source>
        <extracomment>the window&apos;s title; %1 is the name of a profile</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt+5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+J</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joins through the bootstrap cache and the contacts of the latest join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel join</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Leave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;ertificates …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Blocked peers …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Write to the peer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About QP2P</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New profile …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open a profile&apos;s folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of a profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A profile is another network, with an identity of its own. Its name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About QP2P</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QP2P %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joins peer-to-peer networks over QUIC, and shows what happens in them.

The profile is in %1.

MIT or BSD-3-Clause, at your choice.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageContent</name>
    <message numerus="yes">
        <source>… and %n further bytes. Save the message to see all of it.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no hexadecimal digit. Write bytes like 51 50 32 50.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is an odd number of hexadecimal digits: each byte takes two, such as 0a.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageModel</name>
    <message>
        <source>From</source>
        <comment>direction of a message</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <comment>direction of a message</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer&apos;s short id, and the name in its certificate</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits for a reply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageStrip</name>
    <message>
        <source>Messages of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n earlier</source>
        <comment>messages behind this one</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessagesPanel</name>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hexadecimal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the message is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Content of the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a message to read it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sa&amp;ve …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peer to write to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer re&amp;quests with what they carry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sends a message. It is acknowledged once the peer has all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;quest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sends a request, and shows the reply and how long it took.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;ply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers the request that is chosen in the table.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer&apos;s short id, and its name or address</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No peer is linked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The message could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ModeWidget</name>
    <message>
        <source>A&amp;dd …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name that certificates must have:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Encrypt only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everybody may connect. Nobody can listen in or pretend to be another peer, but nobody vouches for who stands behind a peer, either. Good to try things out, and for open networks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Private authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only peers whose certificate was signed by an authority of your own. For a group that wants a network to itself: someone runs the authority and gives each member a certificate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;greed authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only peers whose certificate was signed by a public authority, as for web sites. For servers with names of their own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of the authorities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name that certificates must have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any name</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All %n peers that are connected now would be accepted.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers that are connected now would be refused:</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Peers with the same rule would refuse this machine: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody is connected now, so nobody would be cut off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the file of the authority&apos;s certificate. &quot;qp2p authority new NAME&quot; makes an authority.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read. Remove it from the list, or mend it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificates of authorities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificates of the &amp;authorities (PEM):</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bundles of &amp;authorities (PEM); none: those of the system:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name that peers which dial us must have:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::NetworkWorker</name>
    <message>
        <source>The peer %1 is gone: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The authorities have been read again. New connections are judged by them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The peer %1 is linked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no link to this peer any more. Dial it again, or choose another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>It was not answered before %n further requests came.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This request waits for no answer any more: its peer is gone, has given it up, or has had one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The nodes could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are in &quot;%1&quot; now.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Plot</name>
    <message>
        <source>%1: %2</source>
        <extracomment>a curve&apos;s name and its latest value</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ago</source>
        <extracomment>the left end of a time axis, e.g. &quot;10 min 00 s ago&quot;</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <comment>the right end of a time axis</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Profile</name>
    <message>
        <source>&quot;%1&quot; is not a folder. Name the folder of a profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for the profile could not be made. Name one in a folder that you may write to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; belongs to another user. Name one of your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; cannot be written. Change its permissions, or name another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; has other things in it and is no profile. Name an empty folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; is in use by the process %2. End that program, or name another profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A profile&apos;s name has 1 to 40 letters from A to Z, digits, spaces, hyphens and underscores, and begins with a letter or a digit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be renamed, so the old identity stays. Check the folder&apos;s permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be written, so the old identity stays. Check the folder&apos;s permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for qlog files could not be made. Check the permissions of the profile&apos;s folder.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Question</name>
    <message>
        <source>&amp;No</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Settings</name>
    <message>
        <source>A later version of this program wrote the settings in &quot;%1&quot;. What it knows and this one does not is kept, and has no effect here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program starts with its defaults; the file is kept as &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program starts with its defaults, and cannot keep what you change: remove that file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings could not be written to &quot;%1&quot;. Make that folder writable and its disk not full; until then changes last as long as the program runs.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node: others can dial this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client: only this machine dials</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Role:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A node carries the network. Whether others can really dial it is checked by them; if not, it takes part as a client.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All interfaces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>an address, and the name of its network interface</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Interface:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Packets leave and arrive there alone. Where the address is gone, joining fails; no other is taken instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any free port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>UDP p&amp;ort:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fixed one is needed to forward it in a router. Ports below 1024 are checked by nobody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPv4 and IPv6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPv4 only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPv6 only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;IP families:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peers of the other family are not found. A chosen interface address decides it by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network na&amp;me:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Members of networks with different names part at once. It is no secret.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Certificate mode …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join when the program starts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Through the bootstrap cache and the contacts of the latest join.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Under load</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;etry:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes whoever dials prove its address first, at the cost of one round trip. Without it, forged packets can make this machine work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lin&amp;ks to keep:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nodes of its own choice that this machine stays linked to. Others may come on top.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Most connections:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Further ones are refused. Each takes about 25 KB of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest messa&amp;ge:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger ones are refused. Each connection may take as much memory in either direction.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;fuse nodes that cannot be dialled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peers behind routers that let nobody in are sent away, instead of taken as clients.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window is made anew in it at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Appearance:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Follows the desktop where that tells whether it is dark.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bytes per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rates:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rates in tables and plots.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>KiB, MiB: steps of 1,024</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kB, MB: steps of 1,000</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sizes:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sizes in bytes. Bits always have steps of 1,000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;fresh every:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the tables are read anew. Nothing is read while the window is hidden.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running in the &amp;tray when the window is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The network stays joined. &quot;Quit&quot; in the menu ends the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This desktop has no tray, so closing the window ends the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a &amp;qlog of new connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file for each connection, in the profile&apos;s folder. They tell who talked to whom, and when, and grow fast.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (not there now)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Shown</name>
    <message>
        <source>%1 B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 TB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 KiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 TiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 bit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kbit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 Mbit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 Gbit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 Tbit/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 B/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 kB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 TB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 KiB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 MiB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GiB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 TiB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ms</source>
        <extracomment>milliseconds</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <extracomment>a duration: days and hours</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <extracomment>a duration: hours and minutes</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <extracomment>a duration: minutes and seconds</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <extracomment>a duration: seconds</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yyyy-MM-dd hh:mm:ss</source>
        <comment>date and time</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown</source>
        <comment>role of a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Node</source>
        <comment>role of a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client</source>
        <comment>role of a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <comment>link to a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uni-directional</source>
        <comment>link to a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bi-directional</source>
        <comment>link to a peer</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outgoing</source>
        <comment>direction of a connection</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Incoming</source>
        <comment>direction of a connection</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linking</source>
        <comment>state of a connection</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <comment>state of a connection</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed</source>
        <comment>state of a connection</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joining …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying again soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaving …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreed authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encrypt only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dialling …</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linking …</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joined</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another was faster</source>
        <comment>candidate of a join</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contact</source>
        <comment>where a candidate comes from</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <comment>where a candidate comes from</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bootstrap cache, anchor</source>
        <comment>where a candidate comes from</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusPanel</name>
    <message>
        <source>Explains what is known of this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether others can dial this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine in the network</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusWords</name>
    <message>
        <source>A client: does not listen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not listen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listens on port %1, IPv4 and IPv6</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listens on port %1, IPv4 only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listens on port %1, IPv6 only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listens at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody has told yet at which address it is seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others see it at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others see it at %1 and %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be dialled: it is a client by choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A client keeps links to nodes and is dialled by nobody. The role is chosen in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not checked yet whether others can dial it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no peer that could check it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peers check it by dialling this machine from another address; that takes some seconds, and peers that can do it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can probably be dialled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only machines that were in touch with this one have dialled it. A router that lets in whoever was called before would do so, too; a peer elsewhere will tell.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can be dialled by anyone</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n checks agree: machines that this one had not talked to have dialled it.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be dialled: takes part as a client</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others dialled this machine in vain: %1 Forward UDP port %2 in the router to this machine, and let it through the firewall, to be a node.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not joined</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Join a network to see its connections.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joining …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No peer answers; it is tried again soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaving …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A network of one: others can join through this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Joined: %n peers</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::TableView</name>
    <message>
        <source>&amp;Copy rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy rows as CS&amp;V</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy rows as &amp;JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export rows …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rows could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;olumns</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ThroughputPanel</name>
    <message>
        <source>All connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since it joined: %1 sent, %2 received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Workspace</name>
    <message numerus="yes">
        <source>%n messages came faster than they can be shown, and are not.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The peer at %1 is linked.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Identity</name>
    <message>
        <source>GnuTLS could not make a key or certificate: %1. Check that it is version 3.7.9 or newer and not in FIPS mode.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It needs one PRIVATE KEY and one to %1 CERTIFICATE blocks, the certificate of the key first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 holds no PEM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 holds a block &quot;%2&quot;, which is no part of an identity.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In %1, private keys: %2, certificates: %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has %2 bytes; an identity has at most %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is damaged: a block has no end. Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 must have one to %2 CERTIFICATE blocks and nothing else. Give what &quot;qp2p identity export&quot; or an authority wrote.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private key in %1 is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase cannot be used. Choose one of printable characters in UTF-8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private key in %1 is damaged. Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private key in %1 (%2) is of an unsupported type, or damaged. Use %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private key in %1 is encrypted in an unsupported way. Encrypt it again with: openssl pkcs8 -topk8 -v2 aes-256-cbc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private key in %1 is encrypted. Give its passphrase.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passphrase does not open the private key in %1. Check it, and whether it belongs to this file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate %1 in %2 is damaged. Copy it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate %1 in %2 cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificates in %1 have %2 bytes; at most %3 are accepted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of the certificates in %1 belongs to its private key. Put the key and its own certificate together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first certificate in %1 does not belong to its private key, but certificate %2 does. Put that one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first certificate in %1 is X.509 version %2. Have one of version 3 issued; peers refuse others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate in %1 is that of a peer, which may not sign others. Name the file of an authority.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate in %1 is that of an authority, whose key must not be in use on a network. Have it issue a certificate for this peer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first certificate in %1 does not allow its key to sign (the key usage is another). Have one that does issued.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first certificate in %1 has a weak signature (%2), which peers refuse. Have it issued again with SHA-256.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PEM text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no identity to save. Generate or load one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for a new identity cannot be made. Make it, or name another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no identity. Generate or load one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GnuTLS could not read the key again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not the name of a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The identity file %1 cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The identity file %1 cannot be written: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no identity file %1. Generate an identity, or name another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file %1 exists already and is not replaced. Name another one, or move it away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it has more than the %1 bytes of an identity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The identity file %1 belongs to another user. Take it over with chown, or use a file of your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others may read or write the identity file %1. Run: chmod 600 %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is a symbolic link; name the file itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its folder does not exist; make it first</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::PeerAddress</name>
    <message>
        <source>Nothing was given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A peer id must stand before the &quot;@&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An IPv6 address stands in brackets, and the port follows: [%1]:12000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only an IPv6 address has more than one &quot;:&quot;, and it stands in brackets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not the address of a peer. %2 Write host:port, for example %3, %4 or %5.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has a space inside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has a character that cannot be seen (U+%1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port &quot;%1&quot; is not a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port must be from 1 to 65535, not %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port must not begin with a zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 stands for many machines and cannot be dialled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The &quot;]&quot; after the IPv6 address is missing or misplaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not an IPv6 address, and only these stand in brackets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a host name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not an IPv4 address; that has four numbers from 0 to 255 without leading zeros.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::PeerId</name>
    <message>
        <source>A peer id has %1 characters, letters and the digits 2 to 7; copy it again from where it is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a peer id: it has %1 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a peer id: its character %1 is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a peer id: its last character is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not a peer id: it is all zero.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::RecordFile</name>
    <message>
        <source>its folder cannot be written to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program is writing it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk may be full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be locked: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read: %2. It is left as it is, and nothing is saved to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; was written by a later version of this program. It is left as it is; update the program, or name another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; is something else than expected here (%2). It is left as it is, and nothing is saved to it; name another file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is larger than %1 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its first line is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n of its lines are damaged</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be written: %2. What it had is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it would be larger than %1 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its folder cannot be synced</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::TrustStore</name>
    <message>
        <source>%1 has no certificate. Name a PEM file with the certificates of authorities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A certificate in %1 cannot be read (%2). Name a PEM file with the certificates of authorities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GnuTLS has no memory for authorities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has a certificate that is no authority&apos;s (%2): it may not sign others. Name the certificate of the authority that has signed it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No authority is given, so no peer could be accepted. Name a PEM file with at least one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This system has no trust store with authorities. Install one (on Debian the package ca-certificates), or name a bundle.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::Version</name>
    <message>
        <source>ngtcp2 %1 was loaded, but %2 or newer is needed: a hostile peer can end a program that uses an older one. Run installer/dependencies.sh and build again, or upgrade the package libngtcp2-16.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GnuTLS %1 was loaded, but %2 or newer is needed. Upgrade the package libgnutls30 (Debian: sudo apt install --only-upgrade libgnutls30).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Qp2p::safeText</name>
    <message>
        <source>… (%1 bytes)</source>
        <comment>End of a text that was cut; %1 is the size of all of it</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
