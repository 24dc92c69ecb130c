import { Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Bar, BarList } from '../../parts/bar-list.tsx';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';
import type { PlanAnswer, Summary } from './routes.ts';

interface EffectsProps {
  readonly plan: PlanAnswer;
  readonly summary: Summary;
}

/** Who changes tier, which fields change, and which tasks are made. */
export function Effects({ plan, summary }: EffectsProps) {
  const { t } = useTranslation('plan');
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Stack gap="lg">
        <TierMoves summary={summary} />
        {Object.keys(summary.modules).length > 0 && <Price summary={summary} />}
      </Stack>
      <Stack gap="lg">
        {plan.fields.length > 0 && (
          <Bars
            title={t('fields.title')}
            column={t('fields.field')}
            bars={plan.fields.map(({ field, label, changes }) => [field, label, changes] as const)}
          />
        )}
        {plan.rules.length > 0 && <TasksByRule plan={plan} />}
      </Stack>
    </SimpleGrid>
  );
}

function TierMoves({ summary: { effects } }: Pick<EffectsProps, 'summary'>) {
  const { t } = useTranslation('plan');
  if (!effects) return null;
  const moves = effects.tierMoves.map(
    ({ from, to, customers }) => [`${from} ${to}`, t('moves.move', { from, to }), customers] as const,
  );
  const firsts = effects.firstTiers.map(
    ({ tier, customers }) => [tier, t('moves.first', { tier }), customers] as const,
  );
  const bars = [...moves, ...firsts];
  if (bars.length > 0) return <Bars title={t('moves.title')} column={t('moves.column')} bars={bars} />;
  return (
    <Paper component="section" withBorder p="md" aria-label={t('moves.title')}>
      <Title order={2} size="h4">
        {t('moves.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('moves.none')}
      </Text>
    </Paper>
  );
}

interface BarsProps {
  readonly title: string;
  readonly column: string;
  readonly bars: readonly (readonly [id: string, name: string, value: number])[];
}
function Bars({ title, column, bars }: BarsProps) {
  const { t } = useTranslation('plan');
  const { number } = useFormats();
  return (
    <Figure
      title={title}
      columns={[column, t('count')]}
      rows={bars.map(([, name, value]) => [name, number(value)])}
      isReadable
    >
      <BarList
        bars={bars.map(
          ([id, name, value]): Bar => ({ id, name, value, colour: 'indigo.5', words: number(value) }),
        )}
      />
    </Figure>
  );
}

function TasksByRule({ plan: { rules } }: Pick<EffectsProps, 'plan'>) {
  const { t } = useTranslation('plan');
  const { number } = useFormats();
  const kinds = ['create', 'update', 'close', 'suppressed'] as const;
  return (
    <Paper component="section" withBorder p="md" aria-label={t('rules.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('rules.title')}
      </Title>
      <Table.ScrollContainer minWidth={360}>
        <Table aria-label={t('rules.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('rules.rule')}</Table.Th>
              {kinds.map((kind) => (
                <Table.Th key={kind} className="number">
                  {t(`rules.${kind}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.map((rule) => (
              <Table.Tr key={rule.rule}>
                <Table.Th scope="row" fw={500}>
                  {rule.title}
                </Table.Th>
                {kinds.map((kind) => (
                  <Table.Td key={kind} className="number">
                    {number(rule[kind])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** How each module is written and what that costs. */
function Price({ summary: { modules } }: Pick<EffectsProps, 'summary'>) {
  const { t } = useTranslation('plan');
  const { number } = useFormats();
  return (
    <Paper component="section" withBorder p="md" aria-label={t('price.title')}>
      <Title order={2} size="h4" mb="xs">
        {t('price.title')}
      </Title>
      <Table aria-label={t('price.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('price.module')}</Table.Th>
            <Table.Th className="number">{t('price.records')}</Table.Th>
            <Table.Th className="number">{t('price.calls')}</Table.Th>
            <Table.Th className="number">{t('price.credits')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(modules).map(([module, { records, calls, credits }]) => (
            <Table.Tr key={module}>
              <Table.Th scope="row" fw={500}>
                {module}
              </Table.Th>
              <Table.Td className="number">{number(records)}</Table.Td>
              <Table.Td className="number">{number(calls)}</Table.Td>
              <Table.Td className="number">{number(credits)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
