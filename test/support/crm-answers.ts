import type { Caller } from '../contract/simulator-caller.ts';

/** What CRM answers to the calls of a widget, from the records of a simulated org. */

type Answer = { readonly is: 'answer' | 'failure'; readonly data: unknown } | { readonly is: 'silence' };
/** As the SDK sends it, without sdkVersion. */
export interface WidgetCall {
  readonly category: string;
  readonly type?: string;
  readonly action?: unknown;
  readonly Entity?: string;
  readonly nameSpace?: string;
  readonly APIData?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}
export type Crm = (call: WidgetCall) => Promise<Answer>;

const TASK_FIELDS = 'Subject,Status,Due_Date,Closed_Time,Description,CV_Ref';

export function crmOf(caller: Caller): Crm {
  const sent = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await caller.send(method, `/crm/v8/${path}`, body);
    const data: unknown = answer.status === 204 ? '' : await answer.json();
    return { is: 'answer', data };
  };
  return async ({ category, type, action, Entity, APIData = {} }) => {
    const module = String(APIData.Entity ?? Entity);
    switch ([category, type].filter(Boolean).join(' ')) {
      case 'READ': {
        const { RecordID, RelatedList } = APIData;
        if (RelatedList === undefined) return sent('GET', `${module}/${RecordID}`);
        return sent('GET', `${module}/${RecordID}/${RelatedList}?fields=${TASK_FIELDS}`);
      }
      case 'UPDATE RECORD': {
        const { trigger, ...row } = APIData;
        return sent('PUT', module, { data: [row], trigger });
      }
      case 'QUERY':
        return sent('POST', 'coql', APIData);
      case 'META FIELD_LIST':
        return sent('GET', `settings/fields?module=${module}`);
      case 'CONFIG ORG':
        return sent('GET', 'org');
      case 'CONFIG CURRENT_USER':
        return sent('GET', 'users?type=CurrentUser');
      case 'CONFIG USER_PREFERENCE':
        return { is: 'answer', data: { theme: 'Day' } };
      case 'UI':
        return { is: 'answer', data: action === 'RESIZE' };
      default:
        return { is: 'failure', data: { code: 'UNKNOWN_CATEGORY', message: category } };
    }
  };
}
