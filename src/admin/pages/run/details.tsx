import { Alert, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PHASES, TIERS } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { NumbersTable } from './numbers-table.tsx';
import type { RunAnswer, Undone } from './routes.ts';

/** What a run did, by its kind. Of kinds without numbers of their own the state says it all. */
export function Details({ run }: { readonly run: RunAnswer }) {
  const { t } = useTranslation(['run', 'common']);
  const { number } = useFormats();
  const { sync, score, plan, apply, undo } = run;
  const pairs = (values: readonly (readonly [name: string, value: number | undefined])[]) =>
    values
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ id: name, cells: [name, number(value)] }));
  return (
    <>
      {sync && (
        <NumbersTable
          title={t('sync.title')}
          head={[t('sync.module'), ...COUNTS.map((count) => t(`sync.${count}`)), t('sync.how')]}
          rows={sync.modules.map((row) => ({
            id: row.module,
            cells: [
              row.module,
              ...COUNTS.map((count) => number(row[count])),
              row.error ?? [row.mode, row.method].filter(Boolean).join(', '),
            ],
          }))}
        >
          {sync.warnings.length > 0 && (
            <Alert variant="default" title={t('sync.warnings')} mb="sm">
              <List size="sm">
                {sync.warnings.map((warning) => (
                  <List.Item key={warning}>{warning}</List.Item>
                ))}
              </List>
            </Alert>
          )}
        </NumbersTable>
      )}
      {score && (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <NumbersTable
            title={t('score.tiers', { customers: number(score.customers) })}
            rows={pairs(TIERS.map((tier) => [t(`common:tiers.${tier}`), score.tiers[tier]]))}
          />
          <NumbersTable
            title={t('score.phases')}
            rows={pairs(PHASES.map((phase) => [t(`common:phases.${phase}`), score.phases[phase]]))}
          />
        </SimpleGrid>
      )}
      {plan && (
        <NumbersTable
          title={t('plan.title')}
          rows={pairs([
            [t('plan.records'), plan.records],
            [t('plan.fieldChanges'), plan.fieldChanges],
          ])}
        />
      )}
      {apply && (
        <NumbersTable
          title={t('apply.title')}
          rows={pairs([
            [t('apply.written'), apply.written],
            [t('apply.created'), apply.tasks.created],
            [t('apply.updated'), apply.tasks.updated],
            [t('apply.closed'), apply.tasks.closed],
            [t('apply.skipped'), apply.skipped],
            [t('apply.keptEdits'), apply.keptEdits],
            [t('apply.leftOut'), apply.leftOut],
            [t('apply.rejected'), apply.rejected.length],
            [t('apply.remaining'), apply.remaining],
          ])}
        >
          {apply.stopped && <Text size="sm">{t('stopped', { why: apply.stopped.message })}</Text>}
        </NumbersTable>
      )}
      {undo && <UndoReport undo={undo} />}
    </>
  );
}

const COUNTS = ['read', 'changed', 'deleted', 'quarantined'] as const;
const MOST_LEFT = 100;

/** What was put back, or would be, and what stays as it is and why. */
export function UndoReport({ undo }: { readonly undo: Undone }) {
  const { t } = useTranslation('run');
  const { number } = useFormats();
  const { skipped, rejected, stopped } = undo;
  const rows = [
    [t('undo.records'), undo.restored],
    [t('undo.values'), undo.values],
    [t('undo.tasksDeleted'), undo.tasksDeleted],
    [t('undo.tasksRestored'), undo.tasksRestored],
    [t('undo.already'), undo.already],
    [t('undo.skipped'), skipped.length],
    [t('undo.rejected'), rejected.length],
    ...(undo.remaining > 0 ? [[t('undo.remaining'), undo.remaining] as const] : []),
    ...(undo.price === null ? [] : [[t('undo.price'), undo.price] as const]),
  ] as const;
  return (
    <Stack>
      <NumbersTable
        title={t(undo.preview ? 'undo.wouldDo' : 'undo.did', { run: undo.undone })}
        rows={rows.map(([name, value]) => ({ id: name, cells: [name, number(value)] }))}
      >
        {stopped && <Text size="sm">{t('stopped', { why: stopped.message })}</Text>}
      </NumbersTable>
      {skipped.length > 0 && (
        <NumbersTable
          title={t('undo.leftTitle')}
          head={[t('undo.record'), t('undo.field'), t('undo.why')]}
          isText
          rows={skipped.slice(0, MOST_LEFT).map((left) => ({
            id: `${left.module} ${left.recordId} ${left.field}`,
            cells: [
              `${left.module} ${left.recordId}`,
              left.field ?? '–',
              t(`undo.because.${left.why}` as 'undo.because.changed', { defaultValue: left.why }),
            ],
          }))}
        >
          {skipped.length > MOST_LEFT && (
            <Text size="sm" c="dimmed">
              {t('undo.first', { shown: number(MOST_LEFT), all: number(skipped.length) })}
            </Text>
          )}
        </NumbersTable>
      )}
    </Stack>
  );
}
