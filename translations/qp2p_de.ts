<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
</context>
<context>
    <name>QWizard</name>
    <message>
        <source>&lt; &amp;Back</source>
        <translation>&lt; &amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Next &gt;</source>
        <translation>&amp;Weiter &gt;</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Qp2p::Authority</name>
    <message>
        <source>&quot;%1&quot; cannot be a name in a certificate. Use letters from a to z, digits, hyphens, dots between them and underscores, 64 at most.</source>
        <translation>„%1“ kann kein Name in einem Zertifikat sein. Verwenden Sie Buchstaben von a bis z, Ziffern, Bindestriche, dazwischen Punkte und Unterstriche, höchstens 64 Zeichen.</translation>
    </message>
    <message>
        <source>There is no authority. Create or load one.</source>
        <translation>Es gibt keine Zertifizierungsstelle. Erstellen oder laden Sie eine.</translation>
    </message>
    <message>
        <source>A certificate must be valid for a day at least.</source>
        <translation>Ein Zertifikat muss mindestens einen Tag gültig sein.</translation>
    </message>
    <message>
        <source>The authority &quot;%1&quot; has expired on %2. Make a new one and give its certificate to all peers.</source>
        <translation>Die Zertifizierungsstelle „%1“ ist am %2 abgelaufen. Erstellen Sie eine neue, und geben Sie deren Zertifikat allen Peers.</translation>
    </message>
    <message>
        <source>The new authority</source>
        <translation>Die neue Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>There is no authority to save. Create or load one first.</source>
        <translation>Es gibt keine Zertifizierungsstelle zum Speichern. Erstellen oder laden Sie zuerst eine.</translation>
    </message>
    <message>
        <source>The certificate</source>
        <translation>Das Zertifikat</translation>
    </message>
    <message>
        <source>The key in the certificate cannot be read.</source>
        <translation>Der Schlüssel im Zertifikat kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>With so many names the certificate has %1 bytes, and no peer accepts more than %2. Leave some out.</source>
        <translation>Mit so vielen Namen hat das Zertifikat %1 Byte, und kein Peer akzeptiert mehr als %2. Lassen Sie einige weg.</translation>
    </message>
</context>
<context>
    <name>Qp2p::AuthorityFiles</name>
    <message>
        <source>There is no file %1 with authorities. Check its name.</source>
        <translation>Es gibt keine Datei %1 mit Zertifizierungsstellen. Prüfen Sie den Namen.</translation>
    </message>
    <message>
        <source>%1 is not a regular file. Name a PEM file with authorities.</source>
        <translation>%1 ist keine gewöhnliche Datei. Nennen Sie eine PEM-Datei mit Zertifizierungsstellen.</translation>
    </message>
    <message>
        <source>The file %1 with authorities cannot be read: %2.</source>
        <translation>Die Datei %1 mit Zertifizierungsstellen kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The file %1 has more than 4 MiB: too much for authorities. Check that it is the right file.</source>
        <translation>Die Datei %1 hat mehr als 4 MiB: zu viel für Zertifizierungsstellen. Prüfen Sie, ob es die richtige Datei ist.</translation>
    </message>
</context>
<context>
    <name>Qp2p::BootstrapCache</name>
    <message>
        <source>&quot;%1&quot; is not the name of a file.</source>
        <translation>&quot;%1&quot; ist kein Dateiname.</translation>
    </message>
    <message numerus="yes">
        <source>%n of its entries are not valid</source>
        <translation>
            <numerusform>%n seiner Einträge ist ungültig</numerusform>
            <numerusform>%n seiner Einträge sind ungültig</numerusform>
        </translation>
    </message>
    <message>
        <source>The bootstrap cache &quot;%1&quot; was damaged: %2. It is kept as &quot;%1.damaged&quot;, and its good entries are used.</source>
        <translation>Der Bootstrap-Cache &quot;%1&quot; war beschädigt: %2. Er wird als &quot;%1.damaged&quot; aufbewahrt, und seine brauchbaren Einträge werden verwendet.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be added: a node needs its peer id and an IP address, such as PEERID@192.0.2.1:12000.</source>
        <translation>„%1“ kann nicht hinzugefügt werden: Zu einem Knoten gehören seine Peer-ID und eine IP-Adresse, etwa PEERID@192.0.2.1:12000.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be added: it is a link-local address, another machine on each link. Name the network interface too, as in PEERID@[%2%eth0]:12000.</source>
        <translation>„%1“ kann nicht hinzugefügt werden: Das ist eine link-lokale Adresse, auf jeder Verbindung ein anderer Rechner. Geben Sie auch die Netzwerkschnittstelle an, etwa PEERID@[%2%eth0]:12000.</translation>
    </message>
</context>
<context>
    <name>Qp2p::CertificatePolicy</name>
    <message>
        <source>“%1” cannot be the name in a certificate. Use letters from a to z, digits, hyphens, dots and underscores, 253 of them at most.</source>
        <translation>„%1“ kann nicht der Name in einem Zertifikat sein. Verwenden Sie Buchstaben von a bis z, Ziffern, Bindestriche, Punkte und Unterstriche, höchstens 253 Zeichen.</translation>
    </message>
    <message>
        <source>A private authority is asked for, and none is given. Name the PEM file with its certificate.</source>
        <translation>Eine eigene Zertifizierungsstelle wird verlangt, ist aber nicht angegeben. Nennen Sie die PEM-Datei mit deren Zertifikat.</translation>
    </message>
    <message>
        <source>Names of diallers can be asked for in the mode AgreedAuthority only.</source>
        <translation>Namen von Anwählenden können nur im Modus AgreedAuthority verlangt werden.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Certificates</name>
    <message>
        <source>The key in the certificate cannot be read.</source>
        <translation>Der Schlüssel im Zertifikat kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The key is of an unsupported type or strength (%1). Use %2.</source>
        <translation>Die Art oder Stärke des Schlüssels wird nicht unterstützt (%1). Verwenden Sie %2.</translation>
    </message>
    <message>
        <source>Ed25519, ECDSA P-256 or P-384, or RSA with %1 to %2 bits</source>
        <translation>Ed25519, ECDSA P-256 oder P-384, oder RSA mit %1 bis %2 Bit</translation>
    </message>
    <message>
        <source>The certificate has %1 bytes; at most %2 are accepted.</source>
        <translation>Das Zertifikat hat %1 Byte; höchstens %2 werden akzeptiert.</translation>
    </message>
    <message>
        <source>The certificate cannot be read (%1); it is damaged.</source>
        <translation>Das Zertifikat kann nicht gelesen werden (%1); es ist beschädigt.</translation>
    </message>
    <message>
        <source>The key of the peer&apos;s certificate “%1” is not accepted. %2</source>
        <translation>Der Schlüssel im Zertifikat „%1“ des Peers wird nicht akzeptiert. %2</translation>
    </message>
    <message>
        <source>The peer&apos;s certificate “%1” has a weak signature (%2).</source>
        <translation>Das Zertifikat „%1“ des Peers hat eine schwache Signatur (%2).</translation>
    </message>
