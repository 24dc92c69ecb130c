import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { RecordReminders } from '../../parts/record-reminders.tsx';
import { ZohoLink } from '../../parts/zoho-link.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { Figures } from './figures.tsx';
import { Goodwill } from './goodwill.tsx';
import { History } from './history.tsx';
import { Known } from './known.tsx';
import { Notes } from './notes.tsx';
import { Override, OverrideNote } from './override.tsx';
import { Referrals } from './referrals.tsx';
import { Thanks } from './thanks.tsx';
import { Touches } from './touches.tsx';
import { ValuePeriods } from './value-periods.tsx';
import { Why } from './why.tsx';

/** One customer: what it is worth and why, what happened with it, what to do next. */
export default function Customer() {
  const { t, i18n } = useTranslation(['customer', 'common']);
  const { day } = useFormats();
  const { name: connection, canWrite } = useConnection();
  const { customer: id = '' } = useParams();
  const path = { connection, customer: id };
  const lang = i18n.resolvedLanguage as Language; // one of supportedLngs
  const found = useApi('GET /connections/{connection}/customers/{customer}', { path, query: { lang } });
  return (
    <>
      {found.data === undefined && <PageHeader title={t('common:pages.customer')} />}
      <PageState
        query={found}
        elsewhere={{ label: t('common:goTo.customers'), to: pagePath(connection, 'customers') }}
      >
        {(customer) => (
          <>
            <PageHeader
              title={customer.name}
              lead={
                <>
                  {t('lead', {
                    tier: t(`common:tiers.${customer.tier}`),
                    phase: t(`common:phases.${customer.phase}`),
                    day: day(customer.asOf),
                  })}
                  {customer.url !== null && (
                    <>
                      {' · '}
                      <ZohoLink url={customer.url}>{t('open')}</ZohoLink>
                    </>
                  )}
                </>
              }
              actions={
                canWrite && (
                  <Group gap="xs">
                    <Override path={path} phase={customer.phase} />
                    <Thanks path={path} />
                    <Goodwill path={path} />
                  </Group>
                )
              }
            />
            <Stack gap="lg">
              <OverrideNote path={path} />
              {customer.nextStep !== '' && (
                <Alert color="indigo" title={t('nextStep')}>
                  <Text size="sm">{customer.nextStep}</Text>
                </Alert>
              )}
              <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
                <Stack gap="lg">
                  <Known path={path} customer={customer} />
                  <Figures figures={customer.figures} rank={customer.rank} owner={customer.owner} />
                  <ValuePeriods path={path} />
                  <Touches path={path} />
                  <RecordReminders record={customer.key.id} />
                  <Notes path={path} />
                  <Referrals path={path} />
                  <History path={path} />
                </Stack>
                <Why reasons={customer.reasons} />
              </SimpleGrid>
            </Stack>
          </>
        )}
      </PageState>
    </>
  );
}
