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
        <source>With so many names the certificate has %1 bytes, and no peer accepts more than %2. Leave some out.</source>
        <translation>Mit so vielen Namen hat das Zertifikat %1 Byte, und kein Peer akzeptiert mehr als %2. Lassen Sie einige weg.</translation>
    </message>
    <message>
        <source>The authority &quot;%1&quot; expired on %2. Make a new one and give its certificate to all peers.</source>
        <translation>Die Zertifizierungsstelle „%1“ ist am %2 abgelaufen. Erstellen Sie eine neue, und geben Sie deren Zertifikat allen Peers.</translation>
    </message>
    <message>
        <source>The key in the certificate cannot be read. It must be issued again.</source>
        <translation>Der Schlüssel im Zertifikat kann nicht gelesen werden. Es muss neu ausgestellt werden.</translation>
    </message>
</context>
<context>
    <name>Qp2p::AuthorityFiles</name>
    <message>
        <source>It should be a PEM file with authorities.</source>
        <translation>Es sollte eine PEM-Datei mit Zertifizierungsstellen sein.</translation>
    </message>
</context>
<context>
    <name>Qp2p::BlockList</name>
    <message>
        <source>The file &quot;%1&quot; is not a block list: %2. It is left as it is; name another file.</source>
        <translation>Die Datei „%1“ ist keine Sperrliste: %2. Sie bleibt, wie sie ist; nennen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>The block list &quot;%1&quot; was damaged: %2. It is kept as &quot;%3&quot;, and its valid entries are used.</source>
        <translation>Die Sperrliste „%1“ war beschädigt: %2. Sie bleibt als „%3“ erhalten, und ihre gültigen Einträge werden verwendet.</translation>
    </message>
    <message>
        <source>entries that are not valid: %1</source>
        <translation>ungültige Einträge: %1</translation>
    </message>
</context>
<context>
    <name>Qp2p::BootstrapCache</name>
    <message>
        <source>&quot;%1&quot; cannot be added: a node needs its peer id and an IP address, such as PEERID@192.0.2.1:12000.</source>
        <translation>„%1“ kann nicht hinzugefügt werden: Zu einem Knoten gehören seine Peer-ID und eine IP-Adresse, etwa PEERID@192.0.2.1:12000.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be added: it is a link-local address, another machine on each link. Name the network interface too, as in PEERID@[%2%eth0]:12000.</source>
        <translation>„%1“ kann nicht hinzugefügt werden: Das ist eine link-lokale Adresse, auf jeder Verbindung ein anderer Rechner. Geben Sie auch die Netzwerkschnittstelle an, etwa PEERID@[%2%eth0]:12000.</translation>
    </message>
    <message>
        <source>entries that are not valid: %1</source>
        <translation>ungültige Einträge: %1</translation>
    </message>
    <message>
        <source>The bootstrap cache &quot;%1&quot; was damaged: %2. It is kept as &quot;%3&quot;, and its valid entries are used.</source>
        <translation>Der Bootstrap-Cache „%1“ war beschädigt: %2. Er bleibt als „%3“ erhalten, und seine gültigen Einträge werden verwendet.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; is not a bootstrap cache: %2. It is left as it is; name another file.</source>
        <translation>Die Datei „%1“ ist kein Bootstrap-Cache: %2. Sie bleibt unverändert; geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not the name of a file. Name one.</source>
        <translation>„%1“ ist kein Dateiname. Geben Sie einen an.</translation>
    </message>
