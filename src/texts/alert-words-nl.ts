import type { AlertWords } from './alert-words.ts';

export const ALERTS_NL: AlertWords = {
  alerts: {
    connection_lost: {
      title: 'Zoho aanvaardt onze toegang tot {org} niet meer; er wordt niets gelezen of geschreven',
      todo: 'Koppel opnieuw: open /connect, of voer zcv connect --name {connection} uit met een nieuwe code van de API-console',
    },
    owner_left: {
      title: 'De Zoho-gebruiker {user}, namens wie {org} gekoppeld is, is niet meer actief',
      todo: 'Koppel de organisatie opnieuw als een gebruiker die blijft: zcv connect --name {connection}',
    },
    no_good_run: {
      title: 'Sinds {since} is geen run goed geëindigd; {missed:number} geplande runs zijn gemist',
      todo: 'Kijk waarom de laatste mislukte: zcv doctor --connection {connection}, en start hem daarna zelf: zcv run',
    },
    channel_expiring: {
      title: '[Zoho waarschuwt ons nog maar tot {ends}][Zoho heeft ons sinds {ended} niets meer gemeld]',
      todo: 'Zorg dat zcv serve draait en dat PUBLIC_URL van buiten bereikbaar is; tot dan vindt de sync van elk uur de wijzigingen',
    },
    channels_failing: {
      title: 'De meldingen van Zoho konden niet worden verlengd[: {modules}]',
      todo: 'Intussen worden wijzigingen door navragen gevonden. Bekijk zcv channels test; ontbreekt een scope, koppel dan opnieuw met alle scopes van docs/scopes.md',
    },
    webhook_gap: {
      title:
        'De vergelijking met Zoho vond wijzigingen die niemand ons meldde: {missed:number}[ ({modules})]',
      todo: 'Ze zijn hersteld. Gebeurt het vaker, bekijk dan de kanalen: zcv doctor --connection {connection}',
    },
    credits_low: {
      title:
        'API-credits raken op: {spent:number} van {ceiling:number} verbruikt in 24 uur[, in dit tempo {forecast:number}][; geen aanroepen vóór {until}]',
      todo: 'Het werk gaat vanzelf verder als credits terugkomen. Of verhoog credits.ceilingPercent in fields.yaml, of kijk in Zoho wie ze nog meer verbruikt (Setup > Developer Hub > APIs & SDKs)',
    },
    writes_refused: {
      title:
        'Zoho weigerde {percent:number} % van de laatste wijzigingen: {rejected:number} van {tried:number} ({codes})',
      todo: 'Herstel wat de codes zeggen (docs/alerts.md, zcv doctor --connection {connection}), daarna: zcv retry-failed {run}',
    },
    plan_held: {
      title: 'Plan {planId} wacht en er is niets geschreven: {reason}',
      todo: 'Bekijk het met zcv plan --diff, daarna: zcv plan approve {planId}, of zcv plan reject {planId}',
    },
    canary_stopped: {
      title:
        'De eerste [{records:number} ]records van plan {planId} bleven niet staan zoals ze geschreven waren; de rest wacht',
      todo: 'Bekijk die records in Zoho, daarna: zcv plan approve {planId}, of zcv plan reject {planId}',
    },
    undone: {
      title: 'Een run is teruggedraaid; er wordt niets geschreven tot een plan is goedgekeurd',
      todo: 'Bekijk het volgende plan met zcv plan --diff, daarna: zcv plan approve ID',
    },
    schema_drift: {
      title: 'Velden die wij gebruiken zijn in Zoho veranderd en worden niet gelezen of geschreven: {fields}',
      todo: 'Voer zcv doctor --connection {connection} uit: dat zegt per veld wat er gebeurd is en hoe het te herstellen',
    },
    fields_full: {
      title: 'De organisatie heeft geen ruimte voor al onze velden; niet gemaakt: {left:number}[ ({fields})]',
      todo: 'Verwijder eigen velden die niemand gebruikt, daarna: zcv fields apply; of beperk u tot minder van onze velden: zcv fields apply --set essential, of --max AANTAL',
    },
    unmatched_money: {
      title: '{percent:number} % van het geld van gewonnen deals en facturen hoort bij geen klant',
      todo: 'Voer zcv assess --connection {connection} uit: dat noemt ze; geef die deals in Zoho een account of contact',
    },
    currency_rate_missing: {
      title:
        'Bedragen in vreemde valuta blijven buiten beschouwing omdat hun koers onbekend is: {records:number}',
      todo: 'Stel currency.rateDirection in scoring.yaml in (zcv doctor toont een deal op beide manieren), en koersen in Zoho (Setup > Company Settings > Currencies)',
    },
    time_data_stopped: {
      title: 'Sinds {since} heeft niemand werktijden ingevuld; de servicekosten zijn onvolledig',
      todo: 'Vraag mensen Minutes Spent weer in te vullen, of haal perHour uit scoring.yaml als er geen tijden meer worden bijgehouden',
    },
    model_worse: {
      title:
        'Op oude gegevens was de voorspelling slechter dan een eenvoudige regel ({model:count} aankopen per klant ernaast, de regel {simple:count})',
      todo: 'Er is niets stuk: wees voorzichtig met verwachte winsten; zcv explain toont waarop ze rusten',
    },
    fields_edited: {
      title: 'Mensen hebben velden gewijzigd die wij vullen: {fields:number}',
      todo: 'zcv plan --diff noemt ze; wat ermee gebeurt is writeBack.onEdit in fields.yaml',
    },
    settings_broken: {
      title: 'De instellingen van {connection} zijn onbruikbaar[: {name}]; de laatste goede blijven gelden',
      todo: 'Herstel ze: zcv settings validate --connection {connection} noemt bestand en regel',
    },
    update_pending: {
      title: 'De database en deze versie passen niet bij elkaar: {migrations}',
      todo: 'Start alle servers en workers met de nieuwste versie',
    },
    backup_missing: {
      title: 'Er is geen back-up gelukt[ sinds {since}][: {why}]',
      todo: 'zcv backup toont wat er mis is; kijk naar BACKUP_DIR, de vrije ruimte en de eigenaar ervan',
    },
    endpoint_disabled: {
      title: 'Er worden geen gebeurtenissen meer gestuurd naar endpoint {endpoint} ({why})',
      todo: 'Herstel de ontvanger, daarna: zcv events enable {endpoint}; zcv events log toont wat verloren ging en zcv events resend stuurt het opnieuw',
    },
    mail_failed: {
      title: 'Berichten konden niet worden verstuurd: {messages:number}[ ({why})]',
      todo: 'Test de mailserver met zcv mail test --to ADRES, en herstel SMTP_URL of het adres: zcv mail recipients',
    },
  },
  held: {
    undone: 'een eerdere run is teruggedraaid',
    tier_changes: 'te veel klanten zouden van klasse veranderen',
    profit_leaps: 'winsten springen te ver',
    new_tasks: 'te veel nieuwe taken',
    partial_sync: 'een module kon niet helemaal worden gelezen',
    credits: 'het kost meer API-credits dan mag',
  },
  severity: { info: 'Ter info', warning: 'Waarschuwing', critical: 'Kritiek' },
  change: { opened: 'Nieuw', worsened: 'Erger', recovered: 'Voorbij' },
  since: 'sinds {since}',
  look: 'Meer: {link}',
  stop: 'Zulke berichten niet meer ontvangen: {link}',
  askToStop: 'Wilt u zulke berichten niet meer ontvangen, vraag het dan de beheerder van deze dienst.',
};
