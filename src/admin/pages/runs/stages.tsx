import { Group, Loader, Paper, Stepper, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import type { Run } from '../../parts/run-state.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

const STAGES = ['sync', 'score', 'plan', 'apply'] as const;
const ICONS = { running: Loader, done: IconCheck, partial: IconAlertTriangle, failed: IconX };

/** The newest line from reading to writing: how far it is, stage by stage. */
export function Stages() {
  const { t } = useTranslation(['runs', 'common']);
  const { name: connection } = useConnection();
  const { duration } = useFormats();
  const runs = useApi('GET /connections/{connection}/runs', { path: { connection }, query: { limit: 25 } });
  const line = newestLine(runs.data?.items ?? []);
  if (line.length === 0) return null;
  const found = STAGES.map((kind) => line.find((run) => run.kind === kind));
  const reached = found.findLastIndex((run) => run !== undefined);
  return (
    <Paper component="section" withBorder p="md" aria-label={t('line')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('line')}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {found[reached]?.state === 'running'
            ? t('atWork', { stage: t(`common:runKinds.${STAGES[reached] ?? 'sync'}`) })
            : t('atRest')}
        </Text>
      </Group>
      <Stepper
        active={reached + (found[reached]?.state === 'running' ? 0 : 1)}
        size="sm"
        allowNextStepsSelect={false}
      >
        {STAGES.map((kind, index) => {
          const run = found[index];
          const Icon = run && ICONS[run.state];
          return (
            <Stepper.Step
              key={kind}
              {...(run
                ? { component: Link, href: pagePath(connection, 'run', { run: run.id }) }
                : { disabled: true })}
              label={t(`common:runKinds.${kind}`)}
              description={
                run
                  ? `${t(`common:runStates.${run.state}`)}${run.finishedAt ? ` · ${duration(run.startedAt, run.finishedAt)}` : ''}`
                  : t('notYet')
              }
              loading={run?.state === 'running'}
              {...(Icon ? { completedIcon: <Icon size={16} /> } : {})}
              {...(run?.state === 'failed'
                ? { color: 'red.9' }
                : run?.state === 'partial'
                  ? { color: 'yellow.9' }
                  : {})}
            />
          );
        })}
      </Stepper>
    </Paper>
  );
}

/** From the newest sync on; before the first there is none. */
function newestLine(newestFirst: readonly Run[]): readonly Run[] {
  const from = newestFirst.findIndex(({ kind }) => kind === 'sync');
  return from === -1 ? [] : newestFirst.slice(0, from + 1);
}
