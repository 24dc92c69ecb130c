import type { InAll } from './fill-plain.ts';

/** Sentences on what Zoho refused, on credits and on access, as they are stored in English. */

export const KNOWN_TROUBLES: readonly InAll[] = [
  // What to do about a refused write: plan/refusal-policy.ts.
  {
    en: 'give the connected user the right to edit this module and field (Setup > Security Control > Profiles), then: zcv retry-failed RUN',
    nl: 'geef de verbonden gebruiker het recht om deze module en dit veld te bewerken (Setup > Security Control > Profiles), daarna: zcv retry-failed RUN',
    pl: 'daj połączonemu użytkownikowi prawo do edycji tego modułu i pola (Setup > Security Control > Profiles), a potem: zcv retry-failed RUN',
    da: 'giv den forbundne bruger ret til at redigere dette modul og felt (Setup > Security Control > Profiles), og kør så: zcv retry-failed RUN',
  },
  {
    en: 'somebody locked the record or merges it: unlock it in Zoho',
    nl: 'iemand heeft het record vergrendeld of voegt het samen: ontgrendel het in Zoho',
    pl: 'ktoś zablokował rekord albo go scala: odblokuj go w Zoho',
    da: 'nogen har låst posten eller fletter den: lås den op i Zoho',
  },
  {
    en: 'the record waits for an approval: approve or reject it in Zoho',
    nl: 'het record wacht op goedkeuring: keur het in Zoho goed of af',
    pl: 'rekord czeka na zatwierdzenie: zatwierdź go lub odrzuć w Zoho',
    da: 'posten venter på godkendelse: godkend eller afvis den i Zoho',
  },
  {
    en: 'the record is in a blueprint that guards this field: take the field out of it',
    nl: 'het record zit in een blueprint die dit veld bewaakt: haal het veld eruit',
    pl: 'rekord jest w blueprincie, który chroni to pole: usuń z niego to pole',
    da: 'posten er i et blueprint, der vogter dette felt: tag feltet ud af det',
  },
  {
    en: 'Zoho has blocked the record: look at it there',
    nl: 'Zoho heeft het record geblokkeerd: bekijk het daar',
    pl: 'Zoho zablokowało rekord: obejrzyj go tam',
    da: 'Zoho har blokeret posten: se på den dér',
  },
  {
    en: 'connect again with all scopes of docs/scopes.md, then: zcv retry-failed RUN',
    nl: 'koppel opnieuw met alle rechten van docs/scopes.md, daarna: zcv retry-failed RUN',
    pl: 'połącz ponownie ze wszystkimi uprawnieniami z docs/scopes.md, a potem: zcv retry-failed RUN',
    da: 'forbind igen med alle tilladelser i docs/scopes.md, og kør så: zcv retry-failed RUN',
  },
  {
    en: 'this org does not offer the module or field through the API',
    nl: 'deze organisatie biedt de module of het veld niet via de API aan',
    pl: 'ta organizacja nie udostępnia modułu ani pola przez API',
    da: 'denne organisation giver ikke modulet eller feltet gennem API’et',
  },
  {
    en: 'show the module to the profile of the connected user, then: zcv retry-failed RUN',
    nl: 'toon de module aan het profiel van de verbonden gebruiker, daarna: zcv retry-failed RUN',
    pl: 'pokaż moduł profilowi połączonego użytkownika, a potem: zcv retry-failed RUN',
    da: 'vis modulet for den forbundne brugers profil, og kør så: zcv retry-failed RUN',
  },
  {
    en: 'the field does not take this value, or the record is gone: compare its type, length and rules with docs/fields.md',
    nl: 'het veld neemt deze waarde niet aan, of het record is weg: vergelijk type, lengte en regels met docs/fields.md',
    pl: 'pole nie przyjmuje tej wartości albo rekordu już nie ma: porównaj jego typ, długość i reguły z docs/fields.md',
    da: 'feltet tager ikke denne værdi, eller posten er væk: sammenlign type, længde og regler med docs/fields.md',
  },
  {
    en: 'another record holds this value and the field is unique: make it not unique, or merge them',
    nl: 'een ander record heeft deze waarde al en het veld is uniek: maak het niet uniek, of voeg ze samen',
    pl: 'inny rekord ma już tę wartość, a pole jest unikatowe: zdejmij unikatowość albo scal rekordy',
    da: 'en anden post har denne værdi, og feltet er unikt: gør det ikke-unikt, eller flet dem',
  },
  {
    en: 'the org asks for another field on this record: fill it in Zoho',
    nl: 'de organisatie verlangt een ander veld op dit record: vul het in Zoho in',
    pl: 'organizacja wymaga w tym rekordzie innego pola: wypełnij je w Zoho',
    da: 'organisationen kræver et andet felt på denne post: udfyld det i Zoho',
  },
  {
    en: 'the value is larger than the field takes: make the field longer',
    nl: 'de waarde is groter dan het veld aankan: maak het veld langer',
    pl: 'wartość jest większa, niż mieści pole: wydłuż pole',
    da: 'værdien er større, end feltet kan rumme: gør feltet længere',
  },
  {
    en: 'the field depends on another one that is empty: fill that in Zoho',
    nl: 'het veld hangt af van een ander veld dat leeg is: vul dat in Zoho in',
    pl: 'pole zależy od innego, które jest puste: wypełnij je w Zoho',
    da: 'feltet afhænger af et andet, der er tomt: udfyld det i Zoho',
  },
  {
    en: 'the value does not fit that of another field: look at the dependency in Zoho',
    nl: 'de waarde past niet bij die van een ander veld: bekijk de afhankelijkheid in Zoho',
    pl: 'wartość nie pasuje do wartości innego pola: sprawdź zależność w Zoho',
    da: 'værdien passer ikke til et andet felts: se på afhængigheden i Zoho',
  },
  {
    en: 'several fields were refused: the message names them',
    nl: 'meerdere velden zijn geweigerd: de melding noemt ze',
    pl: 'odmówiono kilku pól: komunikat je wymienia',
    da: 'flere felter blev afvist: meddelelsen nævner dem',
  },
  {
    en: 'the next run tries again; if it stays, look up the code of Zoho',
    nl: 'de volgende run probeert het opnieuw; blijft het zo, zoek dan de code van Zoho op',
    pl: 'następny przebieg spróbuje ponownie; jeśli to się powtórzy, sprawdź kod Zoho',
    da: 'næste kørsel prøver igen; bliver det ved, så slå Zohos kode op',
  },
  // Credits: zoho/credit-account.ts, zoho/client.ts.
  {
    en: 'the call needs {credits} API credits and the ceiling is {ceiling} in 24 hours; raise credits.ceilingPercent in fields.yaml',
    nl: 'de aanroep kost {credits} API-credits en het plafond is {ceiling} per 24 uur; verhoog credits.ceilingPercent in fields.yaml',
    pl: 'wywołanie wymaga {credits} kredytów API, a pułap to {ceiling} na dobę; zwiększ credits.ceilingPercent w fields.yaml',
    da: 'kaldet koster {credits} API-credits, og loftet er {ceiling} på 24 timer; hæv credits.ceilingPercent i fields.yaml',
  },
  {
    en: '{spent} of {ceiling} API credits are spent in the last 24 hours and the call needs {credits}; enough return at {until}. Raise credits.ceilingPercent in fields.yaml or wait',
    nl: '{spent} van {ceiling} API-credits zijn in de laatste 24 uur verbruikt en de aanroep kost er {credits}; genoeg komen terug om {until}. Verhoog credits.ceilingPercent in fields.yaml of wacht',
    pl: 'w ostatnich 24 godzinach zużyto {spent} z {ceiling} kredytów API, a wywołanie wymaga {credits}; dość wróci o {until}. Zwiększ credits.ceilingPercent w fields.yaml albo poczekaj',
    da: '{spent} af {ceiling} API-credits er brugt de sidste 24 timer, og kaldet koster {credits}; nok er tilbage {until}. Hæv credits.ceilingPercent i fields.yaml, eller vent',
  },
  {
    en: 'Zoho has {left} API credits left for this org and the call needs {credits}; try again at {until}',
    nl: 'Zoho heeft voor deze organisatie nog {left} API-credits en de aanroep kost er {credits}; probeer het opnieuw om {until}',
    pl: 'Zoho ma dla tej organizacji jeszcze {left} kredytów API, a wywołanie wymaga {credits}; spróbuj ponownie o {until}',
    da: 'Zoho har {left} API-credits tilbage til denne organisation, og kaldet koster {credits}; prøv igen {until}',
  },
  {
    en: "Zoho asks for a long wait before the next call, so the org's API credits are taken to be spent; the next attempt is possible at {until}",
    nl: 'Zoho vraagt lang te wachten voor de volgende aanroep, dus gelden de API-credits van de organisatie als verbruikt; de volgende poging kan om {until}',
    pl: 'Zoho każe długo czekać przed następnym wywołaniem, więc kredyty API organizacji uznajemy za zużyte; następna próba jest możliwa o {until}',
    da: 'Zoho beder om lang ventetid før næste kald, så organisationens API-credits regnes for brugt; næste forsøg er muligt {until}',
  },
  {
    en: "Zoho has answered nothing but 429 for {seconds} s, so the org's API credits are taken to be spent; the next attempt is possible at {until}",
    nl: 'Zoho antwoordt al {seconds} s alleen met 429, dus gelden de API-credits van de organisatie als verbruikt; de volgende poging kan om {until}',
    pl: 'Zoho od {seconds} s odpowiada tylko 429, więc kredyty API organizacji uznajemy za zużyte; następna próba jest możliwa o {until}',
    da: 'Zoho har kun svaret 429 i {seconds} s, så organisationens API-credits regnes for brugt; næste forsøg er muligt {until}',
  },
  // Access: zoho/client.ts, zoho/oauth.ts, zoho/tokens.ts.
  {
    en: 'Zoho refuses even a fresh access token ({why}): access was withdrawn, or the data centre is wrong. Reconnect the org: zcv connect --name <connection>, or /connect in a browser',
    nl: 'Zoho weigert zelfs een nieuw toegangstoken ({why}): de toegang is ingetrokken, of het datacentrum klopt niet. Koppel de organisatie opnieuw: zcv connect --name <connection>, of /connect in een browser',
    pl: 'Zoho odrzuca nawet nowy token dostępu ({why}): dostęp cofnięto albo centrum danych jest niewłaściwe. Połącz organizację ponownie: zcv connect --name <connection> albo /connect w przeglądarce',
    da: 'Zoho afviser selv et nyt adgangstoken ({why}): adgangen er trukket tilbage, eller datacentret er forkert. Forbind organisationen igen: zcv connect --name <connection>, eller /connect i en browser',
  },
  {
    en: 'Zoho refused the refresh token (revoked, or pushed out by a newer one); reconnect the org: zcv connect --name <connection>, or /connect in a browser',
    nl: 'Zoho weigerde het verversingstoken (ingetrokken, of verdrongen door een nieuwer); koppel de organisatie opnieuw: zcv connect --name <connection>, of /connect in een browser',
    pl: 'Zoho odrzuciło token odświeżania (cofnięty albo wyparty przez nowszy); połącz organizację ponownie: zcv connect --name <connection> albo /connect w przeglądarce',
    da: 'Zoho afviste fornyelsestokenet (tilbagekaldt eller fortrængt af et nyere); forbind organisationen igen: zcv connect --name <connection>, eller /connect i en browser',
  },
  {
    en: '{host} refused the OAuth client ({code}): the client id is unknown in this data centre ({location}), or the secret belongs to another one. Check ZOHO_ACCOUNTS_URL, ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET or {secret}',
    nl: '{host} weigerde de OAuth-client ({code}): de client-id is in dit datacentrum ({location}) onbekend, of het geheim hoort bij een ander. Controleer ZOHO_ACCOUNTS_URL, ZOHO_CLIENT_ID en ZOHO_CLIENT_SECRET of {secret}',
    pl: '{host} odrzucił klienta OAuth ({code}): identyfikator klienta jest nieznany w tym centrum danych ({location}) albo sekret należy do innego. Sprawdź ZOHO_ACCOUNTS_URL, ZOHO_CLIENT_ID oraz ZOHO_CLIENT_SECRET lub {secret}',
    da: '{host} afviste OAuth-klienten ({code}): klient-id’et er ukendt i dette datacenter ({location}), eller hemmeligheden hører til et andet. Se på ZOHO_ACCOUNTS_URL, ZOHO_CLIENT_ID og ZOHO_CLIENT_SECRET eller {secret}',
  },
  {
    en: '{host} refused the token ({code}); reconnect the org: zcv connect --name <connection>, or /connect in a browser',
    nl: '{host} weigerde het token ({code}); koppel de organisatie opnieuw: zcv connect --name <connection>, of /connect in een browser',
    pl: '{host} odrzucił token ({code}); połącz organizację ponownie: zcv connect --name <connection> albo /connect w przeglądarce',
    da: '{host} afviste tokenet ({code}); forbind organisationen igen: zcv connect --name <connection>, eller /connect i en browser',
  },
  {
    en: '{host} could not give a token for now ({code})',
    nl: '{host} kon nu geen token geven ({code})',
    pl: '{host} nie mógł teraz wydać tokenu ({code})',
    da: '{host} kunne ikke give et token nu ({code})',
  },
  {
    en: 'The accounts server {host} did not answer; check the connection and ZOHO_ACCOUNTS_URL',
    nl: 'De accountserver {host} antwoordde niet; controleer de verbinding en ZOHO_ACCOUNTS_URL',
    pl: 'Serwer kont {host} nie odpowiedział; sprawdź połączenie i ZOHO_ACCOUNTS_URL',
    da: 'Kontoserveren {host} svarede ikke; se på forbindelsen og ZOHO_ACCOUNTS_URL',
  },
  {
    en: 'The accounts server {host} gave no JSON (HTTP {status}); if this stays so, check ZOHO_ACCOUNTS_URL',
    nl: 'De accountserver {host} gaf geen JSON (HTTP {status}); blijft dit zo, controleer dan ZOHO_ACCOUNTS_URL',
    pl: 'Serwer kont {host} nie zwrócił JSON-a (HTTP {status}); jeśli to się powtarza, sprawdź ZOHO_ACCOUNTS_URL',
    da: 'Kontoserveren {host} gav ingen JSON (HTTP {status}); bliver det ved, så se på ZOHO_ACCOUNTS_URL',
  },
  {
    en: 'Zoho gives no more access tokens for now (10 in 10 minutes); wait ten minutes and start fewer processes',
    nl: 'Zoho geeft nu geen toegangstokens meer (10 per 10 minuten); wacht tien minuten en start minder processen',
    pl: 'Zoho nie wydaje teraz więcej tokenów dostępu (10 na 10 minut); odczekaj dziesięć minut i uruchom mniej procesów',
    da: 'Zoho giver ikke flere adgangstokens nu (10 på 10 minutter); vent ti minutter, og start færre processer',
  },
  {
    en: 'Zoho gives no more access tokens for now; wait {minutes} minutes',
    nl: 'Zoho geeft nu geen toegangstokens meer; wacht {minutes} minuten',
    pl: 'Zoho nie wydaje teraz więcej tokenów dostępu; odczekaj minut: {minutes}',
    da: 'Zoho giver ikke flere adgangstokens nu; vent {minutes} minutter',
  },
  {
    en: 'Another process has been refreshing the access token for too long; try again',
    nl: 'Een ander proces ververst het toegangstoken al te lang; probeer het opnieuw',
    pl: 'Inny proces zbyt długo odświeża token dostępu; spróbuj ponownie',
    da: 'En anden proces har fornyet adgangstokenet for længe; prøv igen',
  },
  {
    en: 'The access granted by Zoho does not cover {call} ({said}); connect again with all scopes',
    nl: 'De toegang die Zoho gaf, dekt {call} niet ({said}); koppel opnieuw met alle rechten',
    pl: 'Dostęp przyznany przez Zoho nie obejmuje {call} ({said}); połącz ponownie ze wszystkimi uprawnieniami',
    da: 'Den adgang, Zoho gav, dækker ikke {call} ({said}); forbind igen med alle tilladelser',
  },
  {
    en: 'Zoho gave no usable answer ({said}) on {call}; try again later',
    nl: 'Zoho gaf geen bruikbaar antwoord ({said}) op {call}; probeer het later opnieuw',
    pl: 'Zoho nie dało użytecznej odpowiedzi ({said}) na {call}; spróbuj później',
    da: 'Zoho gav intet brugbart svar ({said}) på {call}; prøv igen senere',
  },
  {
    en: 'Zoho limits the rate of calls ({said})',
    nl: 'Zoho beperkt het tempo van aanroepen ({said})',
    pl: 'Zoho ogranicza tempo wywołań ({said})',
    da: 'Zoho begrænser tempoet af kald ({said})',
  },
  // The database: operations.ts.
  {
    en: 'this database was moved to {place}; set DATABASE_URL to that one. To come back to this one instead: zcv restore --activate',
    nl: 'deze database is verhuisd naar {place}; zet DATABASE_URL op die. Om toch naar deze terug te keren: zcv restore --activate',
    pl: 'tę bazę przeniesiono do {place}; ustaw na nią DATABASE_URL. Aby zamiast tego wrócić do tej: zcv restore --activate',
    da: 'denne database er flyttet til {place}; sæt DATABASE_URL til den. For at vende tilbage til denne i stedet: zcv restore --activate',
  },
  {
    en: 'the move into this database did not come to its end; with DATABASE_URL of the former one, run the same zcv move-store again',
    nl: 'de verhuizing naar deze database is niet afgerond; voer met DATABASE_URL van de vorige dezelfde zcv move-store opnieuw uit',
    pl: 'przeniesienie do tej bazy nie dobiegło końca; z DATABASE_URL poprzedniej uruchom ponownie to samo zcv move-store',
    da: 'flytningen ind i denne database blev ikke færdig; kør den samme zcv move-store igen med DATABASE_URL for den tidligere',
  },
  {
    en: 'the restore into this database did not come to its end; run: zcv restore --finish',
    nl: 'het terugzetten in deze database is niet afgerond; voer uit: zcv restore --finish',
    pl: 'odtwarzanie do tej bazy nie dobiegło końca; uruchom: zcv restore --finish',
    da: 'gendannelsen ind i denne database blev ikke færdig; kør: zcv restore --finish',
  },
  {
    en: 'key {key} still seals {count} secrets ({kinds}) and is not among the keys given; put it back after the new one and run: zcv keys rotate. Is it lost? zcv keys forget {same}',
    nl: 'sleutel {key} verzegelt nog {count} geheimen ({kinds}) en is niet bij de gegeven sleutels; zet hem achter de nieuwe terug en voer uit: zcv keys rotate. Is hij kwijt? zcv keys forget {same}',
    pl: 'klucz {key} nadal chroni sekrety ({count}: {kinds}) i nie ma go wśród podanych kluczy; dopisz go za nowym i uruchom: zcv keys rotate. Zgubiony? zcv keys forget {same}',
    da: 'nøglen {key} forsegler stadig {count} hemmeligheder ({kinds}) og er ikke blandt de givne nøgler; sæt den tilbage efter den nye, og kør: zcv keys rotate. Er den tabt? zcv keys forget {same}',
  },
];
