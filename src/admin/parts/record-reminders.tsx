import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/hooks.ts';
import { useConnection } from '../shell/connection.tsx';
import type { Language } from '../shell/texts.ts';
import { useFormats } from './formats.ts';
import { PageState } from './page-state.tsx';
import { Section } from './section.tsx';

/** Tasks that were made for this customer or lead. */
export function RecordReminders({ record }: { readonly record: string }) {
  const { t, i18n } = useTranslation('customer');
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const lang = i18n.resolvedLanguage as Language; // one of supportedLngs
  const reminders = useApi('GET /connections/{connection}/reminders', {
    path: { connection },
    query: { record, lang },
  });
  return (
    <Section title={t('reminders.title')}>
      <PageState
        query={reminders}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('reminders.none')}</Text>}
      >
        {({ items }) => (
          <Stack gap="xs">
            {items.map(({ cvRef, subject, dueDay, state }) => (
              <Group key={cvRef} justify="space-between" gap="xs">
                <Text size="sm">{subject}</Text>
                <Text size="xs" c="dimmed">
                  {t('reminders.due', { day: day(dueDay) })} · {t(`reminders.states.${state}`)}
                </Text>
              </Group>
            ))}
          </Stack>
        )}
      </PageState>
    </Section>
  );
}
