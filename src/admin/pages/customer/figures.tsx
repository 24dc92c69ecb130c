import { Group, SimpleGrid, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { ContactWords } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { Section } from '../../parts/section.tsx';

type Customer = AnswerOf<'GET /connections/{connection}/customers/{customer}'>;

/** The sum that makes the tier, and what else one wants to know before a call. */
export function Figures({ figures, rank, owner }: Pick<Customer, 'figures' | 'rank' | 'owner'>) {
  const { t } = useTranslation('customer');
  const { exactMoney, money, number, day } = useFormats();
  const sum = [
    { sign: '', name: t('value.revenue'), value: figures.revenue12 },
    { sign: '−', name: t('value.directCost'), value: figures.directCost12 },
    { sign: '−', name: t('value.costToServe'), value: figures.costToServe12 },
  ];
  return (
    <Section title={t('facts.title')}>
      <Table aria-label={t('facts.title')} withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {sum.map(({ sign, name, value }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {sign} {name}
              </Table.Th>
              <Table.Td className="number">{exactMoney(value)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>
            <Table.Th scope="row">= {t('value.profit')}</Table.Th>
            <Table.Td className="number" fw={700}>
              {exactMoney(figures.profit12)}
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <SimpleGrid cols={{ base: 2, sm: 3 }} mt="md">
        <Fact name={t('facts.expected')}>{money(figures.expectedProfit12)}</Fact>
        <Fact name={t('facts.goodwill')}>{money(figures.goodwillLeft)}</Fact>
        <Fact name={t('facts.rank')}>{number(rank)}</Fact>
        <Fact name={t('facts.lastContact')}>
          {day(figures.lastContact)} <ContactWords status={figures.contactStatus} />
        </Fact>
        <Fact name={t('facts.months')}>{number(figures.relationshipMonths)}</Fact>
        <Fact name={t('facts.owner')}>{owner?.name ?? owner?.id ?? '–'}</Fact>
      </SimpleGrid>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Group gap={6}>
        <Text size="sm" fw={600} component="div">
          {children}
        </Text>
      </Group>
    </div>
  );
}
