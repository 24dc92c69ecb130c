import { List, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { PhaseWords } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';

type WhatIf = NonNullable<AnswerOf<'GET /connections/{connection}/runs/{run}'>['whatIf']>;
type Tested = NonNullable<WhatIf['tested']>;
type Side = Tested['before'];

/** One customer as it stands by the rules in force and would by the draft, with the arithmetic and the reasons of both. */
export function TestedCustomer({ tested: { before, after } }: { readonly tested: Tested }) {
  const { t } = useTranslation(['rules', 'common', 'setUp']);
  const { exactMoney, number } = useFormats();
  const name = String((before as { readonly name?: unknown }).name ?? '');
  const rows: readonly (readonly [label: string, of: (side: Side) => string])[] = [
    [t('test.tier'), ({ tier, gold }) => t(`common:tiers.${tier}`) + (gold ? ` · ${t('test.gold')}` : '')],
    [t('test.rank'), ({ rank }) => number(rank)],
    [t('test.revenue'), ({ window12 }) => exactMoney(window12.revenue)],
    [t('test.directCost'), ({ window12 }) => exactMoney(-window12.directCost)],
    [t('test.costToServe'), ({ window12 }) => exactMoney(-window12.costToServe)],
    [t('test.profit'), ({ window12 }) => exactMoney(window12.profit)],
    [t('test.expected'), ({ expectedProfit12 }) => exactMoney(expectedProfit12)],
    [t('test.goodwill'), ({ goodwillBudget }) => exactMoney(goodwillBudget)],
    [
      t('test.contact'),
      ({ contactStatus }) => (contactStatus === null ? '–' : t(`common:contactStatuses.${contactStatus}`)),
    ],
  ];
  const title = t('test.title', { name });
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      <Table aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('test.what')}</Table.Th>
            <Table.Th className="number">{t('setUp:whatIf.now')}</Table.Th>
            <Table.Th className="number">{t('setUp:whatIf.then')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row" fw={500}>
              {t('test.phase')}
            </Table.Th>
            {[before, after].map(({ phase, subPhase }, index) => (
              <Table.Td key={index === 0 ? 'now' : 'then'} className="number">
                <PhaseWords phase={phase} subPhase={subPhase} />
              </Table.Td>
            ))}
          </Table.Tr>
          {rows.map(([label, of]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={500}>
                {label}
              </Table.Th>
              <Table.Td className="number">{of(before)}</Table.Td>
              <Table.Td className="number" fw={of(before) === of(after) ? 400 : 700}>
                {of(after)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm">
        <Reasons title={t('setUp:whatIf.now')} reasons={before.reasons} other={after.reasons} />
        <Reasons title={t('setUp:whatIf.then')} reasons={after.reasons} other={before.reasons} />
      </SimpleGrid>
    </section>
  );
}

interface ReasonsProps {
  readonly title: string;
  readonly reasons: readonly string[];
  /** What the other side says alike is not bold. */
  readonly other: readonly string[];
}
function Reasons({ title, reasons, other }: ReasonsProps) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm" aria-label={title}>
        {[...new Set(reasons)].map((reason) => (
          <List.Item key={reason} fw={other.includes(reason) ? 400 : 700}>
            {reason}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
