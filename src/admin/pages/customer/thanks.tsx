import { Button, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { NOTES } from './notes.tsx';

const ADD = 'POST /connections/{connection}/customers/{customer}/thanks';
const NOTHING = { how: '', day: '', note: '' };

/** Notes that the customer was thanked, and how: the reminder to thank it goes with the next run. */
export function Thanks({ path }: Pick<InputOf<typeof ADD>, 'path'>) {
  const { t } = useTranslation(['customer', 'common']);
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState(NOTHING);
  const write = useWrite(ADD, [NOTES]);
  const save = () =>
    write.mutate(
      {
        path,
        body: {
          how: typed.how.trim(),
          note: typed.note.trim() || null,
          ...(typed.day === '' ? {} : { day: typed.day }),
        },
      },
      {
        onSuccess: ({ how }) => {
          tellDone(t('thanks.done', { how }));
          setTyped(NOTHING);
          close();
        },
      },
    );
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('thanks.open')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('thanks.open')}
        deed={t('common:save')}
        isBusy={write.isPending}
        error={write.error}
        onConfirm={save}
        onClose={close}
      >
        <Text size="sm">{t('thanks.what')}</Text>
        <TextInput
          label={t('thanks.how')}
          description={t('thanks.howWhat')}
          required
          maxLength={100}
          value={typed.how}
          onChange={({ currentTarget }) => setTyped({ ...typed, how: currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('thanks.day')}
          description={t('thanks.dayWhat')}
          value={typed.day}
          onChange={({ currentTarget }) => setTyped({ ...typed, day: currentTarget.value })}
        />
        <TextInput
          label={t('thanks.note')}
          maxLength={500}
          value={typed.note}
          onChange={({ currentTarget }) => setTyped({ ...typed, note: currentTarget.value })}
        />
      </Confirm>
    </>
  );
}
