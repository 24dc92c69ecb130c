import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { scrolledByKeys } from '../../parts/scrolled-by-keys.ts';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, type DIFF, DISCARDED, type VERSIONS } from './keys.ts';
import { WhatIf } from './what-if.tsx';

type Version = AnswerOf<typeof VERSIONS>['items'][number];
type Change = AnswerOf<typeof DIFF>['items'][number];
interface DraftProps {
  readonly draft: Version;
  readonly changes: UseQueryResult<AnswerOf<typeof DIFF>>;
}

/** The draft: what it says otherwise, what it would do to customers, and the decision about it. */
export function Draft({ draft, changes }: DraftProps) {
  const { t } = useTranslation(['rules', 'common']);
  const { name: connection, canWrite } = useConnection();
  const { time } = useFormats();
  const [deed, setDeed] = useState<'publish' | 'discard' | null>(null);
  // Null: nothing was typed, so the draft's own comment stays.
  const [why, setWhy] = useState<string | null>(null);
  const publish = useWrite('POST /connections/{connection}/settings/publish', CHANGED);
  const discard = useWrite('DELETE /connections/{connection}/settings/draft', DISCARDED);
  const { version, note, at } = draft;
  const comment = (why ?? note ?? '').trim();
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
        <PageState query={changes}>
          {({ items }) => <Differences changes={items} label={t('draft.says')} />}
        </PageState>
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
            { path, body: { version, ...(comment === '' ? {} : { note: comment }) } },
            { onSuccess: end(t('draft.published', { version })) },
          )
        }
        onClose={() => setDeed(null)}
      >
        <Text size="sm">{t('draft.publishWhat')}</Text>
        <TextInput
          label={t('draft.comment')}
          description={t('noteWhat')}
          maxLength={500}
          value={why ?? note ?? ''}
          onChange={({ currentTarget }) => setWhy(currentTarget.value)}
        />
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

/** Key by key, before and after. */
export function Differences({
  changes,
  label,
}: {
  readonly changes: readonly Change[];
  readonly label: string;
}) {
  const { t } = useTranslation('rules');
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
