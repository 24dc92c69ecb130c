import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { type Endpoint, LOG, ROUTE } from './endpoint-routes.ts';

/** What is done with one address that gets events. */
export function Deeds({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const path = { connection, endpoint: endpoint.id };
  const test = useWrite('POST /connections/{connection}/event-endpoints/{endpoint}/test', [LOG]);
  const enable = useWrite('POST /connections/{connection}/event-endpoints/{endpoint}/enable', [ROUTE]);
  const error = test.error ?? enable.error;
  return (
    <>
      <Group gap={6}>
        <DeedButton
          size="xs"
          variant="default"
          isPending={test.isPending}
          onClick={() => test.mutate({ path }, { onSuccess: () => tellDone(t('events.tested')) })}
        >
          {t('events.test')}
        </DeedButton>
        {endpoint.state === 'disabled' && (
          <DeedButton
            size="xs"
            variant="default"
            isPending={enable.isPending}
            onClick={() => enable.mutate({ path })}
          >
            {t('events.enable')}
          </DeedButton>
        )}
        <Rotate endpoint={endpoint} />
        <Remove endpoint={endpoint} />
      </Group>
      {error && <ProblemAlert error={error} />}
    </>
  );
}

/** Asks first, because the program must be given the new secret within a day; shows it where it asked, this once. */
function Rotate({ endpoint: { id, url } }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('alerts');
  const { time } = useFormats();
  const { name: connection } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const rotate = useWrite('POST /connections/{connection}/event-endpoints/{endpoint}/rotate', [ROUTE]);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t('events.rotate')}
      </Button>
      <Confirm
        isOpen={isAsking}
        title={t('events.rotateTitle', { url })}
        deed={t('events.rotateDeed')}
        isBusy={rotate.isPending}
        error={rotate.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          rotate.mutate({ path: { connection, endpoint: id } }, { onSuccess: () => setAsking(false) })
        }
      >
        <Text size="sm">{t('events.rotateWhat')}</Text>
      </Confirm>
      {rotate.data && !isAsking && (
        <Alert
          w="100%"
          variant="default"
          role="status"
          title={t('events.rotated', { url, until: time(rotate.data.formerUntil) })}
        >
          <Stack align="flex-start" gap="xs">
            <Code style={{ overflowWrap: 'anywhere' }}>{rotate.data.secret}</Code>
          </Stack>
        </Alert>
      )}
    </>
  );
}

function Remove({ endpoint: { id, url } }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const remove = useWrite('DELETE /connections/{connection}/event-endpoints/{endpoint}', [ROUTE, LOG]);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t('events.remove')}
      </Button>
      <Confirm
        isOpen={isAsking}
        title={t('events.removeTitle', { url })}
        deed={t('events.removeDeed')}
        isDangerous
        isBusy={remove.isPending}
        error={remove.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          remove.mutate(
            { path: { connection, endpoint: id } },
            { onSuccess: () => tellDone(t('events.removed', { url })) },
          )
        }
      >
        <Text size="sm">{t('events.removeWhat')}</Text>
      </Confirm>
    </>
  );
}
