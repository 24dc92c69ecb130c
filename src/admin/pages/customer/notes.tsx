import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';

export const NOTES = 'GET /connections/{connection}/customers/{customer}/notes';

/** How it was thanked and what it was given, as people noted it here. */
export function Notes({ path }: Pick<InputOf<typeof NOTES>, 'path'>) {
  const { t } = useTranslation('customer');
  const { day, exactMoney } = useFormats();
  const notes = useApi(NOTES, { path });
  return (
    <Section title={t('notes.title')} what={t('notes.what')}>
      <PageState
        query={notes}
        empty={({ goodwill, thanks }) =>
          goodwill.length + thanks.length === 0 && <Text size="sm">{t('notes.none')}</Text>
        }
      >
        {({ goodwill, thanks }) => {
          const rows = [
            ...goodwill.map(({ day: on, amount, note }) => ({
              ...{ on, note, words: t('notes.goodwill', { amount: exactMoney(amount) }) },
            })),
            ...thanks.map(({ day: on, how, note }) => ({ on, note, words: t('notes.thanks', { how }) })),
          ].toSorted((a, b) => b.on.localeCompare(a.on));
          return (
            <Stack gap="xs">
              {rows.map(({ on, words, note }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two notes of a day may read alike
                <Group key={index} justify="space-between" gap="xs">
                  <Text size="sm">{note === null ? words : `${words}: ${note}`}</Text>
                  <Text size="xs" c="dimmed">
                    {day(on)}
                  </Text>
                </Group>
              ))}
            </Stack>
          );
        }}
      </PageState>
    </Section>
  );
}
