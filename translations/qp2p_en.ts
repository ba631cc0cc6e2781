<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>Qp2p::Gui::CachePanel</name>
    <message numerus="yes">
        <source>%n nodes, the latest first. The next join uses them.</source>
        <translation>
            <numerusform>%n node. The next join uses it.</numerusform>
            <numerusform>%n nodes, the latest first. The next join uses them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove all %n nodes?</source>
        <translation>
            <numerusform>Remove the node?</numerusform>
            <numerusform>Remove all %n nodes?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionsPanel</name>
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
    <message numerus="yes">
        <source>%n peers</source>
        <translation>
            <numerusform>%n peer</numerusform>
            <numerusform>%n peers</numerusform>
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
        <source>%n more lines contain errors.</source>
        <translation>
            <numerusform>%n more line contains errors.</numerusform>
            <numerusform>%n more lines contain errors.</numerusform>
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
        <source>… and %n more bytes. Save the message to see all of it.</source>
        <translation>
            <numerusform>… and %n more byte. Save the message to see all of it.</numerusform>
            <numerusform>… and %n more bytes. Save the message to see all of it.</numerusform>
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
        <source>All %n connected peers would be accepted.</source>
        <translation>
            <numerusform>The connected peer would be accepted.</numerusform>
            <numerusform>All %n connected peers would be accepted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connected peers would be refused:</source>
        <translation>
            <numerusform>%n connected peer would be refused:</numerusform>
            <numerusform>%n connected peers would be refused:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::NetworkWorker</name>
    <message numerus="yes">
        <source>%n nodes were written to &quot;%1&quot;.</source>
        <translation>
            <numerusform>%n node was written to &quot;%1&quot;.</numerusform>
            <numerusform>%n nodes were written to &quot;%1&quot;.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It was not answered before %n further requests arrived.</source>
        <translation>
            <numerusform>It was not answered before %n further request arrived.</numerusform>
            <numerusform>It was not answered before %n further requests arrived.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Shown</name>
    <message numerus="yes">
        <source>… and %n more lines.</source>
        <translation>
            <numerusform>… and %n more line.</numerusform>
            <numerusform>… and %n more lines.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusWords</name>
    <message numerus="yes">
        <source>Joined: %n peers</source>
        <translation>
            <numerusform>Joined: %n peer</numerusform>
            <numerusform>Joined: %n peers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers refused: %1. Trying again soon</source>
        <extracomment>%1: a reason, such as &quot;different network name&quot;</extracomment>
        <translation>
            <numerusform>%n peer refused: %1. Trying again soon</numerusform>
            <numerusform>%n peers refused: %1. Trying again soon</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers refused. Trying again soon</source>
        <translation>
            <numerusform>%n peer refused. Trying again soon</numerusform>
            <numerusform>%n peers refused. Trying again soon</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• %n peers refused: %1</source>
        <extracomment>a line in a list: %1 is a reason, such as &quot;different network name&quot;</extracomment>
        <translation>
            <numerusform>• %n peer refused: %1</numerusform>
            <numerusform>• %n peers refused: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• %n peers did not answer</source>
        <translation>
            <numerusform>• %n peer did not answer</numerusform>
            <numerusform>• %n peers did not answer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n nodes have connected to this machine, but too few of them from addresses that it had not contacted before. A router that accepts replies only would let them in as well. It is checked again as more peers connect.</source>
        <translation>
            <numerusform>%n node has connected to this machine, but too few of them from addresses that it had not contacted before. A router that accepts replies only would let it in as well. It is checked again as more peers connect.</numerusform>
            <numerusform>%n nodes have connected to this machine, but too few of them from addresses that it had not contacted before. A router that accepts replies only would let them in as well. It is checked again as more peers connect.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checks agree: machines that this one had not contacted have connected to it.</source>
        <translation>
            <numerusform>%n check agrees: a machine that this one had not contacted has connected to it.</numerusform>
            <numerusform>%n checks agree: machines that this one had not contacted have connected to it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Workspace</name>
    <message numerus="yes">
        <source>%n messages arrived faster than they can be shown, and were left out.</source>
        <translation>
            <numerusform>%n message arrived faster than it can be shown, and was left out.</numerusform>
            <numerusform>%n messages arrived faster than they can be shown, and were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• … and %n more</source>
        <translation>
            <numerusform>• … and %n more</numerusform>
            <numerusform>• … and %n more</numerusform>
        </translation>
    </message>
</context>
</TS>