</context>
<context>
    <name>Qp2p::EndpointConfig</name>
    <message>
        <source>%1 is %2. Set a duration from %3 to %4.</source>
        <translation>%1 ist %2. Geben Sie eine Dauer von %3 bis %4 an.</translation>
    </message>
    <message>
        <source>%1 is %2. Set at least %3 and less than the idle timeout of %4, zero to switch keep-alive off, or a negative value for the default.</source>
        <translation>%1 ist %2. Geben Sie mindestens %3 und weniger als das Leerlauf-Zeitlimit von %4 an; 0 schaltet Keep-Alive ab, ein negativer Wert steht für die Vorgabe.</translation>
    </message>
    <message>
        <source>%1 is %2 us. Set at most %3 us, or zero to switch polling off.</source>
        <translation>%1 ist %2 us. Geben Sie höchstens %3 us an; 0 schaltet das Polling ab.</translation>
    </message>
    <message>
        <source>Legacy peers have no certificate that an authority could vouch for. Accept them in the mode EncryptOnly only.</source>
        <translation>Alte Peers haben kein Zertifikat, für das eine Zertifizierungsstelle bürgen könnte. Akzeptieren Sie sie nur im Modus EncryptOnly.</translation>
    </message>
    <message>
        <source>%1 is %2 bytes. Set a size from 1 byte to %3 bytes (1 GiB).</source>
        <translation>%1 ist %2 Byte. Geben Sie eine Größe von 1 Byte bis %3 Byte (1 GiB) an.</translation>
    </message>
    <message>
        <source>%1 is %2. Set a number from 1 to %3.</source>
        <translation>%1 ist %2. Geben Sie eine Zahl von 1 bis %3 an.</translation>
    </message>
    <message>
        <source>%1 is not valid Unicode. Set another text.</source>
        <translation>%1 ist kein gültiges Unicode. Geben Sie einen anderen Text an.</translation>
    </message>
    <message>
        <source>%1 has %2 bytes in UTF-8. Set a text of at most %3 bytes.</source>
        <translation>%1 hat %2 Byte in UTF-8. Geben Sie einen Text mit höchstens %3 Byte an.</translation>
    </message>
    <message>
        <source>%1 has a control character or a line break. Set a text without.</source>
        <translation>%1 enthält ein Steuerzeichen oder einen Zeilenumbruch. Geben Sie einen Text ohne solche Zeichen an.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for qlog files does not exist. Create it, or name another.</source>
        <translation>Der Ordner &quot;%1&quot; für qlog-Dateien existiert nicht. Erstellen Sie ihn, oder nennen Sie einen anderen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot;, which was given for qlog files, is not a folder. Name one.</source>
        <translation>&quot;%1&quot;, angegeben für qlog-Dateien, ist kein Ordner. Nennen Sie einen Ordner.</translation>
    </message>
    <message>
        <source>This program may not write to the folder &quot;%1&quot; for qlog files. Change its permissions, or name another.</source>
        <translation>Dieses Programm darf nicht in den Ordner &quot;%1&quot; für qlog-Dateien schreiben. Ändern Sie dessen Berechtigungen, oder nennen Sie einen anderen.</translation>
    </message>
    <message>
        <source>%1 is %2 bytes. Set a size from %3 bytes (the largest message and 64 MiB) to %4 bytes (64 GiB), or zero for the default.</source>
        <translation>%1 ist %2 Bytes. Wählen Sie eine Größe von %3 Bytes (die größte Nachricht und 64 MiB) bis %4 Bytes (64 GiB), oder null für die Voreinstellung.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::BlockedDialog</name>
    <message>
        <source>Blocked peers</source>
        <translation>Gesperrte Peers</translation>
    </message>
    <message>
        <source>&amp;Unblock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>This program neither dials these peers and addresses nor lets them in. The list can be changed while a network is joined.</source>
        <translation>Dieses Programm wählt diese Peers und Adressen nicht an und lässt sie nicht ein. Die Liste lässt sich ändern, solange Sie einem Netz beigetreten sind.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CacheModel</name>
    <message>
        <source>Never</source>
        <comment>last connected</comment>
        <translation>Nie</translation>
    </message>
    <message>
        <source>Not known yet</source>
        <translation>Noch nicht bekannt</translation>
    </message>
    <message>
        <source>An anchor: one of the two nodes longest linked. It is dialled first.</source>
        <translation>Ein Anker: einer der beiden Knoten, zu denen der Link am längsten besteht. Er wird zuerst angewählt.</translation>
    </message>
    <message>
        <source>Dials in vain since the last success</source>
        <translation>Vergebliche Anwahlversuche seit dem letzten Erfolg</translation>
    </message>
    <message>
        <source>Added by hand; its certificate is kept once it was connected.</source>
        <translation>Von Hand hinzugefügt; das Zertifikat wird gespeichert, sobald eine Verbindung bestanden hat.</translation>
    </message>
    <message>
        <source>SHA-256 of the certificate that it must present again</source>
        <translation>SHA-256 des Zertifikats, das der Knoten wieder vorweisen muss</translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation>Peer-ID</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>Adressen</translation>
    </message>
    <message>
        <source>Latest join</source>
        <translation>Letzter Beitritt</translation>
    </message>
    <message>
        <source>Last connected</source>
        <translation>Zuletzt verbunden</translation>
    </message>
    <message>
        <source>Successes</source>
        <translation>Erfolge</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Fehlschläge</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Zertifikat</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CachePanel</name>
    <message>
        <source>&amp;Dial now</source>
        <translation>Jetzt &amp;anwählen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Clear …</source>
        <translation>&amp;Leeren …</translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Import …</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>E&amp;xport …</source>
        <translation>E&amp;xportieren …</translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <translation>Bootstrap-Cache</translation>
    </message>
    <message>
        <source>Import nodes</source>
        <translation>Knoten importieren</translation>
    </message>
    <message>
        <source>No node is remembered. Those that this machine has dialled with success come here.</source>
        <translation>Es sind keine Knoten gespeichert. Hier erscheinen die Knoten, die dieser Rechner erfolgreich angewählt hat.</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are remembered, the latest first. After a restart the network is joined through them.</source>
        <translation>
            <numerusform>%n Knoten ist gespeichert. Nach einem Neustart erfolgt der Beitritt zum Netz über ihn.</numerusform>
            <numerusform>%n Knoten sind gespeichert, die neuesten zuerst. Nach einem Neustart erfolgt der Beitritt zum Netz über sie.</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear the bootstrap cache</source>
        <translation>Bootstrap-Cache leeren</translation>
    </message>
    <message numerus="yes">
        <source>Forget all %n nodes?</source>
        <translation>
            <numerusform>%n Knoten vergessen?</numerusform>
            <numerusform>Alle %n Knoten vergessen?</numerusform>
        </translation>
    </message>
    <message>
        <source>After a restart the network can then be joined through contacts only.</source>
        <translation>Nach einem Neustart können Sie dem Netz dann nur noch über Kontakte beitreten.</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>Add nodes</source>
        <translation>Knoten hinzufügen</translation>
    </message>
    <message>
        <source>One node a line, with its peer id: PEERID@192.0.2.1:12000. Its certificate is kept once it was connected.</source>
        <translation>Ein Knoten pro Zeile, mit seiner Peer-ID: PEERID@192.0.2.1:12000. Sein Zertifikat wird gespeichert, sobald eine Verbindung bestanden hat.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read, or is larger than 4 MiB. Choose one that was exported from a bootstrap cache.</source>
        <translation>Die Datei &quot;%1&quot; kann nicht gelesen werden oder ist größer als 4 MiB. Wählen Sie eine, die aus einem Bootstrap-Cache exportiert wurde.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no node with a peer id and an IP address. Nothing was imported.</source>
        <translation>&quot;%1&quot; enthält keinen Knoten mit Peer-ID und IP-Adresse. Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>Line %1 of &quot;%2&quot;: %3 Nothing was imported.</source>
        <translation>Zeile %1 von &quot;%2&quot;: %3 Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>Export nodes</source>
        <translation>Knoten exportieren</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CandidateModel</name>
    <message>
        <source>%1 at %2</source>
        <extracomment>a peer id, and the address where it is dialled</extracomment>
        <translation>%1 unter %2</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>Kandidat</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>Warum nicht</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CertificateTree</name>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Certificate chain</source>
        <translation>Zertifikatskette</translation>
    </message>
    <message>
        <source>&amp;Copy value</source>
        <translation>Wert &amp;kopieren</translation>
    </message>
    <message>
        <source>Certificate %1</source>
        <translation>Zertifikat %1</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Inhaber</translation>
    </message>
    <message>
        <source>Issuer</source>
        <translation>Aussteller</translation>
    </message>
    <message>
        <source>Itself</source>
        <translation>Der Inhaber selbst</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Gültig ab</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>Gültig bis</translation>
    </message>
    <message>
        <source>Does not expire</source>
        <translation>Läuft nicht ab</translation>
    </message>
    <message>
        <source>Authority</source>
        <translation>Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>May sign other certificates</source>
        <translation>Darf andere Zertifikate signieren</translation>
    </message>
    <message>
        <source>May not sign other certificates</source>
        <translation>Darf keine anderen Zertifikate signieren</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Seriennummer</translation>
    </message>
    <message>
        <source>SHA-256 fingerprint</source>
        <translation>SHA-256-Fingerabdruck</translation>
    </message>
    <message>
        <source>Peer id of the key</source>
        <translation>Peer-ID des Schlüssels</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CertificatesDialog</name>
    <message>
        <source>Certificates</source>
        <translation>Zertifikate</translation>
    </message>
    <message>
        <source>Who is accepted</source>
        <translation>Wer akzeptiert wird</translation>
    </message>
    <message>
        <source>Read authorities a&amp;gain</source>
        <translation>Zertifizierungsstellen neu ein&amp;lesen</translation>
    </message>
    <message>
        <source>Takes in what has changed in the authorities&apos; files, without leaving.</source>
        <translation>Übernimmt, was sich in den Dateien der Zertifizierungsstellen geändert hat, ohne das Netz zu verlassen.</translation>
    </message>
    <message>
        <source>&amp;Who is accepted</source>
        <translation>&amp;Wer akzeptiert wird</translation>
    </message>
    <message>
        <source>&amp;My identity</source>
        <translation>&amp;Meine Identität</translation>
    </message>
    <message>
        <source>The network is left and joined again with this rule.</source>
        <translation>Sie verlassen das Netz und treten ihm mit dieser Regel erneut bei.</translation>
    </message>
    <message>
        <source>This rule holds from the next join on.</source>
        <translation>Diese Regel gilt ab dem nächsten Beitritt.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionModel</name>
    <message>
        <source>Not proven</source>
        <translation>Nicht nachgewiesen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <extracomment>a certificate mode, and the name of the authority that vouches</extracomment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>A peer of the old qp2p dialled; it proves no key.</source>
        <translation>Ein Peer des alten qp2p hat angewählt; er weist keinen Schlüssel nach.</translation>
    </message>
    <message>
        <source>The connection is open; the link to the peer does not stand.</source>
        <translation>Die Verbindung ist offen; der Link zum Peer besteht nicht.</translation>
    </message>
    <message>
        <source>Each of the two nodes has dialled the other; each connection carries messages one way.</source>
        <translation>Jeder der beiden Knoten hat den anderen angewählt; jede Verbindung überträgt Nachrichten in eine Richtung.</translation>
    </message>
    <message>
        <source>One connection between a client and its node, used both ways.</source>
        <translation>Eine Verbindung zwischen einem Client und seinem Knoten, in beide Richtungen genutzt.</translation>
    </message>
    <message>
        <source>Smoothed round-trip time (RFC 9002)</source>
        <translation>Geglättete Umlaufzeit (RFC 9002)</translation>
    </message>
    <message>
        <source>SHA-256 of the peer&apos;s public key, proven by the handshake</source>
        <translation>SHA-256 des öffentlichen Schlüssels des Peers, beim Handshake nachgewiesen</translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation>Peer-ID</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Richtung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>RTT</source>
        <extracomment>round-trip time</extracomment>
        <translation>RTT</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Send rate</source>
        <translation>Senderate</translation>
    </message>
    <message>
        <source>Receive rate</source>
        <translation>Empfangsrate</translation>
    </message>
    <message>
        <source>Connected for</source>
        <translation>Verbindungsdauer</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Closed because</source>
        <translation>Grund der Trennung</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ConnectionsPanel</name>
    <message>
        <source>&amp;Disconnect …</source>
        <translation>&amp;Trennen …</translation>
    </message>
    <message>
        <source>&amp;Block peer …</source>
        <translation>Peer &amp;sperren …</translation>
    </message>
    <message>
        <source>Copy &amp;address</source>
        <translation>&amp;Adresse kopieren</translation>
    </message>
    <message>
        <source>Copy peer &amp;id</source>
        <translation>Peer-&amp;ID kopieren</translation>
    </message>
    <message>
        <source>Filter by peer, name, address or reason</source>
        <translation>Nach Peer, Name, Adresse oder Grund filtern</translation>
    </message>
    <message>
        <source>Filter connections by text</source>
        <translation>Verbindungen nach Text filtern</translation>
    </message>
    <message>
        <source>Filter connections by state</source>
        <translation>Verbindungen nach Zustand filtern</translation>
    </message>
    <message>
        <source>All connections</source>
        <translation>Alle Verbindungen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Linking</source>
        <translation>Link im Aufbau</translation>
    </message>
    <message>
        <source>Recently closed</source>
        <translation>Kürzlich geschlossen</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message numerus="yes">
        <source>%n connections</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 connections</source>
        <translation>%1 von %2 Verbindungen</translation>
    </message>
    <message>
        <source>No connection passes the filter.</source>
        <translation>Keine Verbindung entspricht dem Filter.</translation>
    </message>
    <message>
        <source>There is no connection yet.</source>
        <translation>Es gibt noch keine Verbindung.</translation>
    </message>
    <message>
        <source>Join a network to see its connections: Network, Join.</source>
        <translation>Treten Sie einem Netz bei, um dessen Verbindungen zu sehen: Netz, Beitreten.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer id, and the name in its certificate</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Verbindung trennen</translation>
    </message>
    <message>
        <source>Disconnect from %1?</source>
        <translation>Verbindung zu %1 trennen?</translation>
    </message>
    <message numerus="yes">
        <source>Disconnect from %1 and %n other peers?</source>
        <translation>
            <numerusform>Verbindungen zu %1 und %n weiteren Peer trennen?</numerusform>
            <numerusform>Verbindungen zu %1 und %n weiteren Peers trennen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Messages on their way are lost. Either side may connect again.</source>
        <translation>Nachrichten, die unterwegs sind, gehen verloren. Beide Seiten können die Verbindung wieder aufbauen.</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Trennen</translation>
    </message>
    <message>
        <source>Block peer</source>
        <translation>Peer sperren</translation>
    </message>
    <message>
        <source>Block %1?</source>
        <translation>%1 sperren?</translation>
    </message>
    <message numerus="yes">
        <source>Block %1 and %n other peers?</source>
        <translation>
            <numerusform>%1 und %n weiteren Peer sperren?</numerusform>
            <numerusform>%1 und %n weitere Peers sperren?</numerusform>
        </translation>
    </message>
    <message>
        <source>The link ends, and this program neither dials the peer nor lets it in, until you take it off the list: Network, Blocked peers.</source>
        <translation>Der Link endet, und dieses Programm wählt den Peer nicht an und lässt ihn nicht ein, bis Sie ihn von der Liste nehmen: Netz, Gesperrte Peers.</translation>
    </message>
    <message>
        <source>&amp;Block</source>
        <translation>&amp;Sperren</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactLines</name>
    <message numerus="yes">
        <source>Only the first %n contacts are used.</source>
        <translation>
            <numerusform>Nur %n Kontakt, der erste, wird verwendet.</numerusform>
            <numerusform>Nur die ersten %n Kontakte werden verwendet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ContactsEditor</name>
    <message>
        <source>Contacts, one a line</source>
        <translation>Kontakte, einer pro Zeile</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>%1 has no peer id, or a host name where an IP address is needed. Write PEERID@192.0.2.1:12000.</source>
        <translation>Bei %1 fehlt die Peer-ID, oder es steht ein Rechnername, wo eine IP-Adresse nötig ist. Schreiben Sie PEERID@192.0.2.1:12000.</translation>
    </message>
    <message numerus="yes">
        <source>%n further lines are wrong, too.</source>
        <translation>
            <numerusform>%n weitere Zeile ist ebenfalls falsch.</numerusform>
            <numerusform>%n weitere Zeilen sind ebenfalls falsch.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DemoNetwork</name>
    <message>
        <source>The demonstration could not write &quot;%1&quot;: %2.</source>
        <translation>Die Vorführung konnte &quot;%1&quot; nicht schreiben: %2.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DesktopApp</name>
    <message>
        <source>Still running</source>
        <translation>Läuft weiter</translation>
    </message>
    <message>
        <source>The window closes, and the program keeps running in the tray.</source>
        <translation>Das Fenster wird geschlossen, und das Programm läuft im Infobereich weiter.</translation>
    </message>
    <message>
        <source>The network stays joined. A click on the icon in the tray brings the window back; its menu ends the program. The settings have a switch for this.</source>
        <translation>Das Netz wird dabei nicht verlassen. Ein Klick auf das Symbol im Infobereich holt das Fenster zurück; das Menü des Symbols beendet das Programm. In den Einstellungen gibt es dafür einen Schalter.</translation>
    </message>
    <message>
        <source>&amp;Quit instead</source>
        <translation>Stattdessen &amp;beenden</translation>
    </message>
    <message>
        <source>&amp;Show the window</source>
        <translation>&amp;Fenster anzeigen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>QP2P</source>
        <translation>QP2P</translation>
    </message>
    <message>
        <source>The program could not be started for the profile &quot;%1&quot;.</source>
        <translation>Das Programm konnte für das Profil &quot;%1&quot; nicht gestartet werden.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DetailsPanel</name>
    <message>
        <source>Time that the plots show</source>
        <translation>Zeitraum, den die Diagramme zeigen</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>Letzte Minute</translation>
    </message>
    <message>
        <source>Last 10 minutes</source>
        <translation>Letzte 10 Minuten</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Letzte Stunde</translation>
    </message>
    <message>
        <source>Details of the connection</source>
        <translation>Details der Verbindung</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>Zertifikate</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Choose a connection to see its details.</source>
        <translation>Wählen Sie eine Verbindung, um ihre Details zu sehen.</translation>
    </message>
    <message>
        <source>Peer id</source>
        <translation>Peer-ID</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>Geöffnet</translation>
    </message>
    <message>
        <source>Calls itself</source>
        <translation>Nennt sich</translation>
    </message>
    <message>
        <source>qlog</source>
        <translation>qlog</translation>
    </message>
    <message>
        <source>Overview of the connection</source>
        <translation>Überblick über die Verbindung</translation>
    </message>
    <message>
        <source>Round-trip time</source>
        <translation>Umlaufzeit</translation>
    </message>
    <message>
        <source>Congestion window</source>
        <translation>Überlastfenster</translation>
    </message>
    <message>
        <source>Rates</source>
        <translation>Raten</translation>
    </message>
    <message>
        <source>Packets</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Largest datagram</source>
        <translation>Größtes Datagramm</translation>
    </message>
    <message>
        <source>Statistics of the connection</source>
        <translation>Statistik der Verbindung</translation>
    </message>
    <message>
        <source>Where the peer has been, the latest last. An address changes when a router forgets it, or the peer moves.</source>
        <translation>Wo der Peer gewesen ist, der neueste Ort zuletzt. Eine Adresse ändert sich, wenn ein Router sie vergisst oder der Peer umzieht.</translation>
    </message>
    <message>
        <source>Addresses of the peer</source>
        <translation>Adressen des Peers</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>Not proven: a peer of the old qp2p</source>
        <translation>Nicht nachgewiesen: ein Peer des alten qp2p</translation>
    </message>
    <message>
        <source>Its certificate has no name</source>
        <translation>Sein Zertifikat hat keinen Namen</translation>
    </message>
    <message>
        <source>Closed at %1: %2</source>
        <translation>Geschlossen am %1: %2</translation>
    </message>
    <message>
        <source>%1 connection to a peer with the role %2; link: %3</source>
        <extracomment>%1: &quot;Outgoing&quot; or &quot;Incoming&quot;, %2: a role, %3: a kind of link</extracomment>
        <translation>%1: Verbindung zu einem Peer mit der Rolle %2; Link: %3</translation>
    </message>
    <message>
        <source>%1 connection without a link</source>
        <translation>%1: Verbindung ohne Link</translation>
    </message>
    <message>
        <source>%1, vouched for by %2</source>
        <translation>%1, verbürgt von %2</translation>
    </message>
    <message>
        <source>%1, %2 long</source>
        <translation>%1, Dauer: %2</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Keine Angabe</translation>
    </message>
    <message>
        <source>None: it was not switched on when this connection opened. The log panel switches it on for new ones.</source>
        <translation>Keines: Es war nicht eingeschaltet, als diese Verbindung geöffnet wurde. Im Bereich „Protokoll“ lässt es sich für neue Verbindungen einschalten.</translation>
    </message>
    <message>
        <source>%1, of which %2 are in flight</source>
        <translation>%1, davon %2 unterwegs</translation>
    </message>
    <message>
        <source>%1 sent, %2 received, %3 lost</source>
        <translation>%1 gesendet, %2 empfangen, %3 verloren</translation>
    </message>
    <message>
        <source>%1 sent, %2 received, %3 refused, %4 failed</source>
        <translation>%1 gesendet, %2 empfangen, %3 abgewiesen, %4 fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1 to be sent, %2 to be delivered</source>
        <translation>%1 zu senden, %2 zuzustellen</translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Byte</numerusform>
        </translation>
    </message>
    <message>
        <source>This peer of the old qp2p has presented no certificate.</source>
        <translation>Dieser Peer des alten qp2p hat kein Zertifikat vorgewiesen.</translation>
    </message>
    <message>
        <source>Accepted because it proved the key of its certificate. No authority was asked: the name is what the peer calls itself.</source>
        <translation>Akzeptiert, weil er den Schlüssel seines Zertifikats nachgewiesen hat. Es wurde keine Zertifizierungsstelle befragt: Der Name ist der, den der Peer sich selbst gibt.</translation>
    </message>
    <message>
        <source>Accepted because the agreed authority %1 vouches for it.</source>
        <translation>Akzeptiert, weil die vereinbarte Zertifizierungsstelle %1 für ihn bürgt.</translation>
    </message>
    <message>
        <source>Accepted because the private authority %1 vouches for it.</source>
        <translation>Akzeptiert, weil die eigene Zertifizierungsstelle %1 für ihn bürgt.</translation>
    </message>
    <message>
        <source>No name was asked for.</source>
        <translation>Es wurde kein Name verlangt.</translation>
    </message>
    <message>
        <source>The name %1, which was asked for, is in it.</source>
        <translation>Der verlangte Name %1 steht im Zertifikat.</translation>
    </message>
    <message>
        <source>Smoothed</source>
        <translation>Geglättet</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>latest %1, smoothed %2 ± %3, least %4</source>
        <extracomment>round-trip times; %3 is the variation of the smoothed one</extracomment>
        <translation>letzte %1, geglättete %2 ± %3, kleinste %4</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::FirstSteps</name>
    <message>
        <source>Welcome to QP2P</source>
        <translation>Willkommen bei QP2P</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>&amp;Beitreten</translation>
    </message>
    <message>
        <source>Step 1 of 3: who you are</source>
        <translation>Schritt 1 von 3: Wer Sie sind</translation>
    </message>
    <message>
        <source>An identity was made for this machine. Keep it, or import one that you have.</source>
        <translation>Für diesen Rechner wurde eine Identität erzeugt. Behalten Sie sie, oder importieren Sie eine, die Sie schon haben.</translation>
    </message>
    <message>
        <source>Step 2 of 3: who is accepted</source>
        <translation>Schritt 2 von 3: Wer akzeptiert wird</translation>
    </message>
    <message>
        <source>All members of a network choose the same. It can be changed later.</source>
        <translation>Alle Mitglieder eines Netzes wählen dasselbe. Es lässt sich später ändern.</translation>
    </message>
    <message>
        <source>Step 3 of 3: whom to join</source>
        <translation>Schritt 3 von 3: Über wen Sie beitreten</translation>
    </message>
    <message>
        <source>One member is enough; you learn of the others through it. Without any you begin a network, and others can join through you.</source>
        <translation>Ein Mitglied genügt; über dieses erfahren Sie von den anderen. Ohne ein solches beginnen Sie ein neues Netz, und andere können über Sie beitreten.</translation>
    </message>
    <message>
        <source>Addresses and ports, one a line:</source>
        <translation>Adressen und Ports, pro Zeile eine Angabe:</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::IdentityWidget</name>
    <message>
        <source>&amp;Copy peer id</source>
        <translation>Peer-ID &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Export certificate …</source>
        <translation>Zertifikat &amp;exportieren …</translation>
    </message>
    <message>
        <source>&amp;Import identity …</source>
        <translation>Identität &amp;importieren …</translation>
    </message>
    <message>
        <source>Generate a&amp;new …</source>
        <translation>&amp;Neu erzeugen …</translation>
    </message>
    <message>
        <source>Own peer id</source>
        <translation>Eigene Peer-ID</translation>
    </message>
    <message>
        <source>SHA-256 of the public key of this member</source>
        <translation>SHA-256 des öffentlichen Schlüssels dieses Mitglieds</translation>
    </message>
    <message>
        <source>Writes the certificate, without the key: what may be given to others, such as to an authority that shall sign it.</source>
        <translation>Schreibt das Zertifikat ohne den Schlüssel: das, was Sie anderen geben dürfen, etwa einer Zertifizierungsstelle, die es signieren soll.</translation>
    </message>
    <message>
        <source>Takes key and certificates from a PEM file, such as one that an authority has issued.</source>
        <translation>Übernimmt Schlüssel und Zertifikate aus einer PEM-Datei, etwa aus einer, die eine Zertifizierungsstelle ausgestellt hat.</translation>
    </message>
    <message>
        <source>This member is known by its peer id, which follows from its key. The key stays in the profile&apos;s folder and is sent to nobody.</source>
        <translation>Dieses Mitglied ist unter seiner Peer-ID bekannt, die sich aus seinem Schlüssel ergibt. Der Schlüssel bleibt im Ordner des Profils und wird niemandem gesendet.</translation>
    </message>
    <message>
        <source>The peer id is in the clipboard.</source>
        <translation>Die Peer-ID ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Export the certificate</source>
        <translation>Zertifikat exportieren</translation>
    </message>
    <message>
        <source>Take another identity from a file?</source>
        <translation>Eine andere Identität aus einer Datei übernehmen?</translation>
    </message>
    <message>
        <source>Import an identity</source>
        <translation>Identität importieren</translation>
    </message>
    <message>
        <source>Generate a new identity?</source>
        <translation>Eine neue Identität erzeugen?</translation>
    </message>
    <message>
        <source>There is no identity yet.</source>
        <translation>Es gibt noch keine Identität.</translation>
    </message>
    <message>
        <source>Change the identity</source>
        <translation>Identität wechseln</translation>
    </message>
    <message>
        <source>This member gets another peer id: others will take it for somebody else, and who has pinned the old key is warned of the change. The network is left and joined again. The old key is kept in the profile&apos;s folder under another name.</source>
        <translation>Dieses Mitglied erhält eine andere Peer-ID: Andere werden es für jemand anderen halten, und wer den alten Schlüssel fest eingetragen hat, wird vor der Änderung gewarnt. Sie verlassen das Netz und treten ihm erneut bei. Der alte Schlüssel wird im Ordner des Profils unter einem anderen Namen aufbewahrt.</translation>
    </message>
    <message>
        <source>&amp;Change identity</source>
        <translation>Identität &amp;wechseln</translation>
    </message>
    <message>
        <source>PEM files (*.pem *.crt *.key)</source>
        <translation>PEM-Dateien (*.pem *.crt *.key)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>This member is %1 now.</source>
        <translation>Dieses Mitglied ist jetzt %1.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>The key in this file is encrypted. Its passphrase:</source>
        <translation>Der Schlüssel in dieser Datei ist verschlüsselt. Seine Passphrase:</translation>
    </message>
    <message>
        <source>The certificate could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Das Zertifikat konnte nicht in &quot;%1&quot; geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The certificate is in &quot;%1&quot; now.</source>
        <translation>Das Zertifikat ist jetzt in &quot;%1&quot;.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::JoinDialog</name>
    <message>
        <source>Join a network</source>
        <translation>Einem Netz beitreten</translation>
    </message>
    <message>
        <source>Candidates of the join</source>
        <translation>Kandidaten für den Beitritt</translation>
    </message>
    <message>
        <source>A join is under way</source>
        <translation>Ein Beitritt läuft</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>&amp;Beitreten</translation>
    </message>
    <message>
        <source>&amp;Cancel join</source>
        <translation>Beitritt &amp;abbrechen</translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Members to join through, one a line: an address and a port, each perhaps with the peer id to expect, as PEERID@192.0.2.1:12000. Remembered nodes are tried as well. Where there is neither, a new network begins.</source>
        <translation>Mitglieder, über die Sie beitreten, eines pro Zeile: Adresse und Port, auf Wunsch jeweils mit der erwarteten Peer-ID, als PEERID@192.0.2.1:12000. Gespeicherte Knoten werden ebenfalls versucht. Gibt es weder das eine noch das andere, beginnt ein neues Netz.</translation>
    </message>
    <message>
        <source>The join was cancelled.</source>
        <translation>Der Beitritt wurde abgebrochen.</translation>
    </message>
    <message>
        <source>No candidate could be joined; the table says why. It is tried again, ever more rarely.</source>
        <translation>Über keinen Kandidaten gelang der Beitritt; die Tabelle sagt, warum. Es wird weiter versucht, in immer größeren Abständen.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::KeyChangedQuestion</name>
    <message>
        <source>Peer id</source>
        <translation>Peer-ID</translation>
    </message>
    <message>
        <source>SHA-256 fingerprint</source>
        <translation>SHA-256-Fingerabdruck</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Gültig ab</translation>
    </message>
    <message>
        <source>A node has another key</source>
        <translation>Ein Knoten hat einen anderen Schlüssel</translation>
    </message>
    <message>
        <source>The node at %1 answered with another key than the one that this program remembers. It was refused.</source>
        <translation>Der Knoten unter %1 hat mit einem anderen Schlüssel geantwortet als dem, den dieses Programm gespeichert hat. Er wurde abgewiesen.</translation>
    </message>
    <message>
        <source>Perhaps its owner has made a new identity, or another machine has this address now. Perhaps somebody wants to take its place. Ask its owner for the new peer id before you accept it.</source>
        <translation>Vielleicht hat sein Besitzer eine neue Identität erzeugt, oder ein anderer Rechner hat jetzt diese Adresse. Vielleicht will auch jemand seinen Platz einnehmen. Fragen Sie den Besitzer nach der neuen Peer-ID, bevor Sie sie akzeptieren.</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Actual</source>
        <translation>Tatsächlich</translation>
    </message>
    <message>
        <source>Trust the new key from now on, and dial again?</source>
        <translation>Dem neuen Schlüssel von jetzt an vertrauen und erneut anwählen?</translation>
    </message>
    <message>
        <source>&amp;Yes, trust the new key</source>
        <translation>&amp;Ja, dem neuen Schlüssel vertrauen</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogModel</name>
    <message>
        <source>Debug</source>
        <comment>level of a log line</comment>
        <translation>Debug</translation>
    </message>
    <message>
        <source>Info</source>
        <comment>level of a log line</comment>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <comment>level of a log line</comment>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <comment>level of a log line</comment>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogPanel</name>
    <message>
        <source>&amp;Debug lines</source>
        <translation>&amp;Debug-Zeilen</translation>
    </message>
    <message>
        <source>&amp;qlog of new connections</source>
        <translation>&amp;qlog neuer Verbindungen</translation>
    </message>
    <message>
        <source>Least level of the lines</source>
        <translation>Niedrigste Stufe der Zeilen</translation>
    </message>
    <message>
        <source>All levels</source>
        <translation>Alle Stufen</translation>
    </message>
    <message>
        <source>Info and above</source>
        <translation>Info und höher</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Category of the lines</source>
        <translation>Kategorie der Zeilen</translation>
    </message>
    <message>
        <source>Filter the log by text</source>
        <translation>Protokoll nach Text filtern</translation>
    </message>
    <message>
        <source>Filter by text</source>
        <translation>Nach Text filtern</translation>
    </message>
    <message>
        <source>Logs what helps to find faults in the program.</source>
        <translation>Protokolliert, was hilft, Fehler im Programm zu finden.</translation>
    </message>
    <message>
        <source>Writes each packet of new connections to a file for qvis and similar tools. Such files tell who talked to whom, and when.</source>
        <translation>Schreibt jedes Paket neuer Verbindungen in eine Datei für qvis und ähnliche Werkzeuge. Solche Dateien verraten, wer wann mit wem gesprochen hat.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation>&amp;Speichern …</translation>
    </message>
    <message>
        <source>&amp;Clear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>All categories</source>
        <translation>Alle Kategorien</translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>The log could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Das Protokoll konnte nicht in &quot;%1&quot; geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::LogSink</name>
    <message numerus="yes">
        <source>%n lines came too fast and were left out.</source>
        <translation>
            <numerusform>%n Zeile kam zu schnell und wurde ausgelassen.</numerusform>
            <numerusform>%n Zeilen kamen zu schnell und wurden ausgelassen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Main</name>
    <message>
        <source>QP2P cannot start</source>
        <translation>QP2P kann nicht starten</translation>
    </message>
    <message>
        <source>Joins peer-to-peer networks over QUIC, and shows what happens in them.</source>
        <translation>Tritt Peer-to-Peer-Netzen über QUIC bei und zeigt, was in ihnen geschieht.</translation>
    </message>
    <message>
        <source>The folder of the profile: settings, identity and bootstrap cache of one network.</source>
        <translation>Der Ordner des Profils: Einstellungen, Identität und Bootstrap-Cache eines Netzes.</translation>
    </message>
    <message>
        <source>Shows a small network on this machine, in a profile that is gone afterwards.</source>
        <translation>Zeigt ein kleines Netz auf diesem Rechner, in einem Profil, das danach verschwindet.</translation>
    </message>
    <message>
        <source>Starts in the tray, where the profile&apos;s settings use it.</source>
        <translation>Startet im Infobereich, sofern die Einstellungen des Profils ihn nutzen.</translation>
    </message>
    <message>
        <source>qp2p-desktop takes no argument &quot;%1&quot;. See --help.</source>
        <translation>qp2p-desktop kennt kein Argument &quot;%1&quot;. Siehe --help.</translation>
    </message>
    <message>
        <source>--demo has a profile of its own. Leave out --profile.</source>
        <translation>--demo hat ein eigenes Profil. Lassen Sie --profile weg.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MainWindow</name>
    <message>
        <source>%1 – QP2P</source>
        <extracomment>the window&apos;s title; %1 is the name of a profile</extracomment>
        <translation>%1 – QP2P</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Alt+1</source>
        <translation>Alt+1</translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <translation>Bootstrap-Cache</translation>
    </message>
    <message>
        <source>Alt+2</source>
        <translation>Alt+2</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Alt+3</source>
        <translation>Alt+3</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Alt+4</source>
        <translation>Alt+4</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Durchsatz</translation>
    </message>
    <message>
        <source>Alt+5</source>
        <translation>Alt+5</translation>
    </message>
    <message>
        <source>&amp;Join …</source>
        <translation>&amp;Beitreten …</translation>
    </message>
    <message>
        <source>Ctrl+J</source>
        <translation>Ctrl+J</translation>
    </message>
    <message>
        <source>Join &amp;again</source>
        <translation>&amp;Erneut beitreten</translation>
    </message>
    <message>
        <source>Joins through the bootstrap cache and the contacts of the latest join</source>
        <translation>Tritt über den Bootstrap-Cache und die Kontakte des letzten Beitritts bei</translation>
    </message>
    <message>
        <source>&amp;Cancel join</source>
        <translation>Beitritt &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Leave</source>
        <translation>&amp;Verlassen</translation>
    </message>
    <message>
        <source>C&amp;ertificates …</source>
        <translation>&amp;Zertifikate …</translation>
    </message>
    <message>
        <source>&amp;Blocked peers …</source>
        <translation>&amp;Gesperrte Peers …</translation>
    </message>
    <message>
        <source>&amp;Settings …</source>
        <translation>Ein&amp;stellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Bee&amp;nden</translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation>Ctrl+Q</translation>
    </message>
    <message>
        <source>&amp;Write to the peer</source>
        <translation>&amp;Dem Peer schreiben</translation>
    </message>
    <message>
        <source>&amp;Find connections</source>
        <translation>&amp;Verbindungen suchen</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;About QP2P</source>
        <translation>&amp;Über QP2P</translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation>&amp;Netz</translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation>&amp;Profile</translation>
    </message>
    <message>
        <source>&amp;Connection</source>
        <translation>&amp;Verbindung</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Columns</source>
        <translation>&amp;Spalten</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;New profile …</source>
        <translation>&amp;Neues Profil …</translation>
    </message>
    <message>
        <source>&amp;Open a profile&apos;s folder …</source>
        <translation>&amp;Ordner eines Profils öffnen …</translation>
    </message>
    <message>
        <source>Folder of a profile</source>
        <translation>Ordner eines Profils</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>A profile is another network, with an identity of its own. Its name:</source>
        <translation>Ein Profil ist ein weiteres Netz mit einer eigenen Identität. Sein Name:</translation>
    </message>
    <message>
        <source>About QP2P</source>
        <translation>Über QP2P</translation>
    </message>
    <message>
        <source>QP2P %1</source>
        <translation>QP2P %1</translation>
    </message>
    <message>
        <source>Joins peer-to-peer networks over QUIC, and shows what happens in them.

