import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configProblem, lintApp, lintManifest } from '../../../scripts/extension/lint-app.ts';

let folder: string;
const put = (path: string, text = '') => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const rules = () => [...new Set(lintApp(folder).map(({ path, rule }) => `${path}: ${rule}`))];
const SDK = 'https://live.zwidgets.com/js-sdk/1.5/ZohoEmbededAppSDK.min.js';
const CONFIG = '{ "customerPage": null, "customerPageVariable": null, "fields": {}, "parents": [] }';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zcv-lint-'));
  put(
    'widget.html',
    '<link href="./assets/style.css"><script type="module" src="./assets/card.js"></script>',
  );
  put('worklist.html', '<script type="module" src="./assets/card.js"></script>');
  put('assets/style.css', 'p { color: red; }');
  put('assets/card.js', `load("${SDK}")`);
  put('config.json', CONFIG);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a package in order has nothing to complain of', () => {
  expect(lintApp(folder)).toEqual([]);
});

describe('what Zoho refuses or leaves out is found before', () => {
  const long = `${'a'.repeat(248)}.js`;
  test.each([
    ['assets/a b.js', 'file-name'],
    ['assets/a@2x.png', 'file-name'],
    [`assets/${long}`, 'name-length'],
    ['assets/.js', 'nameless'],
    ['assets/.hidden.js', 'hidden-file'],
    ['.env', 'hidden-file'],
    ['assets/card.js.map', 'source-map'],
    ['assets/logo.webp', 'file-type'],
    ['favicon.ico', 'file-type'],
    ['key.pem', 'file-type'],
    ['LICENSE', 'file-type'],
    ['assets/card.JS', 'file-type'],
  ])('%s: %s', (path, rule) => {
    put(path);

    expect(rules()).toEqual([`${path}: ${rule}`]);
  });

  test.each(['v1.2', '.git', 'my files', 'a@b'])('a folder named %s', (name) => {
    put(`${name}/a.js`);

    expect(rules()).toEqual([`${name}: folder-name`]);
  });

  test('a link, whatever it points to', () => {
    symlinkSync(join(folder, 'config.json'), join(folder, 'other.json'));

    expect(rules()).toEqual(['other.json: not-a-file']);
  });

  test('the 251st file, a file above 5 MB, and 20 MB in all', () => {
    for (let at = 0; at < 245; at++) put(`many/${at}.txt`);
    expect(rules()).toEqual([]);
    put('many/last.txt');
    expect(rules()).toEqual([': file-count']);
    rmSync(join(folder, 'many'), { recursive: true });

    put('large.txt');
    truncateSync(join(folder, 'large.txt'), 5_000_000);
    expect(rules()).toEqual([]);
    truncateSync(join(folder, 'large.txt'), 5_000_001);
    expect(rules()).toEqual(['large.txt: file-size']);
    for (const name of ['b', 'c', 'd', 'large']) {
      put(`${name}.txt`);
      truncateSync(join(folder, `${name}.txt`), 5_000_000);
    }
    expect(rules()).toEqual([': total-size']);
  });

  test('no folder, and an empty one', () => {
    rmSync(folder, { recursive: true });
    expect(rules()).toEqual([`${folder}: no-app`]);
    mkdirSync(folder);
    expect(rules()).toEqual([`${folder}: empty-app`]);
  });
});

describe('what must not lie in a package of ours', () => {
  test.each([
    ['names a map', 'assets/card.js', 'a();\n//# sourceMappingURL=card.js.map', 'assets/card.js: source-map'],
    ['asks another host', 'assets/card.js', 'fetch("https://cdn.example.test/x")', 'assets/card.js: remote'],
    [
      'takes a font from elsewhere',
      'assets/style.css',
      '@import "//fonts.example.test/a"',
      'assets/style.css: remote',
    ],
    [
      'asks for a file that is missing',
      'widget.html',
      '<script src="./assets/gone.js"></script>',
      'widget.html: missing',
    ],
    ['has a script inside', 'widget.html', '<script>a()</script>', 'widget.html: inline-script'],
    ['has a handler inside', 'widget.html', '<body onload="a()">', 'widget.html: inline-script'],
    ['is broken', 'config.json', '{', 'config.json: config'],
  ])('a file that %s', (_, path, text, rule) => {
    put(path, text);

    expect(rules()).toEqual([rule]);
  });

  test('more than 60 kB of code when gzipped', () => {
    const noise = Array.from({ length: 20_000 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 0).join();
    put('assets/card.js', noise);

    expect(rules()).toEqual([': budget']);
  });

  test.each(['widget.html', 'worklist.html', 'config.json'])('without %s', (path) => {
    rmSync(join(folder, path));

    expect(rules()).toEqual([`${path}: ${path === 'config.json' ? 'config' : 'page'}`]);
  });
});

describe('settings and manifest', () => {
  const config = (change: object) => configProblem(JSON.stringify({ ...JSON.parse(CONFIG), ...change }));

  test('addresses are https with {module} and {id} and nothing secret in them', () => {
    expect(config({ customerPage: 'https://value.example.test/c/{module}/{id}' })).toBeNull();
    expect(config({ customerPage: 'http://value.example.test/{id}' })).toContain('must be https');
    expect(config({ customerPage: 'javascript:alert(1)' })).toContain('must be https');
    expect(config({ customerPage: 'https://value.example.test/{token}' })).toContain(
      'knows {module} and {id}',
    );
    expect(config({ customerPage: 'https://value.example.test/?key=1' })).toContain('carries no parameters');
  });

  test('names of fields are API names, unknown settings are refused', () => {
    expect(config({ fields: { Accounts: { value_tier: 'Value_Tier1' } } })).toBeNull();
    expect(config({ fields: { Accounts: { value_tier: 'Value Tier' } } })).not.toBeNull();
    expect(config({ apiKey: 'x' })).toContain('apiKey');
    expect(config({ parents: ['https://portal.example.test'] })).toBeNull();
    expect(config({ parents: ['http://portal.example.test'] })).not.toBeNull();
  });

  test.each([
    ['{ "service": "CRM" }', 0],
    ['{ "service": "CRMM" }', 1],
    ['{}', 1],
    ['no', 1],
  ])('manifest %s has %i problems', (text, problems) => {
    put('plugin-manifest.json', text);

    expect(lintManifest(join(folder, 'plugin-manifest.json'))).toHaveLength(problems);
  });
});
