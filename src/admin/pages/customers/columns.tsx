import { Anchor, Button, Checkbox, Group, Popover, Stack, Text } from '@mantine/core';
import { IconColumns3, IconStarFilled } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { ContactWords, PhaseWords, TierBadge } from '../../parts/codes.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

/** The columns there are, those that are shown, and the choice among them. The name is always there. */

type Row = AnswerOf<'GET /connections/{connection}/customers'>['items'][number];
const USUAL = ['tier', 'phase', 'profit', 'revenue', 'expected', 'rank', 'lastContact', 'owner'] as const;
const MORE = ['range', 'gap', 'referrals', 'months'] as const;
const CHOICES = [...USUAL, ...MORE];
type ColumnId = (typeof CHOICES)[number];

/** By the address or the view; empty: the usual ones. Names that are none are passed over. */
function chosenOf(columns: string): readonly ColumnId[] {
  const named = columns.split(',');
  return columns === '' ? USUAL : CHOICES.filter((id) => named.includes(id));
}

export function ColumnChoice({
  columns,
  onChange,
}: {
  readonly columns: string;
  readonly onChange: (columns: string) => void;
}) {
  const { t } = useTranslation('customers');
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />}>
          {t('columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          label={t('columnsShown')}
          value={[...chosenOf(columns)]}
          onChange={(ids) => {
            const chosen = CHOICES.filter((id) => ids.includes(id));
            const isUsual = chosen.join() === USUAL.join();
            // Without any but the name there is still one to name.
            onChange(isUsual ? '' : chosen.join() || 'name');
          }}
        >
          <Stack gap="xs" mt="xs">
            {CHOICES.map((id) => (
              <Checkbox key={id} value={id} label={t(id)} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}

export function useColumns(columns: string): readonly Column<Row>[] {
  const { t } = useTranslation(['customers', 'common']);
  const { name: connection } = useConnection();
  const { money, number, day } = useFormats();
  const all = useMemo<{ readonly [Id in ColumnId]: Omit<Column<Row>, 'id' | 'header'> }>(
    () => ({
      tier: { cell: ({ tier }) => <TierBadge tier={tier} /> },
      phase: {
        isWide: true,
        cell: ({ phase, subPhase }) => <PhaseWords phase={phase} subPhase={subPhase} />,
      },
      profit: { sort: 'value', isNumber: true, cell: ({ profit12 }) => money(profit12) },
      revenue: { sort: 'revenue', isNumber: true, isWide: true, cell: ({ revenue12 }) => money(revenue12) },
      expected: {
        sort: 'expected',
        isNumber: true,
        isWide: true,
        cell: ({ expected12 }) => money(expected12),
      },
      rank: { isNumber: true, isWide: true, cell: ({ rank }) => number(rank) },
      lastContact: {
        sort: 'last_contact',
        cell: ({ lastContact, contactStatus }) => (
          <>
            <Text size="sm" className="whole">
              {day(lastContact)}
            </Text>
            <Text size="xs">
              <ContactWords status={contactStatus} />
            </Text>
          </>
        ),
      },
      owner: { isWide: true, cell: ({ owner }) => owner?.name ?? owner?.id ?? '–' },
      range: {
        isNumber: true,
        isWide: true,
        cell: ({ expectedLow, expectedHigh }) =>
          expectedLow === null ? '–' : `${money(expectedLow)} – ${money(expectedHigh)}`,
      },
      gap: { isNumber: true, isWide: true, cell: ({ contactGapDays }) => number(contactGapDays) },
      referrals: { isNumber: true, isWide: true, cell: ({ referralProfit }) => money(referralProfit) },
      months: { isNumber: true, isWide: true, cell: ({ relationshipMonths }) => number(relationshipMonths) },
    }),
    [money, number, day],
  );
  return useMemo(() => {
    const name: Column<Row> = {
      ...{ id: 'name', header: t('name'), sort: 'name' },
      cell: ({ key, name, gold }) => (
        <Group gap={6} wrap="nowrap">
          <Anchor
            component={Link}
            href={pagePath(connection, 'customer', { customer: key.id })}
            fw={500}
            size="sm"
          >
            {name}
          </Anchor>
          {gold && (
            <IconStarFilled size={14} color="var(--mantine-color-yellow-6)" aria-label={t('common:gold')} />
          )}
        </Group>
      ),
    };
    // What somebody chose is shown on a phone as well.
    const chosen = chosenOf(columns).map((id) => ({
      ...{ id, header: t(id), ...all[id] },
      ...(columns === '' ? {} : { isWide: false }),
    }));
    return [name, ...chosen];
  }, [t, connection, columns, all]);
}
