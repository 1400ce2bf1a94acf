/** What went wrong in systems that not every shop connects, by the code that the server reports, in German. */
export const connectors = {
  lightspeed: {
    credentials:
      'Das andere System nimmt den API-Schlüssel nicht an. Sehen Sie dort im Backoffice unter Einstellungen, Entwickler nach und geben Sie Schlüssel und Secret neu ein.',
    permission:
      'Dem API-Schlüssel fehlt im anderen System ein Recht ({area}: {right}). Geben Sie es dort im Backoffice unter Einstellungen, Entwickler.',
    'permission-missing':
      'Dem API-Schlüssel fehlt im anderen System ein Recht ({area}: {right}). Was es braucht, steht still; geben Sie es dort im Backoffice.',
    language: 'Die Sprache {language} ist im Webshop dort nicht aktiv. Wählen Sie eine aktive.',
    'token-refused':
      'Das andere System lehnt das persönliche Token ab. Legen Sie dort im Backoffice unter Einrichtung, Persönliche Token ein neues an.',
    'bad-store-name':
      'Der Name des Geschäfts darf nur Kleinbuchstaben, Ziffern und Bindestriche haben. Geben Sie den ersten Teil seiner Webadresse ein.',
    'store-unknown': 'Das andere System hat kein Geschäft {store}. Korrigieren Sie den Namen des Geschäfts.',
    declined:
      'Das andere System wurde nicht verbunden: Auf seiner Seite wurde nicht zugestimmt. Klicken Sie auf Verbinden, um es noch einmal zu versuchen.',
    'code-refused':
      'Das andere System hat nicht angenommen, was seine Seite zurückgab, vielleicht weil es zu lange dauerte. Klicken Sie noch einmal auf Verbinden.',
    'app-refused': 'Das andere System kennt diesen Server nicht. Wer ihn betreibt, muss Client-ID und Secret prüfen.',
    'not-registered':
      'Dieser Server ist beim anderen System nicht registriert. Verwenden Sie ein persönliches Token oder fragen Sie, wer den Server betreibt.',
    reconnect:
      'Das andere System nimmt unseren Zugriff auf {store} nicht mehr an. Klicken Sie noch einmal auf Verbinden; es geht weiter, wo es aufhörte, nichts geht verloren.',
    'reconnect-soon':
      'Das andere System erneuert unseren Zugriff nicht mehr; er endet am {until}. Klicken Sie vorher noch einmal auf Verbinden.',
    forbidden:
      'Das andere System erlaubt uns dies in {store} nicht. Verbinden Sie es neu und stimmen Sie allem zu, oder prüfen Sie den Tarif des Geschäfts.',
    'too-many-requests': 'Das andere System bittet uns, langsamer zu sein.',
    'window-exhausted': 'Das andere System nimmt {minutes} Min. lang keine Anfragen dieses Schlüssels mehr an. Es geht von selbst weiter.',
    unreachable: 'Das andere System kann gerade nicht antworten (Status {status}).',
    unavailable: 'Das andere System konnte eine Anfrage nicht ausführen (Status {status}). Sie wird wiederholt.',
    unreadable: 'Das andere System hat unverständlich geantwortet. Es wird noch einmal gefragt.',
    'unreadable-answer': 'Eine Antwort des anderen Systems ist nicht lesbar ({call}). Es wird noch einmal gefragt.',
    'record-unreadable': 'Datensatz {record} des anderen Systems ist wegen seines Feldes {field} nicht lesbar. Sehen Sie ihn sich dort an.',
    'record-gone': 'Was geändert werden sollte, ist nicht mehr im anderen System. Es wird noch einmal gesucht.',
    refused: 'Das andere System hat den Datensatz abgelehnt: {reason}',
    'write-ignored':
      'Das andere System hat den neuen Bestand von {sku} angenommen und zeigt doch einen anderen. Er wird noch einmal geschrieben.',
    'plan-outdated': 'Im anderen System hat sich etwas geändert, seit wir nachsahen. Es wird noch einmal nachgesehen.',
    'bad-cursor': 'Die Stelle, an der wir im anderen System zuletzt aufhörten, ist nicht lesbar. Es wird von vorn nachgesehen.',
    'draft-unusable': 'Datensatz {record} fehlt etwas, das das andere System braucht. Ergänzen Sie es an der Quelle.',
    'sku-missing':
      'Ein Artikel von „{product}“ hat keine Artikelnummer, ohne sie erkennt das andere System ihn nicht wieder. Geben Sie ihm eine.',
    'variant-code-twice': 'Zwei Varianten von „{product}“ haben die Nummer {sku}. Geben Sie jeder eine eigene.',
    'variant-elsewhere':
      'Artikel {sku} gehört im anderen System zu einem anderen Produkt als seine Geschwister. Führen Sie sie dort zusammen oder trennen Sie sie an der Quelle.',
    'variant-ambiguous':
      'Das andere System hat {count} Varianten, die Artikel {sku} sein können. Geben Sie dort jeder einen eigenen Artikelcode.',
    'variant-missing':
      'Das andere System hat keine Variante mit dem Artikelcode {sku}. Geben Sie einer Variante diesen Code oder bringen Sie zuerst das Produkt dorthin.',
    'too-many-attributes':
      'Die Varianten unterscheiden sich in {count} Merkmalen, das andere System nimmt {most}. Legen Sie das Produkt dort von Hand an.',
    'product-missing':
      'Das andere System hat kein Produkt mit der SKU {sku}. Legen Sie es dort an oder übersetzen Sie die SKU in der Tabelle der Artikel.',
    'product-ambiguous': 'Das andere System hat {count} Produkte mit der SKU {sku}. Geben Sie jedem eine eigene.',
    'price-currency': 'Der Preis von {sku} ist in {currency}, das andere System rechnet in {till}. Geben Sie einen Preis in {till} an.',
    currency:
      'Das andere System rechnet nicht in {currency}. Verwenden Sie auf beiden Seiten eine Währung oder erfassen Sie es dort von Hand.',
    'tax-missing':
      'Das andere System hat keine Steuer von {rate} %. Legen Sie sie dort an oder wählen Sie eine in der Tabelle der Mehrwertsteuersätze.',
    'tax-ambiguous': 'Das andere System hat mehrere Steuern von {rate} %. Wählen Sie eine in der Tabelle der Mehrwertsteuersätze.',
    'amount-unusable': 'Das andere System nennt einen Bestand von {value}; damit lässt sich nicht rechnen. Korrigieren Sie ihn dort.',
    'outlet-missing': 'Die gewählte Filiale gibt es im anderen System nicht mehr. Wählen Sie in den Einstellungen eine andere.',
    'register-missing': 'Die gewählte Kasse gibt es im anderen System nicht mehr. Wählen Sie in den Einstellungen eine andere.',
    'user-missing': 'Das gewählte Benutzerkonto gibt es im anderen System nicht mehr. Wählen Sie in den Einstellungen ein anderes.',
    'no-register': 'Das Geschäft hat keine Kasse, daher lassen sich keine Verkäufe buchen. Legen Sie dort eine an.',
    'no-user': 'Das Geschäft zeigt kein Benutzerkonto, unter dem sich Verkäufe buchen ließen. Legen Sie dort eines an.',
    'no-payment-type': 'Das Geschäft hat keine Zahlungsart, daher lassen sich keine bezahlten Bestellungen buchen. Legen Sie dort eine an.',
    'no-tax': 'Das Geschäft hat keine Steuern. Legen Sie die Mehrwertsteuersätze dort an.',
    'customer-ambiguous':
      'Das andere System hat {count} Kunden mit der E-Mail-Adresse dieses Datensatzes. Wählen Sie, wer gemeint ist, oder führen Sie sie dort zusammen.',
    'customer-email-missing':
      'Kunde {customer} hat keine E-Mail-Adresse, ohne sie führt das andere System niemanden. Tragen Sie eine dort ein, wo er herkommt.',
    'orders-not-writable':
      'Der Webshop dort nimmt keine Bestellungen von außen an: Nur seine eigene Kasse legt sie an. Schalten Sie dies aus.',
    'order-not-yet':
      'Bestellung {order} ist noch nicht lesbar: Das andere System zeigt neue Bestellungen nach einigen Sekunden. Es wird noch einmal nachgesehen.',
    'order-lines-missing':
      'Bestellung {order} hat noch keine Positionen: Das andere System speichert sie später. Es wird noch einmal nachgesehen.',
    'total-unexplained':
      'Die Positionen der Bestellung {order} weichen um {difference} von ihrer Summe ab. Es wird nichts gesendet; sehen Sie sich die Bestellung im anderen System an.',
    'amounts-differ':
      'Die Positionen der Bestellung {order} ergeben nicht, was bezahlt wurde: Es fehlen {difference}. Wählen Sie ein Produkt für Rundung oder erfassen Sie die Bestellung von Hand.',
    'payments-differ':
      'Bestellung {order} gilt als bezahlt, ihren Zahlungen fehlen aber {difference}. Korrigieren Sie die Zahlungen an der Quelle.',
    'payment-method-missing':
      'Für „{method}“ ist keine Zahlungsart des anderen Systems gewählt. Wählen Sie eine in der Tabelle der Zahlungsarten.',
    'payment-method-unknown':
      'Die für „{method}“ gewählte Zahlungsart gibt es im anderen System nicht mehr. Korrigieren Sie die Tabelle der Zahlungsarten.',
    'stand-in-missing': 'Für Zeilen der Art {kind} ist kein Produkt gewählt. Wählen Sie eines in den Einstellungen.',
    'order-differs':
      'Das andere System hat die Bestellung {order} schon, aber mit anderem Betrag: {till} statt {shop}. Korrigieren Sie sie dort von Hand.',
    'sale-unclear': 'Die Positionen des Verkaufs {sale} ergeben nicht seine Summe: {difference} sind ungeklärt. Erfassen Sie ihn von Hand.',
  },
  mailchimp: {
    credentials: 'Mailchimp nimmt den Schlüssel oder den Zugriff nicht mehr an. Verbinden Sie Mailchimp neu.',
    forbidden:
      'Mailchimp erlaubt dies nicht: Das Konto ist gesperrt, oder Rolle oder Tarif reichen nicht. Sehen Sie sich das Konto dort an.',
    declined:
      'Der Zugriff auf das Mailchimp-Konto wurde nicht erteilt. Verbinden Sie es neu und stimmen Sie zu, oder geben Sie einen API-Schlüssel ein.',
    'code-refused': 'Mailchimp hat die Erlaubnis nicht angenommen: Sie war zu alt oder schon benutzt. Verbinden Sie es neu.',
    'too-many-requests': 'Mailchimp bittet uns, langsamer zu sein.',
    unavailable: 'Mailchimp hat selbst ein Problem (Status {status}). Es wird noch einmal versucht.',
    'unreadable-answer': 'Eine Antwort von Mailchimp ist nicht lesbar ({call}). Es wird noch einmal gefragt.',
    'results-unreadable':
      'Die Ergebnisse eines Stapels sind nicht lesbar. Bevor etwas wiederholt wird, wird nachgesehen, was Mailchimp getan hat.',
    'batch-unfinished':
      'Mailchimp wurde mit einem Stapel nicht rechtzeitig fertig. Bevor etwas wiederholt wird, wird nachgesehen, was es getan hat.',
    'webhook-refused':
      'Mailchimp nimmt die Adresse für seine Nachrichten nicht an; sie muss von außen erreichbar sein. Änderungen werden stattdessen alle paar Minuten geholt.',
    'audience-gone': 'Mailchimp hat die Zielgruppe {audience} nicht mehr. Wählen Sie in der Verbindung eine andere.',
    'audience-missing':
      'Das Mailchimp-Konto hat {count} Zielgruppen. Wählen Sie eine in der Verbindung; gibt es noch keine, legen Sie dort eine an.',
    'double-opt-in':
      'Die Zielgruppe verlangt bei neuen Anmeldungen eine Bestätigung per E-Mail. Gefragt wird nur, wessen Einwilligung frisch ist.',
    'marketing-permissions':
      'Die Zielgruppe hat eigene Marketing-Einwilligungen. Sie bleiben, wie sie sind: Niemand wird wegen einer Bestellung angeschrieben.',
    'store-syncing':
      'Ein erster Import ist noch nicht fertig. Bis dahin sendet Mailchimp keine E-Mails zu Warenkörben und Bestellungen dieses Geschäfts.',
    'opt-in-mail-withheld':
      'Die Zielgruppe bittet alle um Bestätigung per E-Mail. Diese Einwilligung ist nicht neu, deshalb wird nicht gefragt; die Person kommt ohne Abonnement hinzu.',
    'compliance-state':
      'Datensatz {record}: Diese Person ist in Mailchimp abgemeldet, unzustellbar oder in Prüfung. Nur sie selbst kann sich wieder anmelden.',
    forgotten: 'Datensatz {record}: Diese Adresse wurde in Mailchimp endgültig gelöscht. Nur die Person selbst kann sich wieder anmelden.',
    'email-invalid': 'Datensatz {record}: Mailchimp nimmt die E-Mail-Adresse nicht an. Korrigieren Sie sie an der Quelle.',
    'merge-field':
      'Datensatz {record}: Mailchimp nimmt den Wert für {fields} nicht an. Korrigieren Sie ihn an der Quelle oder wählen Sie ein anderes Feld.',
    refused: 'Datensatz {record}: Mailchimp hat ihn abgelehnt ({fields}). Korrigieren Sie ihn an der Quelle oder in den Einstellungen.',
    'exists-already': 'Datensatz {record} ist in Mailchimp im selben Augenblick entstanden. Es wird noch einmal nachgesehen.',
    'record-gone': 'Datensatz {record}: Was geändert werden sollte, ist nicht mehr in Mailchimp. Es wird noch einmal nachgesehen.',
    'variant-unknown':
      'Datensatz {record} hat einen Artikel, den das Geschäft in Mailchimp nicht mehr kennt. Er wird dort angelegt und es wird noch einmal versucht.',
    'currency-missing':
      'Produkt {record} hat keinen Preis, daher ist unklar, in welches Geschäft von Mailchimp es gehört. Geben Sie ihm an der Quelle einen Preis.',
    'order-differs':
      'Bestellung {record}: Mailchimp zeigt eine Summe von {shown}, gesendet wurden {sent}. Vergleichen Sie beide und korrigieren Sie von Hand.',
    'order-unreadable': 'Der Bestellung {order} fehlt in Mailchimp das Datum oder ein Betrag. Ergänzen Sie es dort, wo sie herkommt.',
    'cursor-unreadable': 'Die Stelle, an der wir in Mailchimp zuletzt aufhörten, ist nicht lesbar. Es wird von vorn nachgesehen.',
    'draft-unusable': 'Datensatz {record} fehlt etwas, das Mailchimp braucht. Ergänzen Sie es an der Quelle.',
  },
};
