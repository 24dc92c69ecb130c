import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { useConnection } from '../../shell/connection.tsx';

/** How much a plan would write, and what that costs. */
export function PlanFacts({ plan }: { readonly plan: string }) {
  const { t } = useTranslation('setUp');
  const { number, day } = useFormats();
  const { name: connection } = useConnection();
  const query = useApi('GET /connections/{connection}/plans/{plan}', {
    path: { connection, plan },
    query: {},
  });
  return (
    <PageState query={query}>
      {({ summary, state, asOf }) => {
        if (summary === null) return null;
        const { records, fieldChanges, tasks, credits, held } = summary;
        return (
          <>
            {held !== null && <Alert color="yellow" title={t('plan.held')} />}
            <Facts
              facts={[
                [t('plan.number'), plan],
                [t('plan.asOf'), day(asOf)],
                [t('plan.state'), t(`plan.states.${state}`)],
                [t('plan.records'), number(records)],
                [t('plan.fields'), number(fieldChanges)],
                [t('plan.tasks'), number(tasks.create + tasks.update + tasks.close)],
                [t('plan.suppressed'), number(tasks.suppressed)],
                [t('plan.credits'), number(credits)],
              ]}
            />
          </>
        );
      }}
    </PageState>
  );
}
