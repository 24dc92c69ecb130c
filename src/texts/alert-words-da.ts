import type { AlertWords } from './alert-words.ts';

export const ALERTS_DA: AlertWords = {
  alerts: {
    connection_lost: {
      title: 'Zoho accepterer ikke længere vores adgang til {org}; intet læses eller skrives',
      todo: 'Forbind igen: åbn /connect, eller kør zcv connect --name {connection} med en ny kode fra API-konsollen',
    },
    owner_left: {
      title: 'Zoho-brugeren {user}, i hvis navn {org} er forbundet, er ikke længere aktiv',
      todo: 'Forbind organisationen igen som en bruger, der bliver: zcv connect --name {connection}',
    },
    no_good_run: {
      title: 'Ingen kørsel er endt godt siden {since}; {missed:number} planlagte kørsler er gået tabt',
      todo: 'Se hvorfor den sidste fejlede: zcv doctor --connection {connection}, og kør den så selv: zcv run',
    },
    channel_expiring: {
      title: '[Zoho giver os kun besked indtil {ends}][Zoho har ikke givet os besked siden {ended}]',
      todo: 'Sørg for, at zcv serve kører, og at PUBLIC_URL kan nås udefra; indtil da finder synkroniseringen hver time ændringerne',
    },
    channels_failing: {
      title: 'Zohos beskeder kunne ikke fornys[: {modules}]',
      todo: 'Imens findes ændringer ved at spørge. Se på zcv channels test; mangler et scope, så forbind igen med alle scopes i docs/scopes.md',
    },
    webhook_gap: {
      title:
        'Sammenligningen med Zoho fandt ændringer, som ingen fortalte os om: {missed:number}[ ({modules})]',
      todo: 'De er rettet. Sker det igen, så se på kanalerne: zcv doctor --connection {connection}',
    },
    credits_low: {
      title:
        'API-credits slipper op: {spent:number} af {ceiling:number} er brugt på 24 timer[, i dette tempo {forecast:number}][; ingen kald før {until}]',
      todo: 'Arbejdet fortsætter af sig selv, når credits kommer igen. Eller hæv credits.ceilingPercent i fields.yaml, eller se i Zoho, hvem der ellers bruger dem (Setup > Developer Hub > APIs & SDKs)',
    },
    writes_refused: {
      title:
        'Zoho afviste {percent:number} % af de sidste skrivninger: {rejected:number} af {tried:number} ({codes})',
      todo: 'Ret det, koderne siger (docs/alerts.md, zcv doctor --connection {connection}), og derefter: zcv retry-failed {run}',
    },
    plan_held: {
      title: 'Plan {planId} er holdt tilbage, og intet er skrevet: {reason}',
      todo: 'Se på den med zcv plan --diff, og derefter: zcv plan approve {planId} eller zcv plan reject {planId}',
    },
    canary_stopped: {
      title:
        'De første [{records:number} ]poster i plan {planId} blev ikke stående, som de var skrevet; resten venter',
      todo: 'Se på posterne i Zoho, og derefter: zcv plan approve {planId} eller zcv plan reject {planId}',
    },
    undone: {
      title: 'En kørsel er taget tilbage; intet skrives, før en plan er godkendt',
      todo: 'Se på den næste plan med zcv plan --diff, og derefter: zcv plan approve ID',
    },
    schema_drift: {
      title: 'Felter, som vi bruger, er ændret i Zoho og læses eller skrives ikke: {fields}',
      todo: 'Kør zcv doctor --connection {connection}: den siger for hvert felt, hvad der skete, og hvordan det rettes',
    },
    fields_full: {
      title: 'Organisationen har ikke plads til alle vores felter; ikke oprettet: {left:number}[ ({fields})]',
      todo: 'Slet brugerdefinerede felter, som ingen bruger, og derefter: zcv fields apply; eller nøjes med færre af vores: zcv fields apply --set essential eller --max ANTAL',
    },
    unmatched_money: {
      title: '{percent:number} % af pengene i vundne handler og fakturaer hører ikke til nogen kunde',
      todo: 'Kør zcv assess --connection {connection}: den nævner dem; giv handlerne en konto eller kontakt i Zoho',
    },
    currency_rate_missing: {
      title: 'Beløb i fremmed valuta er udeladt, fordi deres kurs ikke kendes: {records:number}',
      todo: 'Sæt currency.rateDirection i scoring.yaml (zcv doctor viser en handel på begge måder), og kurser i Zoho (Setup > Company Settings > Currencies)',
    },
    time_data_stopped: {
      title: 'Ingen har oplyst arbejdstid siden {since}; serviceomkostningerne er ufuldstændige',
      todo: 'Bed folk udfylde Minutes Spent igen, eller fjern perHour i scoring.yaml, hvis tid ikke længere noteres',
    },
    model_worse: {
      title:
        'På gamle data var prognosen dårligere end en enkel regel ({model:count} køb pr. kunde ved siden af, reglen {simple:count})',
      todo: 'Intet er i stykker: vær varsom med forventet fortjeneste; zcv explain viser, hvad den bygger på',
    },
    fields_edited: {
      title: 'Folk har ændret felter, som vi udfylder: {fields:number}',
      todo: 'zcv plan --diff nævner dem; hvad der sker med dem, er writeBack.onEdit i fields.yaml',
    },
    settings_broken: {
      title: 'Indstillingerne for {connection} kan ikke bruges[: {name}]; de sidste gode gælder fortsat',
      todo: 'Ret dem: zcv settings validate --connection {connection} nævner fil og linje',
    },
    update_pending: {
      title: 'Databasen og denne version passer ikke sammen: {migrations}',
      todo: 'Start alle servere og workere med den nyeste version',
    },
    backup_missing: {
      title: 'Ingen sikkerhedskopi er lykkedes[ siden {since}][: {why}]',
      todo: 'zcv backup viser, hvad der er galt; se på BACKUP_DIR, den ledige plads og ejeren',
    },
    endpoint_disabled: {
      title: 'Hændelser sendes ikke længere til endpoint {endpoint} ({why})',
      todo: 'Ret modtageren, og derefter: zcv events enable {endpoint}; zcv events log viser, hvad der gik tabt, og zcv events resend sender det igen',
    },
    mail_failed: {
      title: 'Beskeder kunne ikke sendes: {messages:number}[ ({why})]',
      todo: 'Prøv mailserveren med zcv mail test --to ADRESSE, og ret SMTP_URL eller adressen: zcv mail recipients',
    },
  },
  held: {
    undone: 'en tidligere kørsel er taget tilbage',
    tier_changes: 'for mange kunder ville skifte klasse',
    profit_leaps: 'fortjenesten springer for langt',
    new_tasks: 'for mange nye opgaver',
    partial_sync: 'et modul kunne ikke læses helt',
    credits: 'den koster flere API-credits, end der må bruges',
  },
  severity: { info: 'Til orientering', warning: 'Advarsel', critical: 'Kritisk' },
  change: { opened: 'Ny', worsened: 'Værre', recovered: 'Ovre' },
  since: 'siden {since}',
  look: 'Mere: {link}',
  stop: 'Ikke flere beskeder som denne: {link}',
  askToStop: 'Vil du ikke have flere beskeder som denne, så sig det til den, der driver tjenesten.',
};
