import { NumberInput, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, type Rule } from './routes.ts';

/** On or off, and its numbers; in force from the next run on. */
export function EditRule({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const { t } = useTranslation(['playbook', 'common']);
  const { name: connection } = useConnection();
  const save = useWrite('PATCH /connections/{connection}/settings', CHANGED);
  const [enabled, setEnabled] = useState(rule.enabled);
  const [coolDownDays, setCoolDown] = useState<number | string>(rule.coolDownDays);
  const [dueWorkingDays, setDue] = useState<number | string>(rule.dueWorkingDays);
  const [note, setNote] = useState('');
  const wanted = { enabled, coolDownDays, dueWorkingDays };
  // What the playbook calls them.
  const keys = { enabled: 'enabled', coolDownDays: 'coolDown', dueWorkingDays: 'due.workingDays' };
  const set = Object.fromEntries(
    (['enabled', 'coolDownDays', 'dueWorkingDays'] as const)
      .filter((name) => wanted[name] !== rule[name] && wanted[name] !== '')
      .map((name) => [`playbook.rules.${rule.id}.${keys[name]}`, wanted[name]]),
  );
  const why = note.trim();
  const confirm = () => {
    if (Object.keys(set).length === 0) return onClose();
    return save.mutate(
      { path: { connection }, body: { set, ...(why === '' ? {} : { note: why }) } },
      {
        onSuccess: ({ version }) => {
          tellDone(t('edit.saved', { version }));
          onClose();
        },
      },
    );
  };
  return (
    <Confirm
      isOpen
      title={t('edit.title', { rule: rule.title })}
      deed={t('common:save')}
      isBusy={save.isPending}
      error={save.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Switch
        label={t('edit.enabled')}
        checked={enabled}
        onChange={({ currentTarget }) => setEnabled(currentTarget.checked)}
      />
      {rule.dueWorkingDays !== 'by_tier' && (
        <NumberInput label={t('due')} min={0} allowDecimal={false} value={dueWorkingDays} onChange={setDue} />
      )}
      <NumberInput
        label={t('coolDown')}
        min={0}
        allowDecimal={false}
        value={coolDownDays}
        onChange={setCoolDown}
      />
      <TextInput
        label={t('edit.note')}
        maxLength={500}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Text size="sm" c="dimmed">
        {t('edit.means')}
      </Text>
    </Confirm>
  );
}
