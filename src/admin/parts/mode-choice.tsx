import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../api/hooks.ts';
import { type ConnectionDetail, useConnection } from '../shell/connection.tsx';
import { Confirm } from './confirm.tsx';

type Mode = ConnectionDetail['mode'];
const MODES: readonly Mode[] = ['read-only', 'manual', 'auto'];

/** What may be written into the org; a change is asked for once more. */
export function ModeChoice() {
  const { t } = useTranslation();
  const { name: connection, mode, org } = useConnection();
  const [asked, setAsked] = useState<Mode | null>(null);
  const write = useWrite('PUT /connections/{connection}/mode', [
    'GET /connections/{connection}',
    'GET /connections/{connection}/set-up',
    'GET /fleet',
  ]);
  return (
    <>
      <Radio.Group
        label={t('modeChoice.label')}
        value={mode}
        onChange={(value) => setAsked(MODES.find((known) => known === value) ?? null)}
      >
        <Stack gap={8} mt="xs">
          {MODES.map((id) => (
            <Radio key={id} value={id} label={t(`modes.${id}`)} description={t(`modesWhat.${id}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Confirm
        isOpen={asked !== null}
        title={t('modeChoice.ask', { org: org.name })}
        deed={asked === null ? '' : t(`modes.${asked}`)}
        isDangerous={asked === 'auto'}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked !== null)
            write.mutate(
              { path: { connection }, body: { mode: asked } },
              { onSuccess: () => setAsked(null) },
            );
        }}
      >
        <Text>{asked === null ? '' : t(`modesWhat.${asked}`)}</Text>
      </Confirm>
    </>
  );
}
