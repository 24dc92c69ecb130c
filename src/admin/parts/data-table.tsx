import { Box, Group, ScrollArea, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { DeedButton } from './deed-button.tsx';
import { useFormats } from './formats.ts';

/** A table of rows that the server orders and pages. Arrow keys go from row to row, Enter opens the link of a row. */

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** As the route calls it in `sort`; absent: it cannot be ordered by this. */
  readonly sort?: string;
  readonly isNumber?: boolean;
  /** Left out on narrow screens. */
  readonly isWide?: boolean;
}
interface Sort {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}
export interface DataTableProps<Row> {
  /** What the table holds, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Rows of before stand here while newer ones load. */
  readonly isStale?: boolean;
}

const features = tableFeatures({});

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, sort, onSort, isStale = false } = props;
  const defined = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map(({ id, header, cell }) =>
      helper.display({ id, header, cell: ({ row }) => cell(row.original) }),
    );
  }, [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: defined, data, getRowId: keyOf });
  const known = new Map(columns.map((column) => [column.id, column]));
  const shownFrom = (id: string) => (known.get(id)?.isWide ? { visibleFrom: 'md' as const } : {});
  const align = (id: string) => (known.get(id)?.isNumber ? { className: 'number' } : {});
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
      <Table highlightOnHover stickyHeader aria-label={label} aria-busy={isStale} opacity={isStale ? 0.6 : 1}>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map(({ id }) => {
                const column = known.get(id);
                return (
                  <Table.Th
                    key={id}
                    {...shownFrom(id)}
                    {...align(id)}
                    {...(column?.sort === undefined ? {} : { 'aria-sort': ariaSort(column.sort, sort) })}
                  >
                    {column && <Heading column={column} {...(sort && onSort ? { sort, onSort } : {})} />}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody onKeyDown={goByArrows}>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} {...shownFrom(cell.column.id)} {...align(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function ariaSort(by: string, sort: Sort | undefined): 'ascending' | 'descending' | 'none' {
  if (sort?.by !== by) return 'none';
  return sort.direction === 'asc' ? 'ascending' : 'descending';
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
}
function Heading<Row>({ column, sort, onSort }: HeadingProps<Row>) {
  const { header, sort: by, isNumber = false } = column;
  if (by === undefined || onSort === undefined) return header;
  const isBy = sort?.by === by;
  const Icon = !isBy ? IconArrowsSort : sort.direction === 'asc' ? IconArrowUp : IconArrowDown;
  const turned = isBy && sort.direction === 'desc' ? 'asc' : 'desc';
  return (
    <UnstyledButton fz="sm" fw={700} onClick={() => onSort({ by, direction: turned })}>
      <Group gap={4} wrap="nowrap" justify={isNumber ? 'flex-end' : 'flex-start'}>
        {header}
        <Icon size={14} aria-hidden />
      </Group>
    </UnstyledButton>
  );
}

function goByArrows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const target = next?.querySelector<HTMLElement>('a, button');
  if (!target) return;
  event.preventDefault();
  target.focus();
}

export interface PagerProps {
  readonly rowsBefore: number;
  readonly rows: number;
  /** Routes tell it with the first page only; null: not told. */
  readonly total?: number | null;
  readonly onFirst: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/** The server's cursors lead forward; back is the browser's own button, for each page is a step of its history. */
export function Pager({ rowsBefore, rows, total = null, onFirst, onNext }: PagerProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const place = { from: number(rowsBefore + 1), until: number(rowsBefore + rows) };
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed" role="status">
        {total === null ? t('table.shownSome', place) : t('table.shown', { ...place, total: number(total) })}
      </Text>
      <Box component="nav" aria-label={t('table.paging')}>
        <Group gap="xs">
          <DeedButton size="xs" variant="default" isBlocked={onFirst === null} onClick={() => onFirst?.()}>
            {t('table.first')}
          </DeedButton>
          <DeedButton size="xs" variant="default" isBlocked={onFirst === null} onClick={() => history.back()}>
            {t('table.previous')}
          </DeedButton>
          <DeedButton size="xs" variant="default" isBlocked={onNext === null} onClick={() => onNext?.()}>
            {t('table.next')}
          </DeedButton>
        </Group>
      </Box>
    </Group>
  );
}
