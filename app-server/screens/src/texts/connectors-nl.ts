/** What went wrong in systems that not every shop connects, by the code that the server reports, in Dutch. */
export const connectors = {
  lightspeed: {
    credentials:
      'Het andere systeem accepteert de API-sleutel niet. Zoek hem daar op in de backoffice onder Instellingen, Ontwikkelaars en vul sleutel en secret opnieuw in.',
    permission:
      'De API-sleutel mist een recht in het andere systeem ({area}: {right}). Geef het daar in de backoffice onder Instellingen, Ontwikkelaars.',
    'permission-missing':
      'De API-sleutel mist een recht in het andere systeem ({area}: {right}). Wat het nodig heeft staat stil; geef het daar in de backoffice.',
    language: 'De taal {language} is niet actief in de webshop daar. Kies er een die actief is.',
    'token-refused':
      'Het andere systeem weigert het persoonlijke token. Maak daar in de backoffice onder Instellingen, Persoonlijke tokens een nieuw aan.',
    'bad-store-name':
      'De naam van de winkel mag alleen kleine letters, cijfers en koppeltekens hebben. Vul het eerste deel van het webadres in.',
    'store-unknown': 'Het andere systeem heeft geen winkel {store}. Corrigeer de naam van de winkel.',
    declined: 'Het andere systeem is niet verbonden: op zijn pagina is geen toegang gegeven. Klik op Verbinden om het opnieuw te proberen.',
    'code-refused':
      'Het andere systeem accepteerde niet wat zijn pagina terugstuurde, misschien omdat het te lang duurde. Klik nog eens op Verbinden.',
    'app-refused': 'Het andere systeem kent deze server niet. Wie hem beheert, moet client-id en secret controleren.',
    'not-registered':
      'Deze server is niet geregistreerd bij het andere systeem. Gebruik een persoonlijk token of vraag het wie de server beheert.',
    reconnect:
      'Het andere systeem accepteert onze toegang tot {store} niet meer. Klik nog eens op Verbinden; het gaat verder waar het stopte, er gaat niets verloren.',
    'reconnect-soon':
      'Het andere systeem vernieuwt onze toegang niet meer; die eindigt op {until}. Klik voor die tijd nog eens op Verbinden.',
    forbidden:
      'Het andere systeem staat ons dit in {store} niet toe. Verbind opnieuw en geef voor alles toestemming, of controleer het abonnement van de winkel.',
    'too-many-requests': 'Het andere systeem vraagt ons langzamer te gaan.',
    'window-exhausted': 'Het andere systeem neemt {minutes} min. lang geen verzoeken van deze sleutel meer aan. Het gaat vanzelf verder.',
    unreachable: 'Het andere systeem kan nu niet antwoorden (status {status}).',
    unavailable: 'Het andere systeem kon een verzoek niet uitvoeren (status {status}). Het wordt opnieuw geprobeerd.',
    unreadable: 'Het andere systeem antwoordde onbegrijpelijk. Het wordt opnieuw gevraagd.',
    'unreadable-answer': 'Een antwoord van het andere systeem is niet te lezen ({call}). Het wordt opnieuw gevraagd.',
    'record-unreadable': 'Record {record} van het andere systeem is niet te lezen vanwege het veld {field}. Bekijk het daar.',
    'record-gone': 'Wat gewijzigd zou worden staat niet meer in het andere systeem. Het wordt opnieuw gezocht.',
    refused: 'Het andere systeem weigerde het record: {reason}',
    'write-ignored': 'Het andere systeem accepteerde de nieuwe voorraad van {sku} en toont toch een andere. Die wordt opnieuw geschreven.',
    'plan-outdated': 'In het andere systeem is iets veranderd sinds we keken. Er wordt opnieuw gekeken.',
    'bad-cursor': 'De plek waar we in het andere systeem voor het laatst stopten is niet te lezen. Er wordt weer van voren af gekeken.',
    'draft-unusable': 'Record {record} mist iets dat het andere systeem nodig heeft. Vul het aan bij de bron.',
    'sku-missing': 'Een artikel van “{product}” heeft geen SKU; zonder herkent het andere systeem het niet. Geef het er een.',
    'variant-code-twice': 'Twee varianten van “{product}” hebben nummer {sku}. Geef elk een eigen nummer.',
    'variant-elsewhere':
      'Artikel {sku} hoort in het andere systeem bij een ander product dan de andere varianten. Voeg ze daar samen of splits ze bij de bron.',
    'variant-ambiguous': 'Het andere systeem heeft {count} varianten die artikel {sku} kunnen zijn. Geef elk daar een eigen artikelcode.',
    'variant-missing':
      'Het andere systeem heeft geen variant met artikelcode {sku}. Geef een variant deze code of breng eerst het product daarheen.',
    'too-many-attributes':
      'De varianten verschillen in {count} eigenschappen, het andere systeem neemt er {most}. Maak het product daar met de hand aan.',
    'product-missing':
      'Het andere systeem heeft geen product met SKU {sku}. Maak het daar aan of vertaal de SKU in de tabel met artikelen.',
    'product-ambiguous': 'Het andere systeem heeft {count} producten met SKU {sku}. Geef elk een eigen SKU.',
    'price-currency': 'De prijs van {sku} is in {currency}, maar het andere systeem rekent in {till}. Geef een prijs in {till}.',
    currency: 'Het andere systeem rekent niet in {currency}. Gebruik aan beide kanten één valuta of voer het daar met de hand in.',
    'tax-missing': 'Het andere systeem heeft geen belasting van {rate} %. Voeg die daar toe of kies er een in de tabel met btw-tarieven.',
    'tax-ambiguous': 'Het andere systeem heeft meer dan één belasting van {rate} %. Kies er een in de tabel met btw-tarieven.',
    'amount-unusable': 'Het andere systeem noemt een voorraad van {value}; daarmee valt niet te rekenen. Corrigeer die daar.',
    'outlet-missing': 'De gekozen vestiging bestaat niet meer in het andere systeem. Kies een andere in de instellingen.',
    'register-missing': 'De gekozen kassa bestaat niet meer in het andere systeem. Kies een andere in de instellingen.',
    'user-missing': 'De gekozen gebruiker bestaat niet meer in het andere systeem. Kies een andere in de instellingen.',
    'no-register': 'De winkel heeft geen kassa, dus er kunnen geen verkopen worden geboekt. Maak er daar een aan.',
    'no-user': 'De winkel toont geen gebruiker onder wie verkopen geboekt kunnen worden. Maak er daar een aan.',
    'no-payment-type': 'De winkel heeft geen betaalmethode, dus er kunnen geen betaalde bestellingen worden geboekt. Maak er daar een aan.',
    'no-tax': 'De winkel heeft geen belastingen. Maak de btw-tarieven daar aan.',
    'customer-ambiguous':
      'Het andere systeem heeft {count} klanten met het e-mailadres van dit record. Kies wie wordt bedoeld, of voeg ze daar samen.',
    'customer-email-missing':
      'Klant {customer} heeft geen e-mailadres; zonder houdt het andere systeem niemand bij. Vul er een in waar het record vandaan komt.',
    'orders-not-writable': 'De webshop daar neemt geen bestellingen van buiten aan: alleen de eigen afrekenpagina maakt ze. Zet dit uit.',
    'order-not-yet':
      'Bestelling {order} is nog niet te lezen: het andere systeem toont nieuwe bestellingen na enkele seconden. Er wordt opnieuw gekeken.',
    'order-lines-missing': 'Bestelling {order} heeft nog geen regels: het andere systeem bewaart ze later. Er wordt opnieuw gekeken.',
    'total-unexplained':
      'De regels van bestelling {order} wijken {difference} af van het totaal. Er wordt niets verstuurd; bekijk de bestelling in het andere systeem.',
    'amounts-differ':
      'De regels van bestelling {order} tellen niet op tot wat betaald is: er ontbreekt {difference}. Kies een product voor afronding of voer de bestelling met de hand in.',
    'payments-differ':
      'Bestelling {order} geldt als betaald, maar de betalingen komen {difference} tekort. Corrigeer de betalingen bij de bron.',
    'payment-method-missing':
      'Voor “{method}” is geen betaalmethode van het andere systeem gekozen. Kies er een in de tabel met betaalmethoden.',
    'payment-method-unknown':
      'De betaalmethode die voor “{method}” is gekozen bestaat niet meer in het andere systeem. Corrigeer de tabel met betaalmethoden.',
    'stand-in-missing': 'Voor regels van de soort {kind} is geen product gekozen. Kies er een in de instellingen.',
    'order-differs':
      'Het andere systeem heeft bestelling {order} al, maar met een ander bedrag: {till} in plaats van {shop}. Corrigeer haar daar met de hand.',
    'sale-unclear': 'De regels van verkoop {sale} tellen niet op tot het totaal: {difference} is onverklaard. Voer hem met de hand in.',
  },
  mailchimp: {
    credentials: 'Mailchimp accepteert de sleutel of de toegang niet meer. Verbind Mailchimp opnieuw.',
    forbidden:
      'Mailchimp staat dit niet toe: het account is geblokkeerd, of de rol of het abonnement schiet tekort. Bekijk het account daar.',
    declined: 'Er is geen toegang tot het Mailchimp-account gegeven. Verbind opnieuw en ga akkoord, of vul een API-sleutel in.',
    'code-refused': 'Mailchimp accepteerde de toestemming niet: ze was te oud of al gebruikt. Verbind opnieuw.',
    'too-many-requests': 'Mailchimp vraagt ons langzamer te gaan.',
    unavailable: 'Mailchimp heeft zelf een probleem (status {status}). Het wordt opnieuw geprobeerd.',
    'unreadable-answer': 'Een antwoord van Mailchimp is niet te lezen ({call}). Het wordt opnieuw gevraagd.',
    'results-unreadable':
      'De resultaten van een reeks zijn niet te lezen. Voordat iets wordt herhaald, wordt gekeken wat Mailchimp heeft gedaan.',
    'batch-unfinished': 'Mailchimp kreeg een reeks niet op tijd klaar. Voordat iets wordt herhaald, wordt gekeken wat het heeft gedaan.',
    'webhook-refused':
      'Mailchimp neemt het adres voor zijn berichten niet aan; het moet van buiten bereikbaar zijn. Wijzigingen worden in plaats daarvan om de paar minuten opgehaald.',
    'audience-gone': 'Mailchimp heeft de doelgroep {audience} niet meer. Kies een andere in de verbinding.',
    'audience-missing':
      'Het Mailchimp-account heeft {count} doelgroepen. Kies er een in de verbinding; is er nog geen, maak er dan daar een aan.',
    'double-opt-in':
      'De doelgroep vraagt nieuwe aanmeldingen om bevestiging per e-mail. Alleen mensen van wie de toestemming vers is, worden gevraagd.',
    'marketing-permissions':
      'De doelgroep heeft eigen marketingtoestemmingen. Die blijven zoals ze zijn: niemand wordt vanwege een bestelling aangeschreven.',
    'store-syncing':
      'Een eerste import is nog niet klaar. Tot die tijd stuurt Mailchimp geen e-mails over winkelwagens en bestellingen van deze winkel.',
    'opt-in-mail-withheld':
      'De doelgroep vraagt iedereen om bevestiging per e-mail. Deze toestemming is niet nieuw, dus er wordt niets gevraagd; de persoon wordt zonder abonnement toegevoegd.',
    'compliance-state':
      'Record {record}: deze persoon is in Mailchimp afgemeld, onbereikbaar of in onderzoek. Alleen de persoon zelf kan zich weer aanmelden.',
    forgotten: 'Record {record}: dit adres is in Mailchimp definitief gewist. Alleen de persoon zelf kan zich weer aanmelden.',
    'email-invalid': 'Record {record}: Mailchimp accepteert het e-mailadres niet. Corrigeer het bij de bron.',
    'merge-field': 'Record {record}: Mailchimp accepteert de waarde voor {fields} niet. Corrigeer die bij de bron of kies een ander veld.',
    refused: 'Record {record}: Mailchimp weigerde het ({fields}). Corrigeer het bij de bron of in de instellingen.',
    'exists-already': 'Record {record} ontstond in Mailchimp op hetzelfde moment. Er wordt opnieuw gekeken.',
    'record-gone': 'Record {record}: wat gewijzigd zou worden staat niet meer in Mailchimp. Er wordt opnieuw gekeken.',
    'variant-unknown':
      'Record {record} heeft een artikel dat de winkel in Mailchimp niet meer kent. Het wordt daar aangemaakt en opnieuw geprobeerd.',
    'currency-missing':
      'Product {record} heeft geen prijs, dus het is niet duidelijk in welke winkel van Mailchimp het hoort. Geef het een prijs bij de bron.',
    'order-differs':
      'Bestelling {record}: Mailchimp toont een totaal van {shown} terwijl {sent} is verstuurd. Vergelijk beide en corrigeer met de hand.',
    'order-unreadable': 'Bestelling {order} mist in Mailchimp de datum of een bedrag. Vul het aan waar zij vandaan komt.',
    'cursor-unreadable': 'De plek waar we in Mailchimp voor het laatst stopten is niet te lezen. Er wordt weer van voren af gekeken.',
    'draft-unusable': 'Record {record} mist iets dat Mailchimp nodig heeft. Vul het aan bij de bron.',
  },
};
