import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, RouteName } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { StepProps } from './reports.ts';

/** What several steps show: a button that asks for work, that it is under way, and why it failed. */

const SET_UP = 'GET /connections/{connection}/set-up';

interface AskProps<Name extends RouteName> {
  readonly route: Name;
  readonly input: InputOf<Name>;
  readonly label: string;
  readonly setUp: StepProps['setUp'];
  /** It was done before: then the button is no longer what one should press. */
  readonly isAgain?: boolean;
}

/** Nothing to see for those who may not write, nothing to press while something is under way. */
export function Ask<Name extends RouteName>({ route, input, label, setUp, isAgain = false }: AskProps<Name>) {
  const { canWrite } = useConnection();
  const write = useWrite(route, [SET_UP]);
  if (!canWrite) return null;
  const isBusy = setUp.isAsked || setUp.steps.some(({ state }) => state === 'working');
  return (
    <>
      <Group>
        <DeedButton
          {...(isAgain ? { variant: 'default' } : {})}
          isBlocked={isBusy}
          isPending={write.isPending}
          onClick={() => write.mutate(input)}
        >
          {label}
        </DeedButton>
      </Group>
      {write.error && <ProblemAlert error={write.error} />}
    </>
  );
}

export function Working({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const isWorking = step.state === 'working';
  const isWaiting = setUp.isAsked && !setUp.steps.some(({ state }) => state === 'working');
  if (!isWorking && !isWaiting) return null;
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" type="dots" />
      <Text size="sm">{t(isWorking ? 'working' : 'waiting')}</Text>
    </Group>
  );
}

export function Failure({ step: { state, why } }: Pick<StepProps, 'step'>) {
  const { t } = useTranslation('setUp');
  if (state !== 'failed' || why === null) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={t('failed')} role="alert">
      <Text size="sm">{why}</Text>
    </Alert>
  );
}

/** Writing is allowed in two steps: the connection first, each plan then. */
export function AllowWriting() {
  const { t } = useTranslation('setUp');
  const { name: connection, mode, org, canWrite } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const write = useWrite('PUT /connections/{connection}/mode', ['GET /connections/{connection}', SET_UP]);
  if (mode !== 'read-only') return null;
  return (
    <Alert color="yellow" title={t('readOnly.title')}>
      <Text size="sm" mb="sm">
        {t('readOnly.what')}
      </Text>
      {canWrite && (
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {t('readOnly.allow')}
        </Button>
      )}
      <Confirm
        isOpen={isAsking}
        title={t('readOnly.allow')}
        deed={t('readOnly.deed', { org: org.name })}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          write.mutate(
            { path: { connection }, body: { mode: 'manual' } },
            {
              onSuccess: () => {
                setAsking(false);
                tellDone(t('readOnly.done'));
              },
            },
          )
        }
      >
        <Text>{t('readOnly.means')}</Text>
      </Confirm>
    </Alert>
  );
}
