<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>Qp2p::BootstrapCache</name>
    <message numerus="yes">
        <source>%n of its entries are not valid</source>
        <translation>
            <numerusform>%n of its entries is not valid</numerusform>
            <numerusform>%n of its entries are not valid</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CachePanel</name>
    <message numerus="yes">
        <source>%n nodes are remembered, the latest first. After a restart the network is joined through them.</source>
        <translation>
            <numerusform>%n node is remembered. After a restart the network is joined through it.</numerusform>
            <numerusform>%n nodes are remembered, the latest first. After a restart the network is joined through them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forget all %n nodes?</source>
        <translation>
            <numerusform>Forget the node?</numerusform>
            <numerusform>Forget all %n nodes?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionsPanel</name>
    <message numerus="yes">
        <source>%n connections</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disconnect from %1 and %n other peers?</source>
        <translation>
            <numerusform>Disconnect from %1 and %n other peer?</numerusform>
            <numerusform>Disconnect from %1 and %n other peers?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Block %1 and %n other peers?</source>
        <translation>
            <numerusform>Block %1 and %n other peer?</numerusform>
            <numerusform>Block %1 and %n other peers?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactLines</name>
    <message numerus="yes">
        <source>Only the first %n contacts are used.</source>
        <translation>
            <numerusform>Only the first contact is used.</numerusform>
            <numerusform>Only the first %n contacts are used.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactsEditor</name>
    <message numerus="yes">
        <source>%n further lines are wrong, too.</source>
        <translation>
            <numerusform>%n further line is wrong, too.</numerusform>
            <numerusform>%n further lines are wrong, too.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DetailsPanel</name>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogSink</name>
    <message numerus="yes">
        <source>%n lines came too fast and were left out.</source>
        <translation>
            <numerusform>%n line came too fast and was left out.</numerusform>
            <numerusform>%n lines came too fast and were left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageContent</name>
    <message numerus="yes">
        <source>… and %n further bytes. Save the message to see all of it.</source>
        <translation>
            <numerusform>… and %n further byte. Save the message to see all of it.</numerusform>
            <numerusform>… and %n further bytes. Save the message to see all of it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageStrip</name>
    <message numerus="yes">
        <source>%n earlier</source>
        <comment>messages behind this one</comment>
        <translation>
            <numerusform>%n earlier</numerusform>
            <numerusform>%n earlier</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ModeWidget</name>
    <message numerus="yes">
        <source>All %n peers that are connected now would be accepted.</source>
        <translation>
            <numerusform>The one peer that is connected now would be accepted.</numerusform>
            <numerusform>All %n peers that are connected now would be accepted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers that are connected now would be refused:</source>
        <translation>
            <numerusform>%n peer that is connected now would be refused:</numerusform>
            <numerusform>%n peers that are connected now would be refused:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::NetworkWorker</name>
    <message numerus="yes">
        <source>It was not answered before %n further requests came.</source>
        <translation>
            <numerusform>It was not answered before %n further request came.</numerusform>
            <numerusform>It was not answered before %n further requests came.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are in &quot;%1&quot; now.</source>
        <translation>
            <numerusform>%n node is in &quot;%1&quot; now.</numerusform>
            <numerusform>%n nodes are in &quot;%1&quot; now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusWords</name>
    <message numerus="yes">
        <source>%n checks agree: machines that this one had not talked to have dialled it.</source>
        <translation>
            <numerusform>%n check says so: a machine that this one had not talked to has dialled it.</numerusform>
            <numerusform>%n checks agree: machines that this one had not talked to have dialled it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Joined: %n peers</source>
        <translation>
            <numerusform>Joined: %n peer</numerusform>
            <numerusform>Joined: %n peers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n nodes have dialled this machine, but too few of them from addresses that it had not contacted before. A router that lets in whoever was contacted would let them in as well. It is checked again as more peers connect.</source>
        <translation>
            <numerusform>%n node has dialled this machine, but not from an address that it had not contacted before. A router that lets in whoever was contacted would let it in as well. It is checked again as more peers connect.</numerusform>
            <numerusform>%n nodes have dialled this machine, but too few of them from addresses that it had not contacted before. A router that lets in whoever was contacted would let them in as well. It is checked again as more peers connect.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Workspace</name>
    <message numerus="yes">
        <source>%n messages came faster than they can be shown, and are not.</source>
        <translation>
            <numerusform>%n message came faster than it can be shown, and is not.</numerusform>
            <numerusform>%n messages came faster than they can be shown, and are not.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::RecordFile</name>
    <message numerus="yes">
        <source>%n of its lines are damaged</source>
        <translation>
            <numerusform>%n of its lines is damaged</numerusform>
            <numerusform>%n of its lines are damaged</numerusform>
        </translation>
    </message>
</context>
</TS>
