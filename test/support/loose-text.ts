import { parseSync } from '@swc/core';

/** Finds words that a component shows or says aloud without taking them from a translation file. */

/** Properties whose value people see or hear. */
const SPOKEN = new Set([
  ...['label', 'title', 'placeholder', 'alt', 'aria-label', 'aria-description', 'aria-roledescription'],
  ...['description', 'what', 'lead', 'deed', 'message', 'error', 'head', 'words', 'also', 'nothingFound'],
]);
/** What stands in these is typed as it is: commands and names of fields. */
const VERBATIM = new Set(['Code']);
/** Functions that show what they are given. */
const TELLERS = new Set(['tellDone', 'useDocumentTitle']);
const LOOKED_INTO = new Set(['JSXElement', 'JSXFragment', 'KeyValueProperty']);
const HAS_WORD = /\p{L}{2,}/u;

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function looseText(source: string): string[] {
  const found: string[] = [];
  const note = (text: unknown) => {
    if (typeof text === 'string' && HAS_WORD.test(text)) found.push(text.trim());
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: true, target: 'es2024' }), note);
  return found;
}

type Note = (text: unknown) => void;

function visit(value: unknown, note: Note): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) {
    if (value.type === 'JSXElement' && VERBATIM.has(nameOf(value))) return;
    if (value.type === 'JSXText') note(value.value);
    if (value.type === 'JSXExpressionContainer') noteShown(value.expression, note);
    if (value.type === 'JSXAttribute') {
      const name = attributeName(value.name);
      if (SPOKEN.has(name)) noteShown(value.value, note);
      // What is handed to other properties is a matter of colours and sizes; elements in it are looked at all the same.
      visitElements(value.value, note);
      return;
    }
    // `{ label: 'All' }`, as lists of choices have it, and calls such as tellDone('Saved').
    if (value.type === 'KeyValueProperty' && isNode(value.key) && SPOKEN.has(String(value.key.value)))
      noteShown(value.value, note);
    if (value.type === 'CallExpression' && isNode(value.callee) && TELLERS.has(String(value.callee.value)))
      noteShown(value.arguments, note);
  }
  for (const part of Object.values(value)) visit(part, note);
}

function visitElements(value: unknown, note: Note): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value) && LOOKED_INTO.has(value.type)) visit(value, note);
  else for (const part of Object.values(value)) visitElements(part, note);
}

/** Literals that an expression may come to. */
function noteShown(value: unknown, note: Note): void {
  if (typeof value !== 'object' || value === null) return;
  if (!isNode(value)) {
    // Lists, and the wrapper in which an argument of a call stands.
    for (const part of Object.values(value)) noteShown(part, note);
    return;
  }
  switch (value.type) {
    case 'StringLiteral':
      note(value.value);
      return;
    case 'TemplateLiteral':
      noteQuasis(value.quasis, note);
      return;
    case 'ConditionalExpression':
      noteShown([value.consequent, value.alternate], note);
      return;
    case 'BinaryExpression':
      if (['&&', '||', '??', '+'].includes(String(value.operator)))
        noteShown([value.left, value.right], note);
      return;
    case 'JSXExpressionContainer':
    case 'ParenthesisExpression':
      noteShown(value.expression, note);
      return;
    default:
      return;
  }
}

function noteQuasis(quasis: unknown, note: Note): void {
  if (!Array.isArray(quasis)) return;
  for (const quasi of quasis) if (isNode(quasi)) note(quasi.raw);
}

function nameOf(element: Node): string {
  const opening = element.opening;
  return isNode(opening) && isNode(opening.name) ? String(opening.name.value) : '';
}
function attributeName(name: unknown): string {
  return isNode(name) ? String(name.value) : '';
}
