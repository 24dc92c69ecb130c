import type { DoctorWords } from './doctor-words.ts';

const FIELDS_AGAIN = 'zcv fields apply --yes';
const MARGIN_REPAIR =
  'Stel money.defaultMarginPercent in scoring.yaml in, of koppel de kosten in fields.yaml';

export const DOCTOR_NL: DoctorWords = {
  findings: {
    'database.not_in_force': {
      message: '{why}',
      repair: 'Doe wat de melding zegt (docs/backup.md); tot dan draait er niets',
    },
    'database.answers': { message: 'De database antwoordt; verbindingen: {connections}', repair: null },
    'backup.failed': {
      message: 'De laatste back-up is mislukt ({why}); {newest}',
      repair:
        'Voer zcv backup uit en lees wat het zegt; kijk naar BACKUP_DIR, de vrije ruimte en de eigenaar ervan',
    },
    'backup.old': {
      message: 'Al {days} dagen geen back-up: {newest}',
      repair: 'Laat zcv serve of een worker draaien: de taak backup maakt er elke nacht een (zcv schedule)',
    },
    'backup.nightly': { message: 'Elke nacht wordt een back-up gemaakt; {newest}', repair: null },
    'backup.off': { message: 'Er wordt vanzelf geen back-up gemaakt (BACKUP_DIR); {newest}', repair: null },
    'config.broken': {
      message: 'De instellingen van deze verbinding zijn niet bruikbaar: {problems}',
      repair:
        'Herstel het genoemde bestand, of ga terug naar een opgeslagen versie: zcv settings rollback; tot dan draait er niets',
    },
    'config.currency': {
      message: 'De instellingen noemen bedragen in {foreign}; de thuisvaluta van de organisatie is {home}',
      repair: 'Schrijf de bedragen van scoring.yaml in {home}',
    },
    'config.valid': { message: 'Omgeving en instellingen zijn geldig', repair: null },
    'connection.none': {
      message: 'Er is nog geen organisatie gekoppeld',
      repair: 'zcv connect --grant-code …, of zcv demo om zonder Zoho rond te kijken',
    },
    'zoho.unchecked': { message: 'Niet gecontroleerd: Zoho gaf geen toegang', repair: '{repair}' },
    'zoho.error': { message: '{error}', repair: '{repair}' },
    'token.good': { message: 'Zoho aanvaardt het token van gebruiker {user}', repair: null },
    'clock.unknown': { message: 'Zoho gaf geen tijd om mee te vergelijken', repair: null },
    'clock.agrees': { message: 'Deze klok en die van Zoho lopen gelijk', repair: null },
    'clock.off': {
      message: 'Deze klok wijkt {seconds} seconden af van die van Zoho',
      repair: 'Stel de klok van deze machine in met NTP',
    },
    'scopes.granted': { message: 'Alle rechten zijn verleend', repair: null },
    'scopes.missing': {
      message: 'Niet verleende rechten: {scopes}',
      repair:
        'Maak een code met alle rechten van docs/scopes.md, daarna: zcv connect --name {connection} --grant-code …',
    },
    'module.read': { message: '{module} kan worden gelezen', repair: null },
    'module.essential': {
      message: '{module}: {problem}',
      repair: 'Laat een beheerder de verbonden gebruiker deze module geven, of koppel als beheerder',
    },
    'module.optional': {
      message: '{module}: {problem}',
      repair: 'Het scoren gaat zonder door; een beheerder kan de verbonden gebruiker deze module geven',
    },
    'history.off': {
      message: 'De geschiedenis van fasen wordt niet gelezen: stageHistory is off',
      repair: null,
    },
    'history.read': {
      message: 'De geschiedenis van fasen vertelt wanneer deals gewonnen en verloren zijn',
      repair: null,
    },
    'history.unread': {
      message: 'De geschiedenis van fasen is niet te lezen ({problem}): de sluitingsdatum geldt ervoor',
      repair:
        'Laat een beheerder {module} aan de verbonden gebruiker tonen, of zet stageHistory: off in fields.yaml',
    },
    'fields.none': { message: 'Geen van onze velden is in de organisatie aangemaakt', repair: FIELDS_AGAIN },
    'fields.gone': {
      message:
        'Velden die in Zoho zijn verwijderd: {fields}; ze worden weggelaten, de andere worden geschreven',
      repair: FIELDS_AGAIN,
    },
    'fields.all': { message: 'Al onze {count} velden zijn er', repair: null },
    'fields.lacking': {
      message: 'Niet aangemaakt: {fields}; de andere {count} velden worden geschreven',
      repair: FIELDS_AGAIN,
    },
    'fields.full': {
      message:
        'Niet aangemaakt: {fields}; de andere {count} velden worden geschreven. De {limit} eigen velden van de editie zijn op in {modules}',
      repair: `Verwijder in Zoho eigen velden die niemand gebruikt, daarna: ${FIELDS_AGAIN}`,
    },
    'costs.no_field': {
      message: 'Deals heeft geen veld {fields}, dat mapping.deals van fields.yaml noemt; de rest gaat door',
      repair: 'Verbeter mapping.deals in fields.yaml',
    },
    'costs.read': { message: 'De kosten van deals worden uit {field} gelezen', repair: null },
    'margin.set': {
      message: 'Geen deal noemt zijn kosten: er wordt een marge van {percent} % genomen',
      repair: null,
    },
    'margin.default': {
      message:
        'Geen deal noemt zijn kosten: er wordt een marge van {percent} % genomen, een standaard die niemand heeft bevestigd',
      repair: MARGIN_REPAIR,
    },
    'margin.default_rest': {
      message:
        'Deals zonder waarde in {field} noemen hun kosten niet: er wordt een marge van {percent} % genomen, een standaard die niemand heeft bevestigd',
      repair: MARGIN_REPAIR,
    },
    'currency.home': { message: 'Alle bedragen zijn in {home}', repair: null },
    'currency.known': {
      message: 'Vreemde bedragen: {direction} met de wisselkoers van de deal',
      repair: null,
    },
    'currency.none': {
      message: 'De organisatie heeft meerdere valuta’s, en geen deal in een andere dan {home}',
      repair: null,
    },
    'currency.withheld': {
      message:
        'Vreemde bedragen worden achtergehouden: het is niet bekend hoe de wisselkoers werkt. ‘{name}’, {amount} {currency} tegen {rate}, zou zijn divide: {divided} {home} of multiply: {multiplied} {home}',
      repair: 'Zet currency.rateDirection in scoring.yaml op de manier die het juiste bedrag geeft',
    },
    'mappings.read': { message: 'Elk gekoppeld veld kan worden gelezen', repair: null },
    'mappings.paused': {
      message:
        '{module}.{field} is gepauzeerd[ sinds {since}] ({reason}): wat ervan gelezen is blijft, de rest gaat door',
      repair: 'In Zoho of in fields.yaml: {repair}; de volgende synchronisatie pakt het weer op',
    },
    'set_aside.none': { message: 'Elk record dat Zoho gaf, kon worden gelezen', repair: null },
    'set_aside.some': {
      message: 'Records apart gezet omdat een waarde niet te lezen is: {records}[ en nog {more}]',
      repair: 'Herstel deze waarden in Zoho; de volgende synchronisatie leest de records opnieuw',
    },
    'purchases.deals': {
      message: 'Aankopen zijn gewonnen deals, en niets uit een bestand telt dubbel',
      repair: null,
    },
    'purchases.twice': {
      message:
        'Geïmporteerde facturen zonder deal_id staan naast gewonnen deals: {sums}; dezelfde handel kan dubbel tellen',
      repair:
        'Vul deal_id in het bestand in, of zet purchase.from: imports in scoring.yaml, zodat deals geen aankopen zijn (docs/imports.md)',
    },
    'purchases.imports': {
      message: 'Aankopen zijn geïmporteerde documenten; bestanden: {files}',
      repair: null,
    },
    'purchases.no_imports': {
      message: 'Aankopen zijn geïmporteerde documenten, en er is er geen: geen klant heeft een aankoop',
      repair: 'zcv purchases import FILE, of zet purchase.from: deals in scoring.yaml',
    },
    'purchases.crm': { message: 'Aankopen zijn de {documents} van het CRM', repair: null },
    'purchases.crm_and_imports': {
      message:
        'Aankopen zijn de {documents} van het CRM, en geïmporteerde documenten tellen ernaast mee (bestanden: {files})',
      repair: 'Verwijder wat het CRM ook heeft (zcv purchases list), of zet purchase.from: imports',
    },
    'options.known': {
      message: 'De opties die de instellingen noemen, zijn opties van de organisatie',
      repair: null,
    },
    'options.unknown': {
      message: '{named}',
      repair: 'Noem ze in scoring.yaml zoals de organisatie ze toont, bijv. {options}',
    },
    'owners.nobody': {
      message: 'De regels van het draaiboek noemen niemand bij e-mailadres',
      repair: null,
    },
    'owners.unread': {
      message: 'De gebruikers van de organisatie zijn nog niet gelezen; zcv sync leest ze',
      repair: null,
    },
    'owners.active': {
      message: 'Wie de regels van het draaiboek noemen, is een actieve gebruiker',
      repair: null,
    },
    'owners.wrong': {
      message: '{wrong}',
      repair:
        'Noem een actieve gebruiker van het CRM in playbook.yaml; wie net is toegevoegd of geactiveerd, is na zcv sync bekend',
    },
    'channels.none': {
      message: 'Geen PUBLIC_URL, dus Zoho kan ons niets melden: wijzigingen worden door lezen gevonden',
      repair: null,
    },
    'channels.not_yet': {
      message: 'Zoho meldt ons nog niets: wijzigingen worden door lezen gevonden',
      repair: 'Laat zcv serve met PUBLIC_URL draaien; dat opent het kanaal',
    },
    'channels.refused': {
      message: 'Wijzigingen in {module} worden door lezen gevonden: {why}',
      repair:
        'Laat de verbonden gebruiker {module} zien, of haal het uit notifications.modules in fields.yaml',
    },
    'channels.unheard': {
      message:
        'Kanaal {channel} voor {events} heeft {changes} wijzigingen niet gemeld die bij synchronisaties bleken',
      repair: 'zcv channels test zegt wat er mis is',
    },
    'channels.alive': {
      message: 'Kanaal {channel} voor {events} leeft tot {until}, laatst gehoord: {heard}',
      repair: null,
    },
    'channels.ended': {
      message: 'Kanaal {channel} voor {events} is geëindigd op {until}',
      repair: 'Laat zcv serve draaien: dat opent het kanaal opnieuw en leest wat gemist is',
    },
    'credits.enough': { message: '{account}', repair: null },
    'credits.scarce': {
      message: '{account}',
      repair: 'Credits komen 24 uur na verbruik terug; of verhoog credits.ceilingPercent in fields.yaml',
    },
    'credits.parked': {
      message: '{account}. Geen aanroepen vóór {until}: {why}',
      repair: 'Wacht; het werk gaat dan vanzelf door. Of verhoog credits.ceilingPercent in fields.yaml',
    },
    'credits.parked_by_zoho': {
      message: '{account}. Geen aanroepen vóór {until}: {why}',
      repair:
        'Wacht; het werk gaat dan vanzelf door. Kijk in Zoho, Setup > Developer Hub > APIs & SDKs, wie de credits verbruikt',
    },
    'jobs.fine': { message: 'Geen taak is definitief mislukt', repair: null },
    'jobs.dead': {
      message: '{count} taken zijn definitief mislukt; de laatste, {job}: {error}',
      repair:
        'zcv jobs dead noemt ze; als de oorzaak weg is: zcv jobs retry --all, of met --delete om ze te vergeten',
    },
    'workers.alive': {
      message: '{count} processen voeren taken uit, laatst gehoord om {at}; aan de beurt: {due}',
      repair: null,
    },
    'workers.idle': {
      message: 'Er voert nu geen proces taken uit, en geen taak is aan de beurt',
      repair: null,
    },
    'workers.none': {
      message: '{due} taken zijn aan de beurt en geen proces voert ze uit',
      repair: 'Start zcv serve; naast zcv serve --no-jobs, start zcv worker',
    },
    'mail.off': { message: 'Er wordt geen mail verzonden: SMTP_URL is niet gezet', repair: null },
    'mail.no_server': {
      message: 'Er zijn {recipients} ontvangers genoemd en geen mailserver: er wordt niets verzonden',
      repair: 'Zet SMTP_URL',
    },
    'mail.unsent': { message: 'Mail kan niet worden verzonden ({problem})', repair: '{repair}' },
    'mail.heard': {
      message: 'De mailserver aanvaardt onze aanmelding; ontvangers: {recipients}',
      repair: null,
    },
    'mail.unheard': {
      message: 'De mailserver aanvaardt onze aanmelding, maar niemand hoort van meldingen',
      repair: 'zcv mail recipients add ADDRESS --connection {connection}',
    },
    'alerts.none': { message: 'Er wacht niets op u', repair: null },
    'alerts.open': { message: 'Sinds {at}: {title}', repair: '{todo}' },
    'refusals.none': { message: 'Zoho weigert niets van wat wij schrijven', repair: null },
    'refusals.some': {
      message: 'Door Zoho geweigerd en sindsdien niet aangenomen: {counts}',
      repair: '{repairs}',
    },
  },
  phrases: {
    and: ' en ',
    newest_backup: 'de nieuwste, {file}, is van {at}',
    no_backup: 'er is nog geen back-up gemaakt',
    reconnect_with_scopes: 'Koppel opnieuw met alle rechten van docs/scopes.md',
    reconnect: 'Koppel opnieuw: zcv connect --grant-code …, met een nieuwe code van de API-console',
    wait_until: 'Wacht tot {at}',
    try_again: 'Probeer het over enkele minuten opnieuw',
    read_message: 'Lees de melding; de documentatie noemt de code van Zoho',
    scope: '{scope} ({breaks})',
    scope_needed: '{scope} (nodig)',
    paused_ours: 'het noemt een veld dat wij zelf schrijven',
    paused_missing: 'het veld bestaat niet',
    paused_removed: 'het veld is verwijderd',
    paused_renamed: 'de API-naam is gewijzigd',
    paused_retyped: 'het type past niet meer bij de waarde',
    paused_hidden: 'de verbonden gebruiker mag het niet zien',
    paused_refused: 'Zoho weigert het aan de verbonden gebruiker',
    paused_option_gone: 'een van onze opties is weg',
    unread_record: '{module} {id} ({reason})',
    imported: '{amount} {currency} in {lines} regels',
    invoices: 'facturen',
    orders: 'orders',
    unknown_option: '{setting}: ‘{word}’ is geen optie van de organisatie[; bedoelde u {near}?]',
    no_owner:
      '{setting}: {email} is geen gebruiker van de organisatie, de taken gaan naar de eigenaar van het record',
    inactive_owner:
      '{setting}: {email} is geen actieve gebruiker van de organisatie, de taken gaan naar de eigenaar van het record',
    no_escalation:
      '{setting}: {email} is geen gebruiker van de organisatie, de taken blijven bij hun eigenaar',
    inactive_escalation:
      '{setting}: {email} is geen actieve gebruiker van de organisatie, de taken blijven bij hun eigenaar',
    not_heard: 'nog niet',
    credit_account:
      '{spent} van {ceiling} credits verbruikt in de laatste 24 uur ({percent} % van wat de editie {edition} heeft)[; Zoho zei om {at}: nog {left}]',
    or_more: '{count} of meer',
    no_reason: 'geen reden bekend',
    mail_no_sender: 'Noem een afzender in notify.yaml, mail.from, bijv. Klantwaarde <waarde@firma.test>',
    mail_log_in: 'De mailserver weigert de aanmelding: verbeter gebruiker en wachtwoord in SMTP_URL',
    mail_name: 'De naam van de mailserver is onbekend: verbeter SMTP_URL',
    mail_encryption:
      'De mailserver biedt geen versleuteling die wij aannemen: gebruik zijn poort voor STARTTLS (587) of smtps:// (465)',
    mail_unreached:
      'Zie erop toe dat SMTP_URL de juiste server en poort noemt en dat deze machine hem mag bereiken',
    refusal: '{code}: {repair}',
  },
};
