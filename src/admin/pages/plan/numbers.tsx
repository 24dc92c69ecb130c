import { Alert, Progress, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../parts/formats.ts';
import { StatCard } from '../../parts/stat-card.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { PlanAnswer, Summary } from './routes.ts';

/** The plan in four numbers, each with what it is made of. */
export function Numbers({ plan, summary }: { readonly plan: PlanAnswer; readonly summary: Summary }) {
  const { t } = useTranslation('plan');
  const { number, day, time } = useFormats();
  const { credits } = useConnection();
  const { changes } = plan;
  const { tasks, instalments } = summary;
  const all = changes.pending + changes.done + changes.leftOut;
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        <StatCard
          title={t('numbers.fields')}
          value={number(summary.fieldChanges)}
          what={t('numbers.inRecords', { count: summary.records, records: number(summary.records) })}
        />
        <StatCard
          title={t('numbers.tasks')}
          value={number(tasks.create)}
          what={t('numbers.tasksWhat', {
            update: number(tasks.update),
            close: number(tasks.close),
            suppressed: number(tasks.suppressed),
          })}
        />
        <StatCard
          title={t('numbers.price')}
          value={t('numbers.credits', { count: summary.credits, credits: number(summary.credits) })}
          what={
            <>
              {t('numbers.calls', { count: summary.calls, calls: number(summary.calls) })}
              {credits.remaining !== null && (
                <>
                  {' · '}
                  {t('numbers.left', { left: number(credits.remaining), at: time(credits.at) })}
                </>
              )}
            </>
          }
        />
        <StatCard
          title={t('numbers.written')}
          value={t('numbers.of', { done: number(changes.done), all: number(all) })}
          what={
            <>
              {t('numbers.writtenWhat', {
                pending: number(changes.pending),
                leftOut: number(changes.leftOut),
              })}
              {plan.state === 'applying' && (
                <Progress
                  mt={6}
                  value={all === 0 ? 100 : (100 * changes.done) / all}
                  aria-label={t('numbers.written')}
                />
              )}
            </>
          }
        />
      </SimpleGrid>
      {instalments && (
        <Alert color="blue" title={t('instalments.title')}>
          <Text size="sm">
            {t('instalments.what', {
              days: number(instalments.days),
              today: number(instalments.today),
              perDay: number(instalments.perDay),
              lastDay: day(instalments.lastDay),
            })}
          </Text>
        </Alert>
      )}
    </>
  );
}
