import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';

const ROUTE = 'GET /connections/{connection}/overview/moves';

/** Who moved between the tiers, by how many. */
export function Moves({ input }: { readonly input: InputOf<typeof ROUTE> }) {
  const { t } = useTranslation('overview');
  const { day, number } = useFormats();
  const moves = useApi(ROUTE, input, { isKept: true });
  return (
    <PageState query={moves}>
      {({ from, until, items }) => {
        const moved = items.filter((move) => move.from !== null);
        const first = items.reduce((sum, move) => sum + (move.from === null ? move.customers : 0), 0);
        return (
          <Section title={t('moves')} what={t('movesWhat', { from: day(from), until: day(until) })}>
            {first > 0 && <Text size="sm">{t('firstScored', { count: first, number: number(first) })}</Text>}
            {moved.length === 0 ? (
              <Text size="sm">{t('noMoves')}</Text>
            ) : (
              <Table maw={560} aria-label={t('moves')}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('from')}</Table.Th>
                    <Table.Th>{t('to')}</Table.Th>
                    <Table.Th className="number">{t('customers')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {moved.map((move) => (
                    <Table.Tr key={`${move.from} ${move.to}`}>
                      <Table.Td>{move.from && <TierBadge tier={move.from} />}</Table.Td>
                      <Table.Td>
                        <TierBadge tier={move.to} />
                      </Table.Td>
                      <Table.Td className="number">{number(move.customers)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
          </Section>
        );
      }}
    </PageState>
  );
}
