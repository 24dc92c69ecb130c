import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TIER_COLOURS, TIERS } from '../../parts/codes.tsx';
import { Figure } from '../../parts/figure.tsx';
import { FlowChart } from '../../parts/flow-chart.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';

const ROUTE = 'GET /connections/{connection}/overview/moves';

/** Who moved between the tiers, by how many. */
export function Moves({ input }: { readonly input: InputOf<typeof ROUTE> }) {
  const { t } = useTranslation(['overview', 'common']);
  const { day, number } = useFormats();
  const moves = useApi(ROUTE, input, { isKept: true });
  return (
    <PageState query={moves}>
      {({ from, until, items }) => {
        const flows = items.flatMap(({ from: before, to, customers }) =>
          before === null ? [] : [{ from: before, to, size: customers }],
        );
        const first = items.reduce((sum, move) => sum + (move.from === null ? move.customers : 0), 0);
        return (
          <Figure
            title={t('moves')}
            what={t('movesWhat', { from: day(from), until: day(until) })}
            columns={[t('move'), t('customers')]}
            rows={flows.map((flow) => [
              t('fromTo', { from: t(`common:tiers.${flow.from}`), to: t(`common:tiers.${flow.to}`) }),
              number(flow.size),
            ])}
          >
            {first > 0 && <Text size="sm">{t('firstScored', { count: first, number: number(first) })}</Text>}
            {flows.length === 0 ? (
              <Text size="sm">{t('noMoves')}</Text>
            ) : (
              <FlowChart
                places={TIERS.map((id) => ({ id, name: t(`common:tiers.${id}`), colour: TIER_COLOURS[id] }))}
                flows={flows}
                words={number}
              />
            )}
          </Figure>
        );
      }}
    </PageState>
  );
}
