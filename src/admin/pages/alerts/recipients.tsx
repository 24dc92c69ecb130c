import { Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../shell/texts.ts';

const ROUTE = 'GET /connections/{connection}/mail-recipients';
type Recipient = AnswerOf<typeof ROUTE>['items'][number];

/** Who gets alerts and the digest of the week by mail. */
export function Recipients() {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const { time, number } = useFormats();
  const recipients = useApi(ROUTE, { path: { connection } });
  const columns = useColumns();
  return (
    <Section title={t('mail.title')} what={t('mail.what')}>
      <Stack>
        <PageState query={recipients}>
          {({ items, messages: { waiting, failed, sentAt, lastError } }) => (
            <>
              {items.length === 0 ? (
                <Text c="dimmed">{t('mail.nobody')}</Text>
              ) : (
                <DataTable label={t('mail.title')} columns={columns} rows={items} keyOf={({ id }) => id} />
              )}
              {(items.length > 0 || sentAt !== null) && (
                <Text size="sm" c="dimmed">
                  {t('mail.sent', {
                    time: time(sentAt),
                    waiting: number(waiting),
                    failed: number(failed),
                    why: lastError ?? '',
                  })}
                </Text>
              )}
            </>
          )}
        </PageState>
        <Add />
      </Stack>
    </Section>
  );
}

function useColumns(): readonly Column<Recipient>[] {
  const { t } = useTranslation('alerts');
  return useMemo(
    () => [
      { id: 'address', header: t('mail.address'), cell: ({ address }) => address },
      {
        id: 'gets',
        header: t('mail.gets'),
        cell: ({ alerts, digest, stopped }) =>
          [alerts && t('mail.alerts'), digest && t('mail.digest'), stopped.length > 0 && t('mail.stopped')]
            .filter(Boolean)
            .join(', '),
      },
      { id: 'language', header: t('mail.language'), isWide: true, cell: ({ language }) => language },
      { id: 'remove', header: t('mail.remove'), cell: (row) => <Remove recipient={row} /> },
    ],
    [t],
  );
}

function Remove({ recipient: { id, address } }: { readonly recipient: Recipient }) {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const write = useWrite('DELETE /connections/{connection}/mail-recipients/{recipient}', [ROUTE]);
  return (
    <>
      <DeedButton
        size="xs"
        variant="default"
        aria-label={t('mail.removeOne', { address })}
        isPending={write.isPending}
        onClick={() => write.mutate({ path: { connection, recipient: id } })}
      >
        {t('mail.remove')}
      </DeedButton>
      {write.error && <ProblemAlert error={write.error} />}
    </>
  );
}

function Add() {
  const { t, i18n } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const [address, setAddress] = useState('');
  const [language, setLanguage] = useState((i18n.resolvedLanguage ?? 'en') as Language); // one of supportedLngs
  const [alerts, setAlerts] = useState(true);
  const [digest, setDigest] = useState(true);
  const write = useWrite('POST /connections/{connection}/mail-recipients', [ROUTE]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(
          { path: { connection }, body: { address, language, alerts, digest } },
          { onSuccess: () => setAddress('') },
        );
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          type="email"
          label={t('mail.address')}
          required
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
        />
        <NativeSelect
          label={t('mail.language')}
          value={language}
          data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={({ currentTarget }) =>
            setLanguage(LANGUAGES.find((known) => known === currentTarget.value) ?? 'en')
          }
        />
        <Checkbox
          mb={8}
          label={t('mail.alerts')}
          checked={alerts}
          onChange={({ currentTarget }) => setAlerts(currentTarget.checked)}
        />
        <Checkbox
          mb={8}
          label={t('mail.digest')}
          checked={digest}
          onChange={({ currentTarget }) => setDigest(currentTarget.checked)}
        />
        <DeedButton type="submit" variant="default" isPending={write.isPending}>
          {t('mail.add')}
        </DeedButton>
      </Group>
      {write.error && <ProblemAlert error={write.error} />}
    </form>
  );
}
