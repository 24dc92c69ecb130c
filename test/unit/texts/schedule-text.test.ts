import { expect, test } from 'vitest';
import { scheduleInWords } from '../../../src/texts/schedule-text.ts';

test.each([
  ['30 2 * * *', 'At 02:30', 'Om 02:30', 'O 02:30', 'Kl 02:30'],
  [
    '0 9 L * *',
    'At 09:00, on the last day of the month',
    'Om 09:00, op de laatste dag van de maand',
    'O 09:00, ostatni dzień miesiąca',
    'Kl 09:00, på den sidste dag i måneden',
  ],
  ['every 1 minute', 'Every minute', 'Elke minuut', 'Co minutę', 'Hvert minut'],
  ['every 5 minutes', 'Every 5 minutes', 'Elke 5 minuten', 'Co 5 minut', 'Hvert 5. minut'],
  ['every 22 hours', 'Every 22 hours', 'Elke 22 uur', 'Co 22 godziny', 'Hver 22. time'],
  ['every hour', 'Every hour', 'Elk uur', 'Co godzinę', 'Hver time'],
])('"%s" in words of four languages', (expr, ...words) => {
  const languages = ['en', 'nl', 'pl', 'da'] as const;

  expect(languages.map((language) => scheduleInWords(expr, language))).toEqual(words);
});