</context>
<context>
    <name>Qp2p::CertificatePolicy</name>
    <message>
        <source>&quot;%1&quot; cannot be the name in a certificate. Use letters from a to z, digits, hyphens, dots and underscores, 253 of them at most.</source>
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
        <source>The key of the peer&apos;s certificate &quot;%1&quot; is not accepted. %2</source>
        <translation>Der Schlüssel im Zertifikat „%1“ des Peers wird nicht akzeptiert. %2</translation>
    </message>
    <message>
        <source>The key in the certificate cannot be read. It must be issued again.</source>
        <translation>Der Schlüssel im Zertifikat kann nicht gelesen werden. Es muss neu ausgestellt werden.</translation>
    </message>
    <message>
        <source>The certificate cannot be read (%1); it is damaged. Replace it.</source>
        <translation>Das Zertifikat kann nicht gelesen werden (%1); es ist beschädigt. Ersetzen Sie es.</translation>
    </message>
    <message>
        <source>The peer&apos;s certificate &quot;%1&quot; has a weak signature (%2). It must be issued again with SHA-256 or better.</source>
        <translation>Das Zertifikat „%1“ des Peers hat eine schwache Signatur (%2). Es muss mit SHA-256 oder besser neu ausgestellt werden.</translation>
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
        <translation>Der Ordner „%1“ für qlog-Dateien existiert nicht. Erstellen Sie ihn, oder nennen Sie einen anderen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot;, which was given for qlog files, is not a folder. Name one.</source>
        <translation>„%1“, angegeben für qlog-Dateien, ist kein Ordner. Nennen Sie einen Ordner.</translation>
    </message>
    <message>
        <source>This program may not write to the folder &quot;%1&quot; for qlog files. Change its permissions, or name another.</source>
        <translation>Dieses Programm darf nicht in den Ordner „%1“ für qlog-Dateien schreiben. Ändern Sie dessen Berechtigungen, oder nennen Sie einen anderen.</translation>
    </message>
    <message>
        <source>%1 is %2 bytes. Set a size from %3 bytes (the largest message and 64 MiB) to %4 bytes (64 GiB), or zero for the default.</source>
        <translation>%1 ist %2 Bytes. Wählen Sie eine Größe von %3 Bytes (die größte Nachricht und 64 MiB) bis %4 Bytes (64 GiB), oder null für die Voreinstellung.</translation>
    </message>
    <message>
        <source>Legacy peers have no certificate that an authority could have issued. Accept them in the mode EncryptOnly only.</source>
        <translation>Peers des alten qp2p haben kein Zertifikat, das eine Zertifizierungsstelle ausgestellt haben könnte. Akzeptieren Sie sie nur im Modus EncryptOnly.</translation>
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
        <source>This program neither dials nor accepts these peers and addresses. Join a network to change the list.</source>
        <translation>Dieses Programm wählt diese Peers und Adressen weder an noch nimmt es sie an. Treten Sie einem Netz bei, um die Liste zu ändern.</translation>
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
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>An anchor: one of the two nodes that have been linked longest. It is dialled first.</source>
        <translation>Ein Anker: einer der beiden Knoten, zu denen der Link am längsten besteht. Er wird zuerst angewählt.</translation>
    </message>
    <message>
        <source>Failed attempts since the last success</source>
        <translation>Fehlgeschlagene Versuche seit dem letzten Erfolg</translation>
    </message>
    <message>
        <source>Added manually. The certificate is stored after the first connection.</source>
        <translation>Von Hand hinzugefügt. Das Zertifikat wird nach der ersten Verbindung gespeichert.</translation>
    </message>
    <message>
        <source>SHA-256 fingerprint of the certificate that the node must present</source>
        <translation>SHA-256-Fingerabdruck des Zertifikats, das der Knoten vorweisen muss</translation>
    </message>
    <message>
        <source>Last join</source>
        <translation>Letzter Beitritt</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CachePanel</name>
    <message>
        <source>Bootstrap cache</source>
        <translation>Bootstrap-Cache</translation>
    </message>
    <message>
        <source>Import nodes</source>
        <translation>Knoten importieren</translation>
    </message>
    <message>
        <source>Clear the bootstrap cache</source>
        <translation>Bootstrap-Cache leeren</translation>
    </message>
    <message>
        <source>Add nodes</source>
        <translation>Knoten hinzufügen</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read, or is larger than 4 MiB. Choose one that was exported from a bootstrap cache.</source>
        <translation>Die Datei „%1“ kann nicht gelesen werden oder ist größer als 4 MiB. Wählen Sie eine, die aus einem Bootstrap-Cache exportiert wurde.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no node with a peer id and an IP address. Nothing was imported.</source>
        <translation>„%1“ enthält keinen Knoten mit Peer-ID und IP-Adresse. Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>Line %1 of &quot;%2&quot;: %3 Nothing was imported.</source>
        <translation>Zeile %1 von „%2“: %3 Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>Export nodes</source>
        <translation>Knoten exportieren</translation>
    </message>
    <message>
        <source>Connect now</source>
        <translation>Jetzt verbinden</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Clear …</source>
        <translation>Leeren …</translation>
    </message>
    <message>
        <source>Add …</source>
        <translation>Hinzufügen …</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>The bootstrap cache is the list of nodes that this machine has connected to before; the next join uses them.</source>
        <translation>Der Bootstrap-Cache ist die Liste der Knoten, mit denen sich dieser Rechner schon verbunden hat; der nächste Beitritt verwendet sie.</translation>
    </message>
    <message>
        <source>No nodes yet. Nodes to which this machine has connected are listed here.</source>
        <translation>Noch keine Knoten. Hier erscheinen die Knoten, mit denen sich dieser Rechner verbunden hat.</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes, the latest first. The next join uses them.</source>
        <translation>
            <numerusform>%n Knoten. Der nächste Beitritt verwendet ihn.</numerusform>
            <numerusform>%n Knoten, die neuesten zuerst. Der nächste Beitritt verwendet sie.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove all %n nodes?</source>
        <translation>
            <numerusform>%n Knoten entfernen?</numerusform>
            <numerusform>Alle %n Knoten entfernen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The next join can then use contacts only.</source>
        <translation>Der nächste Beitritt ist dann nur noch über Kontakte möglich.</translation>
    </message>
    <message>
        <source>&amp;Remove all</source>
        <translation>Alle &amp;entfernen</translation>
    </message>
    <message>
        <source>One node per line, with its peer id: PEERID@192.0.2.1:12000. The certificate is stored after the first connection.</source>
        <translation>Ein Knoten pro Zeile, mit seiner Peer-ID: PEERID@192.0.2.1:12000. Das Zertifikat wird nach der ersten Verbindung gespeichert.</translation>
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
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
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
    <message>
        <source>Self-signed</source>
        <translation>Selbst signiert</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::CertificatesDialog</name>
    <message>
        <source>Certificates</source>
        <translation>Zertifikate</translation>
    </message>
    <message>
        <source>&amp;My identity</source>
        <translation>&amp;Meine Identität</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>Wer sich verbinden darf</translation>
    </message>
    <message>
        <source>Reload au&amp;thorities</source>
        <translation>Zertifizierungsstellen neu ein&amp;lesen</translation>
    </message>
    <message>
        <source>Reads the files of the authorities again, without leaving the network.</source>
        <translation>Liest die Dateien der Zertifizierungsstellen neu ein, ohne das Netz zu verlassen.</translation>
    </message>
    <message>
        <source>&amp;Who may connect</source>
        <translation>&amp;Wer sich verbinden darf</translation>
    </message>
    <message>
        <source>My identity</source>
        <translation>Meine Identität</translation>
    </message>
    <message>
        <source>QP2P leaves the network and joins again with this setting.</source>
        <translation>QP2P verlässt das Netz und tritt ihm mit dieser Einstellung wieder bei.</translation>
    </message>
    <message>
        <source>This setting takes effect with the next join.</source>
        <translation>Diese Einstellung gilt ab dem nächsten Beitritt.</translation>
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
        <extracomment>a certificate mode, and the name of the authority that issued the certificate</extracomment>
        <translation>%1: %2</translation>
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
    <message>
        <source>A peer of the old qp2p. It does not prove its key.</source>
        <translation>Ein Peer des alten qp2p. Er weist seinen Schlüssel nicht nach.</translation>
    </message>
    <message>
        <source>The connection is open; the link to the peer is not established yet.</source>
        <translation>Die Verbindung ist offen; der Link zum Peer ist noch nicht aufgebaut.</translation>
    </message>
    <message>
        <source>Each of the two nodes dialled the other. Each connection carries messages in one direction.</source>
        <translation>Jeder der beiden Knoten hat den anderen angewählt. Jede Verbindung überträgt Nachrichten in eine Richtung.</translation>
    </message>
    <message>
        <source>One connection between a client and its node, used in both directions.</source>
        <translation>Eine Verbindung zwischen einem Client und seinem Knoten, in beide Richtungen genutzt.</translation>
    </message>
    <message>
        <source>Not secure: this peer of the old qp2p has not proven who it is.</source>
        <translation>Nicht sicher: Dieser Peer des alten qp2p hat nicht nachgewiesen, wer er ist.</translation>
    </message>
    <message>
        <source>Encrypted, but no authority confirms who this is: the peer chose its name. Compare the peer id with its owner.</source>
        <translation>Verschlüsselt, aber keine Zertifizierungsstelle bestätigt, wer das ist: Der Peer hat seinen Namen selbst gewählt. Vergleichen Sie die Peer-ID mit dem Inhaber.</translation>
    </message>
    <message>
        <source>Uni-directional: each side dials a connection and sends messages over its own. Bi-directional: one connection carries messages in both directions.</source>
        <translation>Einseitig: Jede Seite baut eine Verbindung auf und sendet Nachrichten nur über ihre eigene. Beidseitig: Eine Verbindung überträgt Nachrichten in beide Richtungen.</translation>
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
        <source>&amp;Block</source>
        <translation>&amp;Sperren</translation>
    </message>
    <message>
        <source>Filter peers by text</source>
        <translation>Peers nach Text filtern</translation>
    </message>
    <message>
        <source>Filter peers by state</source>
        <translation>Peers nach Zustand filtern</translation>
    </message>
    <message>
        <source>All states</source>
        <translation>Alle Zustände</translation>
    </message>
    <message>
        <source>Peers and their connections</source>
        <translation>Peers und ihre Verbindungen</translation>
    </message>
    <message numerus="yes">
        <source>%n peers</source>
        <translation>
            <numerusform>%n Peer</numerusform>
            <numerusform>%n Peers</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 peers</source>
        <translation>%1 von %2 Peers</translation>
    </message>
    <message>
        <source>No peer matches the filter.</source>
        <translation>Kein Peer entspricht dem Filter.</translation>
    </message>
    <message>
        <source>No connections yet.</source>
        <translation>Noch keine Verbindungen.</translation>
    </message>
    <message>
        <source>Join a network to see its peers: Network, Join.</source>
        <translation>Treten Sie einem Netz bei, um dessen Peers zu sehen: Netz, Beitreten.</translation>
    </message>
    <message>
        <source>All connections to this peer are closed. Messages on their way are lost. Either side can connect again.</source>
        <translation>Alle Verbindungen zu diesem Peer werden geschlossen. Nachrichten, die unterwegs sind, gehen verloren. Beide Seiten können die Verbindung wieder aufbauen.</translation>
    </message>
    <message>
        <source>All connections to these peers are closed. Messages on their way are lost. Either side can connect again.</source>
        <translation>Alle Verbindungen zu diesen Peers werden geschlossen. Nachrichten, die unterwegs sind, gehen verloren. Beide Seiten können die Verbindung wieder aufbauen.</translation>
    </message>
    <message>
        <source>All connections to a blocked peer are closed, and this program neither dials nor accepts it. To unblock it, choose Network, Blocked peers.</source>
        <translation>Alle Verbindungen zu einem gesperrten Peer werden geschlossen, und dieses Programm wählt ihn weder an noch nimmt es ihn an. Zum Entsperren wählen Sie Netz, Gesperrte Peers.</translation>
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
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>Contacts, one per line</source>
        <translation>Kontakte, einer pro Zeile</translation>
    </message>
    <message>
        <source>%1 needs a peer id and an IP address, not a host name. Example: PEERID@192.0.2.1:12000.</source>
        <translation>%1 braucht eine Peer-ID und eine IP-Adresse statt eines Rechnernamens. Beispiel: PEERID@192.0.2.1:12000.</translation>
    </message>
    <message numerus="yes">
        <source>%n more lines contain errors.</source>
        <translation>
            <numerusform>%n weitere Zeile enthält Fehler.</numerusform>
            <numerusform>%n weitere Zeilen enthalten Fehler.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DemoNetwork</name>
    <message>
        <source>The demonstration could not write &quot;%1&quot;: %2.</source>
        <translation>Die Vorführung konnte „%1“ nicht schreiben: %2.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::DesktopApp</name>
    <message>
        <source>Still running</source>
        <translation>Läuft weiter</translation>
    </message>
    <message>
        <source>&amp;Quit instead</source>
        <translation>Stattdessen &amp;beenden</translation>
    </message>
    <message>
        <source>The program could not be started for the profile &quot;%1&quot;.</source>
        <translation>Das Programm konnte für das Profil „%1“ nicht gestartet werden.</translation>
    </message>
    <message>
        <source>QP2P keeps running in the tray.</source>
        <translation>QP2P läuft im Infobereich weiter.</translation>
    </message>
    <message>
        <source>You stay in the network. Click the tray icon to show the window again; its menu ends the program. You can change this in the settings.</source>
        <translation>Sie bleiben im Netz. Ein Klick auf das Symbol im Infobereich zeigt das Fenster wieder an; sein Menü beendet das Programm. In den Einstellungen lässt sich das ändern.</translation>
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
        <source>Largest datagram</source>
        <translation>Größtes Datagramm</translation>
    </message>
    <message>
        <source>Statistics of the connection</source>
        <translation>Statistik der Verbindung</translation>
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
        <source>%1 sent, %2 received, %3 lost</source>
        <translation>%1 gesendet, %2 empfangen, %3 verloren</translation>
    </message>
    <message>
        <source>%1 sent, %2 received, %3 refused, %4 failed</source>
        <translation>%1 gesendet, %2 empfangen, %3 abgewiesen, %4 fehlgeschlagen</translation>
    </message>
    <message numerus="yes">
        <source>%n bytes</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Byte</numerusform>
        </translation>
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
        <source>Select a peer or a connection to see its details.</source>
        <translation>Wählen Sie einen Peer oder eine Verbindung, um Details zu sehen.</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Software</translation>
    </message>
    <message>
        <source>The congestion window is how many bytes the connection may have on their way before the peer acknowledges them.</source>
        <translation>Das Überlastfenster gibt an, wie viele Bytes unterwegs sein dürfen, bevor der Peer sie bestätigt.</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>In Warteschlangen</translation>
    </message>
    <message>
        <source>Addresses of the peer, the latest last. The address changes when the peer switches networks or its router assigns another one.</source>
        <translation>Adressen des Peers, die neueste zuletzt. Die Adresse ändert sich, wenn der Peer das Netz wechselt oder sein Router eine andere vergibt.</translation>
    </message>
    <message>
        <source>Not proven (a peer of the old qp2p)</source>
        <translation>Nicht nachgewiesen (ein Peer des alten qp2p)</translation>
    </message>
    <message>
        <source>No name in the certificate</source>
        <translation>Kein Name im Zertifikat</translation>
    </message>
    <message>
        <source>%1: no authority confirms who this is</source>
        <translation>%1: Keine Zertifizierungsstelle bestätigt, wer das ist</translation>
    </message>
    <message>
        <source>%1, certificate issued by %2</source>
        <translation>%1, Zertifikat ausgestellt von %2</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>None. To write qlog files for new connections, enable qlog in the log panel.</source>
        <translation>Keine. Um qlog-Dateien für neue Verbindungen zu schreiben, schalten Sie qlog im Bereich „Protokoll“ ein.</translation>
    </message>
    <message>
        <source>qlog is a standard file format that records each QUIC packet of a connection, for analysis with tools such as qvis.</source>
        <translation>qlog ist ein genormtes Dateiformat, das jedes QUIC-Paket einer Verbindung aufzeichnet, zur Auswertung mit Werkzeugen wie qvis.</translation>
    </message>
    <message>
        <source>latest %1, smoothed %2 ± %3, minimum %4</source>
        <extracomment>round-trip times; %3 is the variation of the smoothed one</extracomment>
        <translation>letzte %1, geglättet %2 ± %3, kleinste %4</translation>
    </message>
    <message>
        <source>%1, %2 in flight</source>
        <translation>%1, %2 unterwegs</translation>
    </message>
    <message>
        <source>%1 to send, %2 to deliver</source>
        <translation>%1 zu senden, %2 zuzustellen</translation>
    </message>
    <message>
        <source>Warning: this peer of the old qp2p presented no certificate. It has not proven who it is.</source>
        <translation>Warnung: Dieser Peer des alten qp2p hat kein Zertifikat vorgewiesen. Er hat nicht nachgewiesen, wer er ist.</translation>
    </message>
    <message>
        <source>Warning: no authority confirms who this is. The peer proved the key of its certificate and chose the name itself. Compare the peer id with its owner.</source>
        <translation>Warnung: Keine Zertifizierungsstelle bestätigt, wer das ist. Der Peer hat den Schlüssel seines Zertifikats nachgewiesen und den Namen selbst gewählt. Vergleichen Sie die Peer-ID mit dem Inhaber.</translation>
    </message>
    <message>
        <source>Accepted: the agreed authority %1 issued the certificate.</source>
        <translation>Akzeptiert: Die vereinbarte Zertifizierungsstelle %1 hat das Zertifikat ausgestellt.</translation>
    </message>
    <message>
        <source>Accepted: the private authority %1 issued the certificate.</source>
        <translation>Akzeptiert: Die eigene Zertifizierungsstelle %1 hat das Zertifikat ausgestellt.</translation>
    </message>
    <message>
        <source>No name was required.</source>
        <translation>Es war kein Name verlangt.</translation>
    </message>
    <message>
        <source>It contains the required name %1.</source>
        <translation>Es enthält den verlangten Namen %1.</translation>
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
        <source>Step 1 of 3: Your name</source>
        <translation>Schritt 1 von 3: Ihr Name</translation>
    </message>
    <message>
        <source>Choose the name that other peers see. A new identity was created for this machine; you can also import one.</source>
        <translation>Wählen Sie den Namen, den andere Peers sehen. Für diesen Rechner wurde eine neue Identität angelegt; Sie können auch eine importieren.</translation>
    </message>
    <message>
        <source>Step 2 of 3: Who may connect</source>
        <translation>Schritt 2 von 3: Wer sich verbinden darf</translation>
    </message>
    <message>
        <source>All members of a network use the same setting. You can change it later.</source>
        <translation>Alle Mitglieder eines Netzes verwenden dieselbe Einstellung. Sie können sie später ändern.</translation>
    </message>
    <message>
        <source>Step 3 of 3: Which network</source>
        <translation>Schritt 3 von 3: Welches Netz</translation>
    </message>
    <message>
        <source>Enter the contact of one member; the others are found through it. Without a contact, a new network begins, which others can join.</source>
        <translation>Geben Sie den Kontakt eines Mitglieds ein; die anderen werden darüber gefunden. Ohne Kontakt entsteht ein neues Netz, dem andere beitreten können.</translation>
    </message>
    <message>
        <source>Network &amp;name:</source>
        <translation>Netz&amp;name:</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>Contacts, one per line, such as 192.0.2.1:12000 or PEERID@192.0.2.1:12000:</source>
        <translation>Kontakte, einer pro Zeile, zum Beispiel 192.0.2.1:12000 oder PEERID@192.0.2.1:12000:</translation>
    </message>
    <message>
        <source>Only members with the same network name connect to each other. It is not a password.</source>
        <translation>Nur Mitglieder mit demselben Netznamen verbinden sich miteinander. Er ist kein Kennwort.</translation>
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
        <source>Own peer id</source>
        <translation>Eigene Peer-ID</translation>
    </message>
    <message>
        <source>Export the certificate</source>
        <translation>Zertifikat exportieren</translation>
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
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>The key in this file is encrypted. Its passphrase:</source>
        <translation>Der Schlüssel in dieser Datei ist verschlüsselt. Seine Passphrase:</translation>
    </message>
    <message>
        <source>The certificate could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Das Zertifikat konnte nicht in „%1“ geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Change &amp;name</source>
        <translation>&amp;Namen ändern</translation>
    </message>
    <message>
        <source>Copy con&amp;tact</source>
        <translation>Kon&amp;takt kopieren</translation>
    </message>
    <message>
        <source>New i&amp;dentity …</source>
        <translation>Neue I&amp;dentität …</translation>
    </message>
    <message>
        <source>Certificate detai&amp;ls …</source>
        <translation>Zertifikatdetai&amp;ls …</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>The SHA-256 hash of the public key of this machine</source>
        <translation>Der SHA-256-Hash des öffentlichen Schlüssels dieses Rechners</translation>
    </message>
    <message>
        <source>Own contact</source>
        <translation>Eigener Kontakt</translation>
    </message>
    <message>
        <source>Others paste this line into &quot;Join&quot; to join through this machine.</source>
        <translation>Andere fügen diese Zeile unter „Beitreten“ ein, um über diesen Rechner beizutreten.</translation>
    </message>
    <message>
        <source>Writes the certificate without the key, for example for an authority to sign.</source>
        <translation>Schreibt das Zertifikat ohne den Schlüssel, zum Beispiel damit eine Zertifizierungsstelle es signiert.</translation>
    </message>
    <message>
        <source>Reads a key and certificates from a PEM file, for example one that an authority has issued.</source>
        <translation>Liest einen Schlüssel und Zertifikate aus einer PEM-Datei, zum Beispiel einer, die eine Zertifizierungsstelle ausgestellt hat.</translation>
    </message>
    <message>
        <source>Shows all fields of the certificate (X.509).</source>
        <translation>Zeigt alle Felder des Zertifikats (X.509).</translation>
    </message>
    <message>
        <source>Displa&amp;y name:</source>
        <translation>An&amp;zeigename:</translation>
    </message>
    <message>
        <source>Your peer id identifies this machine. It is derived from a key, which stays in the folder of the profile and is never sent.</source>
        <translation>Ihre Peer-ID kennzeichnet diesen Rechner. Sie wird aus einem Schlüssel abgeleitet, der im Ordner des Profils bleibt und nie gesendet wird.</translation>
    </message>
    <message>
        <source>The peer id was copied to the clipboard.</source>
        <translation>Die Peer-ID wurde in die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>The contact was copied to the clipboard.</source>
        <translation>Der Kontakt wurde in die Zwischenablage kopiert.</translation>
    </message>
    <message>
        <source>Use another identity from a file?</source>
        <translation>Eine andere Identität aus einer Datei verwenden?</translation>
    </message>
    <message>
        <source>An authority has signed this name in your certificate.</source>
        <translation>Eine Zertifizierungsstelle hat diesen Namen in Ihrem Zertifikat signiert.</translation>
    </message>
    <message>
        <source>Contact for others: %1</source>
        <translation>Kontakt für andere: %1</translation>
    </message>
    <message>
        <source>Certificate details</source>
        <translation>Zertifikatdetails</translation>
    </message>
    <message>
        <source>The name was removed from the certificate.</source>
        <translation>Der Name wurde aus dem Zertifikat entfernt.</translation>
    </message>
    <message>
        <source>Peers see the name &quot;%1&quot; from now on.</source>
        <translation>Peers sehen ab jetzt den Namen „%1“.</translation>
    </message>
    <message>
        <source>This machine gets another peer id. Others will see a new peer, and those that know the old key are warned. The network is left and joined again. The old key is kept in the folder of the profile under another name.</source>
        <translation>Dieser Rechner erhält eine andere Peer-ID. Andere sehen einen neuen Peer, und wer den alten Schlüssel kennt, wird gewarnt. Das Netz wird verlassen und ihm wird wieder beigetreten. Der alte Schlüssel bleibt unter einem anderen Namen im Ordner des Profils.</translation>
    </message>
    <message>
        <source>The peer id of this machine is now %1.</source>
        <translation>Die Peer-ID dieses Rechners ist jetzt %1.</translation>
    </message>
    <message>
        <source>The certificate was written to &quot;%1&quot;.</source>
        <translation>Das Zertifikat wurde in „%1“ geschrieben.</translation>
    </message>
    <message>
        <source>Every peer sees this name. It is part of your certificate, and it is not checked: peers are distinguished by their peer ids.</source>
        <translation>Jeder Peer sieht diesen Namen. Er steht in Ihrem Zertifikat und wird nicht geprüft: Peers werden an ihren Peer-IDs unterschieden.</translation>
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
        <source>The join was cancelled.</source>
        <translation>Der Beitritt wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Joining</source>
        <translation>Beitritt läuft</translation>
    </message>
    <message>
        <source>Contacts, one per line: address and port, optionally with the peer id, for example PEERID@192.0.2.1:12000. Known nodes from the bootstrap cache are tried as well. Without any contact or known node, a new network is created.</source>
        <translation>Kontakte, einer pro Zeile: Adresse und Port, auf Wunsch mit der Peer-ID, zum Beispiel PEERID@192.0.2.1:12000. Bekannte Knoten aus dem Bootstrap-Cache werden ebenfalls versucht. Ohne Kontakt und ohne bekannten Knoten wird ein neues Netz angelegt.</translation>
    </message>
    <message>
        <source>Joining failed. The reasons are shown below each candidate. QP2P retries automatically; you can change the contacts and join at any time.</source>
        <translation>Der Beitritt ist fehlgeschlagen. Die Gründe stehen unter jedem Kandidaten. QP2P versucht es automatisch erneut; Sie können die Kontakte jederzeit ändern und beitreten.</translation>
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
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>The node %1 is back with another key (%2) and was refused. Decide whether to trust the new key.</source>
        <translation>Der Knoten %1 hat sich mit einem anderen Schlüssel (%2) gemeldet und wurde abgelehnt. Entscheiden Sie, ob Sie dem neuen Schlüssel vertrauen.</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>A peer at the address of a known node (%1) has another key than that node. It was refused before it could exchange messages.</source>
        <translation>Ein Peer an der Adresse eines bekannten Knotens (%1) hat einen anderen Schlüssel als dieser Knoten. Er wurde abgelehnt, bevor er Nachrichten austauschen konnte.</translation>
    </message>
    <message>
        <source>The owner may have created a new identity, or another machine may have this address now. It may also be an attempt to impersonate the node. Ask the owner for the new peer id before you trust it.</source>
        <translation>Vielleicht hat der Besitzer eine neue Identität angelegt, oder ein anderer Rechner hat jetzt diese Adresse. Es kann auch ein Versuch sein, sich als der Knoten auszugeben. Fragen Sie den Besitzer nach der neuen Peer-ID, bevor Sie ihr vertrauen.</translation>
    </message>
    <message>
        <source>Known key</source>
        <translation>Bekannter Schlüssel</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
    <message>
        <source>Trust: the new key replaces the known one, and the peer is connected.
