/** What is told of leads, in every language: the tables of a language take their part from here. */

const en = {
  reasons: {
    'lead.closed': 'Closed with the status {status}: there is nothing to follow up.',
    'lead.follow_up.first':
      'Came in on {created:day}; the first follow-up is due by {by:day} ({days:n_days}).',
    'lead.follow_up.next': 'Last follow-up {last:day}; the next is due by {by:day} ({days:n_days}).',
    'lead.rhythm.rating': 'The rhythm is that of the rating {rating}.',
    'lead.rhythm.source': 'The rhythm is that of the source {source}.',
    'lead.rhythm.slowed':
      'Attempts without an answer: {attempts:number}. The rhythm is slowed to {days:n_days}.',
    'lead.value.no_source': 'No source is noted: all leads count alike.',
    'lead.value.became':
      '{became:number} of {leads:number} leads from {source} became customers that bought; converted: {converted:number}. Counted are leads at least {days:n_days} old.',
    'lead.value.no_leads': 'No lead from {source} is {days:n_days} old yet.',
    'lead.value.customers':
      'Customers from {source} that bought: {buyers:number}; mean profit of 12 months {mean:money}.',
    'lead.value.no_customers': 'No customer from {source} that bought is known.',
    'lead.value.all':
      'All sources: {became:number} of {leads:number} leads became customers; mean profit of {buyers:n_customers} {mean:money}.',
    'lead.value.expected':
      'Expected value {value:money2} = chance of {percent} % × profit of {mean:money2}, each drawn towards all sources as by {weight:number} more.',
    'lead.value.none.no_history':
      'No expected value: no lead is {days:n_days} old yet, so none can tell how many become customers.',
    'lead.value.none.nobody_became':
      'No expected value: of {leads:number} leads (converted: {converted:number}) none is known to have become a customer that bought.',
    'lead.value.none.no_buyers': 'No expected value: no customer is known whose profit could be counted.',
  },
  follow_up: { on_time: 'On time', due: 'Due', overdue: 'Overdue' },
  page: {
    facts: '[Source: {source}. ][Rating: {rating}. ][Status: {status}. ]Came in on {createdDay:day}.',
    follow_up: 'Follow-up',
    closed: 'closed',
    value: 'Expected value',
    unknown: 'not known',
  },
} as const;

type LeadTexts = {
  readonly [Section in keyof typeof en]: { readonly [Key in keyof (typeof en)[Section]]: string };
};

const nl: LeadTexts = {
  reasons: {
    'lead.closed': 'Afgesloten met de status {status}: er valt niets op te volgen.',
    'lead.follow_up.first':
      'Binnengekomen op {created:day}; eerste opvolging uiterlijk {by:day} ({days:n_days}).',
    'lead.follow_up.next': 'Laatste opvolging {last:day}; de volgende uiterlijk {by:day} ({days:n_days}).',
    'lead.rhythm.rating': 'Het ritme is dat van de beoordeling {rating}.',
    'lead.rhythm.source': 'Het ritme is dat van de bron {source}.',
    'lead.rhythm.slowed':
      'Pogingen zonder antwoord: {attempts:number}. Het ritme is vertraagd tot {days:n_days}.',
    'lead.value.no_source': 'Er is geen bron genoteerd: alle leads tellen gelijk.',
    'lead.value.became':
      '{became:number} van {leads:number} leads uit {source} werden klant en kochten; geconverteerd: {converted:number}. Geteld zijn leads van minstens {days:n_days} oud.',
    'lead.value.no_leads': 'Nog geen lead uit {source} is {days:n_days} oud.',
    'lead.value.customers':
      'Klanten uit {source} die kochten: {buyers:number}; gemiddelde winst in 12 maanden {mean:money}.',
    'lead.value.no_customers': 'Er is geen klant uit {source} bekend die kocht.',
    'lead.value.all':
      'Alle bronnen: {became:number} van {leads:number} leads werden klant; gemiddelde winst van {buyers:n_customers} {mean:money}.',
    'lead.value.expected':
      'Verwachte waarde {value:money2} = kans van {percent} % × winst van {mean:money2}, elk naar alle bronnen toe getrokken met het gewicht van {weight:number}.',
    'lead.value.none.no_history':
      'Geen verwachte waarde: nog geen lead is {days:n_days} oud, dus is niet te zeggen hoeveel er klant worden.',
    'lead.value.none.nobody_became':
      'Geen verwachte waarde: van {leads:number} leads (geconverteerd: {converted:number}) is er geen bekend die klant werd en kocht.',
    'lead.value.none.no_buyers': 'Geen verwachte waarde: er is geen klant bekend van wie de winst telt.',
  },
  follow_up: { on_time: 'Op tijd', due: 'Aan de beurt', overdue: 'Te laat' },
  page: {
    facts:
      '[Bron: {source}. ][Beoordeling: {rating}. ][Status: {status}. ]Binnengekomen op {createdDay:day}.',
    follow_up: 'Opvolging',
    closed: 'afgesloten',
    value: 'Verwachte waarde',
    unknown: 'niet bekend',
  },
};

