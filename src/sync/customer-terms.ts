import type { CustomerTerms } from '../records.ts';
import { dayOfValue, decimalOf, textOf } from '../zoho/values.ts';

/** What the org says of a relation, in the fields that fields.yaml names for it. */

type TermsInput = 'closed' | 'contractEnd' | 'noticeGiven' | 'buyerType' | 'survey';

export function customerTerms(at: (input: TermsInput) => unknown): CustomerTerms {
  const found = {
    closed: textOf(at('closed')),
    contractEnd: dayOfValue(at('contractEnd')),
    noticeGiven: dayOfValue(at('noticeGiven')),
    buyerType: textOf(at('buyerType')),
    survey: decimalOf(at('survey')),
  };
  // What is empty goes; what is left is of its type.
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null)) as CustomerTerms;
}
