import { Paper, Table, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface NumbersTableProps {
  readonly title: string;
  readonly head?: readonly string[];
  /** All but the first cell stand right, unless `isText`. */
  readonly rows: readonly { readonly id: string; readonly cells: readonly ReactNode[] }[];
  readonly isText?: boolean;
  readonly children?: ReactNode;
}

/** A small table that is shown whole. */
export function NumbersTable({ title, head, rows, isText = false, children }: NumbersTableProps) {
  const align = isText ? '' : 'number';
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={title}>
          {head && (
            <Table.Thead>
              <Table.Tr>
                {head.map((column, index) => (
                  <Table.Th key={column} className={index === 0 ? '' : align}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
          )}
          <Table.Tbody>
            {rows.map(({ id, cells: [first, ...cells] }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row" fw={500}>
                  {first}
                </Table.Th>
                {cells.map((cell, index) => (
                  // The columns of a table do not move.
                  // biome-ignore lint/suspicious/noArrayIndexKey: as said above
                  <Table.Td key={index} className={align}>
                    {cell}
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
