import type { FieldKey, ModuleName } from '../domain.ts';
import type { EditPolicy, EditRules } from '../rules.ts';
import { fieldSpec } from './field-catalog.ts';

/** Only the fields of customers have a policy: a copy on a contact, a deal or a case says what its customer says. */
export function editPolicyOf(rules: EditRules, module: ModuleName, key: FieldKey): EditPolicy {
  if (module !== 'Accounts' && module !== 'Contacts') return 'ours';
  const { set } = fieldSpec(key);
  return set === 'essential' || set === 'full' ? (rules.fields[key] ?? rules.usual) : 'ours';
}
