import { Button, SimpleGrid, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ModeChoice } from '../../parts/mode-choice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ScopeList } from '../../parts/scope-list.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { Channels } from './channels.tsx';
import { Doctor } from './doctor.tsx';
import { Disconnect, Pause } from './pause-and-end.tsx';

/** One connection: whose access it is, whether it works, what it may write, and its end. */
export default function ConnectionPage() {
  const { t } = useTranslation(['connection', 'common']);
  const { time, number } = useFormats();
  const { name, org, location, state, stateWhy, linkedAt, linkedBy, credits, parkedUntil, canWrite } =
    useConnection();
  return (
    <>
      <PageHeader
        title={t('title', { name })}
        lead={org.name}
        actions={
          canWrite && (
            <Button
              component="a"
              href={`/connect?name=${encodeURIComponent(name)}`}
              {...(state === 'reconnect_needed' ? {} : { variant: 'default' })}
            >
              {t('reconnect')}
            </Button>
          )
        }
      />
      <Stack>
        <Section title={t('about')}>
          <Facts
            facts={[
              [t('state'), t(`states.${state}`)],
              ...(stateWhy === null ? [] : [[t('why'), stateWhy] as const]),
              ...(parkedUntil === null ? [] : [[t('parkedUntil'), time(parkedUntil)] as const]),
              [t('orgId'), org.id],
              [t('dataCentre'), location],
              [t('edition'), org.edition],
              [t('users'), number(org.users)],
              [t('zone'), org.timeZone],
              [t('currency'), org.currency],
              [t('linkedBy'), linkedBy ?? '–'],
              [t('linkedAt'), time(linkedAt)],
              [t('creditsLeft'), number(credits.remaining)],
            ]}
          />
        </Section>
        <Doctor />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Section title={t('scopes')}>
            <ScopeList />
          </Section>
          <Stack>
            {canWrite && (
              <Section title={t('writing')}>
                <ModeChoice />
              </Section>
            )}
            <Pause />
            {canWrite && <Disconnect />}
          </Stack>
        </SimpleGrid>
        <Channels />
      </Stack>
    </>
  );
}
