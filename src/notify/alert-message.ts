import type { AlertCode, AlertParams } from '../alerts.ts';
import type { Connection } from '../domain.ts';
import { alertText } from '../texts/alerts.ts';

/** What is stored with an alert, for logs and doctor: English, whatever people read. */
export function alertMessage(
  alert: { readonly code: AlertCode; readonly params: AlertParams },
  { name, org }: Connection,
): string {
  const format = { language: 'en', currency: org.currency } as const;
  const { title, todo } = alertText(alert, { connection: name, org: org.name }, format);
  return `${title}. ${todo}`;
}
