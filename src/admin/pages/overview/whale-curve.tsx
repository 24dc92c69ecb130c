import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { AreaChart } from '../../parts/area-chart.tsx';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';

type Curve = AnswerOf<'GET /connections/{connection}/overview'>['curve'];

/** Running sum of profit, best customers first: where it falls, customers cost more than they bring. */
export function WhaleCurve({ curve: told }: { readonly curve: Curve }) {
  const curve = [{ customers: 0, profit12: 0 }, ...told];
  const { t } = useTranslation('overview');
  const { number, money, shortMoney, share } = useFormats();
  const last = told.at(-1);
  if (last === undefined) return null;
  const peak = curve.reduce((best, point) => (point.profit12 > best.profit12 ? point : best));
  return (
    <Figure
      title={t('curve')}
      what={t('curveWhat', {
        share: share(last.customers === 0 ? null : peak.customers / last.customers),
        peak: money(peak.profit12),
        lost: money(peak.profit12 - last.profit12),
      })}
      columns={[t('customers'), t('sum')]}
      rows={curve.map(({ customers, profit12 }) => [number(customers), money(profit12)])}
    >
      <AreaChart
        at={curve.map(({ customers }) => customers)}
        series={[
          { id: 'sum', name: t('sum'), colour: 'indigo.6', values: curve.map(({ profit12 }) => profit12) },
        ]}
        xWords={(at) => number(at)}
        yWords={shortMoney}
      />
    </Figure>
  );
}