No: the new key stays refused at this address, and you are not asked again. To accept it later, remove the node from the bootstrap cache.
Block: the new key is refused at every address. It can be unblocked under Network, Blocked peers.</source>
        <translation>Vertrauen: Der neue Schlüssel ersetzt den bekannten, und der Peer wird verbunden.
Nein: Der neue Schlüssel bleibt an dieser Adresse abgelehnt, und Sie werden nicht noch einmal gefragt. Um ihn später zu akzeptieren, entfernen Sie den Knoten aus dem Bootstrap-Cache.
Sperren: Der neue Schlüssel wird an jeder Adresse abgelehnt. Die Sperre lässt sich unter Netz, Gesperrte Peers aufheben.</translation>
    </message>
    <message>
        <source>&amp;Trust the new key</source>
        <translation>Dem neuen Schlüssel &amp;vertrauen</translation>
    </message>
    <message>
        <source>&amp;Block the new key</source>
        <translation>Den neuen Schlüssel &amp;sperren</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>S&amp;päter</translation>
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
        <source>Filter the log by text</source>
        <translation>Protokoll nach Text filtern</translation>
    </message>
    <message>
        <source>Filter by text</source>
        <translation>Nach Text filtern</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
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
        <translation>Das Protokoll konnte nicht in „%1“ geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Debug lines</source>
        <translation>Debug-Zeilen</translation>
    </message>
    <message>
        <source>qlog of new connections</source>
        <translation>qlog neuer Verbindungen</translation>
    </message>
    <message>
        <source>Minimum level</source>
        <translation>Mindeststufe</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Logs details that help to find faults in the program.</source>
        <translation>Protokolliert Einzelheiten, die helfen, Fehler im Programm zu finden.</translation>
    </message>
    <message>
        <source>Writes a qlog file for each new connection. The files show who communicated with whom, and when.</source>
        <translation>Schreibt für jede neue Verbindung eine qlog-Datei. Die Dateien verraten, wer wann mit wem kommuniziert hat.</translation>
    </message>
    <message>
        <source>qlog is a standard file format that records each QUIC packet of a connection, for analysis with tools such as qvis.</source>
        <translation>qlog ist ein genormtes Dateiformat, das jedes QUIC-Paket einer Verbindung aufzeichnet, zur Auswertung mit Werkzeugen wie qvis.</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
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
        <translation>qp2p-desktop kennt kein Argument „%1“. Siehe --help.</translation>
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
        <source>Bootstrap cache</source>
        <translation>Bootstrap-Cache</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Nachrichten</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Durchsatz</translation>
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
        <source>New profile</source>
        <translation>Neues Profil</translation>
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
        <source>Peers</source>
        <translation>Peers</translation>
    </message>
    <message>
        <source>Decide …</source>
        <translation>Entscheiden …</translation>
    </message>
    <message>
        <source>Joins peer-to-peer networks over QUIC and shows their peers, connections and messages.

