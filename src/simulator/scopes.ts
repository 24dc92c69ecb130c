/** Scopes of the connection that is valid at start: what a connector that reads, scores and writes back asks for. */
export const DEFAULT_SCOPES: readonly string[] = [
  'ZohoCRM.modules.ALL',
  'ZohoCRM.settings.fields.ALL',
  'ZohoCRM.settings.modules.READ',
  'ZohoCRM.settings.pipeline.READ',
  'ZohoCRM.settings.layouts.READ',
  'ZohoCRM.settings.related_lists.READ',
  'ZohoCRM.coql.READ',
  'ZohoCRM.bulk.READ',
  'ZohoCRM.notifications.ALL',
  'ZohoCRM.users.READ',
  'ZohoCRM.org.READ',
];

/** Words that belong to another service than the CRM. */
const SERVICES: Readonly<Record<string, string>> = { securesearch: 'ZohoSearch', files: 'ZohoFiles' };

/** `words` end in an operation; a scope of a group above them covers them as well. */
export function hasScope(
  granted: readonly string[],
  words: readonly string[],
  caseSensitive: boolean,
): boolean {
  const fold = (text: string) => (caseSensitive ? text : text.toLowerCase());
  const known = new Set(granted.map(fold));
  const operation = words.at(-1) ?? '';
  const operations = ['ALL', operation, ...(['CREATE', 'UPDATE'].includes(operation) ? ['WRITE'] : [])];
  for (let length = words.length - 1; length > 0; length--) {
    const prefix = words.slice(0, length);
    const service = SERVICES[prefix[0] ?? ''] ?? 'ZohoCRM';
    const isCovered = operations.some((each) => known.has(fold([service, ...prefix, each].join('.'))));
    if (isCovered) return true;
  }
  return false;
}

const KNOWN_SCOPE =
  /^(ZohoCRM\.(modules|settings|users|org|coql|bulk|notifications|mass_update|features|apis|Files|composite_requests)(\.\w+)*\.(ALL|READ|CREATE|UPDATE|WRITE|DELETE|CUSTOM)|ZohoSearch\.securesearch\.READ|ZohoFiles\.files\.ALL)$/i;

/** Scopes that Zoho's consent page would refuse, among them the activities that version 3 removed. */
export function strangeScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !KNOWN_SCOPE.test(scope) || /modules\.activities/i.test(scope));
}
