import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { InputError, NotFoundError } from '../../src/errors.ts';
import { importFile, removeImport } from '../../src/jobs/import-file.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aConnection, aDeal, anAccount, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const folder = mkdtempSync(join(tmpdir(), 'zcv-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Kind = Parameters<typeof importFile>[1]['kind'];
function aFile(text: string | Buffer, name = 'file.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const EXAMPLES = [
  ...readFileSync('docs/imports.md', 'utf8').matchAll(
    /```csv (\w+)\n([\s\S]*?)```\s+```json\n([\s\S]*?)```/g,
  ),
].map(([, kind, csv = '', json = '']) => ({ kind: kind as Kind, csv, json })); // the page names kinds only

describeOnBoth('importing a file', ({ open }) => {
  async function world(from: 'deals' | 'imports' = 'deals') {
    const store = createStore(await open(), keys);
    const connection = await store.connections.create(aConnection());
    const accounts = [
      hashed(anAccount({ id: '100', number: '1001' })),
      hashed(anAccount({ id: '101', number: '1002' })),
    ];
    await store.records.save(connection.id, 'Accounts', accounts, null);
    const clock = { ...systemClock, now: () => new Date('2026-05-20T10:00:00Z') };
    const settings = { scoring: { purchase: { from } } };
    const deps = { store, settings, clock, holder: 'test', isHolderGone: () => false } as unknown as LineDeps; // what an import asks for
    const bring = (kind: Kind, text: string | Buffer, dryRun = false) =>
      importFile(deps, { connection, kind, path: aFile(text), dryRun });
    return { store, connection, deps, bring };
  }
  async function linesOf(store: Store, { id }: Connection): Promise<number> {
    let lines = 0;
    const all = store.customers.inKeyOrder(id, { basis: 'both', excludeAccountTypes: [] }, 10);
    for await (const rows of all) for (const { imported } of rows) lines += imported?.purchases.length ?? 0;
    return lines;
  }

  test.each(EXAMPLES)('docs/imports.md: $kind, $json', async ({ kind, csv, json }) => {
    const { bring } = await world();

    expect(EXAMPLES.length).toBeGreaterThan(4);
    expect(await bring(kind, csv)).toMatchObject(JSON.parse(json));
  });

  test.each<[string, string | Buffer, string]>([
    ['no file content', '', 'is empty'],
    ['a column that is missing', 'date,account_id\n', 'a column is missing: amount'],
    ['a column mistyped', 'dates,amount,account_id\n', 'did you mean date?'],
    ['a column twice', 'date,amount,account_id,Net Amount\n', 'two columns are the amount'],
  ])('a header with %s is refused', async (_name, text, words) => {
    const { bring } = await world();

    await expect(bring('purchases', text)).rejects.toThrow(InputError);
    await expect(bring('purchases', text)).rejects.toThrow(words);
  });

  const HEAD = 'account_number,date,amount\n';
  const GOOD = '1001,2026-01-01,1.00\n';
  test.each<[string, string | Buffer, number, string]>([
    ['a quote that is never closed', `${HEAD}${GOOD}1001,2026-01-01,"5\n${GOOD}`, 3, 'never closed'],
    ['text beside a quote', `${HEAD}${GOOD}1001,2026-01-01,"5"x\n`, 3, 'beside a quoted value'],
    [
      'bytes of another encoding',
      Buffer.concat([Buffer.from(`${HEAD}${GOOD.repeat(4)}`), Buffer.from([0xe9, 0x0a])]),
      6,
      'UTF-8',
    ],
    ['a spreadsheet that ate an id', `account_id,date,amount\n4.87688E+17,2026-01-01,1\n`, 2, 'spreadsheet'],
    [
      'an id of 25 digits',
      `account_id,date,amount\n${'4'.repeat(25)},2026-01-01,1\n`,
      2,
      'no Zoho record id',
    ],
    ['the year 9999', `${HEAD}1001,9999-01-01,1\n`, 2, 'lies outside'],
    ['the year 0001', `${HEAD}1001,0001-01-01,1\n`, 2, 'lies outside'],
    ['an amount of 10^15', `${HEAD}1001,2026-01-01,1000000000000000\n`, 2, 'is beyond'],
    ['an ambiguous amount', 'account_number;date;amount\n1001;2026-01-01;1.234\n', 2, 'may mean thousands'],
    [
      'a rate without a currency',
      'account_id,date,amount,rate\n4876876001,2026-01-01,1,0.9\n',
      2,
      'no foreign currency',
    ],
    ['an unknown type', 'account_id,date,amount,type\n4876876001,2026-01-01,1,bill\n', 2, 'neither invoice'],
  ])('%s is named by line and nothing is imported', async (_name, text, line, reason) => {
    const { bring, store, connection } = await world();

    const result = await bring('purchases', text);

    expect(result).toMatchObject({ imported: 0, rejectedCount: 1 });
    expect(result.rejected).toEqual([{ line, reason: expect.stringContaining(reason) }]);
    expect(await store.imports.list(connection.id, 'purchases')).toEqual([]);
    expect(await linesOf(store, connection)).toBe(0);
  });

  test('only the first thousand bad lines are listed, all are counted', async () => {
    const { bring } = await world();

    const result = await bring('purchases', `${HEAD}${'1001,2026-01-01,x\n'.repeat(1_500)}`);

    expect(result.rejected).toHaveLength(1_000);
    expect(result.rejectedCount).toBe(1_500);
  });

  test('a dry run leaves nothing; the file itself counts once, whatever its name, and can be taken back', async () => {
    const { bring, store, connection, deps } = await world();
    const text = `${HEAD}${GOOD}\n${GOOD}`;

    expect(await bring('purchases', text, true)).toMatchObject({ imported: 2, dryRun: true });
    expect(await linesOf(store, connection)).toBe(0);
    expect(await bring('purchases', text)).toMatchObject({ imported: 2, alreadyImported: false });
    const again = await importFile(deps, {
      connection,
      kind: 'purchases',
      path: aFile(text, 'renamed.csv'),
      dryRun: false,
    });
    expect(again).toMatchObject({ imported: 0, alreadyImported: true });
    expect(await linesOf(store, connection)).toBe(2);
    const removed = await removeImport(deps, {
      connection,
      kind: 'purchases',
      fileOrHash: again.fileHash.slice(0, 12),
    });
    expect(removed).toMatchObject({ lines: 2, fileName: 'file.csv' });
    expect(await linesOf(store, connection)).toBe(0);
    await expect(
      removeImport(deps, { connection, kind: 'purchases', fileOrHash: again.fileHash }),
    ).rejects.toThrow(NotFoundError);
  });

  test.each([
    ['deals', [{ currency: 'EUR', lines: 2, amount: '1500.00' }]],
    ['imports', []],
  ] as const)('purchases from %s: invoices without a deal beside won deals are told', async (from, told) => {
    const { bring, store, connection } = await world(from);
    const won = { accountId: '100', wonSeenOn: '2026-01-05' };
    const deals = [
      hashed(aDeal({ id: '500', ...won })),
      hashed(aDeal({ id: '501', accountId: '101', wonSeenOn: null })),
    ];
    await store.records.save(connection.id, 'Deals', deals, null);
    const lines = [
      '1001,2026-01-10,1000.00,',
      '1001,2026-01-11,500.00,',
      '1001,2026-01-12,-20.00,',
      '1001,2026-01-13,70.00,4876876000000000500',
      '1002,2026-01-14,9.00,',
    ];

    const result = await bring('purchases', `account_number,date,amount,deal_id\n${lines.join('\n')}\n`);

    expect(result).toMatchObject({ imported: 5, besideDeals: told });
  });

  test('the line of a record after quoted line ends and empty lines is the one an editor shows', async () => {
    const { bring } = await world();

    const result = await bring(
      'costs',
      'account_number,date,kind,amount,note\n1001,2026-01-01,freight,1,"a\nb\nc"\n\n1001,2026-01-01,freight,x,\n',
    );

    expect(result.rejected).toEqual([{ line: 6, reason: expect.stringContaining('"x"') }]);
  });

  test('who refers himself and who closes a circle with an earlier file is refused by line; a later referrer is counted', async () => {
    const { bring } = await world();
    const head = 'referred_number,referrer_number,date\n';
    await bring('referrals', `${head}1002,1001,2026-01-10\n`);

    expect(await bring('referrals', `${head}1001,01001,2026-01-10\n`)).toMatchObject({
      rejected: [{ line: 2, reason: 'nobody can refer himself' }],
    });
    expect(await bring('referrals', `${head}1002,77,2026-02-10\n1001,1002,2026-01-09\n`)).toMatchObject({
      rejected: [{ line: 3, reason: expect.stringContaining('circle') }],
    });
    expect(await bring('referrals', `${head}1002,77,2026-02-10\n`)).toMatchObject({
      imported: 1,
      laterReferrers: 1,
    });
  });
});
