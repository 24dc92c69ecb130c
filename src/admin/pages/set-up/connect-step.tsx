import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../parts/facts.tsx';
import { ScopeList } from '../../parts/scope-list.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { StepProps } from './reports.ts';

/** What was linked, and what each permission is for. */
export function ConnectStep({ step }: StepProps) {
  const { t } = useTranslation(['setUp', 'common']);
  const { name: connection, org, location, canWrite, mode } = useConnection();
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
      <ScopeList />
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
