import { describe, expect, test } from 'vitest';
import { transportOptions } from '../../../src/notify/mail-transport.ts';

describe('the way to the mail server', () => {
  test.each([
    ['smtp://mail.firm.test', { host: 'mail.firm.test', port: 587, secure: false, requireTLS: true }],
    ['smtps://mail.firm.test', { port: 465, secure: true }],
    ['smtp://10.0.0.4:25', { port: 25, requireTLS: true, tls: { rejectUnauthorized: true } }],
    ['smtp://localhost.firm.test', { requireTLS: true }],
    ['smtp://127.0.0.1:2525', { port: 2525, requireTLS: false, tls: { rejectUnauthorized: false } }],
    ['smtp://[::1]:2525', { host: '::1', requireTLS: false }],
    ['smtp://a%40b.test:p%3Aq@mail.firm.test', { auth: { user: 'a@b.test', pass: 'p:q' } }],
  ])('%s: encrypted and checked, but on this machine', (url, expected) => {
    expect(transportOptions(url)).toMatchObject(expected);
  });
});
