import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { useMe } from '../../shell/session.tsx';
import { Invitations, Invite } from './invitations.tsx';
import { People } from './people.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';
import { Visits } from './visits.tsx';

/** Who may see or change a connection: people, programs, and those who help. */
export default function Access() {
  const { t } = useTranslation(['access', 'common']);
  const { name: connection, canWrite } = useConnection();
  const { kind } = useMe();
  const people = useApi('GET /connections/{connection}/members', { path: { connection } });
  return (
    <>
      <PageHeader
        title={t('common:pages.access')}
        lead={t('lead')}
        actions={canWrite ? <Invite /> : undefined}
      />
      <Stack gap="lg">
        <PageState query={people}>
          {({ members, invitations }) => (
            <>
              <People members={members} />
              {invitations.length > 0 && <Invitations invitations={invitations} />}
              {canWrite && <Tokens members={members} />}
            </>
          )}
        </PageState>
        <Visits />
        {kind === 'user' && <Sessions />}
      </Stack>
    </>
  );
}
