import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { AreaChart } from '../../parts/area-chart.tsx';
import { PHASE_COLOURS, PHASES } from '../../parts/codes.tsx';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';

const ROUTE = 'GET /connections/{connection}/overview/days';

/** How many customers stood in each phase after each full scoring. */
export function PhaseDays({ input }: { readonly input: InputOf<typeof ROUTE> }) {
  const { t } = useTranslation(['overview', 'common']);
  const { day, number } = useFormats();
  const days = useApi(ROUTE, input, { isKept: true });
  return (
    <PageState query={days}>
      {({ items }) => {
        const rows = items.map(({ asOf, phases }) => ({
          day: day(asOf),
          counts: Object.fromEntries(phases.map(({ code, customers }) => [code, customers])),
        }));
        return (
          <Figure
            title={t('days')}
            columns={[t('day'), ...PHASES.map((phase) => t(`common:phases.${phase}`))]}
            rows={rows.map((row) => [row.day, ...PHASES.map((phase) => number(row.counts[phase] ?? 0))])}
          >
            {rows.length < 2 ? (
              <Text size="sm">{t('daysLater')}</Text>
            ) : (
              <AreaChart
                at={items.map(({ asOf }) => Date.parse(asOf))}
                series={PHASES.map((phase) => ({
                  id: phase,
                  name: t(`common:phases.${phase}`),
                  colour: PHASE_COLOURS[phase],
                  values: rows.map(({ counts }) => counts[phase] ?? 0),
                }))}
                isStacked
                xWords={(at) => day(new Date(at).toISOString().slice(0, 10))}
                yWords={(value) => number(value)}
              />
            )}
          </Figure>
        );
      }}
    </PageState>
  );
}
