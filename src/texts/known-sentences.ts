import type { Language } from '../domain.ts';
import { type InAll, translator } from './fill-plain.ts';
import { KNOWN_TROUBLES } from './known-troubles.ts';

/** Sentences that are stored in English, beside a record, a mapping or a run: why, and what to do. In the language of who reads them. */

export const KNOWN_SENTENCES: readonly InAll[] = [
  // Modules: setup/module-access.ts, zoho/stage-history.ts.
  {
    en: 'the org does not have it',
    nl: 'de organisatie heeft deze niet',
    pl: 'organizacja go nie ma',
    da: 'organisationen har det ikke',
  },
  {
    en: 'Zoho offers no API for it in this org',
    nl: 'Zoho biedt er in deze organisatie geen API voor',
    pl: 'Zoho nie udostępnia dla niego API w tej organizacji',
    da: 'Zoho har ingen API til det i denne organisation',
  },
  {
    en: 'the connected user may not see it',
    nl: 'de verbonden gebruiker mag deze niet zien',
    pl: 'połączony użytkownik nie może go widzieć',
    da: 'den forbundne bruger må ikke se det',
  },
  {
    en: 'the connected user may not edit it',
    nl: 'de verbonden gebruiker mag deze niet bewerken',
    pl: 'połączony użytkownik nie może go edytować',
    da: 'den forbundne bruger må ikke redigere det',
  },
  {
    en: 'the connected user may not create tasks',
    nl: 'de verbonden gebruiker mag geen taken aanmaken',
    pl: 'połączony użytkownik nie może tworzyć zadań',
    da: 'den forbundne bruger må ikke oprette opgaver',
  },
  {
    en: 'the org does not show {module}',
    nl: 'de organisatie toont {module} niet',
    pl: 'organizacja nie pokazuje {module}',
    da: 'organisationen viser ikke {module}',
  },
  {
    en: 'Zoho offers no API for {module} in this org',
    nl: 'Zoho biedt in deze organisatie geen API voor {module}',
    pl: 'Zoho nie udostępnia API dla {module} w tej organizacji',
    da: 'Zoho har ingen API til {module} i denne organisation',
  },
  {
    en: 'the connected user may not see {module}',
    nl: 'de verbonden gebruiker mag {module} niet zien',
    pl: 'połączony użytkownik nie może widzieć {module}',
    da: 'den forbundne bruger må ikke se {module}',
  },
  // Paused mappings: sync/columns.ts.
  {
    en: 'name a date that people keep: what we write ourselves tells nothing new',
    nl: 'noem een datum die mensen bijhouden: wat wij zelf schrijven vertelt niets nieuws',
    pl: 'podaj datę, którą prowadzą ludzie: to, co sami zapisujemy, nie mówi nic nowego',
    da: 'nævn en dato, som folk fører: hvad vi selv skriver, siger intet nyt',
  },
  {
    en: 'name a field that people keep: what we write ourselves tells nothing new',
    nl: 'noem een veld dat mensen bijhouden: wat wij zelf schrijven vertelt niets nieuws',
    pl: 'podaj pole, które prowadzą ludzie: to, co sami zapisujemy, nie mówi nic nowego',
    da: 'nævn et felt, som folk fører: hvad vi selv skriver, siger intet nyt',
  },
  {
    en: 'name {field} in {key} of fields.yaml, or give the field its old name back',
    nl: 'noem {field} in {key} van fields.yaml, of geef het veld zijn oude naam terug',
    pl: 'podaj {field} w {key} w fields.yaml albo przywróć polu dawną nazwę',
    da: 'nævn {field} i {key} i fields.yaml, eller giv feltet dets gamle navn tilbage',
  },
  {
    en: 'restore the field in Zoho, or name another in {key} of fields.yaml',
    nl: 'herstel het veld in Zoho, of noem een ander in {key} van fields.yaml',
    pl: 'przywróć pole w Zoho albo podaj inne w {key} w fields.yaml',
    da: 'gendan feltet i Zoho, eller nævn et andet i {key} i fields.yaml',
  },
  {
    en: 'name the field that holds it in {key} of fields.yaml',
    nl: 'noem in {key} van fields.yaml het veld waarin het staat',
    pl: 'podaj w {key} w fields.yaml pole, które to zawiera',
    da: 'nævn i {key} i fields.yaml det felt, hvor det står',
  },
  {
    en: 'let an administrator show the connected user this field',
    nl: 'laat een beheerder dit veld aan de verbonden gebruiker tonen',
    pl: 'poproś administratora, aby pokazał to pole połączonemu użytkownikowi',
    da: 'lad en administrator vise den forbundne bruger dette felt',
  },
  {
    en: 'make it a {kind} field again, or map another field: as {type} it cannot be read',
    nl: 'maak er weer een veld van het type {kind} van, of koppel een ander veld: als {type} kan het niet worden gelezen',
    pl: 'zmień je z powrotem na pole typu {kind} albo przypisz inne pole: jako {type} nie da się go odczytać',
    da: 'gør det til et felt af typen {kind} igen, eller tilknyt et andet felt: som {type} kan det ikke læses',
  },
  {
    en: 'make it again: zcv fields apply --yes',
    nl: 'maak het opnieuw aan: zcv fields apply --yes',
    pl: 'utwórz je ponownie: zcv fields apply --yes',
    da: 'opret det igen: zcv fields apply --yes',
  },
  {
    en: 'it was {before} and is {now}: delete it, then zcv fields apply --yes',
    nl: 'het was {before} en is {now}: verwijder het, dan zcv fields apply --yes',
    pl: 'było {before}, a jest {now}: usuń je, a potem zcv fields apply --yes',
    da: 'det var {before} og er {now}: slet det, og kør så zcv fields apply --yes',
  },
  {
    en: 'add the option {options} to its picklist again',
    nl: 'voeg de optie {options} weer toe aan de keuzelijst',
    pl: 'dodaj ponownie opcję {options} do listy wyboru',
    da: 'tilføj valgmuligheden {options} til valglisten igen',
  },
  // Records set aside: sync/to-record.ts, zoho/values.ts.
  {
    en: 'its id is no Zoho id',
    nl: 'de id is geen id van Zoho',
    pl: 'jego identyfikator nie jest identyfikatorem Zoho',
    da: 'dens id er ikke et Zoho-id',
  },
  {
    en: 'Modified_Time is missing',
    nl: 'Modified_Time ontbreekt',
    pl: 'brak Modified_Time',
    da: 'Modified_Time mangler',
  },
  {
    en: 'not a text: {value}',
    nl: 'geen tekst: {value}',
    pl: 'to nie tekst: {value}',
    da: 'ikke en tekst: {value}',
  },
  {
    en: 'not an id: {value}',
    nl: 'geen id: {value}',
    pl: 'to nie identyfikator: {value}',
    da: 'ikke et id: {value}',
  },
  {
    en: 'not a date and time: {value}',
    nl: 'geen datum met tijd: {value}',
    pl: 'to nie data z godziną: {value}',
    da: 'ikke en dato med klokkeslæt: {value}',
  },
  {
    en: 'not a date: {value}',
    nl: 'geen datum: {value}',
    pl: 'to nie data: {value}',
    da: 'ikke en dato: {value}',
  },
  {
    en: 'not a number: {value}',
    nl: 'geen getal: {value}',
    pl: 'to nie liczba: {value}',
    da: 'ikke et tal: {value}',
  },
  {
    en: 'not a whole number: {value}',
    nl: 'geen geheel getal: {value}',
    pl: 'to nie liczba całkowita: {value}',
    da: 'ikke et helt tal: {value}',
  },
  {
    en: 'not a yes or no: {value}',
    nl: 'geen ja of nee: {value}',
    pl: 'to nie tak ani nie: {value}',
    da: 'ikke et ja eller nej: {value}',
  },
];

const known = translator([...KNOWN_SENTENCES, ...KNOWN_TROUBLES]);

/** As it stands where it is none of ours: Zoho's own words, and those of a file or a mail server. */
export function sentenceIn(language: Language, english: string): string {
  return language === 'en' ? english : (known(english, language) ?? english);
}
