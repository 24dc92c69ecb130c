import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { invalidParam, moduleFor } from './requests.ts';
import type { ModuleState, SimEmail } from './state.ts';
import { formatInstant } from './times.ts';

const PER_CALL = 10;
const SUPPORTED: ReadonlySet<string> = new Set([
  'Leads',
  'Accounts',
  'Contacts',
  'Deals',
  'Quotes',
  'Sales_Orders',
  'Invoices',
]);
const OWN_TYPES = ['sent_from_crm', 'scheduled_in_crm', 'drafts', 'user_emails'];
const ACCOUNT_TYPES = [
  'all_contacts_sent_crm_emails',
  'all_contacts_scheduled_crm_emails',
  'all_contacts_draft_crm_emails',
];

/** `GET /crm/v8/{module}/{id}/Emails`: ten a call, newest first; `index` is the `next_index` of the call before. */
export function listEmails(context: SimContext): (call: Call) => Answer {
  const starts = new Map<string, { bound: string; start: number; previous: string | null }>();
  return (call) => {
    const module = moduleFor(context, call, 'READ');
    call.need('modules', 'emails', 'READ');
    call.charge(1);
    const { id = '' } = call.params;
    if (!SUPPORTED.has(module.apiName) && module.kind !== 'custom')
      throw new ApiError(400, 'INVALID_MODULE', 'the module does not support e-mails', {
        resource_path_index: 0,
      });
    if (module.rows.get(id) === undefined)
      throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { resource_path_index: 1 });
    const emails = emailsOf(context, id, typeIn(call, module));
    const bound = JSON.stringify([id, call.query.type, call.query.owner_id]);
    const { index } = call.query;
    const from = index === undefined ? { bound, start: 0, previous: null } : starts.get(index);
    if (from === undefined || from.bound !== bound) throw invalidParam('index');
    const page = emails.slice(from.start, from.start + PER_CALL);
    if (page.length === 0) return { status: 204 };
    const hasMore = emails.length > from.start + PER_CALL;
    const next = hasMore ? context.newToken() : null;
    if (next !== null) starts.set(next, { bound, start: from.start + PER_CALL, previous: index ?? null });
    const info = {
      count: page.length,
      next_index: next,
      prev_index: from.previous,
      per_page: PER_CALL,
      more_records: hasMore,
    };
    return { status: 200, json: { Emails: page.map((email) => shown(context, call, email)), info } };
  };
}

function typeIn(call: Call, module: ModuleState): string | null {
  const { type } = call.query;
  if (type === undefined) return null;
  const known = module.apiName === 'Accounts' ? [...OWN_TYPES, ...ACCOUNT_TYPES] : OWN_TYPES;
  if (!known.includes(type)) throw invalidParam('type', { supported_values: known });
  return type;
}

/** Without a type: what was sent from the CRM and what the mailboxes hold. */
function emailsOf({ state, writing }: SimContext, id: string, type: string | null): SimEmail[] {
  const contacts = state.modules.get('Contacts');
  const isOfContacts = type?.startsWith('all_contacts') === true && contacts !== undefined;
  const ids = isOfContacts ? writing.index.findAll(contacts, 'Account_Name', id).map((row) => row.id) : [id];
  const isWanted = ({ sent, source }: SimEmail) => {
    if (type === 'sent_from_crm' || type === 'all_contacts_sent_crm_emails') return sent && source === 'crm';
    if (type === 'user_emails') return source === 'mailbox';
    return type === null;
  };
  return ids
    .flatMap((each) => state.emails.get(each) ?? [])
    .filter(isWanted)
    .sort((a, b) => b.timeMs - a.timeMs);
}

function shown({ state }: SimContext, call: Call, email: SimEmail) {
  const owner = state.users.get(email.ownerId);
  return {
    message_id: email.id,
    subject: email.subject,
    from: person(email.from),
    to: email.to.map(person),
    cc: null,
    time: formatInstant(email.timeMs, call.user.timeZone),
    sent: email.sent,
    status: email.status.map((type) => ({ type })),
    source: email.source,
    owner: owner === undefined ? null : { name: owner.name, id: owner.id },
    summary: null,
    has_attachment: false,
    has_thread_attachment: false,
    read: true,
    editable: false,
    linked_record: null,
    sentiment_details: null,
  };
}

const person = (email: string) => ({ user_name: email.split('@')[0] ?? email, email });