Folder of this profile: %1

Licence: MIT or BSD-3-Clause, at your choice.</source>
        <translation>Tritt Peer-to-Peer-Netzen über QUIC bei und zeigt deren Peers, Verbindungen und Nachrichten.

Ordner dieses Profils: %1

Lizenz: MIT oder BSD-3-Clause, nach Ihrer Wahl.</translation>
    </message>
    <message>
        <source>Joins through the bootstrap cache and the contacts of the last join</source>
        <translation>Tritt über den Bootstrap-Cache und die Kontakte des letzten Beitritts bei</translation>
    </message>
    <message>
        <source>&amp;Find peers</source>
        <translation>Peers &amp;suchen</translation>
    </message>
    <message>
        <source>Vi&amp;ew</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>T&amp;oolbar</source>
        <translation>Symb&amp;olleiste</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Details</translation>
    </message>
    <message>
        <source>&amp;Bootstrap cache</source>
        <translation>&amp;Bootstrap-Cache</translation>
    </message>
    <message>
        <source>&amp;Messages</source>
        <translation>&amp;Nachrichten</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>&amp;Protokoll</translation>
    </message>
    <message>
        <source>&amp;Throughput</source>
        <translation>D&amp;urchsatz</translation>
    </message>
    <message>
        <source>Visible &amp;panels</source>
        <translation>Sichtbare Be&amp;reiche</translation>
    </message>
    <message>
        <source>&amp;Open profile folder …</source>
        <translation>Profil&amp;ordner öffnen …</translation>
    </message>
    <message>
        <source>Profile folder</source>
        <translation>Profilordner</translation>
    </message>
    <message>
        <source>Each profile has its own network, identity and settings. Name of the new profile:</source>
        <translation>Jedes Profil hat ein eigenes Netz, eine eigene Identität und eigene Einstellungen. Name des neuen Profils:</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::MessageContent</name>
    <message numerus="yes">
        <source>… and %n more bytes. Save the message to see all of it.</source>
        <translation>
            <numerusform>… und %n weiteres Byte. Speichern Sie die Nachricht, um alles zu sehen.</numerusform>
            <numerusform>… und %n weitere Bytes. Speichern Sie die Nachricht, um alles zu sehen.</numerusform>
        </translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a hexadecimal digit. Write bytes such as 51 50 32 50.</source>
        <translation>„%1“ ist keine hexadezimale Ziffer. Schreiben Sie Bytes wie 51 50 32 50.</translation>
    </message>
    <message>
        <source>The number of hexadecimal digits is odd. Each byte has two, such as 0a.</source>
        <translation>Die Anzahl der hexadezimalen Ziffern ist ungerade. Jedes Byte hat zwei, zum Beispiel 0a.</translation>
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
        <source>Answered</source>
        <translation>Beantwortet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
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
    <message>
        <source>Waiting for a reply</source>
        <translation>Wartet auf Antwort</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
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
    <message>
        <source>Answer this question</source>
        <translation>Diese Frage beantworten</translation>
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
        <source>%1 (%2)</source>
        <extracomment>a peer&apos;s short id, and its name or address</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Save the message</source>
        <translation>Nachricht speichern</translation>
    </message>
    <message>
        <source>The message could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Nachricht konnte nicht in „%1“ geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Select a message to read it.</source>
        <translation>Wählen Sie eine Nachricht aus, um sie zu lesen.</translation>
    </message>
    <message>
        <source>Choose a peer</source>
        <translation>Peer wählen</translation>
    </message>
    <message>
        <source>T&amp;o:</source>
        <comment>addressee of a message</comment>
        <translation>Empfän&amp;ger:</translation>
    </message>
    <message>
        <source>Answers each incoming request automatically with its own content.</source>
        <translation>Beantwortet jede eingehende Anfrage automatisch mit ihrem eigenen Inhalt.</translation>
    </message>
    <message>
        <source>Sends a message (Ctrl+Enter). The table shows when it was delivered.</source>
        <translation>Sendet eine Nachricht (Strg+Eingabe). Die Tabelle zeigt, wann sie zugestellt wurde.</translation>
    </message>
    <message>
        <source>Answers the request that is selected in the table.</source>
        <translation>Beantwortet die in der Tabelle ausgewählte Anfrage.</translation>
    </message>
    <message>
        <source>Not connected: %1</source>
        <translation>Nicht verbunden: %1</translation>
    </message>
    <message>
        <source>Not connected: %1 (%2)</source>
        <translation>Nicht verbunden: %1 (%2)</translation>
    </message>
    <message>
        <source>No peer is connected</source>
        <translation>Kein Peer ist verbunden</translation>
    </message>
    <message>
        <source>Echo &amp;requests</source>
        <translation>Anfragen &amp;zurückspiegeln (Echo)</translation>
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
        <source>&amp;Encrypt only</source>
        <translation>Nur &amp;verschlüsseln</translation>
    </message>
    <message>
        <source>&amp;Private authority</source>
        <translation>Ei&amp;gene Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>A&amp;greed authority</source>
        <translation>Verein&amp;barte Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Any name</source>
        <translation>Beliebiger Name</translation>
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
        <source>%1 %2: %3</source>
        <translation>%1 %2: %3</translation>
    </message>
    <message>
        <source>Required &amp;name in certificates:</source>
        <translation>Erforderlicher &amp;Name in Zertifikaten:</translation>
    </message>
    <message>
        <source>Anyone may connect. Connections are encrypted, and no peer can use the peer id of another, but nothing proves who owns a peer. Suitable for trying things out and for open networks.</source>
        <translation>Jeder darf sich verbinden. Verbindungen sind verschlüsselt, und kein Peer kann die Peer-ID eines anderen verwenden, aber nichts belegt, wem ein Peer gehört. Geeignet zum Ausprobieren und für offene Netze.</translation>
    </message>
    <message>
        <source>Only peers with a certificate signed by your own authority may connect. Suitable for a closed group: one member runs the authority and gives each member a certificate.</source>
        <translation>Nur Peers mit einem Zertifikat Ihrer eigenen Zertifizierungsstelle dürfen sich verbinden. Geeignet für eine geschlossene Gruppe: Ein Mitglied betreibt die Zertifizierungsstelle und gibt jedem Mitglied ein Zertifikat.</translation>
    </message>
    <message>
        <source>Authority files</source>
        <translation>Dateien der Zertifizierungsstellen</translation>
    </message>
    <message>
        <source>Required name in certificates</source>
        <translation>Erforderlicher Name in Zertifikaten</translation>
    </message>
    <message numerus="yes">
        <source>All %n connected peers would be accepted.</source>
        <translation>
            <numerusform>Der %n verbundene Peer würde akzeptiert.</numerusform>
            <numerusform>Alle %n verbundenen Peers würden akzeptiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connected peers would be refused:</source>
        <translation>
            <numerusform>%n verbundener Peer würde abgelehnt:</numerusform>
            <numerusform>%n verbundene Peers würden abgelehnt:</numerusform>
        </translation>
    </message>
    <message>
        <source>Peers with the same setting would refuse this machine: %1</source>
        <translation>Peers mit derselben Einstellung würden diesen Rechner ablehnen: %1</translation>
    </message>
    <message>
        <source>Add the certificate file of the authority. The command &quot;qp2p authority new NAME&quot; creates an authority.</source>
        <translation>Fügen Sie die Zertifikatdatei der Zertifizierungsstelle hinzu. Der Befehl „qp2p authority new NAME“ legt eine Zertifizierungsstelle an.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read. Remove it from the list, or restore the file.</source>
        <translation>Die Datei „%1“ kann nicht gelesen werden. Entfernen Sie sie aus der Liste, oder stellen Sie sie wieder her.</translation>
    </message>
    <message>
        <source>Authority certificates</source>
        <translation>Zertifikate der Zertifizierungsstellen</translation>
    </message>
    <message>
        <source>&amp;Authority certificates (PEM):</source>
        <translation>Zertifikate der &amp;Zertifizierungsstellen (PEM):</translation>
    </message>
    <message>
        <source>&amp;Authority files (PEM); without any, the system&apos;s are used:</source>
        <translation>Dateien der &amp;Zertifizierungsstellen (PEM); ohne Angabe die des Systems:</translation>
    </message>
    <message>
        <source>Required &amp;name of incoming peers:</source>
        <translation>Erforderlicher &amp;Name eingehender Peers:</translation>
    </message>
    <message>
        <source>Only peers with a certificate signed by a public authority, as for web sites, may connect. This needs such a certificate: your own is self-signed. Import one as your identity first.</source>
        <translation>Nur Peers mit einem Zertifikat einer öffentlichen Zertifizierungsstelle, wie bei Websites, dürfen sich verbinden. Dafür brauchen Sie ein solches Zertifikat: Ihres ist selbst signiert. Importieren Sie zuerst eines als Ihre Identität.</translation>
    </message>
    <message>
        <source>Only peers with a certificate signed by a public authority, as for web sites, may connect. Suitable for servers with their own domain names.</source>
        <translation>Nur Peers mit einem Zertifikat einer öffentlichen Zertifizierungsstelle, wie bei Websites, dürfen sich verbinden. Geeignet für Server mit eigenen Domainnamen.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::NetworkWorker</name>
    <message>
        <source>The nodes could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Knoten konnten nicht in „%1“ geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The peer %1 was disconnected: %2</source>
        <translation>Die Verbindung zum Peer %1 wurde getrennt: %2</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes were written to &quot;%1&quot;.</source>
        <translation>
            <numerusform>%n Knoten wurde in „%1“ geschrieben.</numerusform>
            <numerusform>%n Knoten wurden in „%1“ geschrieben.</numerusform>
        </translation>
    </message>
    <message>
        <source>The peer %1 is connected.</source>
        <translation>Der Peer %1 ist verbunden.</translation>
    </message>
    <message>
        <source>There is no link to this peer any more. Connect to it again, or choose another.</source>
        <translation>Zu diesem Peer besteht keine Verbindung mehr. Verbinden Sie sich neu, oder wählen Sie einen anderen.</translation>
    </message>
    <message numerus="yes">
        <source>It was not answered before %n further requests arrived.</source>
        <translation>
            <numerusform>Sie wurde nicht beantwortet, bevor %n weitere Anfrage eintraf.</numerusform>
            <numerusform>Sie wurde nicht beantwortet, bevor %n weitere Anfragen eintrafen.</numerusform>
        </translation>
    </message>
    <message>
        <source>This request can no longer be answered: its peer has disconnected, has cancelled it, or already has an answer.</source>
        <translation>Diese Anfrage kann nicht mehr beantwortet werden: Ihr Peer hat die Verbindung getrennt, sie abgebrochen oder schon eine Antwort erhalten.</translation>
    </message>
    <message>
        <source>Two programs use the identity of the peer %1 at the same time: %2. Only the one at the first address stays connected. Ask the operator of the peer whether a machine was copied.</source>
        <extracomment>%2 is a list of addresses</extracomment>
        <translation>Zwei Programme verwenden gleichzeitig die Identität des Peers %1: %2. Nur das an der ersten Adresse bleibt verbunden. Fragen Sie den Betreiber des Peers, ob ein Rechner kopiert wurde.</translation>
    </message>
    <message>
        <source>The certificate of the peer %1 expires on %2. Its connections are closed then.</source>
        <translation>Das Zertifikat des Peers %1 läuft am %2 ab. Seine Verbindungen werden dann geschlossen.</translation>
    </message>
    <message>
        <source>The certificate of this machine expires on %1. Peers do not accept it any more then. Get a new certificate from the authority.</source>
        <translation>Das Zertifikat dieses Rechners läuft am %1 ab. Peers akzeptieren es dann nicht mehr. Besorgen Sie sich ein neues Zertifikat von der Zertifizierungsstelle.</translation>
    </message>
    <message>
        <source>The authorities have been read again. Connections to peers that they no longer accept are closed.</source>
        <translation>Die Zertifizierungsstellen wurden neu eingelesen. Verbindungen zu Peers, die sie nicht mehr akzeptieren, werden geschlossen.</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::PeerModel</name>
    <message>
        <source>Blocked</source>
        <comment>state of a peer</comment>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Both</source>
        <comment>directions of a peer&apos;s connections</comment>
        <translation>Beide</translation>
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
        <source>A profile&apos;s name has 1 to 40 letters from A to Z, digits, spaces, hyphens and underscores, and begins with a letter or a digit.</source>
        <translation>Der Name eines Profils besteht aus 1 bis 40 Buchstaben von A bis Z, Ziffern, Leerzeichen, Bindestrichen und Unterstrichen und beginnt mit einem Buchstaben oder einer Ziffer.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a folder. Choose the folder of a profile.</source>
        <translation>„%1“ ist kein Ordner. Wählen Sie den Ordner eines Profils.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for the profile could not be created. Choose one in a folder that you may write to.</source>
        <translation>Der Ordner „%1“ für das Profil konnte nicht angelegt werden. Wählen Sie einen in einem Ordner, in den Sie schreiben dürfen.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; belongs to another user. Choose one of your own.</source>
        <translation>Das Profil „%1“ gehört einem anderen Benutzer. Wählen Sie eines, das Ihnen gehört.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; cannot be written. Change its permissions, or choose another.</source>
        <translation>In das Profil „%1“ kann nicht geschrieben werden. Ändern Sie seine Zugriffsrechte, oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; contains other files and is not a profile. Choose an empty folder.</source>
        <translation>Der Ordner „%1“ enthält andere Dateien und ist kein Profil. Wählen Sie einen leeren Ordner.</translation>
    </message>
    <message>
        <source>The profile &quot;%1&quot; is in use by the process %2. Quit that program, or choose another profile.</source>
        <translation>Das Profil „%1“ wird vom Prozess %2 verwendet. Beenden Sie dieses Programm, oder wählen Sie ein anderes Profil.</translation>
    </message>
    <message>
        <source>The identity &quot;%1&quot; is a symbolic link to &quot;%2&quot;. Replace that file, or remove the link and start again.</source>
        <translation>Die Identität „%1“ ist eine symbolische Verknüpfung zu „%2“. Ersetzen Sie diese Datei, oder entfernen Sie die Verknüpfung und starten Sie neu.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be renamed. The old identity was kept. Check the folder&apos;s permissions.</source>
        <translation>Die Datei „%1“ konnte nicht umbenannt werden. Die alte Identität wurde beibehalten. Prüfen Sie die Zugriffsrechte des Ordners.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; could not be written. The old identity was kept. Check the folder&apos;s permissions.</source>
        <translation>Die Datei „%1“ konnte nicht geschrieben werden. Die alte Identität wurde beibehalten. Prüfen Sie die Zugriffsrechte des Ordners.</translation>
    </message>
    <message>
        <source>The name is in a certificate that an authority has signed. Ask the authority for another certificate.</source>
        <translation>Der Name steht in einem Zertifikat, das eine Zertifizierungsstelle signiert hat. Bitten Sie sie um ein anderes Zertifikat.</translation>
    </message>
    <message>
        <source>The folder &quot;%1&quot; for qlog files could not be created. Check the permissions of the profile&apos;s folder.</source>
        <translation>Der Ordner „%1“ für qlog-Dateien konnte nicht angelegt werden. Prüfen Sie die Zugriffsrechte des Profilordners.</translation>
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
        <source>A later version of this program wrote the settings in &quot;%1&quot;. Settings that this version does not know are kept and have no effect.</source>
        <translation>Eine neuere Version dieses Programms hat die Einstellungen in „%1“ geschrieben. Einstellungen, die diese Version nicht kennt, bleiben erhalten und haben keine Wirkung.</translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program uses its default settings. The file was kept as &quot;%2&quot;.</source>
        <translation>Die Einstellungen in „%1“ konnten nicht gelesen werden. Das Programm verwendet seine Standardeinstellungen. Die Datei wurde als „%2“ aufbewahrt.</translation>
    </message>
    <message>
        <source>The settings in &quot;%1&quot; could not be read. The program uses its default settings and cannot save changes. Remove that file.</source>
        <translation>Die Einstellungen in „%1“ konnten nicht gelesen werden. Das Programm verwendet seine Standardeinstellungen und kann Änderungen nicht speichern. Entfernen Sie diese Datei.</translation>
    </message>
    <message>
        <source>The settings could not be written to &quot;%1&quot;. Check the permissions of the folder and the free disk space. Until then, changes are lost when the program ends.</source>
        <translation>Die Einstellungen konnten nicht in „%1“ geschrieben werden. Prüfen Sie die Zugriffsrechte des Ordners und den freien Speicherplatz. Bis dahin gehen Änderungen verloren, wenn das Programm endet.</translation>
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
        <source>&amp;Role:</source>
        <translation>&amp;Rolle:</translation>
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
        <source>Any free port</source>
        <translation>Beliebiger freier Port</translation>
    </message>
    <message>
        <source>UDP p&amp;ort:</source>
        <translation>UDP-P&amp;ort:</translation>
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
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>Network na&amp;me:</source>
        <translation>Na&amp;me des Netzes:</translation>
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
        <source>Lin&amp;ks to keep:</source>
        <translation>Lin&amp;ks, die gehalten werden:</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>Settings of the program</source>
        <translation>Einstellungen des Programms</translation>
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
        <source> s</source>
        <comment>seconds</comment>
        <translation> s</translation>
    </message>
    <message>
        <source>Re&amp;fresh every:</source>
        <translation>Ak&amp;tualisieren alle:</translation>
    </message>
    <message>
        <source>Node: accepts connections</source>
        <translation>Knoten: nimmt Verbindungen an</translation>
    </message>
    <message>
        <source>Client: only connects to nodes</source>
        <translation>Client: verbindet sich nur mit Knoten</translation>
    </message>
    <message>
        <source>Peers check whether a node is reachable. If it is not, it takes part as a client.</source>
        <translation>Peers prüfen, ob ein Knoten erreichbar ist. Wenn nicht, nimmt er als Client teil.</translation>
    </message>
    <message>
        <source>Use only this interface. If its address is not available, joining fails.</source>
        <translation>Nur diese Schnittstelle verwenden. Ist ihre Adresse nicht verfügbar, schlägt der Beitritt fehl.</translation>
    </message>
    <message>
        <source>A fixed port is needed for port forwarding. Peers do not check ports below 1024.</source>
        <translation>Für eine Portweiterleitung ist ein fester Port nötig. Peers prüfen keine Ports unter 1024.</translation>
    </message>
    <message>
        <source>IP &amp;families:</source>
        <translation>&amp;IP-Familien:</translation>
    </message>
    <message>
        <source>Connects only over these. An interface address determines the family.</source>
        <translation>Nur diese werden verwendet. Eine Schnittstellenadresse legt die Familie fest.</translation>
    </message>
    <message>
        <source>Only peers with the same network name connect. The name is not secret.</source>
        <translation>Nur Peers mit demselben Netznamen verbinden sich. Der Name ist nicht geheim.</translation>
    </message>
    <message>
        <source>Uses the bootstrap cache and the contacts of the last join.</source>
        <translation>Verwendet den Bootstrap-Cache und die Kontakte des letzten Beitritts.</translation>
    </message>
    <message>
        <source>Retry is the QUIC packet with which a node asks a peer to prove its address before it connects.</source>
        <translation>Retry ist das QUIC-Paket, mit dem ein Knoten von einem Peer verlangt, vor der Verbindung seine Adresse nachzuweisen.</translation>
    </message>
    <message>
        <source>Peers must prove their address before they connect. Costs one round trip; without it, forged packets can put load on this machine.</source>
        <translation>Peers müssen vor der Verbindung ihre Adresse nachweisen. Das kostet einen Umlauf; ohne Retry können gefälschte Pakete diesen Rechner belasten.</translation>
    </message>
    <message>
        <source>Number of nodes this machine stays linked to. Other peers can link in addition.</source>
        <translation>So viele Links zu Knoten hält dieser Rechner. Andere Peers können weitere aufbauen.</translation>
    </message>
    <message>
        <source>&amp;Maximum connections:</source>
        <translation>&amp;Höchstzahl der Verbindungen:</translation>
    </message>
    <message>
        <source>Further connections are refused. Each uses about 25 KiB of memory.</source>
        <translation>Weitere Verbindungen werden abgewiesen. Jede belegt etwa 25 KiB Speicher.</translation>
    </message>
    <message>
        <source>Maximum messa&amp;ge size:</source>
        <translation>Höchstgröße einer Na&amp;chricht:</translation>
    </message>
    <message>
        <source>Larger messages are refused. Each connection can use this much memory per direction.</source>
        <translation>Größere Nachrichten werden abgewiesen. Jede Verbindung kann pro Richtung so viel Speicher belegen.</translation>
    </message>
    <message>
        <source>Re&amp;fuse unreachable nodes</source>
        <translation>Nicht erreichbare Knoten ab&amp;weisen</translation>
    </message>
    <message>
        <source>Nodes that are not reachable are disconnected instead of accepted as clients.</source>
        <translation>Nicht erreichbare Knoten werden getrennt, statt als Clients angenommen zu werden.</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Lan&amp;guage:</source>
        <translation>&amp;Sprache:</translation>
    </message>
    <message>
        <source>Takes effect immediately.</source>
        <translation>Gilt sofort.</translation>
    </message>
    <message>
        <source>System default follows the light or dark setting of the desktop.</source>
        <translation>„Wie das System“ folgt der hellen oder dunklen Einstellung der Arbeitsumgebung.</translation>
    </message>
    <message>
        <source>Unit of rates in tables and plots.</source>
        <translation>Einheit der Raten in Tabellen und Diagrammen.</translation>
    </message>
    <message>
        <source>Unit of sizes in bytes. Bits per second always use steps of 1,000.</source>
        <translation>Einheit der Größen in Bytes. Bits pro Sekunde haben immer Schritte von 1.000.</translation>
    </message>
    <message>
        <source>Interval between updates of the tables. Paused while the window is hidden.</source>
        <translation>Abstand zwischen Aktualisierungen der Tabellen. Pausiert, solange das Fenster verborgen ist.</translation>
    </message>
    <message>
        <source>Keep running in the &amp;tray when the window closes</source>
        <translation>Im &amp;Infobereich weiterlaufen, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>You stay in the network. To end the program, choose Network, Quit.</source>
        <translation>Sie bleiben im Netz. Zum Beenden wählen Sie Netz, Beenden.</translation>
    </message>
    <message>
        <source>No tray found. Until one appears, closing the window ends the program.</source>
        <translation>Kein Infobereich gefunden. Bis einer erscheint, beendet das Schließen des Fensters das Programm.</translation>
    </message>
    <message>
        <source>Write &amp;qlog files of new connections</source>
        <translation>&amp;qlog-Dateien neuer Verbindungen schreiben</translation>
    </message>
    <message>
        <source>One file per connection in the profile folder. The files grow fast and show who communicated with whom, and when.</source>
        <translation>Eine Datei pro Verbindung im Profilordner. Die Dateien wachsen schnell und verraten, wer wann mit wem kommuniziert hat.</translation>
    </message>
    <message>
        <source>%1 (not available)</source>
        <translation>%1 (nicht verfügbar)</translation>
    </message>
    <message>
        <source>External port, IPv&amp;4:</source>
        <translation>Externer Port, IPv&amp;4:</translation>
    </message>
    <message>
        <source>Where the router forwards another port to this machine. Peers connect to it at the public address.</source>
        <translation>Falls der Router einen anderen Port an diesen Rechner weiterleitet. Peers verbinden sich mit ihm an der öffentlichen Adresse.</translation>
    </message>
    <message>
        <source>External port, IPv&amp;6:</source>
        <translation>Externer Port, IPv&amp;6:</translation>
    </message>
    <message>
        <source>The same for IPv6.</source>
        <translation>Dasselbe für IPv6.</translation>
    </message>
    <message>
        <source>Same as the UDP port</source>
        <translation>Wie der UDP-Port</translation>
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
    <message numerus="yes">
        <source>… and %n more lines.</source>
        <translation>
            <numerusform>… und %n weitere Zeile.</numerusform>
            <numerusform>… und %n weitere Zeilen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Retrying soon</source>
        <translation>Neuer Versuch in Kürze</translation>
    </message>
    <message>
        <source>Another candidate was faster</source>
        <comment>candidate of a join</comment>
        <translation>Ein anderer Kandidat war schneller</translation>
    </message>
    <message>
        <source>Relayed by %1</source>
        <extracomment>%1: the beginning of a peer id</extracomment>
        <translation>Weitergeleitet von %1</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusPanel</name>
    <message>
        <source>This machine in the network</source>
        <translation>Dieser Rechner im Netz</translation>
    </message>
    <message>
        <source>Shows details about this machine in the network.</source>
        <translation>Zeigt Einzelheiten zu diesem Rechner im Netz.</translation>
    </message>
    <message>
        <source>Whether this machine is reachable</source>
        <translation>Ob dieser Rechner erreichbar ist</translation>
    </message>
    <message>
        <source>Contact for others to join through:
