import type { Language } from '../domain.ts';

/** What does not work without a scope, for the page after consent; docs/scopes.md says the same in English. */

type Translated = { readonly [L in Exclude<Language, 'en'>]: string };

const BY_STAGE_NAME: Translated = {
  nl: 'gewonnen en verloren deals worden aan de naam van hun fase herkend',
  pl: 'wygrane i przegrane transakcje rozpoznajemy po nazwie etapu',
  da: 'vundne og tabte handler kendes på navnet af deres fase',
};
const BREAKS: { readonly [scope: string]: Translated } = {
  'ZohoCRM.modules.ALL': {
    nl: 'er kan niets worden gelezen of geschreven',
    pl: 'niczego nie można odczytać ani zapisać',
    da: 'intet kan læses eller skrives',
  },
  'ZohoCRM.settings.fields.ALL': {
    nl: 'velden kunnen niet worden aangemaakt, en een verwijderd veld valt niet op',
    pl: 'nie można tworzyć pól, a usunięcie pola pozostaje niezauważone',
    da: 'felter kan ikke oprettes, og et slettet felt opdages ikke',
  },
  'ZohoCRM.settings.modules.READ': {
    nl: 'een ontbrekende module valt pas op als lezen mislukt',
    pl: 'brak modułu zauważamy dopiero, gdy odczyt się nie powiedzie',
    da: 'et manglende modul opdages først, når læsningen mislykkes',
  },
  'ZohoCRM.settings.layouts.READ': BY_STAGE_NAME,
  'ZohoCRM.settings.pipeline.READ': BY_STAGE_NAME,
  'ZohoCRM.coql.READ': {
    nl: 'wijzigingen kunnen niet worden bijgehouden',
    pl: 'nie można śledzić zmian',
    da: 'ændringer kan ikke følges',
  },
  'ZohoCRM.bulk.READ': {
    nl: 'de eerste keer lezen van een grote organisatie kost zes keer zoveel credits',
    pl: 'pierwszy odczyt dużej organizacji kosztuje sześć razy więcej kredytów',
    da: 'den første læsning af en stor organisation koster seks gange så mange credits',
  },
  'ZohoCRM.notifications.ALL': {
    nl: 'wijzigingen worden pas bij de synchronisatie van elk uur gevonden',
    pl: 'zmiany znajdujemy dopiero przy cogodzinnej synchronizacji',
    da: 'ændringer findes først ved synkroniseringen hver time',
  },
  'ZohoCRM.users.READ': {
    nl: 'herinneringen kunnen bij mensen terechtkomen die weg zijn',
    pl: 'przypomnienia mogą trafić do osób, które odeszły',
    da: 'påmindelser kan gå til folk, der er rejst',
  },
  'ZohoCRM.org.READ': {
    nl: 'koppelen lukt niet',
    pl: 'połączenie nie działa',
    da: 'forbindelsen virker ikke',
  },
};

/** `english` for a scope that has no translation. */
export function scopeBreaks(language: Language, scope: string, english: string): string {
  return language === 'en' ? english : (BREAKS[scope]?.[language] ?? english);
}
