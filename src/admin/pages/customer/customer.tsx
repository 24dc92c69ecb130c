import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { Figures } from './figures.tsx';
import { Goodwill } from './goodwill.tsx';
import { History } from './history.tsx';
import { Override, OverrideNote } from './override.tsx';
import { Referrals } from './referrals.tsx';
import { Reminders } from './reminders.tsx';
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
  const customer = useApi('GET /connections/{connection}/customers/{customer}', { path, query: { lang } });
  return (
    <PageState query={customer}>
      {({ name, tier, phase, asOf, nextStep, reasons, key, figures, rank, owner }) => (
        <>
          <PageHeader
            title={name}
            lead={t('lead', {
              tier: t(`common:tiers.${tier}`),
              phase: t(`common:phases.${phase}`),
              day: day(asOf),
            })}
            actions={
              canWrite && (
                <Group gap="xs">
                  <Override path={path} phase={phase} />
                  <Goodwill path={path} />
                </Group>
              )
            }
          />
          <Stack gap="lg">
            <OverrideNote path={path} />
            {nextStep !== '' && (
              <Alert color="indigo" title={t('nextStep')}>
                <Text size="sm">{nextStep}</Text>
              </Alert>
            )}
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Stack gap="lg">
                <Figures figures={figures} rank={rank} owner={owner} />
                <ValuePeriods path={path} />
                <Touches path={path} />
                <Reminders record={key.id} />
                <Referrals path={path} />
                <History path={path} />
              </Stack>
              <Why reasons={reasons} />
            </SimpleGrid>
          </Stack>
        </>
      )}
    </PageState>
  );
}