%1</source>
        <translation>Kontakt, über den andere beitreten können:
%1</translation>
    </message>
    <message>
        <source>&amp;Copy contact</source>
        <translation>Kontakt &amp;kopieren</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::StatusWords</name>
    <message>
        <source>Does not listen</source>
        <translation>Lauscht nicht</translation>
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
        <source>Leaving …</source>
        <translation>Netz wird verlassen …</translation>
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
    <message>
        <source>According to one node only, %1. A second node in another network has to confirm it.</source>
        <extracomment>%1: short peer id at address and port</extracomment>
        <translation>Laut nur einem Knoten, %1. Ein zweiter Knoten in einem anderen Netz muss es bestätigen.</translation>
    </message>
    <message>
        <source>According to one node only, %1: </source>
        <extracomment>%1: short peer id at address and port</extracomment>
        <translation>Laut nur einem Knoten, %1: </translation>
    </message>
    <message>
        <source>Client: does not listen</source>
        <translation>Client: nimmt keine Verbindungen an</translation>
    </message>
    <message>
        <source>Listening on UDP port %1, IPv4 and IPv6</source>
        <translation>Lauscht auf UDP-Port %1, IPv4 und IPv6</translation>
    </message>
    <message>
        <source>Listening on UDP port %1, IPv4 only</source>
        <translation>Lauscht auf UDP-Port %1, nur IPv4</translation>
    </message>
    <message>
        <source>Listening on UDP port %1, IPv6 only</source>
        <translation>Lauscht auf UDP-Port %1, nur IPv6</translation>
    </message>
    <message>
        <source>Listening at %1</source>
        <translation>Lauscht an %1</translation>
    </message>
    <message>
        <source>Public address not known yet</source>
        <translation>Öffentliche Adresse noch nicht bekannt</translation>
    </message>
    <message>
        <source>Public addresses %1 and %2</source>
        <translation>Öffentliche Adressen %1 und %2</translation>
    </message>
    <message>
        <source>Seen by peers at %1 and %2</source>
        <translation>Von Peers gesehen an %1 und %2</translation>
    </message>
    <message>
        <source>Public address %1</source>
        <translation>Öffentliche Adresse %1</translation>
    </message>
    <message>
        <source>Seen by peers at %1</source>
        <translation>Von Peers gesehen an %1</translation>
    </message>
    <message>
        <source>different network name</source>
        <translation>anderer Netzname</translation>
    </message>
    <message>
        <source>this program itself answered</source>
        <translation>dieses Programm selbst hat geantwortet</translation>
    </message>
    <message>
        <source>blocked here</source>
        <translation>hier gesperrt</translation>
    </message>
    <message>
        <source>the peer belongs to no network</source>
        <translation>der Peer gehört zu keinem Netz</translation>
    </message>
    <message>
        <source>the network accepts only reachable nodes</source>
        <translation>das Netz akzeptiert nur erreichbare Knoten</translation>
    </message>
    <message>
        <source>the peer accepts no more connections</source>
        <translation>der Peer nimmt keine weiteren Verbindungen an</translation>
    </message>
    <message>
        <source>the peer does not accept the certificate of this machine</source>
        <translation>der Peer akzeptiert das Zertifikat dieses Rechners nicht</translation>
    </message>
    <message>
        <source>another key than expected</source>
        <translation>anderer Schlüssel als erwartet</translation>
    </message>
    <message>
        <source>the peer speaks another protocol</source>
        <translation>der Peer spricht ein anderes Protokoll</translation>
    </message>
    <message>
        <source>no accepted authority has signed the certificate of the peer</source>
        <translation>keine akzeptierte Zertifizierungsstelle hat das Zertifikat des Peers signiert</translation>
    </message>
    <message>
        <source>the certificate of the peer is not valid at this time</source>
        <translation>das Zertifikat des Peers ist zurzeit nicht gültig</translation>
    </message>
    <message>
        <source>the certificate of the peer has another name</source>
        <translation>das Zertifikat des Peers hat einen anderen Namen</translation>
    </message>
    <message>
        <source>the certificate of the peer does not meet the requirements</source>
        <translation>das Zertifikat des Peers erfüllt die Anforderungen nicht</translation>
    </message>
    <message>
        <source>No peer answers. Trying again soon</source>
        <translation>Kein Peer antwortet. Neuer Versuch in Kürze</translation>
    </message>
    <message numerus="yes">
        <source>%n peers refused: %1. Trying again soon</source>
        <extracomment>%1: a reason, such as &quot;different network name&quot;</extracomment>
        <translation>
            <numerusform>%n Peer abgelehnt: %1. Neuer Versuch in Kürze</numerusform>
            <numerusform>%n Peers abgelehnt: %1. Neuer Versuch in Kürze</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n peers refused. Trying again soon</source>
        <translation>
            <numerusform>%n Peer abgelehnt. Neuer Versuch in Kürze</numerusform>
            <numerusform>%n Peers abgelehnt. Neuer Versuch in Kürze</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• %n peers refused: %1</source>
        <extracomment>a line in a list: %1 is a reason, such as &quot;different network name&quot;</extracomment>
        <translation>
            <numerusform>• %n Peer abgelehnt: %1</numerusform>
            <numerusform>• %n Peers abgelehnt: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• %n peers did not answer</source>
        <translation>
            <numerusform>• %n Peer hat nicht geantwortet</numerusform>
            <numerusform>• %n Peers haben nicht geantwortet</numerusform>
        </translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>A client connects to nodes and accepts no connections. The role can be changed in the settings.</source>
        <translation>Ein Client verbindet sich mit Knoten und nimmt keine Verbindungen an. Die Rolle lässt sich in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Reachability not checked yet</source>
        <translation>Erreichbarkeit noch nicht geprüft</translation>
    </message>
    <message>
        <source>No peer is connected that could check whether this machine is reachable.</source>
        <translation>Es ist kein Peer verbunden, der prüfen könnte, ob dieser Rechner erreichbar ist.</translation>
    </message>
    <message>
        <source>Peers check it by connecting to this machine from another address. That takes some seconds, and not every peer can do it.</source>
        <translation>Peers prüfen dies, indem sie sich von einer anderen Adresse aus mit diesem Rechner verbinden. Das dauert einige Sekunden, und nicht jeder Peer kann es.</translation>
    </message>
    <message>
        <source>Probably reachable</source>
        <translation>Wahrscheinlich erreichbar</translation>
    </message>
    <message numerus="yes">
        <source>%n nodes have connected to this machine, but too few of them from addresses that it had not contacted before. A router that accepts replies only would let them in as well. It is checked again as more peers connect.</source>
        <translation>
            <numerusform>%n Knoten hat sich mit diesem Rechner verbunden, aber zu wenige von Adressen, die er vorher nicht kontaktiert hatte. Auch ein Router, der nur Antworten durchlässt, hätte sie hereingelassen. Es wird erneut geprüft, wenn sich weitere Peers verbinden.</numerusform>
            <numerusform>%n Knoten haben sich mit diesem Rechner verbunden, aber zu wenige von Adressen, die er vorher nicht kontaktiert hatte. Auch ein Router, der nur Antworten durchlässt, hätte sie hereingelassen. Es wird erneut geprüft, wenn sich weitere Peers verbinden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Reachable</source>
        <translation>Erreichbar</translation>
    </message>
    <message numerus="yes">
        <source>%n checks agree: machines that this one had not contacted have connected to it.</source>
        <translation>
            <numerusform>%n Prüfung bestätigt es: Ein Rechner, den dieser nicht kontaktiert hatte, hat sich mit ihm verbunden.</numerusform>
            <numerusform>%n Prüfungen stimmen überein: Rechner, die dieser nicht kontaktiert hatte, haben sich mit ihm verbunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Not reachable: takes part as a client</source>
        <translation>Nicht erreichbar: nimmt als Client teil</translation>
    </message>
    <message>
        <source>Others could not connect to this machine: %1

