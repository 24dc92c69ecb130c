import type { Language } from '../domain.ts';

/** The line that a completed reminder gets, so that its owner knows who closed it and why. */

type Cause =
  | 'contact_made'
  | 'appointment'
  | 'tier_changed'
  | 'duplicate'
  | 'covered'
  | 'case_solved'
  | 'thanked'
  | 'need_gone'
  | 'rule_off'
  | 'record_gone';
const NOTES: { readonly [L in Language]: { readonly [C in Cause]: string } } = {
  en: {
    contact_made: 'Completed by Customer Value: contact was made.',
    appointment: 'Completed by Customer Value: an appointment is planned.',
    tier_changed: 'Completed by Customer Value: no contact is due under the present plan.',
    duplicate: 'Completed by Customer Value: another open task asks for the same.',
    covered: 'Completed by Customer Value: another task asks for the same talk.',
    case_solved: 'Completed by Customer Value: the case is solved.',
    thanked: 'Completed by Customer Value: they were thanked.',
    need_gone: 'Completed by Customer Value: the reason for this task no longer holds.',
    rule_off: 'Completed by Customer Value: the playbook no longer asks for this.',
    record_gone: 'Completed by Customer Value: the record was converted, merged or deleted.',
  },
  nl: {
    contact_made: 'Afgerond door Customer Value: er is contact geweest.',
    appointment: 'Afgerond door Customer Value: er staat een afspraak gepland.',
    tier_changed: 'Afgerond door Customer Value: volgens het huidige plan is geen contact nodig.',
    duplicate: 'Afgerond door Customer Value: een andere open taak vraagt hetzelfde.',
    covered: 'Afgerond door Customer Value: een andere taak vraagt om hetzelfde gesprek.',
    case_solved: 'Afgerond door Customer Value: de case is opgelost.',
    thanked: 'Afgerond door Customer Value: ze zijn bedankt.',
    need_gone: 'Afgerond door Customer Value: de reden voor deze taak bestaat niet meer.',
    rule_off: 'Afgerond door Customer Value: het draaiboek vraagt hier niet meer om.',
    record_gone: 'Afgerond door Customer Value: het record is geconverteerd, samengevoegd of verwijderd.',
  },
  pl: {
    contact_made: 'Zamknięte przez Customer Value: kontakt już się odbył.',
    appointment: 'Zamknięte przez Customer Value: spotkanie jest zaplanowane.',
    tier_changed: 'Zamknięte przez Customer Value: obecny plan nie wymaga kontaktu.',
    duplicate: 'Zamknięte przez Customer Value: inne otwarte zadanie dotyczy tego samego.',
    covered: 'Zamknięte przez Customer Value: inne zadanie dotyczy tej samej rozmowy.',
    case_solved: 'Zamknięte przez Customer Value: zgłoszenie jest rozwiązane.',
    thanked: 'Zamknięte przez Customer Value: podziękowano już klientowi.',
    need_gone: 'Zamknięte przez Customer Value: powód tego zadania już nie istnieje.',
    rule_off: 'Zamknięte przez Customer Value: scenariusz już tego nie wymaga.',
    record_gone: 'Zamknięte przez Customer Value: rekord został przekształcony, scalony lub usunięty.',
  },
  da: {
    contact_made: 'Afsluttet af Customer Value: der har været kontakt.',
    appointment: 'Afsluttet af Customer Value: der er planlagt en aftale.',
    tier_changed: 'Afsluttet af Customer Value: den nuværende plan kræver ingen kontakt.',
    duplicate: 'Afsluttet af Customer Value: en anden åben opgave beder om det samme.',
    covered: 'Afsluttet af Customer Value: en anden opgave beder om den samme samtale.',
    case_solved: 'Afsluttet af Customer Value: sagen er løst.',
    thanked: 'Afsluttet af Customer Value: de er blevet takket.',
    need_gone: 'Afsluttet af Customer Value: grunden til denne opgave gælder ikke længere.',
    rule_off: 'Afsluttet af Customer Value: drejebogen beder ikke længere om dette.',
    record_gone: 'Afsluttet af Customer Value: posten er konverteret, flettet eller slettet.',
  },
};

export function closeNote(cause: string, language: Language): string {
  const notes = NOTES[language];
  return cause in notes ? notes[cause as Cause] : notes.need_gone; // checked by `in`
}

/** A person who completes a task leaves no such line. */
export function isOurNote(description: string | null): boolean {
  const text = description ?? '';
  return Object.values(NOTES).some((notes) => Object.values(notes).some((note) => text.includes(note)));
}
