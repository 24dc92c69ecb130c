import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Db, openDb } from '../../src/db.ts';
import { compareViews } from '../../src/jobs/compare-views.ts';
import { monthReport } from '../../src/jobs/month-report.ts';
import { superstoreOrg } from '../../src/sample/superstore.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type MonthReport, reportPage } from '../../src/texts/report.ts';
import { type ReportLook, reportCsv, reportHtml, reportText } from '../../src/views/report-file.ts';
import { reportPdf } from '../../src/views/report-pdf.ts';
import { aLineWorld, type LineWorld } from '../support/line-world.ts';
import { wholeLine } from '../support/write-stage.ts';

/** The report of a month over the sample firm, and what is made of it. */

const TODAY = '2026-03-20';
const LANGUAGES = ['en', 'nl', 'pl', 'da'] as const;
const folder = mkdtempSync(join(tmpdir(), 'zcv-report-'));
let db: Db;
let world: LineWorld;
let february: MonthReport;
const report = (month: string | null) =>
  monthReport(world.newDeps(), { connection: world.connection, month });

beforeAll(async () => {
  db = await openDb(`file:${join(folder, 'report.db')}`);
  await migrate(db);
  world = await aLineWorld(db, {
    org: superstoreOrg({ today: TODAY }),
    startMs: Date.parse(`${TODAY}T06:00:00Z`),
    seed: 1,
    sets: ['essential'],
  });
  await expect(report('2026-02')).rejects.toThrow(/nothing was scored yet/);
  await wholeLine(world, true);
  february = await report(null);
});
afterAll(async () => {
  await world?.close();
  await db?.close();
  rmSync(folder, { recursive: true });
});

describe('a month', () => {
  test('is the last whole one when none is named, and stands against the day before it', () => {
    expect(february).toMatchObject({
      from: '2026-02-01',
      until: '2026-02-28',
      before: '2026-01-31',
      isWhole: true,
    });
  });

  test('adds up: customers of both ends, and the change of the base by its factors', () => {
    const { standing, change, flow, moved } = february;
    const { before, after } = standing;
    expect(before.base.customers + flow.first + flow.again - flow.left).toBe(after.base.customers);
    expect(change.number + change.yield + change.length).toBe(change.total);
    expect(change.total).toBe(after.base.value - before.base.value);
    for (const side of [before, after]) {
      const sum = (counts: object) => Object.values(counts).reduce((left: number, right) => left + right, 0);
      expect(sum(side.tiers)).toBe(side.customers);
      expect(sum(side.phases)).toBe(side.customers);
    }
    expect(moved.up).toBeGreaterThan(0);
    expect(moved.down).toBeGreaterThan(0);
  });

  test('names who moved as the comparison of both days does', async () => {
    const { settings } = world;
    const { changed } = await compareViews(world.newDeps(), {
      connection: world.connection,
      before: { asOf: '2026-01-31', settings },
      after: { asOf: '2026-02-28', settings },
      most: 10_000,
    });
    const left = changed.first.filter(
      ({ before, after }) => after.phase === 'lost' && before.phase !== 'lost',
    );
    expect(left.length).toBe(february.lost);
    expect(february.lists.lost.map(({ key }) => key.id)).toEqual(left.slice(0, 10).map(({ key }) => key.id));
    const back = changed.first.filter(
      ({ before, after }) => before.phase === 'lost' && after.phase !== 'lost' && after.phase !== 'prospect',
    );
    expect(back.length).toBe(february.wonBack);
    for (const { before, after } of february.lists.down)
      expect(`${before.tier} ${before.gold}`).not.toBe(`${after.tier} ${after.gold}`);
  });

  test('counts the reminders that were made, and those still open at its end', async () => {
    const march = await report('2026-03');
    const reminders = await world.newDeps().store.reminders.all(world.connection.id);
    expect(reminders.length).toBeGreaterThan(0);
    expect(march).toMatchObject({ isWhole: false, until: TODAY });
    expect(march.tasks).toMatchObject({ made: reminders.length, open: reminders.length, done: 0 });
    expect(february.tasks).toMatchObject({ made: 0, open: 0 });
  });

  test('that has not begun, or is none, is refused with what to give', async () => {
    await expect(report('2026-04')).rejects.toThrow('--month 2026-04 has not begun; today is 2026-03-20');
    await expect(report('2026-13')).rejects.toThrow('--month 2026-13: give a month as YYYY-MM');
    await expect(report('March')).rejects.toThrow('give a month as YYYY-MM');
  });
});

describe('its page', () => {
  const look = (language: ReportLook['language'], brand: string | null = 'Partner & Son'): ReportLook => ({
    language,
    brand,
    logo: null,
  });
  const page = (language: ReportLook['language'], org = february.org) =>
    reportPage({ ...february, org }, { language, currency: org.currency });

  test.each(LANGUAGES)('has the same numbers and no gaps in %s', (language) => {
    const there = page(language);
    const text = reportText(there, look(language));
    expect(text).not.toMatch(/\{|undefined|NaN/);
    expect(text).toContain(there.title);
    expect(there.sections.map(({ rows }) => rows.map((row) => row.map(({ value }) => typeof value)))).toEqual(
      page('en').sections.map(({ rows }) => rows.map((row) => row.map(({ value }) => typeof value))),
    );
  });

  test('as HTML shows names as text, whatever they are', () => {
    const html = reportHtml(
      page('en', { ...february.org, name: '<script>alert(1)</script>' }),
      look('en', '"x" <b>'),
    );
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;: February 2026');
    expect(html).toContain('Made by &quot;x&quot; &lt;b&gt;');
  });

  test('as CSV keeps numbers as numbers and formulas as text', () => {
    const named = { ...february.lists.down[0], name: '=1+1' } as MonthReport['lists']['down'][number]; // the sample has moves
    const csv = reportCsv(
      reportPage(
        { ...february, lists: { ...february.lists, down: [named] } },
        { language: 'en', currency: 'USD' },
      ),
    );
    const rows: string[][] = parse(csv, { relax_column_count: true });
    expect(rows.find(([section]) => section === 'Moved down')?.[1]).toBe("'=1+1");
    const value = rows.find(([, item]) => item === 'Value of the base');
    expect(Number(value?.[3])).toBe(february.standing.after.base.value / 100);
    const lossMaking = rows.find(([section, item]) => section === 'Tiers' && item === 'Loss-making');
    const { before, after } = february.standing;
    expect(Number(lossMaking?.[4])).toBe(after.tiers.loss_making - before.tiers.loss_making);
  });

  test('as PDF has pages, a title and the picture that was given', async () => {
    const plain = await reportPdf(page('pl'), look('pl'));
    const logo = { type: 'image/png', bytes: Buffer.from(PIXEL, 'base64') } as const;
    const pictured = await reportPdf(page('pl'), { ...look('pl'), logo });
    const has = (pdf: Buffer, part: string) => pdf.toString('latin1').includes(part);
    expect(plain.subarray(0, 5).toString()).toBe('%PDF-');
    expect(has(plain, '/Type /Page\n')).toBe(true);
    expect(has(plain, '/Lang (pl)')).toBe(true);
    expect(has(plain, '/Subtype /Image')).toBe(false);
    expect(has(pictured, '/Subtype /Image')).toBe(true);
  });
});

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
