import type { Language } from '../domain.ts';
import { fillPlain, type InAll, type PlainValues, translator } from './fill-plain.ts';

/** What is wrong with a setting, in the words of who set it. */

/** By the code of the problem; `{near}` parts stand in brackets and are left out where nothing is near. */
export const SETTING_PROBLEMS: { readonly [code: string]: InAll } = {
  yaml: {
    en: 'This is no YAML: {message}',
    nl: 'Dit is geen YAML: {message}',
    pl: 'To nie jest YAML: {message}',
    da: 'Det er ikke YAML: {message}',
  },
  part: {
    en: 'Begin with the parts {parts}.',
    nl: 'Begin met de delen {parts}.',
    pl: 'Zacznij od części {parts}.',
    da: 'Begynd med delene {parts}.',
  },
  unknown_key: {
    en: 'There is no setting “{name}”.[ Did you mean {near}?]',
    nl: 'Er is geen instelling ‘{name}’.[ Bedoelde u {near}?]',
    pl: 'Nie ma ustawienia „{name}”.[ Czy chodziło o {near}?]',
    da: 'Der er ingen indstilling “{name}”.[ Mente du {near}?]',
  },
  choice: {
    en: 'Give one of {choices}.[ Did you mean {near}?]',
    nl: 'Geef een van {choices}.[ Bedoelde u {near}?]',
    pl: 'Podaj jedną z wartości: {choices}.[ Czy chodziło o {near}?]',
    da: 'Angiv en af {choices}.[ Mente du {near}?]',
  },
  at_least: {
    en: 'Give at least {limit}.',
    nl: 'Geef minstens {limit}.',
    pl: 'Podaj co najmniej {limit}.',
    da: 'Angiv mindst {limit}.',
  },
  more_than: {
    en: 'Give more than {limit}.',
    nl: 'Geef meer dan {limit}.',
    pl: 'Podaj więcej niż {limit}.',
    da: 'Angiv mere end {limit}.',
  },
  at_most: {
    en: 'Give at most {limit}.',
    nl: 'Geef hoogstens {limit}.',
    pl: 'Podaj najwyżej {limit}.',
    da: 'Angiv højst {limit}.',
  },
  whole: {
    en: 'Give a whole number.',
    nl: 'Geef een geheel getal.',
    pl: 'Podaj liczbę całkowitą.',
    da: 'Angiv et helt tal.',
  },
  kind: {
    en: 'A value of this kind cannot stand here.',
    nl: 'Een waarde van deze soort kan hier niet staan.',
    pl: 'Wartość tego rodzaju nie może tu stać.',
    da: 'En værdi af denne slags kan ikke stå her.',
  },
};

