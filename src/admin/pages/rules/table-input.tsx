import { ActionIcon, Button, Fieldset, NumberInput, Table, Text, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { scrolledByKeys } from '../../parts/scrolled-by-keys.ts';
import type { FieldInputProps } from './field-input.tsx';
import { useFieldWords } from './field-words.ts';
import { isSame } from './keys.ts';

interface Row {
  readonly name: string;
  /** By the column; the name of a column that is the value itself is empty. */
  readonly cells: { readonly [column: string]: number | string };
}
const ALONE = '';

function rowsOf(value: unknown): Row[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, row]) => {
    // Taken out: what lies beneath must not come back.
    if (row === null) return [];
    return [{ name, cells: typeof row === 'object' ? { ...row } : { [ALONE]: row } }];
  });
}
/** Rows without a name or a number are not there yet. */
function saidBy(rows: readonly Row[]): Record<string, unknown> {
  const whole = rows.flatMap(({ name, cells }) => {
    const given = Object.entries(cells).filter(([, cell]) => cell !== '');
    if (name.trim() === '' || given.length === 0) return [];
    return [[name.trim(), cells[ALONE] ?? Object.fromEntries(given)] as const];
  });
  return Object.fromEntries(whole);
}

/** Numbers by names of one's own. What the files name and is taken out here is said to be out (null). */
export function TableInput({ field, value, isReadOnly, error, onChange }: FieldInputProps) {
  const { t } = useTranslation(['ruleFields', 'rules']);
  const words = useFieldWords();
  const [typed, setTyped] = useState<{ readonly of: unknown; readonly rows: readonly Row[] } | null>(null);
  // Half a line is nothing to save, so it is kept here as long as the value is what its whole lines say.
  const rows = typed !== null && isSame(typed.of, value) ? typed.rows : rowsOf(value);
  const columns = field.columns ?? [];
  const label = words.label(field);
  const change = (next: readonly Row[]) => {
    const whole = saidBy(next);
    const fromFiles = Object.keys(Object(field.usual)).filter((name) => !(name in whole));
    const said = { ...whole, ...Object.fromEntries(fromFiles.map((name) => [name, null])) };
    setTyped({ of: said, rows: next });
    onChange(said);
  };
  const changeRow = (index: number, row: Row) => change(rows.toSpliced(index, 1, row));
  const nameOf = (name: string | null) => t(`columns.${name ?? 'value'}` as 'columns.value'); // columns of the schema, see the test
  return (
    <Fieldset legend={label} p="xs">
      <Text size="xs" c="dimmed">
        {words.help(field)}
      </Text>
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={280} scrollAreaProps={scrolledByKeys(label)}>
          <Table aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('columns.name')}</Table.Th>
                {columns.map(({ name }) => (
                  <Table.Th key={name ?? ALONE}>{nameOf(name)}</Table.Th>
                ))}
                {!isReadOnly && <Table.Td />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row, index) => {
                const called = row.name === '' ? t('rules:field.newLine') : row.name;
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
                  <Table.Tr key={index}>
                    <Table.Td>
                      <TextInput
                        size="xs"
                        aria-label={`${t('columns.name')}: ${called}`}
                        value={row.name}
                        readOnly={isReadOnly}
                        onChange={({ currentTarget }) =>
                          changeRow(index, { ...row, name: currentTarget.value })
                        }
                      />
                    </Table.Td>
                    {columns.map(({ name }) => (
                      <Table.Td key={name ?? ALONE}>
                        <NumberInput
                          size="xs"
                          aria-label={`${nameOf(name)}: ${called}`}
                          value={row.cells[name ?? ALONE] ?? ''}
                          readOnly={isReadOnly}
                          clampBehavior="none"
                          onChange={(cell) =>
                            changeRow(index, { ...row, cells: { ...row.cells, [name ?? ALONE]: cell } })
                          }
                        />
                      </Table.Td>
                    ))}
                    {!isReadOnly && (
                      <Table.Td>
                        <ActionIcon
                          variant="default"
                          aria-label={t('rules:field.remove', { name: called })}
                          onClick={() => change(rows.toSpliced(index, 1))}
                        >
                          <IconTrash size={16} aria-hidden />
                        </ActionIcon>
                      </Table.Td>
                    )}
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {error !== null && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      {!isReadOnly && (
        <Button
          size="xs"
          variant="default"
          mt="xs"
          onClick={() => change([...rows, { name: '', cells: {} }])}
        >
          {t('rules:field.add')}
        </Button>
      )}
    </Fieldset>
  );
}
