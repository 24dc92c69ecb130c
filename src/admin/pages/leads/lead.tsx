import { List, SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { RecordReminders } from '../../parts/record-reminders.tsx';
import { Section } from '../../parts/section.tsx';
import { TouchList } from '../../parts/touch-list.tsx';
import { ZohoLink } from '../../parts/zoho-link.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';

const ROUTE = 'GET /connections/{connection}/leads/{lead}';
const FOLLOW_UPS = ['on_time', 'due', 'overdue'] as const;

/** One lead: what to do next, what it may be worth and why, and what happened with it. */
export default function Lead() {
  const { t, i18n } = useTranslation(['leads', 'common']);
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const { lead: id = '' } = useParams();
  const lang = i18n.resolvedLanguage as Language; // one of supportedLngs
  const found = useApi(ROUTE, { path: { connection, lead: id }, query: { lang } });
  return (
    <>
      {found.data === undefined && <PageHeader title={t('common:pages.oneLead')} />}
      <PageState
        query={found}
        elsewhere={{ label: t('common:goTo.leads'), to: pagePath(connection, 'leads') }}
      >
        {(lead) => (
          <>
            <PageHeader
              title={lead.name}
              lead={
                <>
                  {t('one.lead', { created: day(lead.createdDay), day: day(lead.asOf) })}
                  {lead.url !== null && (
                    <>
                      {' · '}
                      <ZohoLink url={lead.url}>{t('one.open')}</ZohoLink>
                    </>
                  )}
                </>
              }
            />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Stack gap="lg">
                <Next lead={lead} />
                <RecordReminders record={lead.id} />
                <Section title={t('one.touches')}>
                  <TouchList items={lead.touches} total={lead.touches.length} />
                </Section>
              </Stack>
              <Section title={t('one.why')}>
                <List size="sm" spacing={6}>
                  {lead.reasons.map(({ code, text }) => (
                    <List.Item key={`${code} ${text}`}>{text}</List.Item>
                  ))}
                </List>
              </Section>
            </SimpleGrid>
          </>
        )}
      </PageState>
    </>
  );
}

function Next({ lead }: { readonly lead: AnswerOf<typeof ROUTE> }) {
  const { t } = useTranslation('leads');
  const { day, money, number, share } = useFormats();
  const followUp = FOLLOW_UPS.find((known) => known === lead.followUp);
  const isPlanned = lead.nextAppointment !== null;
  return (
    <Section title={t('one.next')}>
      <Text size="sm" fw={600} mb="sm">
        {lead.state === 'closed'
          ? t('one.closed')
          : isPlanned
            ? t('one.appointment', { day: day(lead.nextAppointment) })
            : t('one.followUp', { day: day(lead.followUpBy) })}
      </Text>
      <Facts
        facts={[
          [t('followUp'), followUp ? t(`followUps.${followUp}`) : '–'],
          [t('one.rhythm'), lead.rhythmDays === null ? '–' : t('one.days', { count: lead.rhythmDays })],
          [t('unanswered'), number(lead.unanswered)],
          [t('one.lastFollowUp'), day(lead.lastFollowUp)],
          [t('lastContact'), day(lead.lastContact)],
          [t('owner'), lead.ownerName ?? lead.ownerId ?? '–'],
          [t('expected'), money(lead.expectedValue)],
          [t('chance'), share(lead.chance)],
          [t('source'), lead.source ?? '–'],
        ]}
      />
    </Section>
  );
}
