import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { Draft } from './draft.tsx';
import { EditRules } from './edit-rules.tsx';
import { DIFF, FORM, VERSIONS } from './keys.ts';
import { Versions } from './versions.tsx';
import { YamlEditor } from './yaml-editor.tsx';

/** How customers are judged: change into a draft, look what it would do, put it in force, compare, go back. */
export default function Rules() {
  const { t } = useTranslation(['rules', 'ruleFields', 'common']);
  const { name: connection } = useConnection();
  const path = { connection };
  const form = useApi(FORM, { path, query: {} });
  const versions = useApi(VERSIONS, { path, query: { limit: 50 } });
  const draft = versions.data?.items.find(({ state }) => state === 'draft');
  const inForce = versions.data?.items.find(({ state }) => state === 'published')?.version ?? 0;
  const changes = useApi(
    DIFF,
    { path, query: { before: inForce, after: draft?.version ?? 0 } },
    { isAsked: draft !== undefined },
  );
  useLiveEvents();
  return (
    <>
      <PageHeader title={t('common:pages.rules')} lead={t('lead')} />
      <PageState query={form}>
        {({ items }) => (
          <PageState query={versions}>
            {(kept) => (
              <Stack gap="lg">
                {draft && <Draft draft={draft} changes={changes} />}
                <EditRules fields={items} />
                <YamlEditor version={draft?.version ?? inForce} />
                <Versions versions={kept.items} inForce={inForce} />
              </Stack>
            )}
          </PageState>
        )}
      </PageState>
    </>
  );
}
