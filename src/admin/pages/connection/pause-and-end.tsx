import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';

const JOBS = 'GET /connections/{connection}/jobs';

/** No job starts while it is paused; what comes is kept. */
export function Pause() {
  const { t } = useTranslation('connection');
  const { time } = useFormats();
  const { name: connection, canWrite } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [why, setWhy] = useState('');
  const jobs = useApi(JOBS, { path: { connection }, query: { limit: 1 } });
  const pause = useWrite('PUT /connections/{connection}/pause', [JOBS]);
  const resume = useWrite('DELETE /connections/{connection}/pause', [JOBS]);
  return (
    <Section title={t('pause.title')}>
      <PageState query={jobs}>
        {({ pause: paused }) => (
          <Stack align="flex-start">
            <Text size="sm" role="status">
              {paused === null
                ? t('pause.not')
                : t('pause.since', { time: time(paused.since), why: paused.why })}
            </Text>
            {canWrite && (
              <Group>
                {paused === null ? (
                  <Button variant="default" onClick={() => setAsking(true)}>
                    {t('pause.pause')}
                  </Button>
                ) : (
                  <DeedButton
                    isPending={resume.isPending}
                    onClick={() => resume.mutate({ path: { connection } })}
                  >
                    {t('pause.resume')}
                  </DeedButton>
                )}
              </Group>
            )}
            {resume.error && <ProblemAlert error={resume.error} />}
          </Stack>
        )}
      </PageState>
      <Confirm
        isOpen={isAsking}
        title={t('pause.ask')}
        deed={t('pause.pause')}
        isBusy={pause.isPending}
        error={pause.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          pause.mutate({ path: { connection }, body: { why } }, { onSuccess: () => setAsking(false) })
        }
      >
        <Text>{t('pause.means')}</Text>
        <TextInput
          label={t('pause.why')}
          value={why}
          required
          maxLength={200}
          onChange={({ currentTarget }) => setWhy(currentTarget.value)}
        />
      </Confirm>
    </Section>
  );
}

/** Typing the name is the proof that it is meant. */
export function Disconnect() {
  const { t } = useTranslation('connection');
  const { name: connection, org } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const end = useWrite('DELETE /connections/{connection}', []);
  return (
    <Section title={t('end.title')}>
      <Stack align="flex-start">
        <Text size="sm">{t('end.what')}</Text>
        <Code>{`zcv uninstall --connection ${connection}`}</Code>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('end.end')}
        </Button>
      </Stack>
      <Confirm
        isOpen={isAsking}
        title={t('end.ask', { org: org.name })}
        deed={t('end.deed')}
        isDangerous
        isBusy={end.isPending}
        error={end.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          end.mutate(
            { path: { connection }, body: { confirm: typed } },
            // Everything that was read of it is void.
            { onSuccess: () => location.assign('/connections') },
          )
        }
      >
        <Text>{t('end.means')}</Text>
        <TextInput
          label={t('end.type', { connection })}
          value={typed}
          required
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </Confirm>
    </Section>
  );
}
