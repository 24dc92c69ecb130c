import { SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { useMe } from '../../shell/session.tsx';
import { AllSettings } from './all-settings.tsx';
import { Backup } from './backup.tsx';
import { ChangeHere } from './change-here.tsx';

const ROUTE = 'GET /connections/{connection}/settings';
export type Setting = AnswerOf<typeof ROUTE>['items'][number];

const KEPT = ['deliveries', 'undo', 'runs', 'scoreHistory', 'alerts', 'digests', 'audit', 'expired'] as const;

/** What holds for a connection and where it comes from; a few of it can be changed here, the rules on pages of their own. */
export default function Settings() {
  const { t } = useTranslation(['settings', 'common']);
  const { name: connection } = useConnection();
  const { isOperator } = useMe();
  const path = { connection };
  const settings = useApi(ROUTE, { path });
  return (
    <>
      <PageHeader
        title={t('common:pages.settings')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('export')}
            href={addressOf('GET /connections/{connection}/settings/export', { path })}
          />
        }
      />
      <PageState query={settings}>
        {({ items }) => (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <ChangeHere settings={items} />
              <Org />
            </SimpleGrid>
            {isOperator && <Backup />}
            <Retention settings={items} />
            <AllSettings settings={items} />
          </Stack>
        )}
      </PageState>
    </>
  );
}

function Org() {
  const { t } = useTranslation('settings');
  const { number } = useFormats();
  const { org } = useConnection();
  const rows = [
    ['name', org.name],
    ['timeZone', org.timeZone],
    ['currency', org.currency],
    ['country', org.country ?? '–'],
    ['edition', org.edition],
    ['users', number(org.users)],
    ['id', org.id],
  ] as const;
  return (
    <Section title={t('org.title')} what={t('org.what')}>
      <Table aria-label={t('org.title')}>
        <Table.Tbody>
          {rows.map(([key, value]) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={500} c="dimmed">
                {t(`org.${key}`)}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Retention({ settings }: { readonly settings: readonly Setting[] }) {
  const { t } = useTranslation('settings');
  const daysOf = (kind: string) =>
    Number(settings.find(({ key }) => key === `fields.retention.${kind}`)?.value ?? Number.NaN);
  return (
    <Section title={t('retention.title')} what={t('retention.what')}>
      <Table aria-label={t('retention.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('retention.kind')}</Table.Th>
            <Table.Th className="number">{t('retention.days')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {KEPT.map((kind) => (
            <Table.Tr key={kind}>
              <Table.Td>{t(`retention.kinds.${kind}`)}</Table.Td>
              <Table.Td className="number">
                <Text size="sm" className="whole">
                  {Number.isNaN(daysOf(kind)) ? '–' : t('retention.for', { count: daysOf(kind) })}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
