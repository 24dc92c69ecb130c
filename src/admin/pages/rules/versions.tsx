import { Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { scrolledByKeys } from '../../parts/scrolled-by-keys.ts';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Differences } from './draft.tsx';
import { CHANGED, DIFF, type VERSIONS } from './keys.ts';

interface VersionsProps {
  readonly versions: AnswerOf<typeof VERSIONS>['items'];
  readonly inForce: number;
}

/** What was in force when, by whom and why; two of them compared, and an earlier one put in force again. */
export function Versions({ versions, inForce }: VersionsProps) {
  const { t } = useTranslation('rules');
  const { canWrite } = useConnection();
  const { time } = useFormats();
  const [back, setBack] = useState<number | null>(null);
  if (versions.length === 0) {
    return (
      <Section title={t('versions.title')}>
        <Text size="sm">{t('versions.none')}</Text>
      </Section>
    );
  }
  return (
    <Section title={t('versions.title')} what={t('versions.what')}>
      <Stack>
        <Table.ScrollContainer minWidth={420} scrollAreaProps={scrolledByKeys(t('versions.title'))}>
          <Table aria-label={t('versions.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('versions.version')}</Table.Th>
                <Table.Th>{t('versions.state')}</Table.Th>
                <Table.Th>{t('versions.at')}</Table.Th>
                <Table.Th>{t('versions.who')}</Table.Th>
                <Table.Th>{t('versions.why')}</Table.Th>
                <Table.Th>{t('versions.deeds')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {versions.map(({ version, state, note, at, who, whoName }) => (
                <Table.Tr key={version}>
                  <Table.Th scope="row" fw={500}>
                    {version}
                  </Table.Th>
                  <Table.Td>
                    {t(
                      state === 'draft'
                        ? 'versions.draft'
                        : version === inForce
                          ? 'versions.inForce'
                          : 'versions.past',
                    )}
                  </Table.Td>
                  <Table.Td>{time(at)}</Table.Td>
                  <Table.Td>{whoName ?? who}</Table.Td>
                  <Table.Td>{note ?? '–'}</Table.Td>
                  <Table.Td>
                    {canWrite && state === 'published' && version !== inForce && (
                      <Button size="xs" variant="default" onClick={() => setBack(version)}>
                        {t('versions.back', { version })}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Compare versions={versions} inForce={inForce} />
      </Stack>
      {back !== null && <Back version={back} onClose={() => setBack(null)} />}
    </Section>
  );
}

function Compare({ versions, inForce }: VersionsProps) {
  const { t } = useTranslation('rules');
  const { name: connection } = useConnection();
  const [{ before, after }, setUrl] = useUrlState({ before: '0', after: String(inForce) });
  const diff = useApi(DIFF, {
    path: { connection },
    query: { before: Number(before) || 0, after: Number(after) || 0 },
  });
  const choices = [
    { value: '0', label: t('versions.files') },
    ...versions.map(({ version }) => ({ value: String(version), label: t('versions.named', { version }) })),
  ];
  return (
    <section aria-label={t('compare.title')}>
      <Group align="flex-end" mb="sm">
        <NativeSelect
          label={t('compare.before')}
          value={before}
          data={choices}
          onChange={({ currentTarget }) => setUrl({ before: currentTarget.value })}
        />
        <NativeSelect
          label={t('compare.after')}
          value={after}
          data={choices}
          onChange={({ currentTarget }) => setUrl({ after: currentTarget.value })}
        />
      </Group>
      <PageState query={diff}>
        {({ items }) => <Differences changes={items} label={t('compare.title')} />}
      </PageState>
    </section>
  );
}

function Back({ version, onClose }: { readonly version: number; readonly onClose: () => void }) {
  const { t } = useTranslation('rules');
  const { name: connection } = useConnection();
  const rollback = useWrite('POST /connections/{connection}/settings/rollback', CHANGED);
  const done = () => {
    tellDone(t('versions.isBack', { version }));
    onClose();
  };
  return (
    <Confirm
      isOpen
      title={t('versions.backTitle', { version })}
      deed={t('versions.back', { version })}
      isBusy={rollback.isPending}
      error={rollback.error}
      onConfirm={() => rollback.mutate({ path: { connection }, body: { version } }, { onSuccess: done })}
      onClose={onClose}
    >
      {t('versions.backWhat')}
    </Confirm>
  );
}
