import { Button, Group, Loader, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { Loading } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { scrolledByKeys } from '../../parts/scrolled-by-keys.ts';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { WhatIfTables } from '../../parts/what-if-tables.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, type DIFF, type VERSIONS } from './keys.ts';

type Version = AnswerOf<typeof VERSIONS>['items'][number];
type Change = AnswerOf<typeof DIFF>['items'][number];
interface DraftProps {
  readonly draft: Version;
  /** Null: they are being read. */
  readonly changes: readonly Change[] | null;
}
const REFRESH_MS = 2_000;
const RUNS = 'GET /connections/{connection}/runs';

/** The draft: what it says otherwise, what it would do to customers, and the decision about it. */
export function Draft({ draft, changes }: DraftProps) {
  const { t } = useTranslation(['rules', 'common']);
  const { name: connection, canWrite } = useConnection();
  const { time } = useFormats();
  const [deed, setDeed] = useState<'publish' | 'discard' | null>(null);
  const publish = useWrite('POST /connections/{connection}/settings/publish', CHANGED);
  const discard = useWrite('DELETE /connections/{connection}/settings/draft', CHANGED);
  const { version, note, at } = draft;
  const path = { connection };
  const end = (message: string) => () => {
    tellDone(message);
    setDeed(null);
  };
  return (
    <Section
      title={t('draft.title', { version })}
      what={[t('draft.saved', { at: time(at) }), note].filter(Boolean).join(' · ')}
      actions={
        canWrite && (
          <Group gap="xs">
            <Button variant="default" onClick={() => setDeed('discard')}>
              {t('draft.discard')}
            </Button>
            <Button onClick={() => setDeed('publish')}>{t('draft.publish')}</Button>
          </Group>
        )
      }
    >
      <Stack>
        <Differences changes={changes} label={t('draft.says')} />
        <WhatIf draft={draft} />
      </Stack>
      <Confirm
        isOpen={deed === 'publish'}
        title={t('draft.publishTitle', { version })}
        deed={t('draft.publish')}
        isBusy={publish.isPending}
        error={publish.error}
        onConfirm={() =>
          publish.mutate(
            { path, body: { version, ...(note === null ? {} : { note }) } },
            { onSuccess: end(t('draft.published', { version })) },
          )
        }
        onClose={() => setDeed(null)}
      >
        {t('draft.publishWhat')}
      </Confirm>
      <Confirm
        isOpen={deed === 'discard'}
        title={t('draft.discardTitle', { version })}
        deed={t('draft.discard')}
        isDangerous
        isBusy={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate({ path }, { onSuccess: end(t('draft.discarded')) })}
        onClose={() => setDeed(null)}
      >
        {t('draft.discardWhat')}
      </Confirm>
    </Section>
  );
}

/** Scores all customers by the draft, in a job, and shows how they would stand. */
function WhatIf({ draft: { version, at } }: { readonly draft: Version }) {
  const { t } = useTranslation('rules');
  const { name: connection, canWrite } = useConnection();
  const ask = useWrite('POST /connections/{connection}/settings/what-if', [RUNS]);
  const [isAsked, setAsked] = useState(false);
  const runs = useApi(
    RUNS,
    { path: { connection }, query: { kind: 'what-if', limit: 10 } },
    { refetchMs: ({ items }) => (isAsked && !found(items) ? REFRESH_MS : null) },
  );
  // A draft that was saved again keeps its number: what was asked before that speaks of other rules.
  const found = (items: AnswerOf<typeof RUNS>['items']) =>
    items.find(
      ({ input, startedAt, state }) =>
        (input as { version?: number } | null)?.version === version && startedAt > at && state !== 'running',
    );
  const run = found(runs.data?.items ?? []);
  const answer = useApi(
    'GET /connections/{connection}/runs/{run}',
    { path: { connection, run: run?.id ?? '' } },
    { isAsked: run !== undefined },
  );
  const problem = ask.error ?? answer.error ?? runs.error;
  return (
    <>
      {problem && <ProblemAlert error={problem} />}
      {run?.state === 'failed' && <Text role="alert">{run.error}</Text>}
      {answer.data?.whatIf && <WhatIfTables comparison={answer.data.whatIf} />}
      {!run && isAsked && !ask.error && (
        <Text size="sm" role="status">
          <Loader size="xs" /> {t('draft.scoring')}
        </Text>
      )}
      {canWrite && !run && !isAsked && (
        <div>
          <Button
            variant="default"
            onClick={() => {
              setAsked(true);
              ask.mutate({ path: { connection }, body: { version } }, { onError: () => setAsked(false) });
            }}
          >
            {t('draft.whatIf')}
          </Button>
        </div>
      )}
    </>
  );
}

/** Key by key, before and after. */
export function Differences({
  changes,
  label,
}: {
  readonly changes: readonly Change[] | null;
  readonly label: string;
}) {
  const { t } = useTranslation('rules');
  if (changes === null) return <Loading />;
  if (changes.length === 0) return <Text size="sm">{t('same')}</Text>;
  const words = (value: unknown) => (value === null ? t('notSet') : JSON.stringify(value));
  return (
    <Table.ScrollContainer minWidth={320} scrollAreaProps={scrolledByKeys(label)}>
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('key')}</Table.Th>
            <Table.Th>{t('before')}</Table.Th>
            <Table.Th>{t('after')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map(({ key, old, new: next }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={500}>
                {key}
              </Table.Th>
              <Table.Td>{words(old)}</Table.Td>
              <Table.Td>{words(next)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
