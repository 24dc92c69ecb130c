import { Group, Paper, ScrollArea, SegmentedControl, Table, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A picture with the same numbers as a table, one click away: for those who do not see it or want to be exact. */

interface FigureProps {
  readonly title: string;
  /** What the picture says, in a sentence. */
  readonly what?: string;
  readonly columns: readonly string[];
  /** Cells as they are read; all but the first stand right. */
  readonly rows: readonly (readonly string[])[];
  /** The picture is words and links itself, so it is not hidden behind one description. */
  readonly isReadable?: boolean;
  readonly children: ReactNode;
}
export function Figure({ title, what, columns, rows, isReadable = false, children }: FigureProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState('picture');
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Group justify="space-between" align="flex-start" mb="xs" wrap="nowrap">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          {what !== undefined && (
            <Text size="sm" c="dimmed">
              {what}
            </Text>
          )}
        </div>
        <SegmentedControl
          size="xs"
          className="unsqueezed"
          aria-label={t('figure.shownAs', { title })}
          value={shown}
          onChange={setShown}
          data={[
            { value: 'picture', label: t('figure.picture') },
            { value: 'table', label: t('figure.table') },
          ]}
        />
      </Group>
      {shown === 'table' ? (
        <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column, index) => (
                  <Table.Th key={column} className={index === 0 ? '' : 'number'}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([head, ...cells]) => (
                <Table.Tr key={head}>
                  <Table.Th scope="row" fw={500}>
                    {head}
                  </Table.Th>
                  {cells.map((cell, index) => (
                    <Table.Td key={columns[index + 1]} className="number">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      ) : (
        <div
          {...(isReadable
            ? {}
            : { role: 'img', 'aria-label': what === undefined ? title : `${title}: ${what}` })}
        >
          {children}
        </div>
      )}
    </Paper>
  );
}
