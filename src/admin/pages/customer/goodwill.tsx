import { Button, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { tellDone } from '../../parts/toasts.ts';
import { NOTES } from './notes.tsx';

const ADD = 'POST /connections/{connection}/customers/{customer}/goodwill';
const NOTHING = { amount: '', note: '' };

/** Notes what was given because something went wrong. */
export function Goodwill({ path }: Pick<InputOf<typeof ADD>, 'path'>) {
  const { t } = useTranslation(['customer', 'common']);
  const { exactMoney } = useFormats();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState(NOTHING);
  const write = useWrite(ADD, ['GET /connections/{connection}/customers/{customer}', NOTES]);
  const save = () =>
    write.mutate(
      // People write a comma where the API wants a point.
      { path, body: { amount: typed.amount.trim().replace(',', '.'), note: typed.note.trim() || null } },
      {
        onSuccess: ({ amount }) => {
          tellDone(t('goodwill.done', { amount: exactMoney(amount) }));
          setTyped(NOTHING);
          close();
        },
      },
    );
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('goodwill.open')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('goodwill.open')}
        deed={t('common:save')}
        isBusy={write.isPending}
        error={write.error}
        onConfirm={save}
        onClose={close}
      >
        <Text size="sm">{t('goodwill.what')}</Text>
        <TextInput
          label={t('goodwill.amount')}
          required
          inputMode="decimal"
          value={typed.amount}
          onChange={({ currentTarget }) => setTyped({ ...typed, amount: currentTarget.value })}
        />
        <TextInput
          label={t('goodwill.note')}
          maxLength={500}
          value={typed.note}
          onChange={({ currentTarget }) => setTyped({ ...typed, note: currentTarget.value })}
        />
      </Confirm>
    </>
  );
}
