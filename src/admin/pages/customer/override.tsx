import { Alert, Button, Group, NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { PHASES, type Phase } from '../../parts/codes.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';

const LIST = 'GET /connections/{connection}/customers/{customer}/overrides';
const SET = 'PUT /connections/{connection}/customers/{customer}/override';
const END = 'DELETE /connections/{connection}/customers/{customer}/override';
type OfCustomer = Pick<InputOf<typeof SET>, 'path'>;

/** The phase as a person sees it, with a reason and an end. What was typed stays until it is accepted. */
export function Override({ path, phase }: OfCustomer & { readonly phase: Phase }) {
  const { t } = useTranslation(['customer', 'common']);
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState({ phase, reason: '', until: '' });
  const write = useWrite(SET, [LIST]);
  const save = () =>
    write.mutate(
      { path, body: typed },
      {
        onSuccess: () => {
          tellDone(t('override.done'));
          close();
        },
      },
    );
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('override.open')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('override.open')}
        deed={t('common:save')}
        isBusy={write.isPending}
        error={write.error}
        onConfirm={save}
        onClose={close}
      >
        <Text size="sm">{t('override.what')}</Text>
        <NativeSelect
          label={t('override.phase')}
          value={typed.phase}
          data={PHASES.map((value) => ({ value, label: t(`common:phases.${value}`) }))}
          onChange={({ currentTarget }) => {
            const chosen = PHASES.find((known) => known === currentTarget.value);
            if (chosen) setTyped({ ...typed, phase: chosen });
          }}
        />
        <Textarea
          label={t('override.reason')}
          required
          maxLength={500}
          value={typed.reason}
          onChange={({ currentTarget }) => setTyped({ ...typed, reason: currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('override.until')}
          required
          value={typed.until}
          onChange={({ currentTarget }) => setTyped({ ...typed, until: currentTarget.value })}
        />
      </Confirm>
    </>
  );
}

/** Tells that a phase is set by hand now, by whom and why, and takes it back. */
export function OverrideNote({ path }: OfCustomer) {
  const { t } = useTranslation(['customer', 'common']);
  const { day } = useFormats();
  const { canWrite } = useConnection();
  const { data, error, refetch } = useApi(LIST, { path });
  const write = useWrite(END, [LIST]);
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  const holding = data?.items.find(({ holds }) => holds);
  if (!holding) return null;
  const { phase, until, by, reason } = holding;
  return (
    <Alert color="yellow">
      <Group justify="space-between">
        <Text size="sm">
          {t('override.row', { phase: t(`common:phases.${phase}`), until: day(until), by, reason })}
        </Text>
        {canWrite && (
          <DeedButton
            size="xs"
            variant="default"
            isPending={write.isPending}
            onClick={() => write.mutate({ path }, { onSuccess: () => tellDone(t('override.ended')) })}
          >
            {t('override.end')}
          </DeedButton>
        )}
      </Group>
      {write.error && <ProblemAlert error={write.error} />}
    </Alert>
  );
}
