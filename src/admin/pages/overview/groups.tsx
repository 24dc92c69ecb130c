import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { PHASE_COLOURS, TIER_COLOURS } from '../../parts/codes.tsx';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

type Overview = AnswerOf<'GET /connections/{connection}/overview'>;
type GroupsProps = Pick<Overview, 'tiers' | 'phases' | 'gold' | 'winBack'>;
interface Count {
  readonly code: string;
  readonly name: string;
  readonly customers: number;
  readonly profit12: number;
  readonly colour: string;
  readonly to: string;
}

/** How many customers stand in each tier and phase, and what they bring. */
export function Groups({ tiers, phases, gold, winBack }: GroupsProps) {
  const { t } = useTranslation(['overview', 'common']);
  const { name } = useConnection();
  const listed = (filter: string) => `${pagePath(name, 'customers')}?${filter}`;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Counts
        title={t('tiers')}
        head={t('tier')}
        what={t('tiersWhat', { gold })}
        counts={tiers.map((count) => ({
          ...count,
          name: t(`common:tiers.${count.code}`),
          colour: TIER_COLOURS[count.code],
          to: listed(`tier=${count.code}`),
        }))}
      />
      <Counts
        title={t('phases')}
        head={t('phase')}
        what={t('phasesWhat', { winBack })}
        counts={phases.map((count) => ({
          ...count,
          name: t(`common:phases.${count.code}`),
          colour: PHASE_COLOURS[count.code],
          to: listed(`phase=${count.code}`),
        }))}
      />
    </SimpleGrid>
  );
}

interface CountsProps {
  readonly title: string;
  readonly head: string;
  readonly what: string;
  readonly counts: readonly Count[];
}
function Counts({ title, head, what, counts }: CountsProps) {
  const { t } = useTranslation('overview');
  const { number, money } = useFormats();
  return (
    <Figure
      title={title}
      what={what}
      columns={[head, t('customers'), t('profit')]}
      rows={counts.map(({ name, customers, profit12 }) => [name, number(customers), money(profit12)])}
      isReadable
    >
      <BarList
        bars={counts.map(({ code, name, colour, customers, profit12, to }) => ({
          ...{ id: code, name, colour, to, value: customers },
          words: number(customers),
          also: money(profit12),
        }))}
      />
    </Figure>
  );
}
