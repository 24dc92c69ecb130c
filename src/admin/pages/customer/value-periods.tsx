import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { AreaChart } from '../../parts/area-chart.tsx';
import { BarList } from '../../parts/bar-list.tsx';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/value';

/** Revenue, costs and profit by year or month, as a picture and as the sums behind it. */
export function ValuePeriods({ path }: Pick<InputOf<typeof ROUTE>, 'path'>) {
  const { t } = useTranslation('customer');
  const { day, exactMoney, money, shortMoney } = useFormats();
  const [{ by }, setUrl] = useUrlState({ by: 'year' });
  const unit = by === 'month' ? 'month' : 'year';
  const value = useApi(ROUTE, { path, query: { by: unit } }, { isKept: true });
  return (
    <PageState query={value}>
      {({ items }) => (
        <Figure
          title={t('value.title')}
          what={t('value.what')}
          columns={[
            ...[t('value.period'), t('value.revenue'), t('value.directCost')],
            ...[t('value.costToServe'), t('value.profit')],
          ]}
          rows={items.map((row) => [
            day(row.period),
            ...[row.revenue, row.directCost, row.costToServe, row.profit].map(exactMoney),
          ])}
          isReadable
        >
          <Stack gap="xs">
            <SegmentedControl
              size="xs"
              w="max-content"
              aria-label={t('value.by')}
              value={unit}
              onChange={(chosen) => setUrl({ by: chosen })}
              data={[
                { value: 'year', label: t('value.year') },
                { value: 'month', label: t('value.month') },
              ]}
            />
            {items.length === 0 ? (
              <Text size="sm">{t('value.none')}</Text>
            ) : unit === 'year' ? (
              <BarList
                bars={items.map(({ period, revenue, profit }) => ({
                  ...{ id: period, name: day(period), colour: 'teal.7', value: Math.max(0, profit) },
                  words: money(profit),
                  also: `/ ${money(revenue)}`,
                }))}
              />
            ) : (
              <AreaChart
                height={240}
                at={items.map(({ period }) => Date.parse(period))}
                series={[
                  {
                    ...{ id: 'revenue', name: t('value.revenue'), colour: 'gray.6' },
                    values: items.map(({ revenue }) => revenue),
                  },
                  {
                    ...{ id: 'profit', name: t('value.profit'), colour: 'teal.7' },
                    values: items.map(({ profit }) => profit),
                  },
                ]}
                xWords={(at) => day(new Date(at).toISOString().slice(0, 7))}
                yWords={shortMoney}
              />
            )}
          </Stack>
        </Figure>
      )}
    </PageState>
  );
}