The profile is in %1.

MIT or BSD-3-Clause, at your choice.</source>
        <translation>Tritt Peer-to-Peer-Netzen über QUIC bei und zeigt, was in ihnen geschieht.

Das Profil liegt in %1.

MIT oder BSD-3-Clause, nach Ihrer Wahl.</translation>
    </message>
    <message>
        <source>The node %1 answered with another key, too, and was refused.</source>
        <translation>Auch der Knoten %1 hat sich mit einem anderen Schlüssel gemeldet und wurde abgewiesen.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageContent</name>
    <message numerus="yes">
        <source>… and %n further bytes. Save the message to see all of it.</source>
        <translation>
            <numerusform>… und %n weiteres Byte. Speichern Sie die Nachricht, um alles zu sehen.</numerusform>
            <numerusform>… und %n weitere Byte. Speichern Sie die Nachricht, um alles zu sehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no hexadecimal digit. Write bytes like 51 50 32 50.</source>
        <translation>„%1“ ist keine hexadezimale Ziffer. Schreiben Sie Bytes wie 51 50 32 50.</translation>
    </message>
    <message>
        <source>There is an odd number of hexadecimal digits: each byte takes two, such as 0a.</source>
        <translation>Die Zahl der hexadezimalen Ziffern ist ungerade: Jedes Byte braucht zwei, etwa 0a.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageModel</name>
    <message>
        <source>From</source>
        <comment>direction of a message</comment>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <comment>direction of a message</comment>
        <translation>An</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer&apos;s short id, and the name in its certificate</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>Anfrage</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Waits for a reply</source>
        <translation>Wartet auf eine Antwort</translation>
    </message>
    <message>
        <source>On its way</source>
        <translation>Unterwegs</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Beantwortet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation>Angekommen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Richtung</translation>
    </message>
    <message>
        <source>Peer</source>
        <translation>Peer</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Umlaufzeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageStrip</name>
    <message>
        <source>Messages of the program</source>
        <translation>Meldungen des Programms</translation>
    </message>
    <message>
        <source>Dismiss this message</source>
        <translation>Diese Meldung ausblenden</translation>
    </message>
    <message numerus="yes">
        <source>%n earlier</source>
        <comment>messages behind this one</comment>
        <translation>
            <numerusform>%n frühere</numerusform>
            <numerusform>%n frühere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessagesPanel</name>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Hexadecimal</source>
        <translation>Hexadezimal</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>How the message is shown</source>
        <translation>Darstellung der Nachricht</translation>
    </message>
    <message>
        <source>Content of the message</source>
        <translation>Inhalt der Nachricht</translation>
    </message>
    <message>
        <source>Choose a message to read it.</source>
        <translation>Wählen Sie eine Nachricht aus, um sie zu lesen.</translation>
    </message>
    <message>
        <source>Sa&amp;ve …</source>
        <translation>Spei&amp;chern …</translation>
    </message>
    <message>
        <source>Peer to write to</source>
        <translation>Peer, an den geschrieben wird</translation>
    </message>
    <message>
        <source>What is written</source>
        <translation>Art der Eingabe</translation>
    </message>
    <message>
        <source>Message to send</source>
        <translation>Zu sendende Nachricht</translation>
    </message>
    <message>
        <source>Write a message.</source>
        <translation>Schreiben Sie eine Nachricht.</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Sends a message. It is acknowledged once the peer has all of it.</source>
        <translation>Sendet eine Nachricht. Sie wird bestätigt, sobald der Peer sie vollständig hat.</translation>
    </message>
    <message>
        <source>Re&amp;quest</source>
        <translation>An&amp;fragen</translation>
    </message>
    <message>
        <source>Sends a request, and shows the reply and how long it took.</source>
        <translation>Sendet eine Anfrage und zeigt die Antwort und wie lange sie gebraucht hat.</translation>
    </message>
    <message>
        <source>Re&amp;ply</source>
        <translation>An&amp;tworten</translation>
    </message>
    <message>
        <source>Answers the request that is chosen in the table.</source>
        <translation>Beantwortet die Anfrage, die in der Tabelle ausgewählt ist.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>a peer&apos;s short id, and its name or address</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>No peer is linked</source>
        <translation>Zu keinem Peer besteht ein Link</translation>
    </message>
    <message>
        <source>Save the message</source>
        <translation>Nachricht speichern</translation>
    </message>
    <message>
        <source>The message could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Nachricht konnte nicht in &quot;%1&quot; geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Answer requests &amp;with what they carry</source>
        <translation>Anfragen mit ihrem eigenen &amp;Inhalt beantworten</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ModeWidget</name>
    <message>
        <source>A&amp;dd …</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Name that certificates must have:</source>
        <translation>&amp;Name, den Zertifikate haben müssen:</translation>
    </message>
    <message>
        <source>&amp;Encrypt only</source>
        <translation>Nur &amp;verschlüsseln</translation>
    </message>
    <message>
        <source>Everybody may connect. Nobody can listen in or pretend to be another peer, but nobody vouches for who stands behind a peer, either. Good to try things out, and for open networks.</source>
        <translation>Jeder darf sich verbinden. Niemand kann mithören oder sich für einen anderen Peer ausgeben, aber es bürgt auch niemand dafür, wer hinter einem Peer steht. Gut zum Ausprobieren und für offene Netze.</translation>
    </message>
    <message>
        <source>&amp;Private authority</source>
        <translation>Ei&amp;gene Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Only peers whose certificate was signed by an authority of your own. For a group that wants a network to itself: someone runs the authority and gives each member a certificate.</source>
        <translation>Nur Peers, deren Zertifikat von einer Ihrer eigenen Zertifizierungsstellen signiert wurde. Für eine Gruppe, die ein Netz für sich haben möchte: Jemand betreibt die Zertifizierungsstelle und gibt jedem Mitglied ein Zertifikat.</translation>
    </message>
    <message>
        <source>A&amp;greed authority</source>
        <translation>Verein&amp;barte Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Only peers whose certificate was signed by a public authority, as for web sites. For servers with names of their own.</source>
        <translation>Nur Peers, deren Zertifikat von einer öffentlichen Zertifizierungsstelle signiert wurde, wie bei Webseiten. Für Server mit eigenen Namen.</translation>
    </message>
    <message>
        <source>Files of the authorities</source>
        <translation>Dateien der Zertifizierungsstellen</translation>
    </message>
    <message>
        <source>Name that certificates must have</source>
        <translation>Name, den Zertifikate haben müssen</translation>
    </message>
    <message>
        <source>Any name</source>
        <translation>Beliebiger Name</translation>
    </message>
    <message numerus="yes">
        <source>All %n peers that are connected now would be accepted.</source>
        <translation>
            <numerusform>%n Peer ist jetzt verbunden und würde akzeptiert.</numerusform>
            <numerusform>Alle %n Peers, die jetzt verbunden sind, würden akzeptiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers that are connected now would be refused:</source>
        <translation>
            <numerusform>%n Peer, der jetzt verbunden ist, würde abgewiesen:</numerusform>
            <numerusform>%n Peers, die jetzt verbunden sind, würden abgewiesen:</numerusform>
        </translation>
    </message>
    <message>
        <source>Peers with the same rule would refuse this machine: %1</source>
        <translation>Peers mit derselben Regel würden diesen Rechner abweisen: %1</translation>
    </message>
    <message>
        <source>Nobody is connected now, so nobody would be cut off.</source>
        <translation>Zurzeit ist niemand verbunden, also würde niemand ausgeschlossen.</translation>
    </message>
    <message>
        <source>Add the file of the authority&apos;s certificate. &quot;qp2p authority new NAME&quot; makes an authority.</source>
        <translation>Fügen Sie die Datei mit dem Zertifikat der Zertifizierungsstelle hinzu. &quot;qp2p authority new NAME&quot; erstellt eine Zertifizierungsstelle.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read. Remove it from the list, or mend it.</source>
        <translation>Die Datei &quot;%1&quot; kann nicht gelesen werden. Entfernen Sie sie aus der Liste oder bringen Sie sie in Ordnung.</translation>
    </message>
    <message>
        <source>Certificates of authorities</source>
        <translation>Zertifikate von Zertifizierungsstellen</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Zertifikate (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Certificates of the &amp;authorities (PEM):</source>
        <translation>Zertifikate der Zertifizierungs&amp;stellen (PEM):</translation>
    </message>
    <message>
        <source>Bundles of &amp;authorities (PEM); none: those of the system:</source>
        <translation>Bündel von Zertifizierungs&amp;stellen (PEM); ohne Angabe die des Systems:</translation>
    </message>
    <message>
        <source>&amp;Name that peers which dial us must have:</source>
        <translation>&amp;Name, den Peers haben müssen, die uns anwählen:</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <translation>%1 %2: %3</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::NetworkWorker</name>
    <message>
        <source>The peer %1 is gone: %2</source>
        <translation>Der Peer %1 ist nicht mehr da: %2</translation>
    </message>
    <message>
        <source>The authorities have been read again. New connections are judged by them.</source>
        <translation>Die Zertifizierungsstellen wurden neu eingelesen. Neue Verbindungen werden nach ihnen beurteilt.</translation>
    </message>
    <message>
        <source>The peer %1 is linked.</source>
        <translation>Der Link zum Peer %1 steht.</translation>
    </message>
    <message>
        <source>There is no link to this peer any more. Dial it again, or choose another.</source>
        <translation>Zu diesem Peer besteht kein Link mehr. Wählen Sie ihn noch einmal an oder nehmen Sie einen anderen.</translation>
    </message>
    <message numerus="yes">
        <source>It was not answered before %n further requests came.</source>
        <translation>
            <numerusform>Sie wurde nicht beantwortet, bevor %n weitere Anfrage kam.</numerusform>
            <numerusform>Sie wurde nicht beantwortet, bevor %n weitere Anfragen kamen.</numerusform>
        </translation>
    </message>
    <message>
        <source>This request waits for no answer any more: its peer is gone, has given it up, or has had one.</source>
        <translation>Diese Anfrage wartet nicht mehr auf eine Antwort: Der Peer, von dem sie kam, ist nicht mehr da, hat sie aufgegeben oder hat schon eine bekommen.</translation>
    </message>
    <message>
        <source>The nodes could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Knoten konnten nicht in &quot;%1&quot; geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes are in &quot;%1&quot; now.</source>
        <translation>
            <numerusform>%n Knoten ist jetzt in &quot;%1&quot;.</numerusform>
            <numerusform>%n Knoten sind jetzt in &quot;%1&quot;.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Plot</name>
    <message>
        <source>%1: %2</source>
        <extracomment>a curve&apos;s name and its latest value</extracomment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <extracomment>the left end of a time axis, e.g. &quot;10 min 00 s ago&quot;</extracomment>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>now</source>
        <comment>the right end of a time axis</comment>
        <translation>jetzt</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Profile</name>
    <message>
        <source>&quot;%1&quot; is not a folder. Name the folder of a profile.</source>
        <translation>&quot;%1&quot; ist kein Ordner. Geben Sie den Ordner eines Profils an.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for the profile could not be made. Name one in a folder that you may write to.</source>
        <translation>Der Ordner &quot;%1&quot; für das Profil konnte nicht angelegt werden. Geben Sie einen an einem Ort an, an dem Sie schreiben dürfen.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; belongs to another user. Name one of your own.</source>
        <translation>Das Profil &quot;%1&quot; gehört einem anderen Benutzer. Geben Sie ein eigenes an.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; cannot be written. Change its permissions, or name another.</source>
        <translation>Das Profil &quot;%1&quot; ist nicht beschreibbar. Ändern Sie die Zugriffsrechte oder geben Sie ein anderes an.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; has other things in it and is no profile. Name an empty folder.</source>
        <translation>Der Ordner &quot;%1&quot; enthält etwas anderes und ist kein Profil. Geben Sie einen leeren Ordner an.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; is in use by the process %2. End that program, or name another profile.</source>
        <translation>Das Profil &quot;%1&quot; wird vom Prozess %2 benutzt. Beenden Sie dieses Programm oder geben Sie ein anderes Profil an.</translation>
    </message>
    <message>
        <source>A profile&apos;s name has 1 to 40 letters from A to Z, digits, spaces, hyphens and underscores, and begins with a letter or a digit.</source>
        <translation>Der Name eines Profils besteht aus 1 bis 40 Buchstaben von A bis Z, Ziffern, Leerzeichen, Bindestrichen und Unterstrichen und beginnt mit einem Buchstaben oder einer Ziffer.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be renamed, so the old identity stays. Check the folder&apos;s permissions.</source>
        <translation>Die Datei &quot;%1&quot; konnte nicht umbenannt werden, daher bleibt die alte Identität bestehen. Prüfen Sie die Zugriffsrechte des Ordners.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be written, so the old identity stays. Check the folder&apos;s permissions.</source>
        <translation>Die Datei &quot;%1&quot; konnte nicht geschrieben werden, daher bleibt die alte Identität bestehen. Prüfen Sie die Zugriffsrechte des Ordners.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for qlog files could not be made. Check the permissions of the profile&apos;s folder.</source>
        <translation>Der Ordner &quot;%1&quot; für qlog-Dateien konnte nicht angelegt werden. Prüfen Sie die Zugriffsrechte des Profilordners.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Question</name>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Settings</name>
    <message>
        <source>A later version of this program wrote the settings in &quot;%1&quot;. What it knows and this one does not is kept, and has no effect here.</source>
        <translation>Eine neuere Version dieses Programms hat die Einstellungen in &quot;%1&quot; geschrieben. Was nur jene kennt, bleibt erhalten, hat hier aber keine Wirkung.</translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program starts with its defaults; the file is kept as &quot;%2&quot;.</source>
        <translation>Die Einstellungen in &quot;%1&quot; konnten nicht gelesen werden. Das Programm startet mit seinen Voreinstellungen; die Datei bleibt als &quot;%2&quot; erhalten.</translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program starts with its defaults, and cannot keep what you change: remove that file.</source>
        <translation>Die Einstellungen in &quot;%1&quot; konnten nicht gelesen werden. Das Programm startet mit seinen Voreinstellungen und kann Ihre Änderungen nicht speichern: Entfernen Sie diese Datei.</translation>
    </message>
    <message>
        <source>The settings could not be written to &quot;%1&quot;. Make that folder writable and its disk not full; until then changes last as long as the program runs.</source>
        <translation>Die Einstellungen konnten nicht in &quot;%1&quot; geschrieben werden. Sorgen Sie dafür, dass der Ordner beschreibbar und der Datenträger nicht voll ist; bis dahin gelten Änderungen nur, solange das Programm läuft.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation>&amp;Netz</translation>
    </message>
    <message>
        <source>&amp;Limits</source>
        <translation>Gren&amp;zen</translation>
    </message>
    <message>
        <source>&amp;Program</source>
        <translation>&amp;Programm</translation>
    </message>
    <message>
        <source>Settings of the network</source>
        <translation>Einstellungen des Netzes</translation>
    </message>
    <message>
        <source>Node: others can dial this machine</source>
        <translation>Knoten: andere können diesen Rechner anwählen</translation>
    </message>
    <message>
        <source>Client: only this machine dials</source>
        <translation>Client: nur dieser Rechner wählt andere an</translation>
    </message>
    <message>
        <source>&amp;Role:</source>
        <translation>&amp;Rolle:</translation>
    </message>
    <message>
        <source>A node carries the network. Whether others can really dial it is checked by them; if not, it takes part as a client.</source>
        <translation>Ein Knoten trägt das Netz mit. Ob andere ihn wirklich anwählen können, prüfen diese; wenn nicht, nimmt er als Client teil.</translation>
    </message>
    <message>
        <source>All interfaces</source>
        <translation>Alle Schnittstellen</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>an address, and the name of its network interface</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>&amp;Interface:</source>
        <translation>&amp;Schnittstelle:</translation>
    </message>
    <message>
        <source>Packets leave and arrive there alone. Where the address is gone, joining fails; no other is taken instead.</source>
        <translation>Pakete gehen nur dort ab und kommen nur dort an. Gibt es die Adresse nicht mehr, scheitert der Beitritt; eine andere wird nicht ersatzweise verwendet.</translation>
    </message>
    <message>
        <source>Any free port</source>
        <translation>Beliebiger freier Port</translation>
    </message>
    <message>
        <source>UDP p&amp;ort:</source>
        <translation>UDP-P&amp;ort:</translation>
    </message>
    <message>
        <source>A fixed one is needed to forward it in a router. Ports below 1024 are checked by nobody.</source>
        <translation>Ein fester Port ist nötig, um ihn in einem Router weiterzuleiten. Ob Ports unter 1024 erreichbar sind, prüft niemand.</translation>
    </message>
    <message>
        <source>IPv4 and IPv6</source>
        <translation>IPv4 und IPv6</translation>
    </message>
    <message>
        <source>IPv4 only</source>
        <translation>Nur IPv4</translation>
    </message>
    <message>
        <source>IPv6 only</source>
        <translation>Nur IPv6</translation>
    </message>
    <message>
        <source>&amp;IP families:</source>
        <translation>&amp;IP-Familien:</translation>
    </message>
    <message>
        <source>Peers of the other family are not found. A chosen interface address decides it by itself.</source>
        <translation>Peers der anderen Familie werden nicht gefunden. Eine ausgewählte Schnittstellenadresse legt die Familie von selbst fest.</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>Network na&amp;me:</source>
        <translation>Na&amp;me des Netzes:</translation>
    </message>
    <message>
        <source>Members of networks with different names part at once. It is no secret.</source>
        <translation>Mitglieder von Netzen mit verschiedenen Namen trennen sich sofort wieder. Der Name ist kein Geheimnis.</translation>
    </message>
    <message>
        <source>&amp;Certificate mode …</source>
        <translation>Zertifikatsmo&amp;dus …</translation>
    </message>
    <message>
        <source>&amp;Join when the program starts</source>
        <translation>&amp;Beim Programmstart beitreten</translation>
    </message>
    <message>
        <source>Through the bootstrap cache and the contacts of the latest join.</source>
        <translation>Über den Bootstrap-Cache und die Kontakte des letzten Beitritts.</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Under load</source>
        <translation>Unter Last</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>R&amp;etry:</source>
        <translation>R&amp;etry:</translation>
    </message>
    <message>
        <source>Makes whoever dials prove its address first, at the cost of one round trip. Without it, forged packets can make this machine work.</source>
        <translation>Wer anwählt, muss zuerst seine Adresse nachweisen; das kostet einen Umlauf. Ohne Retry können gefälschte Pakete diesem Rechner Arbeit machen.</translation>
    </message>
    <message>
        <source>Lin&amp;ks to keep:</source>
        <translation>Lin&amp;ks, die gehalten werden:</translation>
    </message>
    <message>
        <source>Nodes of its own choice that this machine stays linked to. Others may come on top.</source>
        <translation>So viele Links zu selbst gewählten Knoten hält dieser Rechner. Weitere können hinzukommen.</translation>
    </message>
    <message>
        <source>&amp;Most connections:</source>
        <translation>&amp;Höchstzahl der Verbindungen:</translation>
    </message>
    <message>
        <source>Further ones are refused. Each takes about 25 KB of memory.</source>
        <translation>Weitere werden abgewiesen. Jede belegt etwa 25 KB Speicher.</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>Largest messa&amp;ge:</source>
        <translation>Größte Na&amp;chricht:</translation>
    </message>
    <message>
        <source>Larger ones are refused. Each connection may take as much memory in either direction.</source>
        <translation>Größere werden abgewiesen. Jede Verbindung kann in jeder Richtung so viel Speicher belegen.</translation>
    </message>
    <message>
        <source>Re&amp;fuse nodes that cannot be dialled</source>
        <translation>Knoten ab&amp;weisen, die nicht angewählt werden können</translation>
    </message>
    <message>
        <source>Peers behind routers that let nobody in are sent away, instead of taken as clients.</source>
        <translation>Peers hinter Routern, die niemanden hereinlassen, werden weggeschickt, statt als Clients aufgenommen zu werden.</translation>
    </message>
    <message>
        <source>Settings of the program</source>
        <translation>Einstellungen des Programms</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <source>The window is made anew in it at once.</source>
        <translation>Das Fenster wird sofort in dieser Sprache neu aufgebaut.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>&amp;Appearance:</source>
        <translation>&amp;Erscheinungsbild:</translation>
    </message>
    <message>
        <source>Follows the desktop where that tells whether it is dark.</source>
        <translation>Folgt der Arbeitsumgebung, sofern diese mitteilt, ob sie dunkel ist.</translation>
    </message>
    <message>
        <source>Bytes per second</source>
        <translation>Bytes pro Sekunde</translation>
    </message>
    <message>
        <source>Bits per second</source>
        <translation>Bits pro Sekunde</translation>
    </message>
    <message>
        <source>&amp;Rates:</source>
        <translation>&amp;Raten:</translation>
    </message>
    <message>
        <source>Rates in tables and plots.</source>
        <translation>Raten in Tabellen und Diagrammen.</translation>
    </message>
    <message>
        <source>KiB, MiB: steps of 1,024</source>
        <translation>KiB, MiB: Schritte von 1.024</translation>
    </message>
    <message>
        <source>kB, MB: steps of 1,000</source>
        <translation>kB, MB: Schritte von 1.000</translation>
    </message>
    <message>
        <source>&amp;Sizes:</source>
        <translation>&amp;Größen:</translation>
    </message>
    <message>
        <source>Sizes in bytes. Bits always have steps of 1,000.</source>
        <translation>Größen in Bytes. Bits haben immer Schritte von 1.000.</translation>
    </message>
    <message>
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Re&amp;fresh every:</source>
        <translation>Ak&amp;tualisieren alle:</translation>
    </message>
    <message>
        <source>How often the tables are read anew. Nothing is read while the window is hidden.</source>
        <translation>Wie oft die Tabellen neu eingelesen werden. Solange das Fenster verborgen ist, wird nichts gelesen.</translation>
    </message>
    <message>
        <source>Keep running in the &amp;tray when the window is closed</source>
        <translation>Im &amp;Infobereich weiterlaufen, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>The network stays joined. &quot;Quit&quot; in the menu ends the program.</source>
        <translation>Dieser Rechner bleibt im Netz. „Beenden“ im Menü beendet das Programm.</translation>
    </message>
    <message>
        <source>This desktop has no tray, so closing the window ends the program.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich, daher beendet das Schließen des Fensters das Programm.</translation>
    </message>
    <message>
        <source>Write a &amp;qlog of new connections</source>
        <translation>&amp;qlog neuer Verbindungen schreiben</translation>
    </message>
    <message>
        <source>A file for each connection, in the profile&apos;s folder. They tell who talked to whom, and when, and grow fast.</source>
        <translation>Eine Datei für jede Verbindung, im Ordner des Profils. Die Dateien verraten, wer wann mit wem gesprochen hat, und wachsen schnell.</translation>
    </message>
    <message>
        <source>%1 (not there now)</source>
        <translation>%1 (zurzeit nicht vorhanden)</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Shown</name>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1 kB</source>
        <translation>%1 kB</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 TB</source>
        <translation>%1 TB</translation>
    </message>
    <message>
        <source>%1 KiB</source>
        <translation>%1 KiB</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>%1 TiB</source>
        <translation>%1 TiB</translation>
    </message>
    <message>
        <source>%1 bit/s</source>
        <translation>%1 bit/s</translation>
    </message>
    <message>
        <source>%1 kbit/s</source>
        <translation>%1 kbit/s</translation>
    </message>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Mbit/s</translation>
    </message>
    <message>
        <source>%1 Gbit/s</source>
        <translation>%1 Gbit/s</translation>
    </message>
    <message>
        <source>%1 Tbit/s</source>
        <translation>%1 Tbit/s</translation>
    </message>
    <message>
        <source>%1 B/s</source>
        <translation>%1 B/s</translation>
    </message>
    <message>
        <source>%1 kB/s</source>
        <translation>%1 kB/s</translation>
    </message>
    <message>
        <source>%1 MB/s</source>
        <translation>%1 MB/s</translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation>%1 GB/s</translation>
    </message>
    <message>
        <source>%1 TB/s</source>
        <translation>%1 TB/s</translation>
    </message>
    <message>
        <source>%1 KiB/s</source>
        <translation>%1 KiB/s</translation>
    </message>
    <message>
        <source>%1 MiB/s</source>
        <translation>%1 MiB/s</translation>
    </message>
    <message>
        <source>%1 GiB/s</source>
        <translation>%1 GiB/s</translation>
    </message>
    <message>
        <source>%1 TiB/s</source>
        <translation>%1 TiB/s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <extracomment>milliseconds</extracomment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <extracomment>a duration: days and hours</extracomment>
        <translation>%1 T. %2 Std.</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <extracomment>a duration: hours and minutes</extracomment>
        <translation>%1 Std. %2 min</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <extracomment>a duration: minutes and seconds</extracomment>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <extracomment>a duration: seconds</extracomment>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>yyyy-MM-dd hh:mm:ss</source>
        <comment>date and time</comment>
        <translation>dd.MM.yyyy hh:mm:ss</translation>
    </message>
    <message>
        <source>Unknown</source>
        <comment>role of a peer</comment>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>Node</source>
        <comment>role of a peer</comment>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Client</source>
        <comment>role of a peer</comment>
        <translation>Client</translation>
    </message>
    <message>
        <source>None</source>
        <comment>link to a peer</comment>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Uni-directional</source>
        <comment>link to a peer</comment>
        <translation>Einseitig</translation>
    </message>
    <message>
        <source>Bi-directional</source>
        <comment>link to a peer</comment>
        <translation>Beidseitig</translation>
    </message>
    <message>
        <source>Outgoing</source>
        <comment>direction of a connection</comment>
        <translation>Ausgehend</translation>
    </message>
    <message>
        <source>Incoming</source>
        <comment>direction of a connection</comment>
        <translation>Eingehend</translation>
    </message>
    <message>
        <source>Linking</source>
        <comment>state of a connection</comment>
        <translation>Link im Aufbau</translation>
    </message>
    <message>
        <source>Open</source>
        <comment>state of a connection</comment>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Closed</source>
        <comment>state of a connection</comment>
        <translation>Geschlossen</translation>
    </message>
    <message>
        <source>Not joined</source>
        <translation>Nicht beigetreten</translation>
    </message>
    <message>
        <source>Joining …</source>
        <translation>Beitritt läuft …</translation>
    </message>
    <message>
        <source>Joined</source>
        <translation>Beigetreten</translation>
    </message>
    <message>
        <source>Trying again soon</source>
        <translation>Neuer Versuch in Kürze</translation>
    </message>
    <message>
        <source>Leaving …</source>
        <translation>Netz wird verlassen …</translation>
    </message>
    <message>
        <source>Agreed authority</source>
        <translation>Vereinbarte Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Private authority</source>
        <translation>Eigene Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Encrypt only</source>
        <translation>Nur verschlüsseln</translation>
    </message>
    <message>
        <source>Waiting</source>
        <comment>candidate of a join</comment>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Dialling …</source>
        <comment>candidate of a join</comment>
        <translation>Wird angewählt …</translation>
    </message>
    <message>
        <source>Linking …</source>
        <comment>candidate of a join</comment>
        <translation>Link wird aufgebaut …</translation>
    </message>
    <message>
        <source>Joined</source>
        <comment>candidate of a join</comment>
        <translation>Beigetreten</translation>
    </message>
    <message>
        <source>Failed</source>
        <comment>candidate of a join</comment>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Another was faster</source>
        <comment>candidate of a join</comment>
        <translation>Ein anderer war schneller</translation>
    </message>
    <message>
        <source>Contact</source>
        <comment>where a candidate comes from</comment>
        <translation>Kontakt</translation>
    </message>
    <message>
        <source>Bootstrap cache</source>
        <comment>where a candidate comes from</comment>
        <translation>Bootstrap-Cache</translation>
    </message>
    <message>
        <source>Bootstrap cache, anchor</source>
        <comment>where a candidate comes from</comment>
        <translation>Bootstrap-Cache, Anker</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusPanel</name>
    <message>
        <source>Explains what is known of this machine.</source>
        <translation>Erklärt, was über diesen Rechner bekannt ist.</translation>
    </message>
    <message>
        <source>Whether others can dial this machine</source>
        <translation>Ob andere diesen Rechner anwählen können</translation>
    </message>
    <message>
        <source>This machine in the network</source>
        <translation>Dieser Rechner im Netz</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusWords</name>
    <message>
        <source>A client: does not listen</source>
        <translation>Ein Client: lauscht nicht</translation>
    </message>
    <message>
        <source>Does not listen</source>
        <translation>Lauscht nicht</translation>
    </message>
    <message>
        <source>Listens on port %1, IPv4 and IPv6</source>
        <translation>Lauscht auf Port %1, IPv4 und IPv6</translation>
    </message>
    <message>
        <source>Listens on port %1, IPv4 only</source>
        <translation>Lauscht auf Port %1, nur IPv4</translation>
    </message>
    <message>
        <source>Listens on port %1, IPv6 only</source>
        <translation>Lauscht auf Port %1, nur IPv6</translation>
    </message>
    <message>
        <source>Listens at %1</source>
        <translation>Lauscht unter %1</translation>
    </message>
    <message>
        <source>Nobody has told yet at which address it is seen</source>
        <translation>Noch niemand hat gemeldet, unter welcher Adresse er diesen Rechner sieht</translation>
    </message>
    <message>
        <source>Others see it at %1</source>
        <translation>Andere sehen diesen Rechner unter %1</translation>
    </message>
    <message>
        <source>Others see it at %1 and %2</source>
        <translation>Andere sehen diesen Rechner unter %1 und %2</translation>
    </message>
    <message>
        <source>Cannot be dialled: it is a client by choice</source>
        <translation>Nicht anwählbar: auf eigenen Wunsch ein Client</translation>
    </message>
    <message>
        <source>A client keeps links to nodes and is dialled by nobody. The role is chosen in the settings.</source>
        <translation>Ein Client hält Links zu Knoten und wird von niemandem angewählt. Die Rolle wird in den Einstellungen gewählt.</translation>
    </message>
    <message>
        <source>Not checked yet whether others can dial it</source>
        <translation>Noch nicht geprüft, ob andere diesen Rechner anwählen können</translation>
    </message>
    <message>
        <source>There is no peer that could check it.</source>
        <translation>Es gibt keinen Peer, der das prüfen könnte.</translation>
    </message>
    <message>
        <source>Peers check it by dialling this machine from another address; that takes some seconds, and peers that can do it.</source>
        <translation>Peers prüfen das, indem sie diesen Rechner von einer anderen Adresse aus anwählen; das dauert einige Sekunden und braucht Peers, die dazu in der Lage sind.</translation>
    </message>
    <message>
        <source>Can probably be dialled</source>
        <translation>Vermutlich anwählbar</translation>
    </message>
    <message>
        <source>Can be dialled by anyone</source>
        <translation>Für alle anwählbar</translation>
    </message>
    <message numerus="yes">
        <source>%n checks agree: machines that this one had not talked to have dialled it.</source>
        <translation>
            <numerusform>%n Prüfung bestätigt das: Ein Rechner, mit dem dieser noch nicht gesprochen hatte, hat ihn angewählt.</numerusform>
            <numerusform>%n Prüfungen bestätigen das: Rechner, mit denen dieser noch nicht gesprochen hatte, haben ihn angewählt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be dialled: takes part as a client</source>
        <translation>Nicht anwählbar: nimmt als Client teil</translation>
    </message>
    <message>
        <source>Not joined</source>
        <translation>Nicht beigetreten</translation>
    </message>
    <message>
        <source>Join a network to see its connections.</source>
        <translation>Treten Sie einem Netz bei, um seine Verbindungen zu sehen.</translation>
    </message>
    <message>
        <source>Joining …</source>
        <translation>Beitritt läuft …</translation>
    </message>
    <message>
        <source>No peer answers; it is tried again soon</source>
        <translation>Kein Peer antwortet; ein neuer Versuch folgt in Kürze</translation>
    </message>
    <message>
        <source>Leaving …</source>
        <translation>Netz wird verlassen …</translation>
    </message>
    <message>
        <source>A network of one: others can join through this machine</source>
        <translation>Ein Netz mit einem einzigen Mitglied: andere können über diesen Rechner beitreten</translation>
    </message>
    <message numerus="yes">
        <source>Joined: %n peers</source>
        <translation>
            <numerusform>Beigetreten: %n Peer</numerusform>
            <numerusform>Beigetreten: %n Peers</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <extracomment>%1: short peer id; %2: address and port</extracomment>
        <translation>%1 unter %2</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes have dialled this machine, but too few of them from addresses that it had not contacted before. A router that lets in whoever was contacted would let them in as well. It is checked again as more peers connect.</source>
        <translation>
            <numerusform>%n Knoten hat diesen Rechner angewählt, aber nicht von einer Adresse, mit der dieser zuvor keinen Kontakt hatte. Ein Router, der jeden hereinlässt, der angesprochen wurde, ließe auch ihn herein. Das wird erneut geprüft, wenn sich mehr Peers verbinden.</numerusform>
            <numerusform>%n Knoten haben diesen Rechner angewählt, aber zu wenige davon von Adressen, mit denen dieser zuvor keinen Kontakt hatte. Ein Router, der jeden hereinlässt, der angesprochen wurde, ließe auch sie herein. Das wird erneut geprüft, wenn sich mehr Peers verbinden.</numerusform>
        </translation>
    </message>
    <message>
        <source>According to one node only, %1. A second node in another network has to confirm it.</source>
        <extracomment>%1: short peer id at address and port</extracomment>
        <translation>Laut nur einem Knoten, %1. Ein zweiter Knoten in einem anderen Netz muss es bestätigen.</translation>
    </message>
    <message>
        <source>Others could not connect to this machine: %1 Forward UDP port %2 in the router to this machine, and let it through the firewall, to be a node.</source>
        <translation>Andere konnten sich mit diesem Rechner nicht verbinden: %1 Leiten Sie den UDP-Port %2 im Router an diesen Rechner weiter und geben Sie ihn in der Firewall frei, damit dieser Rechner ein Knoten sein kann.</translation>
    </message>
    <message>
        <source>According to one node only, %1: </source>
        <extracomment>%1: short peer id at address and port</extracomment>
        <translation>Laut nur einem Knoten, %1: </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::TableView</name>
    <message>
        <source>&amp;Copy rows</source>
        <translation>Zeilen &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy rows as CS&amp;V</source>
        <translation>Zeilen als CS&amp;V kopieren</translation>
    </message>
    <message>
        <source>Copy rows as &amp;JSON</source>
        <translation>Zeilen als &amp;JSON kopieren</translation>
    </message>
    <message>
        <source>&amp;Export rows …</source>
        <translation>Zeilen &amp;exportieren …</translation>
    </message>
    <message>
        <source>&amp;Fit columns</source>
        <translation>Spaltenbreiten &amp;anpassen</translation>
    </message>
    <message>
        <source>&amp;Reset columns</source>
        <translation>Spalten &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Kommagetrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Zeilen exportieren</translation>
    </message>
    <message>
        <source>The rows could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Zeilen konnten nicht in &quot;%1&quot; geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>C&amp;olumns</source>
        <translation>S&amp;palten</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ThroughputPanel</name>
    <message>
        <source>All connections</source>
        <translation>Alle Verbindungen</translation>
    </message>
    <message>
        <source>Since it joined: %1 sent, %2 received</source>
        <translation>Seit dem Beitritt: %1 gesendet, %2 empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Workspace</name>
    <message numerus="yes">
        <source>%n messages came faster than they can be shown, and are not.</source>
        <translation>
            <numerusform>%n Nachricht kam schneller, als sie angezeigt werden kann, und fehlt deshalb in der Anzeige.</numerusform>
            <numerusform>%n Nachrichten kamen schneller, als sie angezeigt werden können, und fehlen deshalb in der Anzeige.</numerusform>
        </translation>
    </message>
    <message>
        <source>The peer at %1 is linked.</source>
        <translation>Der Link zum Peer unter %1 steht.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Identity</name>
    <message>
        <source>GnuTLS could not make a key or certificate: %1. Check that it is version 3.7.9 or newer and not in FIPS mode.</source>
        <translation>GnuTLS konnte keinen Schlüssel oder kein Zertifikat erzeugen: %1. Prüfen Sie, ob es die Version 3.7.9 oder neuer hat und nicht im FIPS-Modus läuft.</translation>
    </message>
    <message>
        <source>It needs one PRIVATE KEY and one to %1 CERTIFICATE blocks, the certificate of the key first.</source>
        <translation>Nötig sind ein Block PRIVATE KEY und ein bis %1 Blöcke CERTIFICATE, das Zertifikat des Schlüssels zuerst.</translation>
    </message>
    <message>
        <source>%1 holds no PEM.</source>
        <translation>%1 enthält kein PEM.</translation>
    </message>
    <message>
        <source>%1 holds a block &quot;%2&quot;, which is no part of an identity.</source>
        <translation>%1 enthält einen Block „%2“, der nicht zu einer Identität gehört.</translation>
    </message>
    <message>
        <source>In %1, private keys: %2, certificates: %3.</source>
        <translation>%1 enthält private Schlüssel: %2, Zertifikate: %3.</translation>
    </message>
    <message>
        <source>%1 has %2 bytes; an identity has at most %3.</source>
        <translation>%1 hat %2 Bytes; eine Identität hat höchstens %3.</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 ist leer.</translation>
    </message>
    <message>
        <source>%1 is damaged: a block has no end. Copy it again.</source>
        <translation>%1 ist beschädigt: Ein Block hat kein Ende. Kopieren Sie alles noch einmal.</translation>
    </message>
    <message>
        <source>%1 must have one to %2 CERTIFICATE blocks and nothing else. Give what &quot;qp2p identity export&quot; or an authority wrote.</source>
        <translation>%1 muss ein bis %2 Blöcke CERTIFICATE enthalten und sonst nichts. Geben Sie an, was &quot;qp2p identity export&quot; oder eine Zertifizierungsstelle geschrieben hat.</translation>
    </message>
    <message>
        <source>The private key in %1 is damaged.</source>
        <translation>%1: Der private Schlüssel ist beschädigt.</translation>
    </message>
    <message>
        <source>The passphrase cannot be used. Choose one of printable characters in UTF-8.</source>
        <translation>Die Passphrase kann nicht verwendet werden. Wählen Sie eine aus druckbaren Zeichen in UTF-8.</translation>
    </message>
    <message>
        <source>The private key in %1 is damaged. Copy it again.</source>
        <translation>%1: Der private Schlüssel ist beschädigt. Kopieren Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>The private key in %1 (%2) is of an unsupported type, or damaged. Use %3.</source>
        <translation>%1: Der private Schlüssel (%2) ist von einer nicht unterstützten Art oder beschädigt. Verwenden Sie %3.</translation>
    </message>
    <message>
        <source>The private key in %1 is encrypted in an unsupported way. Encrypt it again with: openssl pkcs8 -topk8 -v2 aes-256-cbc</source>
        <translation>%1: Der private Schlüssel ist auf eine nicht unterstützte Weise verschlüsselt. Verschlüsseln Sie ihn neu mit: openssl pkcs8 -topk8 -v2 aes-256-cbc</translation>
    </message>
    <message>
        <source>The private key in %1 is encrypted. Give its passphrase.</source>
        <translation>%1: Der private Schlüssel ist verschlüsselt. Geben Sie seine Passphrase an.</translation>
    </message>
    <message>
        <source>The passphrase does not open the private key in %1. Check it, and whether it belongs to this file.</source>
        <translation>%1: Die Passphrase öffnet den privaten Schlüssel nicht. Prüfen Sie, ob sie richtig ist und zu dieser Datei gehört.</translation>
    </message>
    <message>
        <source>Certificate %1 in %2 is damaged. Copy it again.</source>
        <translation>%2: Zertifikat %1 ist beschädigt. Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Certificate %1 in %2 cannot be used.</source>
        <translation>%2: Zertifikat %1 kann nicht verwendet werden.</translation>
    </message>
    <message>
        <source>The certificates in %1 have %2 bytes; at most %3 are accepted.</source>
        <translation>%1: Die Zertifikate haben %2 Bytes; höchstens %3 werden akzeptiert.</translation>
    </message>
    <message>
        <source>None of the certificates in %1 belongs to its private key. Put the key and its own certificate together.</source>
        <translation>%1: Keines der Zertifikate gehört zum privaten Schlüssel. Fügen Sie den Schlüssel und sein eigenes Zertifikat zusammen.</translation>
    </message>
    <message>
        <source>The first certificate in %1 does not belong to its private key, but certificate %2 does. Put that one first.</source>
        <translation>%1: Das erste Zertifikat gehört nicht zum privaten Schlüssel, wohl aber Zertifikat %2. Stellen Sie dieses an den Anfang.</translation>
    </message>
    <message>
        <source>The first certificate in %1 is X.509 version %2. Have one of version 3 issued; peers refuse others.</source>
        <translation>%1: Das erste Zertifikat hat die X.509-Version %2. Lassen Sie eines der Version 3 ausstellen; Peers lehnen andere ab.</translation>
    </message>
    <message>
        <source>The certificate in %1 is that of a peer, which may not sign others. Name the file of an authority.</source>
        <translation>%1: Das Zertifikat ist das eines Peers, der keine anderen signieren darf. Geben Sie die Datei einer Zertifizierungsstelle an.</translation>
    </message>
    <message>
        <source>The certificate in %1 is that of an authority, whose key must not be in use on a network. Have it issue a certificate for this peer.</source>
        <translation>%1: Das Zertifikat ist das einer Zertifizierungsstelle, deren Schlüssel nicht in einem Netz verwendet werden darf. Lassen Sie von ihr ein Zertifikat für diesen Peer ausstellen.</translation>
    </message>
    <message>
        <source>The first certificate in %1 does not allow its key to sign (the key usage is another). Have one that does issued.</source>
        <translation>%1: Das erste Zertifikat erlaubt seinem Schlüssel nicht, zu signieren (die Schlüsselverwendung ist eine andere). Lassen Sie eines ausstellen, das es erlaubt.</translation>
    </message>
    <message>
        <source>The first certificate in %1 has a weak signature (%2), which peers refuse. Have it issued again with SHA-256.</source>
        <translation>%1: Das erste Zertifikat hat eine schwache Signatur (%2), die Peers ablehnen. Lassen Sie es mit SHA-256 neu ausstellen.</translation>
    </message>
    <message>
        <source>The new identity</source>
        <translation>Die neue Identität</translation>
    </message>
    <message>
        <source>The PEM text</source>
        <translation>Der PEM-Text</translation>
    </message>
    <message>
        <source>There is no identity to save. Generate or load one first.</source>
        <translation>Es gibt keine Identität, die gespeichert werden könnte. Erzeugen oder laden Sie zuerst eine.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for a new identity cannot be made. Make it, or name another.</source>
        <translation>Der Ordner &quot;%1&quot; für eine neue Identität kann nicht angelegt werden. Legen Sie ihn selbst an oder geben Sie einen anderen an.</translation>
    </message>
    <message>
        <source>There is no identity. Generate or load one.</source>
        <translation>Es gibt keine Identität. Erzeugen oder laden Sie eine.</translation>
    </message>
    <message>
        <source>GnuTLS could not read the key again.</source>
        <translation>GnuTLS konnte den Schlüssel nicht wieder lesen.</translation>
    </message>
    <message>
        <source>%1 is not the name of a file.</source>
        <translation>%1 ist kein Dateiname.</translation>
    </message>
    <message>
        <source>The identity file %1 cannot be read: %2.</source>
        <translation>Die Identitätsdatei %1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The identity file %1 cannot be written: %2.</source>
        <translation>Die Identitätsdatei %1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>There is no identity file %1. Generate an identity, or name another file.</source>
        <translation>Es gibt keine Identitätsdatei %1. Erzeugen Sie eine Identität oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>The file %1 exists already and is not replaced. Name another one, or move it away.</source>
        <translation>Die Datei %1 existiert bereits und wird nicht ersetzt. Geben Sie eine andere an oder verschieben Sie diese.</translation>
    </message>
    <message>
        <source>it has more than the %1 bytes of an identity</source>
        <translation>sie hat mehr als die %1 Bytes einer Identität</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>sie ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>The identity file %1 belongs to another user. Take it over with chown, or use a file of your own.</source>
        <translation>Die Identitätsdatei %1 gehört einem anderen Benutzer. Übernehmen Sie sie mit chown oder verwenden Sie eine eigene Datei.</translation>
    </message>
    <message>
        <source>Others may read or write the identity file %1. Run: chmod 600 %2</source>
        <translation>Andere dürfen die Identitätsdatei %1 lesen oder schreiben. Führen Sie aus: chmod 600 %2</translation>
    </message>
    <message>
        <source>it is a symbolic link; name the file itself</source>
        <translation>sie ist ein symbolischer Link; geben Sie die Datei selbst an</translation>
    </message>
    <message>
        <source>its folder does not exist; make it first</source>
        <translation>ihr Ordner existiert nicht; legen Sie ihn zuerst an</translation>
    </message>
</context>
<context>
    <name>Qp2p::PeerAddress</name>
    <message>
        <source>Nothing was given.</source>
        <translation>Es wurde nichts angegeben.</translation>
    </message>
    <message>
        <source>It is too long.</source>
        <translation>Die Angabe ist zu lang.</translation>
    </message>
    <message>
        <source>Leave out the &quot;%1&quot;.</source>
        <translation>Lassen Sie „%1“ weg.</translation>
    </message>
    <message>
        <source>A peer id must stand before the &quot;@&quot;.</source>
        <translation>Vor dem „@“ muss eine Peer-ID stehen.</translation>
    </message>
    <message>
        <source>An IPv6 address stands in brackets, and the port follows: [%1]:12000.</source>
        <translation>Eine IPv6-Adresse steht in eckigen Klammern, danach folgt der Port: [%1]:12000.</translation>
    </message>
    <message>
        <source>Only an IPv6 address has more than one &quot;:&quot;, and it stands in brackets.</source>
        <translation>Nur eine IPv6-Adresse hat mehr als einen „:“, und sie steht in eckigen Klammern.</translation>
    </message>
    <message>
        <source>The port is missing.</source>
        <translation>Der Port fehlt.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not the address of a peer. %2 Write host:port, for example %3, %4 or %5.</source>
        <translation>„%1“ ist nicht die Adresse eines Peers. %2 Schreiben Sie host:port, zum Beispiel %3, %4 oder %5.</translation>
    </message>
    <message>
        <source>It has a space inside.</source>
        <translation>Die Angabe enthält ein Leerzeichen.</translation>
    </message>
    <message>
        <source>It has a character that cannot be seen (U+%1).</source>
        <translation>Die Angabe enthält ein Zeichen, das nicht sichtbar ist (U+%1).</translation>
    </message>
    <message>
        <source>The port &quot;%1&quot; is not a number.</source>
        <translation>Der Port „%1“ ist keine Zahl.</translation>
    </message>
    <message>
        <source>The port must be from 1 to 65535, not %1.</source>
        <translation>Der Port muss zwischen 1 und 65535 liegen, nicht bei %1.</translation>
    </message>
    <message>
        <source>The port must not begin with a zero.</source>
        <translation>Der Port darf nicht mit einer Null beginnen.</translation>
    </message>
    <message>
        <source>%1 stands for many machines and cannot be dialled.</source>
        <translation>%1 steht für viele Rechner und kann nicht angewählt werden.</translation>
    </message>
    <message>
        <source>The &quot;]&quot; after the IPv6 address is missing or misplaced.</source>
        <translation>Das „]“ nach der IPv6-Adresse fehlt oder steht an der falschen Stelle.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not an IPv6 address, and only these stand in brackets.</source>
        <translation>„%1“ ist keine IPv6-Adresse, und nur solche stehen in eckigen Klammern.</translation>
    </message>
    <message>
        <source>The host is missing.</source>
        <translation>Der Host fehlt.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a host name.</source>
        <translation>„%1“ ist kein Hostname.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not an IPv4 address; that has four numbers from 0 to 255 without leading zeros.</source>
        <translation>„%1“ ist keine IPv4-Adresse; eine solche hat vier Zahlen von 0 bis 255 ohne führende Nullen.</translation>
    </message>
    <message>
        <source>%1 is a link-local address, another machine on each link. Name the network interface too, as in [%1%eth0]:12000.</source>
        <extracomment>%1: an IPv6 address; eth0 is the name of a network interface</extracomment>
        <translation>%1 ist eine link-lokale Adresse, auf jeder Verbindung ein anderer Rechner. Geben Sie auch die Netzwerkschnittstelle an, etwa [%1%eth0]:12000.</translation>
    </message>