To be a node, forward UDP port %2 in the router to this machine, and allow it in the firewall.</source>
        <translation>Andere konnten sich nicht mit diesem Rechner verbinden: %1

Um Knoten zu sein, leiten Sie UDP-Port %2 im Router an diesen Rechner weiter, und erlauben Sie ihn in der Firewall.</translation>
    </message>
    <message>
        <source>Others could not connect to this machine: %1

To be a node, choose a fixed UDP port in the settings, forward it in the router to this machine, and allow it in the firewall.</source>
        <translation>Andere konnten sich nicht mit diesem Rechner verbinden: %1

Um Knoten zu sein, wählen Sie in den Einstellungen einen festen UDP-Port, leiten Sie ihn im Router an diesen Rechner weiter, und erlauben Sie ihn in der Firewall.</translation>
    </message>
    <message>
        <source>Joined: no other peers yet</source>
        <translation>Beigetreten: noch keine anderen Peers</translation>
    </message>
    <message>
        <source>another program uses the identity of this machine</source>
        <translation>ein anderes Programm verwendet die Identität dieses Rechners</translation>
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
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Zeilen exportieren</translation>
    </message>
    <message>
        <source>The rows could not be written to &quot;%1&quot;: %2. Choose another folder.</source>
        <translation>Die Zeilen konnten nicht in „%1“ geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>C&amp;olumns</source>
        <translation>S&amp;palten</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::ThroughputPanel</name>
    <message>
        <source>All connections</source>
        <translation>Alle Verbindungen</translation>
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
        <source>Since joining: %1 sent, %2 received</source>
        <translation>Seit dem Beitritt: %1 gesendet, %2 empfangen</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Tray</name>
    <message>
        <source>QP2P, profile %1: %2</source>
        <extracomment>tool tip in the tray; %1 is the name of a profile, %2 a state such as &quot;Joined&quot;</extracomment>
        <translation>QP2P, Profil %1: %2</translation>
    </message>
    <message>
        <source>&amp;Show window</source>
        <translation>&amp;Fenster anzeigen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>Qp2p::Gui::Workspace</name>
    <message numerus="yes">
        <source>%n messages arrived faster than they can be shown, and were left out.</source>
        <translation>
            <numerusform>%n Nachricht traf schneller ein, als sie angezeigt werden kann, und wurde ausgelassen.</numerusform>
            <numerusform>%n Nachrichten trafen schneller ein, als sie angezeigt werden können, und wurden ausgelassen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Connected to the peer at %1.</source>
        <translation>Mit dem Peer an %1 verbunden.</translation>
    </message>
    <message>
        <source>• %1: %2</source>
        <extracomment>a line in a list: the address of a candidate, and why it could not be joined</extracomment>
        <translation>• %1: %2</translation>
    </message>
    <message numerus="yes">
        <source>• … and %n more</source>
        <translation>
            <numerusform>• … und %n weiterer</numerusform>
            <numerusform>• … und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>The network could not be joined. It is tried again automatically.</source>
        <translation>Dem Netz konnte nicht beigetreten werden. Es wird automatisch erneut versucht.</translation>
    </message>
    <message>
        <source>The node %1 came with another key and was refused: %2</source>
        <translation>Der Knoten %1 kam mit einem anderen Schlüssel und wurde abgelehnt: %2</translation>
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
        <translation>%1 muss ein bis %2 Blöcke CERTIFICATE enthalten und sonst nichts. Geben Sie an, was „qp2p identity export“ oder eine Zertifizierungsstelle geschrieben hat.</translation>
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
        <translation>Der Ordner „%1“ für eine neue Identität kann nicht angelegt werden. Legen Sie ihn selbst an oder geben Sie einen anderen an.</translation>
    </message>
    <message>
        <source>There is no identity. Generate or load one.</source>
        <translation>Es gibt keine Identität. Erzeugen oder laden Sie eine.</translation>
    </message>
    <message>
        <source>The identity file %1 cannot be written: %2.</source>
        <translation>Die Identitätsdatei %1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>The file %1 exists already and is not replaced. Name another one, or move it away.</source>
        <translation>Die Datei %1 existiert bereits und wird nicht ersetzt. Geben Sie eine andere an oder verschieben Sie diese.</translation>
    </message>
    <message>
        <source>its folder does not exist; make it first</source>
        <translation>ihr Ordner existiert nicht; legen Sie ihn zuerst an</translation>
    </message>
    <message>
        <source>There is no identity file &quot;%1&quot;. Generate an identity, or name another file.</source>
        <translation>Es gibt keine Identitätsdatei „%1“. Erzeugen Sie eine Identität, oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>A display name has 1 to %1 visible characters, and no space at its beginning or end.</source>
        <translation>Ein Anzeigename hat 1 bis %1 sichtbare Zeichen und kein Leerzeichen am Anfang oder Ende.</translation>
    </message>
    <message>
        <source>The new certificate</source>
        <translation>Das neue Zertifikat</translation>
    </message>
    <message>
        <source>The file %1 cannot be read: %2.</source>
        <translation>Die Datei %1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>There is no file %1. Check its name.</source>
        <translation>Es gibt keine Datei %1. Prüfen Sie den Namen.</translation>
    </message>
    <message>
        <source>it has more than the %1 bytes of a file with a secret</source>
        <translation>sie hat mehr als die %1 Bytes einer Datei mit einem Geheimnis</translation>
    </message>
    <message>
        <source>The file %1 belongs to another user, who can read and replace the secret in it. Use a file of your own, or run as root: chown %2 %3</source>
        <translation>Die Datei %1 gehört einem anderen Benutzer, der das Geheimnis darin lesen und ersetzen kann. Verwenden Sie eine eigene Datei, oder führen Sie als root aus: chown %2 %3</translation>
    </message>
    <message>
        <source>Others may read or write the file %1, which has a secret in it. Run as root: chown %2 %3 &amp;&amp; chmod 600 %3</source>
        <translation>Andere dürfen die Datei %1, die ein Geheimnis enthält, lesen oder schreiben. Führen Sie als root aus: chown %2 %3 &amp;&amp; chmod 600 %3</translation>
    </message>
    <message>
        <source>Others may read or write the file %1, which has a secret in it. Run: chmod 600 %2</source>
        <translation>Andere dürfen die Datei %1, die ein Geheimnis enthält, lesen oder schreiben. Führen Sie aus: chmod 600 %2</translation>
    </message>
    <message>
        <source>it is a symbolic link to %1, which does not exist</source>
        <translation>sie ist eine symbolische Verknüpfung zu %1, und diese Datei gibt es nicht</translation>
    </message>
    <message>
        <source>GnuTLS could not read the key again. Generate or load another.</source>
        <translation>GnuTLS konnte den Schlüssel nicht wieder lesen. Erzeugen oder laden Sie einen anderen.</translation>
    </message>
    <message>
        <source>%1 is not the name of a file. Name one.</source>
        <translation>%1 ist kein Dateiname. Geben Sie einen an.</translation>
    </message>