/** What the schemas themselves say, by their English words; `{…}` stands for whatever is there. */
export const SCHEMA_WORDS: readonly InAll[] = [
  {
    en: 'a number of days, e.g. 90d',
    nl: 'een aantal dagen, bijv. 90d',
    pl: 'liczba dni, np. 90d',
    da: 'et antal dage, f.eks. 90d',
  },
  {
    en: 'a number of months, e.g. 24mo',
    nl: 'een aantal maanden, bijv. 24mo',
    pl: 'liczba miesięcy, np. 24mo',
    da: 'et antal måneder, f.eks. 24mo',
  },
  { en: 'give it in days', nl: 'geef het in dagen', pl: 'podaj to w dniach', da: 'angiv det i dage' },
  {
    en: 'give it in months',
    nl: 'geef het in maanden',
    pl: 'podaj to w miesiącach',
    da: 'angiv det i måneder',
  },
  {
    en: 'an amount in the home currency, e.g. 4.50, "EUR 4.50" or "EUR 45/h"',
    nl: 'een bedrag in de eigen valuta, bijv. 4.50, "EUR 4.50" of "EUR 45/h"',
    pl: 'kwota w walucie firmy, np. 4.50, "EUR 4.50" lub "EUR 45/h"',
    da: 'et beløb i egen valuta, f.eks. 4.50, "EUR 4.50" eller "EUR 45/h"',
  },
  {
    en: 'no such code; take one that zcv explain --json gives',
    nl: 'deze code bestaat niet; neem er een die zcv explain --json geeft',
    pl: 'nie ma takiego kodu; weź jeden z tych, które podaje zcv explain --json',
    da: 'den kode findes ikke; tag en, som zcv explain --json giver',
  },
  {
    en: 'word the step in at least one of en, nl, pl, da',
    nl: 'verwoord de stap in minstens een van en, nl, pl, da',
    pl: 'opisz krok przynajmniej w jednym z en, nl, pl, da',
    da: 'formulér skridtet på mindst et af en, nl, pl, da',
  },
  {
    en: 'give the limits for the scores 2, 3, 4 and 5: recencyDays falling, frequency and money rising',
    nl: 'geef de grenzen voor de scores 2, 3, 4 en 5: recencyDays dalend, frequency en money stijgend',
    pl: 'podaj granice dla ocen 2, 3, 4 i 5: recencyDays malejąco, frequency i money rosnąco',
    da: 'angiv grænserne for scorerne 2, 3, 4 og 5: recencyDays faldende, frequency og money stigende',
  },
  { en: 'at least one day', nl: 'minstens één dag', pl: 'co najmniej jeden dzień', da: 'mindst én dag' },
  {
    en: 'say where the day lies',
    nl: 'zeg waar de dag ligt',
    pl: 'podaj, gdzie leży ten dzień',
    da: 'sig, hvor dagen ligger',
  },
  {
    en: 'give min, max or both',
    nl: 'geef min, max of beide',
    pl: 'podaj min, max lub oba',
    da: 'angiv min, max eller begge',
  },
  {
    en: 'no such code; did you mean {near}?',
    nl: 'deze code bestaat niet; bedoelde u {near}?',
    pl: 'nie ma takiego kodu; czy chodziło o {near}?',
    da: 'den kode findes ikke; mente du {near}?',
  },
  { en: 'no such code', nl: 'deze code bestaat niet', pl: 'nie ma takiego kodu', da: 'den kode findes ikke' },
  {
    en: 'word it in at least one of en, nl, pl, da',
    nl: 'verwoord het in minstens een van en, nl, pl, da',
    pl: 'opisz to przynajmniej w jednym z en, nl, pl, da',
    da: 'formulér det på mindst et af en, nl, pl, da',
  },
  {
    en: 'small letters, digits and _, beginning with a letter',
    nl: 'kleine letters, cijfers en _, beginnend met een letter',
    pl: 'małe litery, cyfry i _, na początku litera',
    da: 'små bogstaver, cifre og _, med et bogstav først',
  },
  {
    en: 'a title has no variables',
    nl: 'een titel heeft geen variabelen',
    pl: 'tytuł nie ma zmiennych',
    da: 'en titel har ingen variabler',
  },
  {
    en: 'unknown variable {name}; did you mean {near}?',
    nl: 'onbekende variabele {name}; bedoelde u {near}?',
    pl: 'nieznana zmienna {name}; czy chodziło o {near}?',
    da: 'ukendt variabel {name}; mente du {near}?',
  },
  {
    en: 'unknown variable {name}',
    nl: 'onbekende variabele {name}',
    pl: 'nieznana zmienna {name}',
    da: 'ukendt variabel {name}',
  },
  { en: 'leads have none', nl: 'leads hebben dit niet', pl: 'leady tego nie mają', da: 'leads har det ikke' },
  {
    en: '{scope} have no such fact',
    nl: '{scope} hebben dit feit niet',
    pl: '{scope} nie mają takiego faktu',
    da: '{scope} har ikke det faktum',
  },
  {
    en: '{name} is no fact that is a day; did you mean {near}?',
    nl: '{name} is geen feit dat een dag is; bedoelde u {near}?',
    pl: '{name} nie jest faktem, który jest dniem; czy chodziło o {near}?',
    da: '{name} er ikke et faktum, der er en dag; mente du {near}?',
  },
  {
    en: '{name} is no fact that is a day',
    nl: '{name} is geen feit dat een dag is',
    pl: '{name} nie jest faktem, który jest dniem',
    da: '{name} er ikke et faktum, der er en dag',
  },
  {
    en: '{name} is there twice',
    nl: '{name} staat er twee keer',
    pl: '{name} jest tu dwa razy',
    da: '{name} står der to gange',
  },
  {
    en: 'an API name, e.g. Closing_Date (Setup, Developer Hub, APIs)',
    nl: 'een API-naam, bijv. Closing_Date (Setup, Developer Hub, APIs)',
    pl: 'nazwa API, np. Closing_Date (Setup, Developer Hub, APIs)',
    da: 'et API-navn, f.eks. Closing_Date (Setup, Developer Hub, APIs)',
  },
  {
    en: '{field} tells of edits, not of contacts; name a date that people keep',
    nl: '{field} vertelt van wijzigingen, niet van contacten; noem een datum die mensen bijhouden',
    pl: '{field} mówi o zmianach, nie o kontaktach; podaj datę, którą prowadzą ludzie',
    da: '{field} fortæller om ændringer, ikke om kontakter; nævn en dato, som folk fører',
  },
];

const known = translator(SCHEMA_WORDS);

/** `message`: what is said where no code has words; a schema's own English is translated. */
export function settingProblemText(
  problem: { readonly code: string; readonly params: PlainValues; readonly message: string },
  language: Language,
): string {
  const words = SETTING_PROBLEMS[problem.code];
  if (words) return fillPlain(words[language], problem.params);
  return schemaWords(problem.message, language) ?? problem.message;
}

/** Null: it is none of ours. */
export function schemaWords(english: string, language: Language): string | null {
  return known(english, language);
}
