import type { Language } from '../domain.ts';

/** The page on which a reader stops mails, in every language. `{org}` is filled in. */

const en = {
  title: 'No more of these messages',
  alerts: 'You get messages about alerts of {org}.',
  digest: 'You get the digest of the week of {org}.',
  stop: 'Stop them',
  stopped: 'Stopped',
  stopped_alerts: 'You get no more messages about alerts of {org}.',
  stopped_digest: 'You get the digest of the week of {org} no more.',
  again: 'Should you want them again, ask an administrator there to add your address anew.',
  unknown:
    'This address stops nothing: it is not complete, it is too old, or the organisation is no longer linked. Ask whoever runs this service.',
} as const;

type MailPageWords = { readonly [Key in keyof typeof en]: string };

const nl: MailPageWords = {
  title: 'Zulke berichten niet meer ontvangen',
  alerts: 'U krijgt berichten over waarschuwingen van {org}.',
  digest: 'U krijgt het weekoverzicht van {org}.',
  stop: 'Stop ze',
  stopped: 'Gestopt',
  stopped_alerts: 'U krijgt geen berichten meer over waarschuwingen van {org}.',
  stopped_digest: 'U krijgt het weekoverzicht van {org} niet meer.',
  again: 'Wilt u ze toch weer, vraag dan een beheerder daar om uw adres opnieuw toe te voegen.',
  unknown:
    'Dit adres stopt niets: het is niet volledig, het is te oud, of de organisatie is niet meer gekoppeld. Vraag de beheerder van deze dienst.',
};

const pl: MailPageWords = {
  title: 'Nie chcę więcej takich wiadomości',
  alerts: 'Otrzymujesz wiadomości o alertach organizacji {org}.',
  digest: 'Otrzymujesz tygodniowe podsumowanie organizacji {org}.',
  stop: 'Zatrzymaj je',
  stopped: 'Zatrzymano',
  stopped_alerts: 'Nie będziesz już otrzymywać wiadomości o alertach organizacji {org}.',
  stopped_digest: 'Nie będziesz już otrzymywać tygodniowego podsumowania organizacji {org}.',
  again: 'Jeśli znów ich zechcesz, poproś tamtejszego administratora o ponowne dodanie Twojego adresu.',
  unknown:
    'Ten adres niczego nie zatrzymuje: jest niepełny, zbyt stary albo organizacja nie jest już połączona. Zapytaj osobę prowadzącą tę usługę.',
};

const da: MailPageWords = {
  title: 'Ikke flere beskeder som denne',
  alerts: 'Du får beskeder om advarsler for {org}.',
  digest: 'Du får ugens overblik for {org}.',
  stop: 'Stop dem',
  stopped: 'Stoppet',
  stopped_alerts: 'Du får ikke flere beskeder om advarsler for {org}.',
  stopped_digest: 'Du får ikke længere ugens overblik for {org}.',
  again: 'Vil du have dem igen, så bed en administrator dér om at tilføje din adresse på ny.',
  unknown:
    'Denne adresse stopper intet: den er ikke hel, den er for gammel, eller organisationen er ikke længere forbundet. Spørg den, der driver tjenesten.',
};

const WORDS: { readonly [L in Language]: MailPageWords } = { en, nl, pl, da };

export function mailPageText(language: Language, key: keyof MailPageWords, org = ''): string {
  return WORDS[language][key].replaceAll('{org}', () => org);
}
