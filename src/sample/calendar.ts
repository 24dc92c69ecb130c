const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  const number = Date.parse(`${day}T00:00:00Z`) / DAY_MS;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !Number.isInteger(number))
    throw new RangeError(`not a day: ${day}`);
  return number;
}

/** Day number → text: millions of rows lie on a few thousand days. */
const texts = new Map<number, string>();

export function dayText(number: number): string {
  let text = texts.get(number);
  if (text === undefined) {
    text = new Date(number * DAY_MS).toISOString().slice(0, 10);
    texts.set(number, text);
  }
  return text;
}

/**
 * An instant on that day in Zoho's form. `minute` counts from 14:00 UTC and stays below seven hours,
 * so that it is the same calendar day in every zone that the samples use (New York to Amsterdam).
 */
export function instantOn(day: number, minute: number): string {
  const at = Math.min(Math.max(Math.floor(minute), 0), 419);
  const hours = String(14 + Math.floor(at / 60)).padStart(2, '0');
  return `${dayText(day)}T${hours}:${String(at % 60).padStart(2, '0')}:00+00:00`;
}
