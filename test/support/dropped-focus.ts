import { parseSync } from '@swc/core';

/**
 * Finds elements that are switched off while their deed is under way: with that the browser drops the focus, and whoever
 * works without a mouse stands nowhere. `DeedButton` and `DeedSwitch` are for that.
 */

/** Its `loading` is a picture of a state; nobody presses it for a deed. */
const PICTURES = new Set(['Stepper.Step']);

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** `Button loading`, `Switch disabled`: the element and what switches it off. */
export function droppedFocus(source: string): string[] {
  const found: string[] = [];
  visit(parseSync(source, { syntax: 'typescript', tsx: true, target: 'es2024' }), found);
  return found;
}

function visit(value: unknown, found: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value) && value.type === 'JSXOpeningElement') {
    const element = words(value.name).join('.');
    for (const attribute of value.attributes as readonly Node[]) {
      if (attribute.type !== 'JSXAttribute') continue;
      const name = words(attribute.name).join();
      const isOff = name === 'loading' || (name === 'disabled' && words(attribute.value).some(isOfADeed));
      if (isOff && !PICTURES.has(element)) found.push(`${element} ${name}`);
    }
  }
  for (const part of Object.values(value)) visit(part, found);
}

function isOfADeed(word: string): boolean {
  return /^(is)?(Pending|Busy|Loading|Saving)$/i.test(word);
}

/** Every name in it, in order. */
function words(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isNode(value) && value.type === 'Identifier') return [String(value.value)];
  return Object.values(value).flatMap(words);
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}
