import { Badge, Button, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** What doctor found: what fails and warns, and on demand what is well. */

interface Check {
  readonly id: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly repair: string | null;
}
const ORDER: readonly Check['status'][] = ['fail', 'warn', 'ok'];
const COLOURS: { readonly [S in Check['status']]: string } = { ok: 'teal', warn: 'yellow', fail: 'red' };

export function ChecksTable({ checks }: { readonly checks: readonly Check[] }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const well = checks.filter(({ status }) => status === 'ok').length;
  const shown = checks
    .filter(({ status }) => isWhole || status !== 'ok')
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return (
    <Stack align="flex-start" gap="xs">
      <Text role="status">{t('checks.told', { well, all: checks.length })}</Text>
      {shown.length > 0 && (
        <ScrollArea
          type="auto"
          w="100%"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('checks.title') }}
        >
          <Table aria-label={t('checks.title')}>
            <Table.Tbody>
              {shown.map(({ id, status, message, repair }) => (
                <Table.Tr key={`${id} ${message}`}>
                  <Table.Td w={90} valign="top">
                    <Badge variant="light" color={COLOURS[status]} c="var(--mantine-color-text)" tt="none">
                      {t(`checks.${status}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{message}</Text>
                    {repair !== null && (
                      <Text size="sm" c="dimmed">
                        {t('checks.repair', { repair })}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      {well > 0 && (
        <Button size="xs" variant="default" onClick={() => setWhole(!isWhole)}>
          {t(isWhole ? 'checks.fewer' : 'checks.all')}
        </Button>
      )}
    </Stack>
  );
}
