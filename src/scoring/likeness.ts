import type { CustomerFacts, Day, RecordId } from '../domain.ts';
import type { CustomerRows, LeadRecord } from '../records.ts';
import type { LeadRules } from '../rules.ts';
import type { LocalDay } from './local-day.ts';
import { compareIds } from './record-order.ts';

/** New leads that somebody we know may stand behind: of the same company, or with an address of its domain. */

type NewLead = NonNullable<CustomerFacts['newLeads']>[number];
type LikeableLead = Pick<LeadRecord, 'id' | 'createdAt' | 'company' | 'domain' | 'status'>;

/** Providers where everybody has an address: sharing one says nothing. Of the countries that we speak, and worldwide. */
const FREE_MAIL: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com
  mac.com gmx.com gmx.net gmx.de gmx.at gmx.ch web.de t-online.de freenet.de mail.com mail.ru yandex.com yandex.ru
  proton.me protonmail.com pm.me tutanota.com fastmail.com zoho.com zohomail.com zohomail.eu qq.com 163.com
  outlook.de outlook.fr hotmail.fr hotmail.de hotmail.it hotmail.es hotmail.co.uk live.co.uk live.fr yahoo.co.uk
  yahoo.fr yahoo.de yahoo.it yahoo.es btinternet.com comcast.net verizon.net att.net sbcglobal.net orange.fr
  wanadoo.fr free.fr laposte.net libero.it telenet.be skynet.be proximus.be
  ziggo.nl kpnmail.nl kpnplanet.nl planet.nl home.nl hetnet.nl xs4all.nl casema.nl chello.nl upcmail.nl live.nl
  hotmail.nl outlook.nl quicknet.nl zonnet.nl tele2.nl caiway.nl onsbrabantnet.nl
  wp.pl onet.pl onet.eu op.pl vp.pl poczta.onet.pl o2.pl tlen.pl interia.pl interia.eu poczta.fm gazeta.pl go2.pl
  poczta.pl autograf.pl
  live.dk hotmail.dk outlook.dk mail.dk mail.tele.dk jubii.dk jubiimail.dk ofir.dk stofanet.dk youmail.dk
  tdcadsl.dk webspeed.dk get2net.dk post.tele.dk`.split(/\s+/),
);

// What a company is registered as, without its points: people write it one time and leave it out the next.
const LEGAL_FORM =
  /\s(bv|nv|vof|cv|gmbh|ag|kg|ohg|ug|se|ltd|limited|llc|llp|lp|plc|inc|incorporated|corp|corporation|co|company|sa|sas|sarl|srl|spa|sl|ab|oy|as|aps|ivs|is|amba|sp z oo|spzoo|sp j|sp k|spolka z oo|holding|group)$/;
// "IT" or "A1" would fit too many.
const SHORTEST = 3;

/** What two spellings of one company share; null: too little to tell companies apart. */
export function companyKey(name: string | null): string | null {
  let key = (name ?? '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .normalize('NFKD')
    .replace(/[\p{M}.'’/]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  for (let shorter = key.replace(LEGAL_FORM, ''); shorter !== key; shorter = key.replace(LEGAL_FORM, ''))
    key = shorter;
  return key.length < SHORTEST ? null : key;
}

/** Leads by company and by domain: a few texts a lead, and plain data, as it goes to other threads. */
export interface NewLeads {
  readonly byCompany: ReadonlyMap<string, readonly NewLead[]>;
  readonly byDomain: ReadonlyMap<string, readonly NewLead[]>;
}

/** Of leads that nobody converted, those that are not closed. */
export class NewLeadsBuilder {
  readonly #byCompany = new Map<string, NewLead[]>();
  readonly #byDomain = new Map<string, NewLead[]>();
  readonly #rules: Pick<LeadRules, 'closedStatuses' | 'freeMailDomains'>;
  readonly #localDay: LocalDay;

  constructor(rules: Pick<LeadRules, 'closedStatuses' | 'freeMailDomains'>, localDay: LocalDay) {
    this.#rules = rules;
    this.#localDay = localDay;
  }

  add({ id, createdAt, company, domain, status }: LikeableLead): void {
    const { closedStatuses, freeMailDomains } = this.#rules;
    if (closedStatuses.includes((status ?? '').trim().toLowerCase())) return;
    const createdDay = this.#localDay(createdAt);
    const key = companyKey(company);
    if (key !== null) put(this.#byCompany, key, { id, createdDay, domain: null });
    if (domain !== null && !FREE_MAIL.has(domain) && !freeMailDomains.includes(domain))
      put(this.#byDomain, domain, { id, createdDay, domain });
  }

  /** Null: none tells whom it may stand for. */
  result(): NewLeads | null {
    const [byCompany, byDomain] = [this.#byCompany, this.#byDomain];
    return byCompany.size + byDomain.size === 0 ? null : { byCompany, byDomain };
  }
}

/** Those that may stand for a customer: each once, the earliest first; by company rather than by domain. */
export function newLeadsOf(
  { key, record, contacts, family }: CustomerRows,
  { byCompany, byDomain }: NewLeads,
  asOf: Day,
): NewLead[] {
  const found = new Map<RecordId, NewLead>();
  const note = (leads: readonly NewLead[] = []) => {
    for (const lead of leads) if (lead.createdDay <= asOf && !found.has(lead.id)) found.set(lead.id, lead);
  };
  // People have no company of their own.
  if (key.module === 'Accounts' && byCompany.size > 0) {
    for (const { name } of [record, ...family]) note(byCompany.get(companyKey(name) ?? ''));
  }
  for (const { domain } of [record, ...contacts]) if (domain !== null) note(byDomain.get(domain));
  return [...found.values()].sort((a, b) =>
    a.createdDay < b.createdDay ? -1 : a.createdDay > b.createdDay ? 1 : compareIds(a.id, b.id),
  );
}

function put(map: Map<string, NewLead[]>, key: string, lead: NewLead): void {
  const known = map.get(key);
  if (known) known.push(lead);
  else map.set(key, [lead]);
}
