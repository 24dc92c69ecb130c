import { Alert, Stack, Text } from '@mantine/core';
import { IconHandStop, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../parts/formats.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { PlanAnswer } from './routes.ts';

/** Why the plan waits for a person and what to do; of reasons that these pages do not know, the server's own words. */
const KNOWN = ['undone', 'tier_changes', 'profit_leaps', 'new_tasks', 'partial_sync', 'credits'] as const;
const WAITING = new Set(['open', 'held', 'approved']);

export function Held({ plan: { state, summary } }: { readonly plan: PlanAnswer }) {
  const { t } = useTranslation(['plan', 'common']);
  const { mode } = useConnection();
  const { number, day } = useFormats();
  const held = state === 'held' ? summary?.held : null;
  const reason = KNOWN.find((known) => known === held?.reason);
  const params = Object.fromEntries(
    Object.entries(held?.params ?? {}).map(([name, value]) => [
      name,
      typeof value === 'number' ? number(value, 2) : name === 'lastDay' ? day(String(value)) : String(value),
    ]),
  );
  return (
    <>
      {held && (
        <Alert
          variant="default"
          icon={<IconHandStop color="var(--mantine-color-orange-6)" />}
          title={t('held.title')}
          role="alert"
        >
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {reason ? t(`held.why.${reason}`, { replace: params }) : held.message}
            </Text>
            {params.settings && <Text size="sm">{t('held.settings', { settings: params.settings })}</Text>}
            {params.changed && <Text size="sm">{t('held.changed', { changed: params.changed })}</Text>}
            {reason && <Text size="sm">{t(`held.todo.${reason}`)}</Text>}
          </Stack>
        </Alert>
      )}
      {mode === 'read-only' && WAITING.has(state) && (
        <Alert color="gray" icon={<IconLock />} title={t('readOnly.title')}>
          {t('readOnly.what')}
        </Alert>
      )}
    </>
  );
}
