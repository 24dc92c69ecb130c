import cronstrue from 'cronstrue/i18n.js';
import type { Language } from '../domain.ts';

/** A schedule in plain words. */

// The package is CommonJS: its declarations put the class under `default`, and Node beside it.
const cron = cronstrue as unknown as typeof cronstrue.default;
const EVERY = /^every (?:(\d+) )?(minute|hour)s?$/i;
const words: { readonly [L in Language]: (count: number, unit: 'minute' | 'hour') => string } = {
  en: (count, unit) => (count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`),
  nl: (count, unit) => {
    if (unit === 'hour') return count === 1 ? 'Elk uur' : `Elke ${count} uur`;
    return count === 1 ? 'Elke minuut' : `Elke ${count} minuten`;
  },
  pl: (count, unit) => {
    if (count === 1) return unit === 'hour' ? 'Co godzinę' : 'Co minutę';
    const isFew = new Intl.PluralRules('pl').select(count) === 'few';
    if (unit === 'hour') return `Co ${count} ${isFew ? 'godziny' : 'godzin'}`;
    return `Co ${count} ${isFew ? 'minuty' : 'minut'}`;
  },
  da: (count, unit) => {
    if (unit === 'hour') return count === 1 ? 'Hver time' : `Hver ${count}. time`;
    return count === 1 ? 'Hvert minut' : `Hvert ${count}. minut`;
  },
};

/** `expr` is one that a schedule holds: five cron fields or "every N minutes|hours". */
export function scheduleInWords(expr: string, language: Language): string {
  const every = EVERY.exec(expr.trim());
  if (every) return words[language](Number(every[1] ?? 1), isHour(every[2]) ? 'hour' : 'minute');
  return cron.toString(expr, {
    locale: language,
    use24HourTimeFormat: true,
    throwExceptionOnParseError: false,
  });
}

function isHour(unit: string | undefined): boolean {
  return unit?.toLowerCase() === 'hour';
}
