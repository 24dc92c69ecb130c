import type { Language } from '../domain.ts';

/** The line that a completed reminder gets, so that its owner knows who closed it and why. */

type Cause = 'contact_made' | 'appointment' | 'tier_changed' | 'duplicate';
const NOTES: { readonly [L in Language]: { readonly [C in Cause]: string } } = {
  en: {
    contact_made: 'Completed by Customer Value: contact was made.',
    appointment: 'Completed by Customer Value: an appointment is planned.',
    tier_changed: 'Completed by Customer Value: no contact is due under the present plan.',
    duplicate: 'Completed by Customer Value: another open task asks for the same.',
  },
  nl: {
    contact_made: 'Afgerond door Customer Value: er is contact geweest.',
    appointment: 'Afgerond door Customer Value: er staat een afspraak gepland.',
    tier_changed: 'Afgerond door Customer Value: volgens het huidige plan is geen contact nodig.',
    duplicate: 'Afgerond door Customer Value: een andere open taak vraagt hetzelfde.',
  },
  pl: {
    contact_made: 'Zamknięte przez Customer Value: kontakt już się odbył.',
    appointment: 'Zamknięte przez Customer Value: spotkanie jest zaplanowane.',
    tier_changed: 'Zamknięte przez Customer Value: obecny plan nie wymaga kontaktu.',
    duplicate: 'Zamknięte przez Customer Value: inne otwarte zadanie dotyczy tego samego.',
  },
  da: {
    contact_made: 'Afsluttet af Customer Value: der har været kontakt.',
    appointment: 'Afsluttet af Customer Value: der er planlagt en aftale.',
    tier_changed: 'Afsluttet af Customer Value: den nuværende plan kræver ingen kontakt.',
    duplicate: 'Afsluttet af Customer Value: en anden åben opgave beder om det samme.',
  },
};

export function closeNote(cause: string, language: Language): string {
  const notes = NOTES[language];
  return cause in notes ? notes[cause as Cause] : notes.tier_changed; // checked by `in`
}

/** A person who completes a task leaves no such line. */
export function isOurNote(description: string | null): boolean {
  const text = description ?? '';
  return Object.values(NOTES).some((notes) => Object.values(notes).some((note) => text.includes(note)));
}
