import { Paper, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';

const ROUTE = 'GET /connections/{connection}/overview/moves';

/** Who moved between the tiers, by how many. */
export function Moves({ input }: { readonly input: InputOf<typeof ROUTE> }) {
  const { t } = useTranslation('overview');
  const { day, number } = useFormats();
  const moves = useApi(ROUTE, input, { isKept: true });
  return (
    <PageState query={moves}>
      {({ from, until, items }) => (
        <Paper component="section" withBorder p="md" aria-label={t('moves')}>
          <Title order={2} size="h4">
            {t('moves')}
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            {t('movesWhat', { from: day(from), until: day(until) })}
          </Text>
          {items.length === 0 ? (
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
                {items.map((move) => (
                  <Table.Tr key={`${move.from} ${move.to}`}>
                    <Table.Td>
                      {move.from === null ? (
                        <Text size="sm">{t('firstScored')}</Text>
                      ) : (
                        <TierBadge tier={move.from} />
                      )}
                    </Table.Td>
                    <Table.Td>
                      <TierBadge tier={move.to} />
                    </Table.Td>
                    <Table.Td className="number">{number(move.customers)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Paper>
      )}
    </PageState>
  );
}
