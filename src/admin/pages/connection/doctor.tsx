import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { ChecksTable } from '../../parts/checks-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';

const RUNS = 'GET /connections/{connection}/runs';
const LOOK_AGAIN_MS = 1_500;

/** The last look at everything a run needs, and another one on demand. */
export function Doctor() {
  const { t } = useTranslation(['connection', 'common']);
  const { time } = useFormats();
  const { name: connection, canWrite } = useConnection();
  const write = useWrite('POST /connections/{connection}/doctor', [RUNS]);
  /** The newest run when it was asked for; null: it was not. */
  const [askedAfter, setAskedAfter] = useState<string | null>(null);
  const isAwaited = (run: { readonly id: string; readonly state: string } | undefined) =>
    run?.state === 'running' || askedAfter === (run?.id ?? 'none');
  const runs = useApi(
    RUNS,
    { path: { connection }, query: { kind: 'doctor', limit: 1 } },
    {
      refetchMs: ({ items }) => (isAwaited(items[0]) ? LOOK_AGAIN_MS : null),
    },
  );
  const [last] = runs.data?.items ?? [];
  return (
    <Section
      title={t('doctor')}
      what={t('doctorWhat')}
      actions={
        canWrite && (
          <DeedButton
            variant="default"
            isPending={write.isPending || isAwaited(last)}
            onClick={() =>
              write.mutate({ path: { connection } }, { onSuccess: () => setAskedAfter(last?.id ?? 'none') })
            }
          >
            {t('test')}
          </DeedButton>
        )
      }
    >
      <Stack>
        {write.error && <ProblemAlert error={write.error} />}
        <PageState
          query={runs}
          empty={({ items }) => items.length === 0 && <Text c="dimmed">{t('neverTested')}</Text>}
        >
          {({ items: [run] }) => (
            <>
              <Text size="sm" c="dimmed">
                {t('testedAt', { time: time(run?.startedAt) })}
              </Text>
              {run?.state === 'done' && (
                // The summary of a run of that kind is doctor's report.
                <ChecksTable checks={(run.summary as Report).checks} />
              )}
            </>
          )}
        </PageState>
      </Stack>
    </Section>
  );
}
type Report = Parameters<typeof ChecksTable>[0];
