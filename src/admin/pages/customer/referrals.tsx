import { Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { CustomerLink } from './customer-link.tsx';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/referrals';
const TREE = 'GET /connections/{connection}/customers/{customer}/referral-tree';
type Tree = AnswerOf<typeof TREE>;
const LEVELS = ['1', '2', '3', '4', '5'];
const INDENT_PX = 20;

/** Who brought this customer, whom it brought, and whom those brought. */
export function Referrals({ path }: Pick<InputOf<typeof ROUTE>, 'path'>) {
  const { t } = useTranslation('customer');
  const [{ levels }, setUrl] = useUrlState({ levels: '3' });
  const wanted = LEVELS.includes(levels) ? levels : '3';
  const { data: referrals, error, refetch } = useApi(ROUTE, { path });
  const tree = useApi(TREE, { path, query: { levels: Number(wanted) } }, { isKept: true });
  const by = referrals?.broughtBy ?? null;
  return (
    <Section
      title={t('referrals.title')}
      actions={
        <NativeSelect
          size="xs"
          label={t('referrals.levels')}
          value={wanted}
          data={LEVELS}
          onChange={({ currentTarget }) => setUrl({ levels: currentTarget.value })}
        />
      }
    >
      <Stack gap="sm">
        {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
        {by && (
          <Group gap="xs">
            <Text size="sm">{t('referrals.broughtBy')}</Text>
            <CustomerLink id={by.key.id} name={by.name} />
          </Group>
        )}
        <PageState
          query={tree}
          empty={({ items }) => items.length === 0 && <Text size="sm">{t('referrals.none')}</Text>}
        >
          {(found) => <Brought tree={found} />}
        </PageState>
      </Stack>
    </Section>
  );
}

function Brought({ tree: { items, customers, profit12, isWhole } }: { readonly tree: Tree }) {
  const { t } = useTranslation('customer');
  const { money } = useFormats();
  const names = new Map(items.map(({ key, name }) => [key.id, name]));
  return (
    <>
      <Text size="sm" fw={600}>
        {t('referrals.sum', { count: customers, profit: money(profit12) })}
      </Text>
      <Table aria-label={t('referrals.brought')} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('referrals.customer')}</Table.Th>
            <Table.Th>{t('facts.tier')}</Table.Th>
            <Table.Th className="number">{t('history.profit')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ key, name, tier, profit12: profit, level, by }) => (
            <Table.Tr key={key.id}>
              <Table.Td style={{ paddingInlineStart: INDENT_PX * level - INDENT_PX / 2 }}>
                <CustomerLink id={key.id} name={name} />
                {level > 1 && (
                  <Text size="xs" c="dimmed">
                    {t('referrals.by', { name: names.get(by) ?? by })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <TierBadge tier={tier} />
              </Table.Td>
              <Table.Td className="number">{money(profit)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!isWhole && (
        <Text size="xs" c="dimmed">
          {t('referrals.more')}
        </Text>
      )}
    </>
  );
}
