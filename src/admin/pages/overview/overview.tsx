import { NativeSelect, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { BaseValue } from './base-value.tsx';
import { CreditGauge } from './credit-gauge.tsx';
import { Groups } from './groups.tsx';
import { Moves } from './moves.tsx';
import { PhaseDays } from './phase-days.tsx';
import { Trouble } from './trouble.tsx';
import { WhaleCurve } from './whale-curve.tsx';

const SPANS = [7, 30, 90, 365] as const;

/** How the customers as a whole stand, what is wrong first. */
export default function Overview() {
  const { t } = useTranslation(['overview', 'common']);
  const { name } = useConnection();
  useLiveEvents();
  const { day } = useFormats();
  const [{ days }, setUrl] = useUrlState({ days: '30' });
  const input = { path: { connection: name }, query: { days: Number(days) } };
  const overview = useApi('GET /connections/{connection}/overview', input, { isKept: true });
  const span = (
    <NativeSelect
      label={t('compare')}
      value={days}
      data={SPANS.map((count) => ({ value: String(count), label: t('daysAgo', { count }) }))}
      onChange={({ currentTarget }) => setUrl({ days: currentTarget.value })}
    />
  );
  return (
    <>
      {overview.data === undefined && <PageHeader title={t('common:pages.overview')} />}
      <PageState
        query={overview}
        empty={({ base }) =>
          base === null && (
            <>
              <PageHeader title={t('common:pages.overview')} />
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('emptyNext'), to: pagePath(name, 'runs') }}
              />
            </>
          )
        }
      >
        {({ base, before, tiers, phases, gold, winBack, curve, trouble }) =>
          base && (
            <>
              <PageHeader
                title={t('common:pages.overview')}
                lead={
                  before
                    ? t('lead', { day: day(base.asOf), before: day(before.asOf) })
                    : t('leadAlone', { day: day(base.asOf) })
                }
                actions={span}
              />
              <Stack gap="lg">
                <Trouble trouble={trouble} />
                <BaseValue base={base} before={before} />
                <Groups tiers={tiers} phases={phases} gold={gold} winBack={winBack} />
                <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
                  <WhaleCurve curve={curve} />
                  <PhaseDays input={input} />
                </SimpleGrid>
                <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
                  <Moves input={input} />
                  <CreditGauge />
                </SimpleGrid>
              </Stack>
            </>
          )
        }
      </PageState>
    </>
  );
}
