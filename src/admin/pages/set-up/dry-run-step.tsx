import { Button, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { PlanFacts } from './plan-facts.tsx';
import type { StepProps } from './reports.ts';
import { Ask } from './step-parts.tsx';

const CHANGES = 'GET /connections/{connection}/plans/{plan}/changes';
const SHOWN = 10;
const what = 'run';
const DRY_RUN = { what, full: false, apply: false } as const;
type Item = AnswerOf<typeof CHANGES>['items'][number];
const NONE = { field: 'dryRun.noFields', task: 'dryRun.noTasks' } as const;

/** Reads, scores and plans. The first plan is shown as what would be written, field by field; nothing is. */
export function DryRunStep({ setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const { plan } = setUp;
  return (
    <>
      <Ask
        route="POST /connections/{connection}/runs"
        input={{ path: { connection }, body: DRY_RUN }}
        label={t(plan === null ? 'dryRun.start' : 'dryRun.again')}
        setUp={setUp}
        isAgain={plan !== null}
      />
      {plan !== null && (
        <>
          <PlanFacts plan={plan} />
          <Changes plan={plan} kind="field" />
          <Changes plan={plan} kind="task" />
          <Group>
            <Button component={Link} href={pagePath(connection, 'plans')} variant="default">
              {t('dryRun.toPlans')}
            </Button>
          </Group>
        </>
      )}
    </>
  );
}

function Changes({ plan, kind }: { readonly plan: string; readonly kind: 'field' | 'task' }) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const changes = useApi(CHANGES, { path: { connection, plan }, query: { kind, limit: SHOWN } });
  const fieldColumns = useFieldColumns();
  const taskColumns = useTaskColumns();
  return (
    <PageState
      query={changes}
      empty={({ items }) => items.length === 0 && <Text c="dimmed">{t(NONE[kind])}</Text>}
    >
      {({ items }) => (
        <div>
          <Text fw={600} size="sm" mb={4}>
            {t(kind === 'field' ? 'dryRun.firstFields' : 'dryRun.firstTasks')}
          </Text>
          <DataTable
            label={t(kind === 'field' ? 'dryRun.firstFields' : 'dryRun.firstTasks')}
            columns={kind === 'field' ? fieldColumns : taskColumns}
            rows={items}
            keyOf={({ seq }) => String(seq)}
          />
        </div>
      )}
    </PageState>
  );
}

function useFieldColumns(): readonly Column<Item>[] {
  const { t } = useTranslation('setUp');
  const { money } = useFormats();
  return useMemo(() => {
    const words = (value: Item['new'], isMoney = false) =>
      isMoney && typeof value === 'number' ? money(value) : String(value ?? '–');
    return [
      { id: 'name', header: t('dryRun.record'), cell: ({ name }) => name ?? '' },
      { id: 'field', header: t('dryRun.field'), cell: ({ label, field }) => label ?? field ?? '' },
      { id: 'old', header: t('dryRun.old'), isWide: true, cell: (item) => words(item.old, item.isMoney) },
      { id: 'new', header: t('dryRun.new'), cell: (item) => words(item.new, item.isMoney) },
      { id: 'why', header: t('dryRun.why'), isWide: true, cell: ({ reason }) => reason ?? '' },
    ];
  }, [t, money]);
}

function useTaskColumns(): readonly Column<Item>[] {
  const { t } = useTranslation('setUp');
  const { day } = useFormats();
  return useMemo(
    () => [
      { id: 'subject', header: t('dryRun.subject'), cell: ({ task }) => task?.subject ?? '' },
      { id: 'rule', header: t('dryRun.rule'), isWide: true, cell: ({ task }) => task?.title ?? '' },
      { id: 'due', header: t('dryRun.due'), cell: ({ task }) => day(task?.dueDay) },
    ],
    [t, day],
  );
}
