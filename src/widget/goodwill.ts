/** The entries of the field Goodwill Given; src/sync/filled-in.ts reads them. Pure. */

const ROOM = 255;
const GAP = '; ';
// The budget looks back 12 months; an entry that is older tells it nothing any more.
const KEPT_DAYS = 366;

/** Hundredths, or null for what is no amount above 0. Both decimal signs are taken; thousands are not grouped. */
export function amountOf(text: string): number | null {
  const [, whole, cents = ''] = /^\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(text) ?? [];
  if (whole === undefined) return null;
  const hundredths = Number(whole) * 100 + Number(cents.padEnd(2, '0'));
  return hundredths === 0 ? null : hundredths;
}

export interface Gift {
  readonly day: string;
  readonly hundredths: number;
  readonly note: string;
}

/** The field with the gift added, entries that no longer count left out when room is short; null: no room. */
export function withGift(field: string | null, { day, hundredths, note }: Gift): string | null {
  const amount = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
  const words = note.replace(/[;\s]+/g, ' ').trim();
  const entries = (field ?? '').split(/[;\n]/).map((entry) => entry.trim());
  const kept = entries.filter((entry) => entry !== '');
  const fits = (all: readonly string[]) => all.join(GAP).length <= ROOM;
  const whole = [...kept, words === '' ? `${day} ${amount}` : `${day} ${amount} ${words}`];
  if (fits(whole)) return whole.join(GAP);
  const recent = whole.filter((entry) => !isOld(entry, day));
  return fits(recent) ? recent.join(GAP) : null;
}

function isOld(entry: string, today: string): boolean {
  const at = Date.parse(/^\d{4}-\d\d-\d\d/.exec(entry)?.[0] ?? '');
  return Date.parse(today) - at > KEPT_DAYS * 86_400_000;
}
