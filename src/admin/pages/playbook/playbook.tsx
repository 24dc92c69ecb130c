import { Badge, Button, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { EditRule } from './edit-rule.tsx';
import { Limits } from './limits.tsx';
import { PLAYBOOK, type Rule, STATS, type Stats } from './routes.ts';

/** Which reminders are made, in order of precedence, what became of them, and how many there may be. */
export default function Playbook() {
  const { t, i18n } = useTranslation(['playbook', 'common']);
  const { name: connection } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const path = { connection };
  const rules = useApi(PLAYBOOK, { path, query: { lang } });
  const stats = useApi(STATS, { path, query: { lang } });
  const [edited, setEdited] = useState<Rule | null>(null);
  const columns = useColumns(stats.data?.items ?? null, setEdited);
  return (
    <>
      <PageHeader title={t('common:pages.playbook')} lead={t('lead')} />
      <Stack gap="lg">
        <Limits />
        {stats.error && <ProblemAlert error={stats.error} onRetry={() => void stats.refetch()} />}
        <PageState
          query={rules}
          empty={({ items }) =>
            items.length === 0 && (
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('toRules'), to: pagePath(connection, 'rules') }}
              />
            )
          }
        >
          {({ items }) => (
            <DataTable
              label={t('common:pages.playbook')}
              columns={columns}
              rows={items}
              keyOf={({ id }) => id}
            />
          )}
        </PageState>
      </Stack>
      {edited && <EditRule rule={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useColumns(stats: readonly Stats[] | null, onEdit: (rule: Rule) => void): readonly Column<Rule>[] {
  const { t } = useTranslation('playbook');
  const { canWrite } = useConnection();
  const { number } = useFormats();
  return useMemo(() => {
    const of = (id: string) => stats?.find(({ reason }) => reason === id);
    const counted = (value: number | undefined) => number(stats === null ? null : (value ?? 0));
    const percent = (value: number | null | undefined) =>
      value == null ? t('tooFew') : `${number(value)} %`;
    const edit: Column<Rule> = {
      id: 'edit',
      header: t('change'),
      cell: (rule) => (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPencil size={14} />}
          aria-label={t('edit.title', { rule: rule.title })}
          onClick={() => onEdit(rule)}
        >
          {t('edit.button')}
        </Button>
      ),
    };
    const columns: readonly Column<Rule>[] = [
      {
        id: 'rule',
        header: t('rule'),
        cell: ({ title, for: whom }) => (
          <>
            <Text size="sm" fw={500}>
              {title}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`whom.${whom}`)}
            </Text>
          </>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        cell: ({ enabled }) => (
          <Badge variant="default" tt="none" miw="max-content">
            {t(enabled ? 'on' : 'off')}
          </Badge>
        ),
      },
      {
        id: 'priority',
        header: t('priority'),
        isWide: true,
        cell: ({ priority }) => t(`priorities.${priority}` as 'priorities.High', { defaultValue: priority }),
      },
      {
        id: 'due',
        header: t('due'),
        isNumber: true,
        isWide: true,
        cell: ({ dueWorkingDays }) => (dueWorkingDays === 'by_tier' ? t('byTier') : number(dueWorkingDays)),
      },
      {
        id: 'coolDown',
        header: t('coolDown'),
        isNumber: true,
        isWide: true,
        cell: ({ coolDownDays }) => number(coolDownDays),
      },
      { id: 'made', header: t('made'), isNumber: true, cell: ({ id }) => counted(of(id)?.made) },
      {
        id: 'open',
        header: t('open'),
        isNumber: true,
        isWide: true,
        cell: ({ id }) => counted(of(id)?.open),
      },
      {
        id: 'done',
        header: t('done'),
        isNumber: true,
        isWide: true,
        cell: ({ id }) => percent(of(id)?.percent.done),
      },
      {
        id: 'touched',
        header: t('touched'),
        isNumber: true,
        isWide: true,
        cell: ({ id }) => percent(of(id)?.percent.touched),
      },
      {
        id: 'bought',
        header: t('bought'),
        isNumber: true,
        isWide: true,
        cell: ({ id }) => percent(of(id)?.percent.bought),
      },
    ];
    return canWrite ? [...columns, edit] : columns;
  }, [t, stats, onEdit, canWrite, number]);
}
