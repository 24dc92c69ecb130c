import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { PhaseWords, TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/history';

/** When tier or phase changed, newest first. */
export function History({ path }: InputOf<typeof ROUTE>) {
  const { t } = useTranslation('customer');
  const { day, money } = useFormats();
  const history = useApi(ROUTE, { path });
  return (
    <Section title={t('history.title')}>
      <PageState query={history}>
        {({ items }) => (
          <Table aria-label={t('history.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('history.day')}</Table.Th>
                <Table.Th>{t('facts.tier')}</Table.Th>
                <Table.Th>{t('facts.phase')}</Table.Th>
                <Table.Th className="number">{t('history.profit')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.toReversed().map(({ asOf, tier, phase, subPhase, profit12 }) => (
                <Table.Tr key={asOf}>
                  <Table.Td>{day(asOf)}</Table.Td>
                  <Table.Td>
                    <TierBadge tier={tier} />
                  </Table.Td>
                  <Table.Td>
                    <PhaseWords phase={phase} subPhase={subPhase} />
                  </Table.Td>
                  <Table.Td className="number">{money(profit12)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </PageState>
    </Section>
  );
}
