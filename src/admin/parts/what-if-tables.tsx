import { Anchor, Box, Button, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { pagePath } from '../shell/addresses.ts';
import { useConnection } from '../shell/connection.tsx';
import { PHASE_COLOURS, PHASES, type Phase, TIER_COLOURS, TIERS, type Tier } from './codes.tsx';
import { useFormats } from './formats.ts';

interface Counted {
  readonly customers: number;
  readonly tiers: { readonly [tier: string]: number };
  readonly phases: { readonly [phase: string]: number };
}
interface Stand {
  readonly tier: Tier;
  readonly phase: Phase;
}
/** Of the summary of a run of kind what-if. */
interface WhatIf {
  readonly before: Counted;
  readonly after: Counted;
  readonly changed: {
    readonly customers: number;
    readonly first: readonly {
      readonly key: { readonly id: string };
      readonly name: string;
      readonly before: Stand;
      readonly after: Stand;
      /** In words; absent in what was scored by an earlier version. */
      readonly reasons?: readonly string[];
    }[];
  };
}

/** How many customers stand where, now and by the draft, and who would change. */
export function WhatIfTables({ comparison }: { readonly comparison: WhatIf }) {
  const { t } = useTranslation(['setUp', 'common']);
  const { number } = useFormats();
  const { before, after, changed } = comparison;
  return (
    <section aria-label={t('whatIf.title')}>
      <Text role="status" mb="sm">
        {t('whatIf.told', {
          count: changed.customers,
          changed: number(changed.customers),
          all: number(after.customers),
        })}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Counts
          title={t('whatIf.tiers')}
          rows={TIERS.map((tier) => [
            t(`common:tiers.${tier}`),
            before.tiers[tier] ?? 0,
            after.tiers[tier] ?? 0,
            TIER_COLOURS[tier],
          ])}
        />
        <Counts
          title={t('whatIf.phases')}
          rows={PHASES.map((phase) => [
            t(`common:phases.${phase}`),
            before.phases[phase] ?? 0,
            after.phases[phase] ?? 0,
            PHASE_COLOURS[phase],
          ])}
        />
      </SimpleGrid>
      {changed.first.length > 0 && <Changed first={changed.first} />}
    </section>
  );
}

interface CountsProps {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, before: number, after: number, colour: string])[];
}
function Counts({ title, rows }: CountsProps) {
  const { t } = useTranslation('setUp');
  const { number } = useFormats();
  const most = Math.max(1, ...rows.flatMap(([, before, after]) => [before, after]));
  return (
    <Table aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{title}</Table.Th>
          <Table.Th className="number">{t('whatIf.now')}</Table.Th>
          <Table.Th className="number">{t('whatIf.then')}</Table.Th>
          <Table.Td w="40%" aria-hidden />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([name, before, after, colour]) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td className="number">{number(before)}</Table.Td>
            <Table.Td className="number" fw={before === after ? 400 : 700}>
              {number(after)}
            </Table.Td>
            <Table.Td aria-hidden>
              <Bar share={before / most} colour="gray.5" />
              <Bar share={after / most} colour={colour} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The picture of a number that stands beside it: above as it is, beneath as it would be. */
function Bar({ share, colour }: { readonly share: number; readonly colour: string }) {
  return (
    <Box h={6} my={2} w={`${100 * share}%`} miw={share > 0 ? 2 : 0} bg={colour} style={{ borderRadius: 3 }} />
  );
}

const PAGE = 20;

function Changed({ first }: { readonly first: WhatIf['changed']['first'] }) {
  const { t } = useTranslation(['setUp', 'common']);
  const { name: connection } = useConnection();
  const { number } = useFormats();
  const [shown, setShown] = useState(PAGE);
  const words = ({ tier, phase }: WhatIf['changed']['first'][number]['before']) =>
    `${t(`common:tiers.${tier}`)}, ${t(`common:phases.${phase}`)}`;
  return (
    <>
      <Title order={3} size="h5" mt="md">
        {t('whatIf.who')}
      </Title>
      <Table aria-label={t('whatIf.who')}>
        <Table.Tbody>
          {first.slice(0, shown).map(({ key, name, before, after, reasons = [] }) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Anchor
                  component={Link}
                  size="sm"
                  href={pagePath(connection, 'customer', { customer: key.id })}
                >
                  {name}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {t('whatIf.fromTo', { from: words(before), to: words(after) })}
                <Text size="xs" c="dimmed">
                  {reasons.join(' ')}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {first.length > shown && (
        <Button size="xs" variant="default" onClick={() => setShown(shown + PAGE)}>
          {t('whatIf.more', { shown: number(shown), all: number(first.length) })}
        </Button>
      )}
    </>
  );
}
