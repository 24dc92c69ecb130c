import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { PlanStateBadge } from '../../parts/plan-state.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Changes } from './changes.tsx';
import { Decide } from './decide.tsx';
import { Effects } from './effects.tsx';
import { Held } from './held.tsx';
import { Numbers } from './numbers.tsx';
import { PLAN_ROUTE, useLanguage } from './routes.ts';

const REFRESH_MS = 3_000;

/** One plan: what it would do and cost, why it waits, every change, and the decision about it. */
export default function Plan() {
  const { t } = useTranslation(['plan', 'common']);
  const { name: connection, canWrite } = useConnection();
  const { plan: id = '' } = useParams();
  const { day, time } = useFormats();
  const lang = useLanguage();
  const plan = useApi(
    PLAN_ROUTE,
    { path: { connection, plan: id }, query: { lang } },
    { refetchMs: ({ state }) => (state === 'building' || state === 'applying' ? REFRESH_MS : null) },
  );
  useLiveEvents();
  return (
    <>
      {plan.data === undefined && <PageHeader title={t('title', { id })} />}
      <PageState query={plan} elsewhere={{ label: t('toPlans'), to: pagePath(connection, 'plans') }}>
        {(data) => (
          <>
            <PageHeader
              title={t('title', { id })}
              lead={
                <>
                  <PlanStateBadge state={data.state} />{' '}
                  {t('lead', { made: time(data.createdAt), day: day(data.asOf) })}
                </>
              }
              actions={
                <>
                  <DownloadButton
                    label={t('download')}
                    href={addressOf('GET /connections/{connection}/plans/{plan}/download', {
                      path: { connection, plan: id },
                      query: { lang },
                    })}
                  />
                  {canWrite && <Decide plan={data} />}
                </>
              }
            />
            {data.summary === null ? (
              <Empty
                title={t('noSummaryTitle')}
                what={t(data.state === 'building' ? 'building' : 'noSummary')}
                next={{ label: t('toPlans'), to: pagePath(connection, 'plans') }}
              />
            ) : (
              <Stack gap="lg">
                <Held plan={data} />
                <Numbers plan={data} summary={data.summary} />
                <Effects plan={data} summary={data.summary} />
                <Changes plan={data} />
              </Stack>
            )}
          </>
        )}
      </PageState>
    </>
  );
}
