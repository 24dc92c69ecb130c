import { Button, Group, List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { Facts } from '../../parts/facts.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import type { StepProps } from './reports.ts';

/** What was linked, and what each permission is for. */
export function ConnectStep({ step }: StepProps) {
  const { t, i18n } = useTranslation(['setUp', 'common']);
  const { name: connection, org, location, canWrite, mode } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const scopes = useApi('GET /connections/{connection}/scopes', { path: { connection }, query: { lang } });
  return (
    <>
      <Facts
        facts={[
          [t('connect.org'), org.name],
          [t('connect.edition'), org.edition],
          [t('connect.location'), location],
          [t('connect.zone'), org.timeZone],
          [t('connect.currency'), org.currency],
          [t('connect.mode'), t(`common:modes.${mode}`)],
        ]}
      />
      <PageState query={scopes}>
        {({ items }) => (
          <List spacing="xs" size="sm" aria-label={t('connect.scopes')}>
            {items.map(({ scope, breaks, isGranted }) => (
              <List.Item
                key={scope}
                icon={
                  <ThemeIcon size={18} radius="xl" variant="light" color={isGranted ? 'teal' : 'red'}>
                    {isGranted ? <IconCheck size={12} /> : <IconX size={12} />}
                  </ThemeIcon>
                }
              >
                <b>{t(isGranted ? 'connect.granted' : 'connect.missing')}</b> {scope}
                <Text size="xs" c="dimmed">
                  {t('connect.without', { breaks })}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </PageState>
      {canWrite && (
        <Group>
          <Button
            component="a"
            href={`/connect?name=${encodeURIComponent(connection)}`}
            {...(step.state === 'done' ? { variant: 'default' } : {})}
          >
            {t('connect.again')}
          </Button>
        </Group>
      )}
    </>
  );
}
