/** What went wrong, by the code that the server reports, in German. */
export const causes = {
  network: {
    unreachable: '{host} ist nicht erreichbar.',
    timeout: '{host} hat nicht innerhalb von {seconds} Sekunden geantwortet.',
    'broken-off': 'Das Gespräch mit {host} ist abgebrochen.',
    redirected: '{host} leitet uns weiter zu {to}. Geben Sie diese Adresse ein.',
    'private-address': '{host} ist eine private Adresse. Geben Sie eine ein, die aus dem Internet erreichbar ist.',
    'bad-address': 'Die Adresse der Verbindung ist keine Webadresse.',
    'answer-too-large': '{host} hat eine zu große Antwort gesendet.',
  },
  target: {
    'order-gone':
      'Die Bestellung war im anderen System als {order} und ist dort nicht mehr zu finden. Nichts wird doppelt angelegt; sehen Sie dort nach.',
  },
  till: {
    credentials: 'Die Kasse nimmt die Zugangsdaten nicht an. Prüfen Sie Ident und Secret.',
    'refused-request': 'Die Kasse hat die Anfrage abgelehnt ({operation}): {reason}',
    refused: 'Die Kasse hat den Datensatz abgelehnt: {reason}',
    fault: 'Die Kasse hat selbst ein Problem ({operation}): {reason}',
    'operation-unknown': 'Die Kasse kennt {operation} nicht; ihre Version ist älter.',
    'not-answering-soap': 'Unter {till} antwortet etwas, aber nicht die Schnittstelle der Kasse.',
    'bad-address': 'Der Host der Kasse ist keine Adresse. Geben Sie ihn ein wie api.mpluskassa.nl.',
    'sku-missing': 'Das Produkt „{product}“ hat keine Artikelnummer, die Kasse weiß nicht, welcher Artikel es ist.',
    'article-not-numeric':
      '„{sku}“ ist keine Artikelnummer: Die Kasse kennt nur Ziffern. Ändern Sie die SKU oder übersetzen Sie sie in der Tabelle der Artikel.',
    'article-missing':
      'Die Kasse hat keinen Artikel mit der SKU {sku}. Legen Sie ihn dort an oder übersetzen Sie die SKU in der Tabelle der Artikel.',
    'article-inactive': 'Der Artikel mit der SKU {sku} ist in der Kasse nicht aktiv. Aktivieren Sie ihn dort.',
    'article-for-kind-missing': 'Für Zeilen der Art {kind} ist kein Artikel gewählt. Wählen Sie einen in den Einstellungen.',
    'article-not-set': 'Für Zeilen der Art {kind} ist kein Artikel gewählt. Wählen Sie einen in den Einstellungen.',
    'customer-ambiguous':
      'Die Kasse hat {count} Kunden, die Kunde {customer} sein können. Wählen Sie, wer gemeint ist, oder legen Sie einen neuen an.',
    'customer-nameless':
      'Kunde {customer} hat weder Namen noch Firma noch E-Mail-Adresse. Tragen Sie etwas davon dort ein, wo er herkommt.',
    'customer-unknown':
      'Bestellung {order} hat weder E-Mail-Adresse noch Kundennummer. Tragen Sie eine im Shop ein oder wählen Sie einen Standardkunden.',
    'amount-mismatch': 'Die Zeilen ergeben nicht den bezahlten Betrag: Sie weichen um {difference} ab.',
    'vat-rate-unknown': 'Die Kasse hat keinen Steuercode für {rate} %. Ergänzen Sie ihn in der Kasse oder in der Tabelle der Steuercodes.',
    'vat-code-ambiguous': 'Die Kasse hat mehrere Steuercodes für {rate} %: {codes}. Wählen Sie einen in der Tabelle der Steuercodes.',
    'vat-rate-ambiguous': 'Die Kasse hat mehrere Steuercodes für {rate} %: {codes}. Wählen Sie einen in der Tabelle der Steuercodes.',
    'vat-code-unknown': 'Die Kasse hat in dieser Filiale keinen Steuercode {vatCode}. Korrigieren Sie die Tabelle der Steuercodes.',
    currency: 'Die Kasse führt ihre Bücher nicht in {currency}.',
    'payment-unclear':
      'Die Kasse hat die Bestellung {order}, sagt aber nicht, was bezahlt wurde. Sehen Sie dort nach; nichts wird doppelt bezahlt.',
    'order-differs': 'Die Kasse hat diese Bestellung schon, aber mit anderem Betrag: {till} statt {shop}. Vergleichen Sie beide.',
    'payment-method-missing': 'Für „{method}“ ist keine Zahlungsart der Kasse gewählt. Wählen Sie eine in der Tabelle der Zahlungsarten.',
    'empty-answer':
      'Die Kasse hat ohne {what} geantwortet, obwohl sie welche hat. Daraus wird nichts geschlossen; sie wird noch einmal gefragt.',
    'bad-cursor': 'Die Stelle, an der wir in der Kasse zuletzt aufhörten, ist nicht lesbar. Es wird von vorn nachgesehen.',
    'amount-unusable':
      'Die Kasse nennt einen Bestand von {value} mit {decimals} Nachkommastellen; damit lässt sich nicht rechnen. Korrigieren Sie ihn in der Kasse.',
    'article-twice': 'Zwei Varianten von „{product}“ sind Artikel {article}. Geben Sie jeder eine eigene Nummer.',
    'turnover-group-missing':
      'Die Kasse legt keinen Artikel ohne Umsatzgruppe an, und für „{product}“ ist keine gewählt. Wählen Sie eine in den Einstellungen.',
    'stock-refused': 'Die Kasse hat abgelehnt ({subject}): {reason}',
    'draft-unusable': 'Der Wert für {field} ist für die Kasse nicht verwendbar.',
    'branch-unknown': 'Die Kasse hat keine Filiale {branch}. Wählen Sie in der Verbindung eine andere.',
    'delivery-method-unknown': 'Die Kasse hat keine aktive Lieferart {method}. Korrigieren Sie die Tabelle der Versandarten.',
    'payment-method-unknown': 'Die Kasse hat keine aktive Zahlungsart {method}. Korrigieren Sie die Tabelle der Zahlungsarten.',
    'payment-refused': 'Die Kasse hat die Zahlung abgelehnt: {reason}',
    'payments-differ':
      'Bestellung {order} gilt als bezahlt, ihren Zahlungen fehlen aber {difference}. Korrigieren Sie die Zahlungen im Shop.',
    unclear: 'Die Kasse hat nicht klar gesagt, ob sie getan hat, worum sie gebeten wurde. Es wird noch einmal nachgesehen.',
  },
  shop: {
    credentials: 'Ihr Shop nimmt den Zugang dieser App nicht mehr an. Öffnen Sie die App neu oder installieren Sie sie neu.',
    'privileges-missing':
      'Ihr Shop hat der App diese Rechte nicht gegeben: {privileges}. Bestätigen Sie sie oder installieren Sie die App neu.',
    plan: 'Der Tarif Ihres Shops enthält keine Apps, oder der Shop ist gesperrt.',
    'too-many-requests': 'Ihr Shop bittet uns, langsamer zu sein.',
    unavailable: 'Ihr Shop ist gerade nicht erreichbar.',
    refused: 'Ihr Shop hat eine Anfrage abgelehnt ({call}).',
    'unreadable-answer': 'Eine Antwort Ihres Shops ist nicht lesbar ({call}).',
    'record-unreadable': 'Dies ist in Ihrem Shop nicht lesbar: {what}. Sehen Sie es sich dort an.',
    'sku-ambiguous': 'Ihr Shop hat {count} Produkte mit der SKU {sku}. Geben Sie jedem eine eigene.',
    suspended: 'Ihr Shop ist gesperrt.',
    closed: 'Ihr Shop ist für Besucher geschlossen.',
    busy: 'Andere ändern gerade denselben Datensatz.',
    currency: 'Der Preis ist in {currency}, das ist nicht die Währung Ihres Shops.',
    'tax-missing':
      'Ihr Shop hat keine Steuer von {rate} %. Legen Sie sie dort an oder wählen Sie eine in der Tabelle der Mehrwertsteuersätze.',
    'tax-ambiguous': 'Ihr Shop hat mehrere Steuern von {rate} %. Wählen Sie eine in der Tabelle der Mehrwertsteuersätze.',
    'sku-missing': 'Dieses Produkt oder eine seiner Varianten hat keine Artikelnummer. Vergeben Sie eine.',
    'variant-without-choice': 'Variante {sku} hat keine Farbe, Größe oder Ähnliches zur Auswahl. Geben Sie ihr eine.',
    'variant-stands-alone':
      '{sku} ist eine Variante, in Ihrem Shop aber ein eigenes Produkt. Machen Sie es dort zur Variante oder entfernen Sie es.',
    'exists-already': 'Ihr Shop hat das schon. Es wird noch einmal gesucht.',
    'plan-limit': 'Der Tarif Ihres Shops erlaubt keine weiteren Produkte. Erweitern Sie ihn oder entfernen Sie einige.',
    'record-gone': 'Was geändert werden sollte, ist nicht mehr in Ihrem Shop. Es wird noch einmal gesucht.',
    'draft-unusable': 'Datensatz {record} fehlt etwas, das Ihr Shop braucht. Ergänzen Sie es an der Quelle.',
    'code-refused': 'Ihr Shop hat den Code der Installation nicht angenommen. Installieren Sie die App neu.',
    'other-store': 'Der Zugang gehört zu einem anderen Shop. Öffnen Sie die App neu aus Ihrem Shop oder installieren Sie sie neu.',
    'cursor-unreadable': 'Die Stelle, an der wir im Shop zuletzt aufhörten, ist nicht lesbar. Es wird von vorn nachgesehen.',
    'customer-ambiguous':
      'Ihr Shop hat {count} Kunden, die Kunde {customer} sein können. Wählen Sie, wer gemeint ist, oder legen Sie einen neuen an.',
    'customer-email-taken':
      'Die E-Mail-Adresse von Kunde {customer} hat in Ihrem Shop schon jemand anderes. Führen Sie beide dort zusammen oder korrigieren Sie die Adresse an der Quelle.',
    'customer-exists': 'Ihr Shop hat Kunde {customer} schon, obwohl die Suche nichts zeigte. Es wird noch einmal gesucht.',
    'email-invalid': 'Die E-Mail-Adresse von Kunde {customer} ist ungültig. Korrigieren Sie sie dort, wo sie herkommt.',
    'order-differs':
      'Ihr Shop hat die Bestellung {order} schon, aber mit anderem Betrag: {store} statt {source}. Korrigieren Sie sie dort von Hand.',
    'order-unexplained':
      'Die Positionen der Bestellung {order} weichen um {difference} von ihrer Summe ab. Sehen Sie sie sich an der Quelle an.',
  },
  shopware: {
    'credentials-refused': '{host} verweigert den Zugang, den es dieser App gab. Installieren Sie die App noch einmal.',
    'access-refused': '{host} verweigert den Zugang dieser App. Deaktivieren und aktivieren Sie die App oder installieren Sie sie neu.',
    'missing-privileges': 'Der App fehlen Rechte in Ihrem Shop: {privileges}. Bestätigen Sie sie oder aktualisieren Sie die App.',
    forbidden: '{host} verbietet dieser App eine Anfrage. Prüfen Sie die Rechte der App.',
    'too-many-requests': '{host} bittet uns, langsamer zu sein.',
    unavailable: '{host} ist gerade nicht erreichbar.',
    'no-api': 'Unter {host} gibt es keine Shop-Schnittstelle. Prüfen Sie die Adresse des Shops.',
    'request-refused': '{host} lehnt eine Anfrage ab. Es wurde nichts geändert; bitte melden Sie es dem Support.',
    'order-unsound': 'Bestellung {order} ist nicht verständlich ({fields}). Korrigieren Sie sie im Shop und wiederholen Sie.',
    'unknown-state': 'Bestellung {order} ist im Status {state}, den wir nicht kennen. Setzen Sie sie auf einen Standardstatus.',
    'old-version': 'Version {version} des Shops ist zu alt; nötig ist 6.6 oder neuer.',
    'bad-cursor': 'Die Stelle, an der wir im Shop zuletzt aufhörten, ist nicht lesbar. Es wird von vorn nachgesehen.',
    'tax-missing': 'Ihr Shop hat keine Steuer von {rate} %. Legen Sie sie dort an und wiederholen Sie dann.',
    'currency-differs': 'Der Preis von {record} ist in {currency}, Ihr Shop rechnet in {wanted}. Geben Sie einen Preis in {wanted} an.',
    'price-missing': 'Artikel {record} hat keinen Preis, und Ihr Shop nimmt kein Produkt ohne Preis. Geben Sie ihm einen.',
    'number-twice': 'Zwei Artikel benutzen die Nummer {record}. Geben Sie jedem eine eigene.',
    'variant-misplaced':
      'Produkt {record} steht in Ihrem Shop anderswo: als Variante eines anderen Produkts oder für sich allein. Geben Sie einem von beiden eine andere Nummer oder gleichen Sie beide Seiten an.',
    'variant-without-option':
      'Variante {record} hat nichts, was sie von den anderen unterscheidet, etwa eine Farbe oder Größe. Geben Sie ihr eines.',
    'row-refused': 'Ihr Shop lehnt {record} wegen des Feldes {field} ab: {reason}',
    'draft-unusable': 'Datensatz {record} fehlt etwas, das Ihr Shop braucht. Ergänzen Sie es an der Quelle.',
    'number-taken': 'Jemand hat die Nummer von {record} gerade einem anderen Produkt gegeben. Es wird noch einmal gesucht.',
    'rows-refused': 'Ihr Shop lehnt {record} ab, obwohl für sich nichts daran falsch ist. Worauf es verweist, wird neu nachgesehen.',
    busy: '{host} ist gerade mit denselben Datensätzen beschäftigt.',
    'unknown-tax-status':
      'Bestellung {order} hat den Steuerstatus {status}, den wir nicht kennen. Korrigieren Sie ihn im Shop und wiederholen Sie.',
    unreadable:
      'Datensatz {record} des Shops fehlt, was nötig ist ({fields}). Öffnen und speichern Sie ihn im Shop und wiederholen Sie dann.',
    'newsletter-closed':
      'Die App darf in {host} nicht sehen oder ändern, wer den Newsletter bekommt ({privileges}). Bestätigen Sie die Rechte oder aktualisieren Sie die App; alles andere geht weiter.',
  },
  mapping: {
    'row-missing': 'Kein Wert für {field}: „{value}“ hat keine Zeile in der Tabelle. Ergänzen Sie sie in den Einstellungen.',
    'value-missing': 'Kein Wert für {field}. Ergänzen Sie ihn dort, wo der Datensatz herkommt, oder in den Einstellungen.',
    'value-unusable': 'Der Wert für {field} ist nicht verwendbar: {value}. Korrigieren Sie ihn an seiner Quelle oder in den Einstellungen.',
  },
  verify: {
    mismatch: 'Das Gegenlesen zeigt ein anderes Ergebnis als gesendet. Vergleichen Sie beide und korrigieren Sie von Hand.',
    'not-found': 'Das Geschriebene ist noch nicht wieder lesbar.',
  },
  connection: {
    incomplete: 'Der Zugriff wurde erteilt, es muss aber noch mehr eingegeben werden: {fields}.',
    renewing: 'Der Zugriff dieser Verbindung wird erneuert; es geht gleich weiter.',
    paused: 'Eine Verbindung ist angehalten. Testen Sie sie zuerst und machen Sie dann weiter.',
    'unknown-system': 'Dieser Server kennt das System dieser Verbindung nicht. Fragen Sie, wer den Server betreibt.',
  },
  flow: {
    impossible: 'Diese beiden Systeme können diese Art von Datensatz nicht austauschen.',
  },
  stock: {
    brake:
      '{zeroed} von {known} Artikeln fielen auf einmal auf null, mehr als {percent} %. Bis Sie sagen, dass das stimmt, wird nichts veröffentlicht.',
  },
  screens: {
    'no-answer': 'Tillbridge antwortet gerade nicht.',
    'session-ended': 'Ihre Sitzung ist beendet.',
    unexpected: 'Auf dieser Seite ist ein Fehler aufgetreten.',
  },
  unexpected: 'Etwas Unerwartetes ist geschehen.',
  'lease-lost': 'Der Datensatz wurde zu lange festgehalten; er wird an anderer Stelle weiterbearbeitet.',
  'attempts-used-up': 'Es wurde viele Male erfolglos versucht.',
  'two-masters': '{target} bekommt das schon von {master}. Schalten Sie das zuerst ab: Zwei Herren würden einander überschreiben.',
  loop: 'Das ginge im Kreis: {way}. Schalten Sie zuerst einen dieser Flüsse ab.',
  'signature-wrong': 'Ein Webhook mit falscher Signatur wurde abgelehnt.',
  'direction-conflict': 'Die andere Richtung dieses Paars ist an. Schalten Sie sie zuerst aus: nur eine Seite kann führen.',
  'look-first': 'Das Ziel kann nicht alles aufnehmen. Sehen Sie zuerst nach, was geschehen würde, und beginnen Sie dann.',
  'mistakes-found': 'Das muss zuerst behoben werden ({count}): {sample}. Der Blick vorab zeigt alles.',
  'settings-changed': 'Jemand hat diese Einstellungen inzwischen gespeichert.',
  'record-unknown': 'Es gibt keinen Datensatz mit dieser Nummer.',
  'invalid-input': 'Einige Werte fehlen oder sind falsch.',
  'not-found': 'Hier ist nichts.',
  'not-installed': 'Die App ist in diesem Shop nicht installiert.',
  'not-ready': 'Tillbridge ist gerade nicht bereit.',
  'too-many-requests': 'Das war zu viel auf einmal. Warten Sie eine Minute.',
  'comes-with-the-shop': 'Diese Verbindung kommt mit Ihrem Shop; es ist nichts einzugeben.',
  'too-large': 'Das war zu viel, um es auf einmal zu senden. Kürzen Sie es.',
};