const pl: LeadTexts = {
  reasons: {
    'lead.closed': 'Zamknięty ze statusem {status}: nie ma czego kontynuować.',
    'lead.follow_up.first': 'Wpłynął {created:day}; pierwszy kontakt najpóźniej {by:day} ({days:n_days}).',
    'lead.follow_up.next':
      'Ostatnia próba kontaktu {last:day}; następna najpóźniej {by:day} ({days:n_days}).',
    'lead.rhythm.rating': 'Rytm wynika z oceny {rating}.',
    'lead.rhythm.source': 'Rytm wynika ze źródła {source}.',
    'lead.rhythm.slowed':
      'Próby bez odpowiedzi: {attempts:number}. Rytm wydłużono; kolejny kontakt co {days:n_days}.',
    'lead.value.no_source': 'Nie podano źródła: wszystkie leady liczą się jednakowo.',
    'lead.value.became':
      'Leady ze źródła {source}: {became:number} z {leads:number} to dziś klienci, którzy kupili; przekonwertowane: {converted:number}. Liczą się leady mające co najmniej {days:n_days}.',
    'lead.value.no_leads': 'Żaden lead ze źródła {source} nie ma jeszcze {days:n_days}.',
    'lead.value.customers':
      'Klienci ze źródła {source}, którzy kupili: {buyers:number}; średni zysk z 12 miesięcy {mean:money}.',
    'lead.value.no_customers': 'Nie jest znany żaden klient ze źródła {source}, który kupił.',
    'lead.value.all':
      'Wszystkie źródła: {became:number} z {leads:number} leadów to dziś klienci; średni zysk z {buyers:n_customers} {mean:money}.',
    'lead.value.expected':
      'Oczekiwana wartość {value:money2} = szansa {percent} % × zysk {mean:money2}; oba przybliżone do wszystkich źródeł z wagą {weight:number}.',
    'lead.value.none.no_history':
      'Brak oczekiwanej wartości: żaden lead nie ma jeszcze {days:n_days}, więc nie wiadomo, ile z nich zostaje klientami.',
    'lead.value.none.nobody_became':
      'Brak oczekiwanej wartości: leady: {leads:number}, w tym przekonwertowane: {converted:number}; nie wiadomo o żadnym, który został klientem i kupił.',
    'lead.value.none.no_buyers':
      'Brak oczekiwanej wartości: nie jest znany żaden klient, którego zysk można policzyć.',
  },
  follow_up: { on_time: 'W terminie', due: 'Termin dziś', overdue: 'Po terminie' },
  page: {
    facts: '[Źródło: {source}. ][Ocena: {rating}. ][Status: {status}. ]Wpłynął {createdDay:day}.',
    follow_up: 'Dalszy kontakt',
    closed: 'zamknięty',
    value: 'Oczekiwana wartość',
    unknown: 'nieznana',
  },
};

const da: LeadTexts = {
  reasons: {
    'lead.closed': 'Afsluttet med status {status}: der er intet at følge op på.',
    'lead.follow_up.first': 'Kom ind den {created:day}; første opfølgning senest {by:day} ({days:n_days}).',
    'lead.follow_up.next': 'Seneste opfølgning {last:day}; den næste senest {by:day} ({days:n_days}).',
    'lead.rhythm.rating': 'Rytmen er den for vurderingen {rating}.',
    'lead.rhythm.source': 'Rytmen er den for kilden {source}.',
    'lead.rhythm.slowed': 'Forsøg uden svar: {attempts:number}. Rytmen er sat ned til {days:n_days}.',
    'lead.value.no_source': 'Der er ikke noteret nogen kilde: alle leads tæller ens.',
    'lead.value.became':
      '{became:number} af {leads:number} leads fra {source} blev kunder, der købte; konverteret: {converted:number}. Leads på mindst {days:n_days} er talt med.',
    'lead.value.no_leads': 'Intet lead fra {source} er {days:n_days} gammelt endnu.',
    'lead.value.customers':
      'Kunder fra {source}, der købte: {buyers:number}; gennemsnitlig fortjeneste i 12 måneder {mean:money}.',
    'lead.value.no_customers': 'Der kendes ingen kunde fra {source}, der købte.',
    'lead.value.all':
      'Alle kilder: {became:number} af {leads:number} leads blev kunder; gennemsnitlig fortjeneste for {buyers:n_customers} {mean:money}.',
    'lead.value.expected':
      'Forventet værdi {value:money2} = chance på {percent} % × fortjeneste på {mean:money2}, begge trukket mod alle kilder med vægten {weight:number}.',
    'lead.value.none.no_history':
      'Ingen forventet værdi: intet lead er {days:n_days} gammelt endnu, så ingen kan sige, hvor mange der bliver kunder.',
    'lead.value.none.nobody_became':
      'Ingen forventet værdi: af {leads:number} leads (konverteret: {converted:number}) vides intet at være blevet en kunde, der købte.',
    'lead.value.none.no_buyers':
      'Ingen forventet værdi: der kendes ingen kunde, hvis fortjeneste kan tælles.',
  },
  follow_up: { on_time: 'Til tiden', due: 'Forfalder i dag', overdue: 'Overskredet' },
  page: {
    facts: '[Kilde: {source}. ][Vurdering: {rating}. ][Status: {status}. ]Kom ind den {createdDay:day}.',
    follow_up: 'Opfølgning',
    closed: 'afsluttet',
    value: 'Forventet værdi',
    unknown: 'ukendt',
  },
};

export const LEADS = { en, nl, pl, da } as const;
