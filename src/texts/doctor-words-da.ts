import type { DoctorWords } from './doctor-words.ts';

const FIELDS_AGAIN = 'zcv fields apply --yes';
const MARGIN_REPAIR =
  'Angiv money.defaultMarginPercent i scoring.yaml, eller tilknyt omkostningen i fields.yaml';

export const DOCTOR_DA: DoctorWords = {
  findings: {
    'database.not_in_force': {
      message: '{why}',
      repair: 'Gør, hvad meddelelsen siger (docs/backup.md); intet kører før da',
    },
    'database.answers': { message: 'Databasen svarer; forbindelser: {connections}', repair: null },
    'backup.failed': {
      message: 'Den seneste sikkerhedskopi mislykkedes ({why}); {newest}',
      repair: 'Kør zcv backup, og læs, hvad den siger; se på BACKUP_DIR, dens frie plads og dens ejer',
    },
    'backup.old': {
      message: 'Ingen sikkerhedskopi i {days} dage: {newest}',
      repair: 'Lad zcv serve eller en worker køre: jobbet backup laver en hver nat (zcv schedule)',
    },
    'backup.nightly': { message: 'Der laves sikkerhedskopi hver nat; {newest}', repair: null },
    'backup.off': {
      message: 'Der laves ikke sikkerhedskopi af sig selv (BACKUP_DIR); {newest}',
      repair: null,
    },
    'config.broken': {
      message: 'Denne forbindelses indstillinger kan ikke bruges: {problems}',
      repair:
        'Ret den nævnte fil, eller gå tilbage til en gemt version: zcv settings rollback; intet kører før da',
    },
    'config.currency': {
      message: 'Indstillingerne nævner beløb i {foreign}; organisationens egen valuta er {home}',
      repair: 'Skriv beløbene i scoring.yaml i {home}',
    },
    'config.valid': { message: 'Miljø og indstillinger er gyldige', repair: null },
    'connection.none': {
      message: 'Ingen organisation er forbundet endnu',
      repair: 'zcv connect --grant-code …, eller zcv demo for at se sig om uden Zoho',
    },
    'zoho.unchecked': { message: 'Ikke kontrolleret: Zoho gav ingen adgang', repair: '{repair}' },
    'zoho.error': { message: '{error}', repair: '{repair}' },
    'token.good': { message: 'Zoho godtager tokenet for bruger {user}', repair: null },
    'clock.unknown': { message: 'Zoho sendte ingen tid at sammenligne med', repair: null },
    'clock.agrees': { message: 'Dette ur og Zohos stemmer overens', repair: null },
    'clock.off': {
      message: 'Dette ur er {seconds} sekunder fra Zohos',
      repair: 'Stil maskinens ur med NTP',
    },
    'scopes.granted': { message: 'Alle tilladelser er givet', repair: null },
    'scopes.missing': {
      message: 'Tilladelser, der ikke er givet: {scopes}',
      repair:
        'Lav en kode med alle tilladelser i docs/scopes.md, og kør så: zcv connect --name {connection} --grant-code …',
    },
    'module.read': { message: '{module} kan læses', repair: null },
    'module.essential': {
      message: '{module}: {problem}',
      repair: 'Lad en administrator give den forbundne bruger dette modul, eller forbind som administrator',
    },
    'module.optional': {
      message: '{module}: {problem}',
      repair: 'Vurderingen går videre uden det; en administrator kan give den forbundne bruger modulet',
    },
    'history.off': {
      message: 'Fasernes historik læses ikke: stageHistory er off',
      repair: null,
    },
    'history.read': {
      message: 'Fasernes historik fortæller, hvornår handler blev vundet og tabt',
      repair: null,
    },
    'history.unread': {
      message: 'Fasernes historik kan ikke læses ({problem}): slutdatoer gælder i stedet',
      repair:
        'Lad en administrator vise den forbundne bruger {module}, eller sæt stageHistory: off i fields.yaml',
    },
    'fields.none': { message: 'Ingen af vores felter er oprettet i organisationen', repair: FIELDS_AGAIN },
    'fields.gone': {
      message: 'Felter, der er fjernet i Zoho: {fields}; de udelades, de andre skrives',
      repair: FIELDS_AGAIN,
    },
    'fields.all': { message: 'Alle vores {count} felter er der', repair: null },
    'fields.lacking': {
      message: 'Ikke oprettet: {fields}; de andre {count} felter skrives',
      repair: FIELDS_AGAIN,
    },
    'fields.full': {
      message:
        'Ikke oprettet: {fields}; de andre {count} felter skrives. {modules} har brugt udgavens {limit} egne felter',
      repair: `Slet egne felter i Zoho, som ingen bruger, og kør så: ${FIELDS_AGAIN}`,
    },
    'costs.no_field': {
      message: 'Deals har intet felt {fields}, som mapping.deals i fields.yaml nævner; resten går videre',
      repair: 'Ret mapping.deals i fields.yaml',
    },
    'costs.read': { message: 'Handlers omkostninger læses fra {field}', repair: null },
    'margin.set': {
      message: 'Ingen handel angiver sin omkostning: der regnes med en margin på {percent} %',
      repair: null,
    },
    'margin.default': {
      message:
        'Ingen handel angiver sin omkostning: der regnes med en margin på {percent} %, en standard, som ingen har bekræftet',
      repair: MARGIN_REPAIR,
    },
    'margin.default_rest': {
      message:
        'Handler uden en værdi i {field} angiver ikke deres omkostning: der regnes med en margin på {percent} %, en standard, som ingen har bekræftet',
      repair: MARGIN_REPAIR,
    },
    'currency.home': { message: 'Alle beløb er i {home}', repair: null },
    'currency.known': { message: 'Beløb i fremmed valuta: {direction} med handlens kurs', repair: null },
    'currency.none': {
      message: 'Organisationen har flere valutaer, og ingen handel i andet end {home}',
      repair: null,
    },
    'currency.withheld': {
      message:
        'Beløb i fremmed valuta holdes tilbage: det vides ikke, hvordan kursen virker. “{name}”, {amount} {currency} til {rate}, ville være divide: {divided} {home} eller multiply: {multiplied} {home}',
      repair: 'Sæt currency.rateDirection i scoring.yaml til den måde, der giver det rigtige beløb',
    },
    'mappings.read': { message: 'Alle tilknyttede felter kan læses', repair: null },
    'mappings.paused': {
      message:
        '{module}.{field} er sat på pause[ siden {since}] ({reason}): hvad der er læst, bliver, resten går videre',
      repair: 'I Zoho eller i fields.yaml: {repair}; næste synkronisering tager det op igen',
    },
    'set_aside.none': { message: 'Alle poster, Zoho gav, kunne læses', repair: null },
    'set_aside.some': {
      message: 'Poster lagt til side, fordi en værdi ikke kan læses: {records}[ og {more} mere]',
      repair: 'Ret disse værdier i Zoho; næste synkronisering læser posterne igen',
    },
    'purchases.deals': {
      message: 'Køb er vundne handler, og intet importeret tæller dobbelt',
      repair: null,
    },
    'purchases.twice': {
      message:
        'Importerede fakturaer uden deal_id står ved siden af vundne handler: {sums}; den samme handel kan tælle dobbelt',
      repair:
        'Udfyld deal_id i filen, eller sæt purchase.from: imports i scoring.yaml, så handler ikke er køb (docs/imports.md)',
    },
    'purchases.imports': { message: 'Køb er importerede dokumenter; filer: {files}', repair: null },
    'purchases.no_imports': {
      message: 'Køb er importerede dokumenter, og ingen er importeret: ingen kunde har et køb',
      repair: 'zcv purchases import FILE, eller sæt purchase.from: deals i scoring.yaml',
    },
    'purchases.crm': { message: 'Køb er CRM-systemets {documents}', repair: null },
    'purchases.crm_and_imports': {
      message:
        'Køb er CRM-systemets {documents}, og importerede dokumenter tæller ved siden af (filer: {files})',
      repair: 'Fjern, hvad CRM-systemet også har (zcv purchases list), eller sæt purchase.from: imports',
    },
    'options.known': {
      message: 'De valgmuligheder, indstillingerne nævner, findes i organisationen',
      repair: null,
    },
    'options.unknown': {
      message: '{named}',
      repair: 'Nævn dem i scoring.yaml, som organisationen viser dem, f.eks. {options}',
    },
    'owners.nobody': {
      message: 'Drejebogens regler nævner ingen ved e-mailadresse',
      repair: null,
    },
    'owners.unread': {
      message: 'Organisationens brugere er ikke læst endnu; zcv sync læser dem',
      repair: null,
    },
    'owners.active': {
      message: 'De, som drejebogens regler nævner, er aktive brugere',
      repair: null,
    },
    'owners.wrong': {
      message: '{wrong}',
      repair:
        'Nævn en aktiv bruger af CRM i playbook.yaml; hvem der lige er tilføjet eller aktiveret, kendes efter zcv sync',
    },
    'channels.none': {
      message: 'Ingen PUBLIC_URL, så Zoho kan ikke give os besked: ændringer findes ved læsning',
      repair: null,
    },
    'channels.not_yet': {
      message: 'Zoho giver os endnu ingen besked: ændringer findes ved læsning',
      repair: 'Lad zcv serve køre med PUBLIC_URL; den åbner kanalen',
    },
    'channels.refused': {
      message: 'Ændringer i {module} findes ved læsning: {why}',
      repair: 'Lad den forbundne bruger se {module}, eller tag det ud af notifications.modules i fields.yaml',
    },
    'channels.unheard': {
      message:
        'Kanal {channel} for {events} gav ikke besked om {changes} ændringer, som synkroniseringer fandt',
      repair: 'zcv channels test siger, hvad der er galt',
    },
    'channels.alive': {
      message: 'Kanal {channel} for {events} lever til {until}, sidst hørt: {heard}',
      repair: null,
    },
    'channels.ended': {
      message: 'Kanal {channel} for {events} sluttede {until}',
      repair: 'Lad zcv serve køre: den åbner kanalen igen og læser, hvad der blev overset',
    },
    'credits.enough': { message: '{account}', repair: null },
    'credits.scarce': {
      message: '{account}',
      repair: 'Credits kommer tilbage 24 timer efter brug; eller hæv credits.ceilingPercent i fields.yaml',
    },
    'credits.parked': {
      message: '{account}. Ingen kald før {until}: {why}',
      repair: 'Vent; arbejdet går da videre af sig selv. Eller hæv credits.ceilingPercent i fields.yaml',
    },
    'credits.parked_by_zoho': {
      message: '{account}. Ingen kald før {until}: {why}',
      repair:
        'Vent; arbejdet går da videre af sig selv. Se i Zoho, Setup > Developer Hub > APIs & SDKs, hvem der bruger credits',
    },
    'jobs.fine': { message: 'Intet job er mislykket for altid', repair: null },
    'jobs.dead': {
      message: '{count} job er mislykket for altid; det seneste, {job}: {error}',
      repair:
        'zcv jobs dead viser dem; når årsagen er rettet: zcv jobs retry --all, eller med --delete for at glemme dem',
    },
    'workers.alive': {
      message: '{count} processer kører job, sidst hørt fra {at}; på tur: {due}',
      repair: null,
    },
    'workers.idle': { message: 'Ingen proces kører job nu, og intet job er på tur', repair: null },
    'workers.none': {
      message: '{due} job er på tur, og ingen proces kører dem',
      repair: 'Start zcv serve; ved siden af zcv serve --no-jobs, start zcv worker',
    },
    'mail.off': { message: 'Der sendes ingen mail: SMTP_URL er ikke sat', repair: null },
    'mail.no_server': {
      message: '{recipients} modtagere er nævnt, og ingen mailserver: intet sendes',
      repair: 'Sæt SMTP_URL',
    },
    'mail.unsent': { message: 'Mail kan ikke sendes ({problem})', repair: '{repair}' },
    'mail.heard': {
      message: 'Mailserveren godtager vores login; modtagere: {recipients}',
      repair: null,
    },
    'mail.unheard': {
      message: 'Mailserveren godtager vores login, men ingen får besked om advarsler',
      repair: 'zcv mail recipients add ADDRESS --connection {connection}',
    },
    'alerts.none': { message: 'Intet venter på dig', repair: null },
    'alerts.open': { message: 'Siden {at}: {title}', repair: '{todo}' },
    'refusals.none': { message: 'Zoho afviser intet af det, vi skriver', repair: null },
    'refusals.some': {
      message: 'Zoho har afvist og siden ikke taget imod: {counts}',
      repair: '{repairs}',
    },
  },
  phrases: {
    and: ' og ',
    newest_backup: 'den nyeste, {file}, er fra {at}',
    no_backup: 'der er endnu ikke lavet nogen sikkerhedskopi',
    reconnect_with_scopes: 'Forbind igen med alle tilladelser i docs/scopes.md',
    reconnect: 'Forbind igen: zcv connect --grant-code …, med en ny kode fra API-konsollen',
    wait_until: 'Vent til {at}',
    try_again: 'Prøv igen om nogle minutter',
    read_message: 'Læs meddelelsen; dokumentationen forklarer Zohos kode',
    scope: '{scope} ({breaks})',
    scope_needed: '{scope} (nødvendig)',
    paused_ours: 'det nævner et felt, som vi selv skriver',
    paused_missing: 'feltet findes ikke',
    paused_removed: 'feltet er fjernet',
    paused_renamed: 'API-navnet er ændret',
    paused_retyped: 'typen passer ikke længere til værdien',
    paused_hidden: 'den forbundne bruger må ikke se det',
    paused_refused: 'Zoho nægter den forbundne bruger det',
    paused_option_gone: 'en af vores valgmuligheder er væk',
    unread_record: '{module} {id} ({reason})',
    imported: '{amount} {currency} i {lines} linjer',
    invoices: 'fakturaer',
    orders: 'ordrer',
    unknown_option: '{setting}: “{word}” er ingen valgmulighed i organisationen[; mente du {near}?]',
    no_owner: '{setting}: {email} er ikke bruger i organisationen, opgaverne går til postens ejer',
    inactive_owner:
      '{setting}: {email} er ikke aktiv bruger i organisationen, opgaverne går til postens ejer',
    no_escalation: '{setting}: {email} er ikke bruger i organisationen, opgaverne bliver hos deres ejer',
    inactive_escalation:
      '{setting}: {email} er ikke aktiv bruger i organisationen, opgaverne bliver hos deres ejer',
    not_heard: 'endnu ikke',
    credit_account:
      '{spent} af {ceiling} credits brugt de sidste 24 timer ({percent} % af, hvad udgaven {edition} har)[; Zoho sagde {at}: {left} tilbage]',
    or_more: '{count} eller flere',
    no_reason: 'ingen kendt årsag',
    mail_no_sender: 'Nævn en afsender i notify.yaml, mail.from, f.eks. Kundeværdi <vaerdi@firma.test>',
    mail_log_in: 'Mailserveren afviser login: ret bruger og adgangskode i SMTP_URL',
    mail_name: 'Mailserverens navn er ukendt: ret SMTP_URL',
    mail_encryption:
      'Mailserveren tilbyder ingen kryptering, som vi tager: brug dens port til STARTTLS (587) eller smtps:// (465)',
    mail_unreached: 'Se efter, at SMTP_URL nævner den rigtige server og port, og at denne maskine må nå den',
    refusal: '{code}: {repair}',
  },
};
