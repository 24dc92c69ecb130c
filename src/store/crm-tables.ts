/** The tables that hold the copy of the CRM. */

/** JSON is text in both databases: jsonb refuses \u0000 and changes the order of keys, and no query looks inside. */
export type Json = string;

export interface Owned {
  connection_id: string;
}
interface TermsColumns {
  closed: string | null;
  contract_end: string | null;
  notice_day: string | null;
  buyer_type: string | null;
  survey: string | null;
}
interface RecordRow extends Owned {
  id: string;
  created_at: Date;
  modified_at: Date;
  owner_id: string | null;
  ours: Json;
  input_hash: string;
  deleted_at: Date | null;
  /** When it last came from Zoho. */
  seen_at: Date | null;
}

export interface CrmTables {
  accounts: RecordRow &
    TermsColumns & {
      name: string;
      parent_id: string | null;
      account_type: string | null;
      source: string | null;
      number: string | null;
      kept_contact_day: string | null;
      inputs: Json;
      domain: string | null;
    };
  contacts: RecordRow &
    TermsColumns & {
      name: string;
      account_id: string | null;
      source: string | null;
      kept_contact_day: string | null;
      inputs: Json;
      domain: string | null;
    };
  leads: RecordRow & {
    name: string;
    source: string | null;
    status: string | null;
    rating: string | null;
    converted: boolean;
    converted_at: Date | null;
    converted_account_id: string | null;
    converted_contact_id: string | null;
    converted_deal_id: string | null;
    company: string | null;
    domain: string | null;
  };
  deals: RecordRow & {
    name: string;
    account_id: string | null;
    contact_id: string | null;
    amount: string | null;
    cost: string | null;
    profit: string | null;
    currency: string | null;
    exchange_rate: string | null;
    stage: string | null;
    pipeline: string | null;
    closing_day: string | null;
    source: string | null;
    loss_reason: string | null;
    won_seen_on: string | null;
    won_at_first_sync: boolean;
  };
  activities: RecordRow & {
    module: string;
    subject: string;
    what_id: string | null;
    who_id: string | null;
    status: string | null;
    call_type: string | null;
    start_at: Date | null;
    end_at: Date | null;
    duration_seconds: number | null;
    due_day: string | null;
    closed_at: Date | null;
    cancelled: boolean;
    cv_ref: string | null;
    minutes_spent: number | null;
  };
  cases: RecordRow & {
    subject: string;
    account_id: string | null;
    contact_id: string | null;
    deal_id: string | null;
    status: string | null;
    priority: string | null;
    minutes_spent: number | null;
    due_day: string | null;
  };
  products: RecordRow & {
    name: string;
    code: string | null;
    category: string | null;
    active: boolean;
    cost: string | null;
    currency: string | null;
    exchange_rate: string | null;
  };
  documents: RecordRow & {
    module: string;
    name: string;
    number: string | null;
    account_id: string | null;
    contact_id: string | null;
    deal_id: string | null;
    status: string | null;
    day: string | null;
    until_day: string | null;
    sub_total: string | null;
    tax: string | null;
    total: string | null;
    cost: string | null;
    profit: string | null;
    currency: string | null;
    exchange_rate: string | null;
    freight: string | null;
    paid_day: string | null;
    discount: string | null;
    lines_read_at: Date | null;
  };
  document_lines: Owned & {
    module: string;
    document_id: string;
    id: string;
    product_id: string | null;
    quantity: string | null;
    list_price: string | null;
    discount: string | null;
    tax: string | null;
    net_total: string | null;
  };
  deal_stages: Owned & {
    id: string;
    deal_id: string;
    stage: string;
    left_to: string | null;
    entered_at: Date;
  };
}
