import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { droppedFocus } from '../../support/dropped-focus.ts';

const ADMIN = fileURLToPath(new URL('../../../src/admin', import.meta.url));

test('what is pressed keeps the focus while its deed is under way', () => {
  const components = globSync('**/*.tsx', { cwd: ADMIN });

  expect(components.length).toBeGreaterThan(30);
  for (const file of components)
    expect(droppedFocus(readFileSync(join(ADMIN, file), 'utf8')), file).toEqual([]);
});

test.each([
  ['<Button loading={write.isPending}>x</Button>', 'Button loading'],
  ['<Button loading>x</Button>', 'Button loading'],
  ['<Switch disabled={!canWrite || write.isPending} onChange={() => x} />', 'Switch disabled'],
  ['<Menu.Item disabled={isBusy} />', 'Menu.Item disabled'],
])('%s is found', (source, found) => {
  expect(droppedFocus(source)).toEqual([found]);
});

test('what is off for another reason, and the picture of a stage, are left alone', () => {
  const source = '<><Checkbox disabled={set === "essential"} /><Stepper.Step loading={isRunning} /></>';

  expect(droppedFocus(source)).toEqual([]);
});
