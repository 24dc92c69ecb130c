/** Invented people and firms. Some are hard on purpose: other scripts, quotes, commas, apostrophes, combining accents. */

export const FIRST_NAMES = [
  'Anna',
  'Bram',
  'Chloé',
  'Dorota',
  'Elif',
  'Frederik',
  'Giulia',
  'Håkon',
  'Ioana',
  'Jürgen',
  'Katarzyna',
  'Łukasz',
  'Mette',
  'Nuño',
  'Oona',
  'Pål',
  'Søren',
  'Thị Mai',
  'Zoë',
  '花子',
] as const;
export const LAST_NAMES = [
  'Andersen',
  'de Vries',
  'Kowalska',
  "O'Neil",
  'Müller',
  'Nowak',
  'Ørsted',
  'Öztürk',
  'Şahin',
  'van den Berg',
  'Wójcik',
  'Żak',
  'Þórsdóttir',
  'Çelik',
  '佐藤',
  'Ivanović',
] as const;
export const FIRM_WORDS = [
  'Bakkerij',
  'Bådværft',
  'Fenster',
  'Garage',
  'Hurtownia',
  'Kafé',
  'Maskinfabrik',
  'Meubelmakerij',
  'Piekarnia',
  'Stål',
  'Tandlæge',
  'Usługi',
  'Włókna',
  'Zeepziederij',
  'Žlutý kůň',
  'さくら商会',
] as const;
export const FIRM_FORMS = [
  'B.V.',
  'A/S',
  'Sp. z o.o.',
  'GmbH & Co. KG',
  'Ltd',
  '"Zoon", Inc.',
  's.r.o.',
  '株式会社',
] as const;
export const PRODUCT_NAMES = [
  'Binder',
  'Chair, high',
  'Desk Øst',
  'Filing box',
  'Ink "black"',
  'Lamp',
  'Paper A4',
  'Shelf',
] as const;

/** Lower-case ASCII letters and digits only, for addresses under .test. */
export function addressPart(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^\.+|\.+$/g, '');
}