</context>
<context>
    <name>Qp2p::LocalFile</name>
    <message>
        <source>There is no file &quot;%1&quot;. Check its name.</source>
        <translation>Es gibt keine Datei „%1“. Prüfen Sie den Namen.</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read: %2.</source>
        <translation>Die Datei „%1“ kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>it is a folder; name a file</source>
        <translation>es ist ein Ordner; geben Sie eine Datei an</translation>
    </message>
    <message>
        <source>it is a pipe or a socket; name a regular file</source>
        <translation>es ist eine Pipe oder ein Socket; geben Sie eine gewöhnliche Datei an</translation>
    </message>
    <message>
        <source>it is a device; name a regular file</source>
        <translation>es ist ein Gerät; geben Sie eine gewöhnliche Datei an</translation>
    </message>
    <message>
        <source>it has more than the %1 bytes that are expected</source>
        <translation>sie hat mehr als die erwarteten %1 Bytes</translation>
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
        <source>The file &quot;%1&quot; was written by a later version of this program. It is left as it is; update the program, or name another file.</source>
        <translation>Die Datei „%1“ wurde von einer neueren Version dieses Programms geschrieben. Sie bleibt, wie sie ist; aktualisieren Sie das Programm oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>it is larger than %1 bytes</source>
        <translation>die Datei ist größer als %1 Bytes</translation>
    </message>
    <message>
        <source>its first line is damaged</source>
        <translation>die erste Zeile ist beschädigt</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be written: %2. What it had is kept.</source>
        <translation>Die Datei „%1“ kann nicht geschrieben werden: %2. Der bisherige Inhalt bleibt erhalten.</translation>
    </message>
    <message>
        <source>it would be larger than %1 bytes</source>
        <translation>sie wäre größer als %1 Bytes</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be saved: %2.</source>
        <translation>Die Datei „%1“ kann nicht gespeichert werden: %2.</translation>
    </message>
    <message>
        <source>no file can be made in its folder; name one elsewhere</source>
        <translation>in ihrem Ordner können keine Dateien angelegt werden; geben Sie eine an einem anderen Ort an</translation>
    </message>
    <message>
        <source>It is left as it is, and nothing is saved to it; move it away, or name another file.</source>
        <translation>Sie bleibt unverändert, und nichts wird darin gespeichert; verschieben Sie sie, oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>it is a file of another kind, %1</source>
        <translation>es ist eine Datei anderer Art, %1</translation>
    </message>
    <message>
        <source>it has nothing but zeros in it, as after a power cut</source>
        <translation>sie enthält nur Nullen, wie nach einem Stromausfall</translation>
    </message>
    <message>
        <source>it is something else than a file of the kind %1</source>
        <translation>es ist etwas anderes als eine Datei der Art %1</translation>
    </message>
    <message>
        <source>damaged lines: %1</source>
        <translation>beschädigte Zeilen: %1</translation>
    </message>
    <message>
        <source>The damaged file &quot;%1&quot; cannot be kept under another name: %2. Nothing is saved to it; move it away, or name another file.</source>
        <translation>Die beschädigte Datei „%1“ kann nicht unter einem anderen Namen erhalten werden: %2. Nichts wird darin gespeichert; verschieben Sie sie, oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>another program is writing it; try again later</source>
        <translation>ein anderes Programm schreibt sie gerade; versuchen Sie es später noch einmal</translation>
    </message>
    <message>
        <source>its folder cannot be written to; change its permissions, or name another</source>
        <translation>in ihren Ordner kann nicht geschrieben werden; ändern Sie seine Berechtigungen, oder geben Sie einen anderen an</translation>
    </message>
    <message>
        <source>the disk is full; free some space</source>
        <translation>der Datenträger ist voll; schaffen Sie Platz</translation>
    </message>
    <message>
        <source>its folder does not exist; make it first</source>
        <translation>ihr Ordner existiert nicht; legen Sie ihn zuerst an</translation>
    </message>
    <message>
        <source>The file &quot;%1&quot; cannot be read: %2. It is left as it is, and nothing is saved to it; move it away, or name another file.</source>
        <translation>Die Datei „%1“ kann nicht gelesen werden: %2. Sie bleibt unverändert, und nichts wird darin gespeichert; verschieben Sie sie, oder geben Sie eine andere Datei an.</translation>
    </message>
    <message>
        <source>its folder cannot be synced; check the disk</source>
        <translation>ihr Ordner kann nicht synchronisiert werden; prüfen Sie den Datenträger</translation>
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
    <message>
        <source>GnuTLS has no memory for authorities. Close other programs.</source>
        <translation>GnuTLS hat keinen Speicher für Zertifizierungsstellen. Beenden Sie andere Programme.</translation>
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
    <message>
        <source>This system limits the buffers of a socket to %1 KiB for receiving and %2 KiB for sending, which slows fast transfers. Allow %3 KiB with: sudo sysctl -w net.core.rmem_max=%4 net.core.wmem_max=%4</source>
        <translation>Dieses System begrenzt die Puffer eines Sockets auf %1 KiB für den Empfang und %2 KiB für das Senden, was schnelle Übertragungen bremst. %3 KiB erlauben Sie mit: sudo sysctl -w net.core.rmem_max=%4 net.core.wmem_max=%4</translation>
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