</context>
<context>
    <name>Qp2p::PeerId</name>
    <message>
        <source>A peer id has %1 characters, letters and the digits 2 to 7; copy it again from where it is shown.</source>
        <translation>Eine Peer-ID hat %1 Zeichen, Buchstaben und die Ziffern 2 bis 7; kopieren Sie sie noch einmal von dort, wo sie angezeigt wird.</translation>
    </message>
    <message>
        <source>This is not a peer id: it has %1 characters.</source>
        <translation>Das ist keine Peer-ID: Es sind %1 Zeichen.</translation>
    </message>
    <message>
        <source>This is not a peer id: its character %1 is wrong.</source>
        <translation>Das ist keine Peer-ID: Das Zeichen an der Stelle %1 ist falsch.</translation>
    </message>
    <message>
        <source>This is not a peer id: its last character is wrong.</source>
        <translation>Das ist keine Peer-ID: Das letzte Zeichen ist falsch.</translation>
    </message>
    <message>
        <source>This is not a peer id: it is all zero.</source>
        <translation>Das ist keine Peer-ID: Alle Bytes sind null.</translation>
    </message>
</context>
<context>
    <name>Qp2p::RecordFile</name>
    <message>
        <source>its folder cannot be written to</source>
        <translation>in ihren Ordner kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>another program is writing it</source>
        <translation>ein anderes Programm schreibt sie gerade</translation>
    </message>
    <message>
        <source>the disk may be full</source>
        <translation>vielleicht ist der Datenträger voll</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be locked: %2.</source>
        <translation>Die Datei &quot;%1&quot; kann nicht gesperrt werden: %2.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read: %2. It is left as it is, and nothing is saved to it.</source>
        <translation>Die Datei &quot;%1&quot; kann nicht gelesen werden: %2. Sie bleibt, wie sie ist, und es wird nichts in ihr gespeichert.</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>sie ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; was written by a later version of this program. It is left as it is; update the program, or name another file.</source>
        <translation>Die Datei &quot;%1&quot; wurde von einer neueren Version dieses Programms geschrieben. Sie bleibt, wie sie ist; aktualisieren Sie das Programm oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; is something else than expected here (%2). It is left as it is, and nothing is saved to it; name another file.</source>
        <translation>Die Datei &quot;%1&quot; ist etwas anderes, als hier erwartet wird (%2). Sie bleibt, wie sie ist, und es wird nichts in ihr gespeichert; geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>it is larger than %1 bytes</source>
        <translation>die Datei ist größer als %1 Bytes</translation>
    </message>
    <message>
        <source>its first line is damaged</source>
        <translation>die erste Zeile ist beschädigt</translation>
    </message>
    <message numerus="yes">
        <source>%n of its lines are damaged</source>
        <translation>
            <numerusform>%n Zeile ist beschädigt</numerusform>
            <numerusform>%n Zeilen sind beschädigt</numerusform>
        </translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be written: %2. What it had is kept.</source>
        <translation>Die Datei &quot;%1&quot; kann nicht geschrieben werden: %2. Der bisherige Inhalt bleibt erhalten.</translation>
    </message>
    <message>
        <source>it would be larger than %1 bytes</source>
        <translation>sie wäre größer als %1 Bytes</translation>
    </message>
    <message>
        <source>its folder cannot be synced</source>
        <translation>ihr Ordner kann nicht synchronisiert werden</translation>
    </message>
