import { Alert, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { LANGUAGE_NAMES, LANGUAGES } from '../../shell/texts.ts';
import type { Setting } from './settings.tsx';

const SAVE = 'PATCH /connections/{connection}/settings';
const VERSIONS = 'GET /connections/{connection}/settings/versions';
const KEYS = {
  language: 'fields.language',
  ceiling: 'fields.credits.ceilingPercent',
  planDays: 'fields.writeBack.planDays',
} as const;
type Field = keyof typeof KEYS;
type Typed = { readonly [F in Field]: string };

/** The few settings that need no preview: they change no score. */
export function ChangeHere({ settings }: { readonly settings: readonly Setting[] }) {
  const { t } = useTranslation(['settings', 'common']);
  const { name: connection, canWrite } = useConnection();
  const [changes, setChanges] = useState<Partial<Typed>>({});
  const [note, setNote] = useState('');
  const path = { connection };
  const versions = useApi(VERSIONS, { path, query: { limit: 10 } });
  const write = useWrite(SAVE, ['GET /connections/{connection}/settings', VERSIONS]);
  const inForce = (field: Field) => String(settings.find(({ key }) => key === KEYS[field])?.value ?? '');
  const shown = (field: Field) => changes[field] ?? inForce(field);
  const changed = (Object.keys(KEYS) as Field[]).filter((field) => shown(field) !== inForce(field));
  const draft = versions.data?.items.find(({ state }) => state === 'draft');
  const of = (field: Field) => ({
    label: t(`change.${field}`),
    description: t(`change.${field}What`),
    value: shown(field),
    disabled: !canWrite,
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setChanges({ ...changes, [field]: value }),
  });
  const save = () => {
    const set = Object.fromEntries(
      changed.map((field) => [KEYS[field], field === 'language' ? shown(field) : Number(shown(field))]),
    );
    const why = note.trim();
    write.mutate(
      { path, body: { set, ...(why === '' ? {} : { note: why }) } },
      {
        onSuccess: ({ version, changed: { length: count } }) => {
          tellDone(t('change.done', { version, count }));
          setChanges({});
          setNote('');
        },
      },
    );
  };
  return (
    <Section title={t('change.title')} what={t('change.what')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack>
          <NativeSelect
            {...of('language')}
            data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          />
          <TextInput type="number" min={1} max={100} required withAsterisk={false} {...of('ceiling')} />
          <TextInput type="number" min={1} max={365} required withAsterisk={false} {...of('planDays')} />
          {canWrite && changed.length > 0 && (
            <TextInput
              label={t('change.note')}
              description={t('change.noteWhat')}
              maxLength={500}
              value={note}
              onChange={({ currentTarget }) => setNote(currentTarget.value)}
            />
          )}
          {canWrite && draft && changed.length > 0 && (
            <Alert color="yellow">{t('change.draft', { version: draft.version })}</Alert>
          )}
          {versions.error && <ProblemAlert error={versions.error} onRetry={() => void versions.refetch()} />}
          {write.error && <ProblemAlert error={write.error} />}
          {canWrite && (
            <div>
              <DeedButton type="submit" isBlocked={changed.length === 0} isPending={write.isPending}>
                {t('change.save')}
              </DeedButton>
            </div>
          )}
        </Stack>
      </form>
    </Section>
  );
}
