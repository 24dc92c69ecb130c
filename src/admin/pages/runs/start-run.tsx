import { Button, Radio, Stack, Switch, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';

const WHAT = ['run', 'sync', 'score'] as const;
type What = (typeof WHAT)[number];

/** Starts the line, or one stage of it; writing into Zoho is its own choice. */
export function StartRun() {
  const { t } = useTranslation(['runs', 'common']);
  const { name: connection, mode } = useConnection();
  const start = useWrite('POST /connections/{connection}/runs', [
    'GET /connections/{connection}/runs',
    'GET /connections/{connection}/jobs',
  ]);
  const [isOpen, setOpen] = useState(false);
  const [what, setWhat] = useState<What>('run');
  const [full, setFull] = useState(false);
  const [apply, setApply] = useState(false);
  const body = what === 'score' ? { what } : what === 'sync' ? { what, full } : { what, full, apply };
  const done = () => {
    tellDone(t('start.done'));
    setOpen(false);
  };
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => setOpen(true)}>
        {t('start.button')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('start.title')}
        deed={t('start.deed')}
        isBusy={start.isPending}
        error={start.error}
        onConfirm={() => start.mutate({ path: { connection }, body }, { onSuccess: done })}
        onClose={() => setOpen(false)}
      >
        <Radio.Group
          label={t('start.what')}
          value={what}
          onChange={(value) => setWhat(WHAT.find((known) => known === value) ?? 'run')}
        >
          <Stack gap={6} mt={6}>
            {WHAT.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`start.whats.${value}`)}
                description={t(`start.explained.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {what !== 'score' && (
          <Switch
            label={t('start.full')}
            description={t('start.fullWhat')}
            checked={full}
            onChange={({ currentTarget }) => setFull(currentTarget.checked)}
          />
        )}
        {what === 'run' && mode !== 'read-only' && (
          <Switch
            label={t('start.apply')}
            description={t('start.applyWhat')}
            checked={apply}
            onChange={({ currentTarget }) => setApply(currentTarget.checked)}
          />
        )}
        {!(what === 'run' && apply) && (
          <Text size="sm" c="dimmed">
            {t('start.nothing')}
          </Text>
        )}
      </Confirm>
    </>
  );
}
