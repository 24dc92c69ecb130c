import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useFormats } from '../../parts/formats.ts';
import { Section } from '../../parts/section.tsx';

type Base = NonNullable<AnswerOf<'GET /connections/{connection}/overview'>['base']>;

/** number × yield × length = value, each with what changed. */
export function BaseValue({ base, before }: { readonly base: Base; readonly before: Base | null }) {
  const { t } = useTranslation('overview');
  const { money, number } = useFormats();
  const months = (value: number | null) => t('base.monthsValue', { months: number(value, 1) });
  return (
    <Section title={t('base.title')}>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        <Part
          name={t('base.customers')}
          sign=""
          value={number(base.customers)}
          now={base.customers}
          before={before?.customers ?? null}
          inWords={number}
        />
        <Part
          name={t('base.yield')}
          sign="×"
          value={money(base.yield)}
          now={base.yield}
          before={before?.yield ?? null}
          inWords={money}
        />
        <Part
          name={t('base.months')}
          sign="×"
          value={base.months === null ? t('base.unknown') : months(base.months)}
          now={base.months}
          before={before?.months ?? null}
          inWords={months}
        />
        <Part
          name={t('base.title')}
          sign="="
          value={base.value === null ? t('base.unknown') : money(base.value)}
          now={base.value}
          before={before?.value ?? null}
          inWords={money}
        />
      </SimpleGrid>
    </Section>
  );
}

interface PartProps {
  readonly name: string;
  readonly sign: string;
  readonly value: string;
  readonly now: number | null;
  readonly before: number | null;
  readonly inWords: (value: number) => string;
}
function Part({ name, sign, value, now, before, inWords }: PartProps) {
  return (
    <Group align="flex-start" gap="xs" wrap="nowrap">
      {sign !== '' && (
        <Text size="xl" c="dimmed" aria-hidden>
          {sign}
        </Text>
      )}
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
        <Text size="xl" fw={700} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {value}
        </Text>
        <Change now={now} before={before} inWords={inWords} />
      </Stack>
    </Group>
  );
}

function Change({ now, before, inWords }: Pick<PartProps, 'now' | 'before' | 'inWords'>) {
  const { t } = useTranslation('overview');
  const { share } = useFormats();
  if (now === null || before === null) return null;
  const change = Math.round((now - before) * 100) / 100;
  if (change === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('base.same')}
      </Text>
    );
  const Arrow = change > 0 ? IconArrowUpRight : IconArrowDownRight;
  const sign = change > 0 ? '+' : '−';
  const part = before === 0 ? '' : ` (${sign}${share(Math.abs(change / before))})`;
  return (
    <Text
      size="sm"
      c={
        change > 0
          ? 'light-dark(var(--mantine-color-teal-9), var(--mantine-color-teal-4))'
          : 'var(--mantine-color-error)'
      }
    >
      <Arrow size={14} aria-hidden /> {sign}
      {inWords(Math.abs(change))}
      {part}
    </Text>
  );
}