</context>
<context>
    <name>Qp2p::TrustStore</name>
    <message>
        <source>%1 has no certificate. Name a PEM file with the certificates of authorities.</source>
        <translation>%1 enthält kein Zertifikat. Geben Sie eine PEM-Datei mit den Zertifikaten von Zertifizierungsstellen an.</translation>
    </message>
    <message>
        <source>A certificate in %1 cannot be read (%2). Name a PEM file with the certificates of authorities.</source>
        <translation>%1: Ein Zertifikat kann nicht gelesen werden (%2). Geben Sie eine PEM-Datei mit den Zertifikaten von Zertifizierungsstellen an.</translation>
    </message>
    <message>
        <source>GnuTLS has no memory for authorities.</source>
        <translation>GnuTLS hat keinen Speicher für Zertifizierungsstellen.</translation>
    </message>
    <message>
        <source>%1 has a certificate that is no authority&apos;s (%2): it may not sign others. Name the certificate of the authority that has signed it.</source>
        <translation>%1 enthält ein Zertifikat, das nicht das einer Zertifizierungsstelle ist (%2): Es darf keine anderen signieren. Geben Sie das Zertifikat der Zertifizierungsstelle an, die es signiert hat.</translation>
    </message>
    <message>
        <source>No authority is given, so no peer could be accepted. Name a PEM file with at least one.</source>
        <translation>Es ist keine Zertifizierungsstelle angegeben, daher könnte kein Peer akzeptiert werden. Geben Sie eine PEM-Datei mit mindestens einer an.</translation>
    </message>
    <message>
        <source>This system has no trust store with authorities. Install one (on Debian the package ca-certificates), or name a bundle.</source>
        <translation>Dieses System hat keinen Zertifikatsspeicher mit Zertifizierungsstellen. Installieren Sie einen (unter Debian das Paket ca-certificates) oder geben Sie ein Bündel an.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Version</name>
    <message>
        <source>ngtcp2 %1 was loaded, but %2 or newer is needed: a hostile peer can end a program that uses an older one. Run installer/dependencies.sh and build again, or upgrade the package libngtcp2-16.</source>
        <translation>ngtcp2 %1 wurde geladen, nötig ist aber %2 oder neuer: Ein feindlicher Peer kann ein Programm beenden, das eine ältere Version verwendet. Führen Sie installer/dependencies.sh aus und bauen Sie das Programm neu, oder aktualisieren Sie das Paket libngtcp2-16.</translation>
    </message>
    <message>
        <source>GnuTLS %1 was loaded, but %2 or newer is needed. Upgrade the package libgnutls30 (Debian: sudo apt install --only-upgrade libgnutls30).</source>
        <translation>GnuTLS %1 wurde geladen, nötig ist aber %2 oder neuer. Aktualisieren Sie das Paket libgnutls30 (Debian: sudo apt install --only-upgrade libgnutls30).</translation>
    </message>
</context>
<context>
    <name>Qp2p::safeText</name>
    <message>
        <source>… (%1 bytes)</source>
        <comment>End of a text that was cut; %1 is the size of all of it</comment>
        <translation>… (%1 Bytes)</translation>
    </message>
</context>
</TS>
