import { Group, NumberInput, SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, SETTINGS } from './routes.ts';

const KEYS = {
  perOwnerAndDay: 'playbook.reminders.perOwnerAndDay',
  perRecord: 'playbook.reminders.perRecord',
  coolDownDays: 'playbook.reminders.coolDownDays',
  ignoredDays: 'playbook.outcomes.ignoredDays',
} as const;
const NAMES = Object.keys(KEYS) as readonly (keyof typeof KEYS)[]; // the keys of this very object

/** How many reminders there may be at all: five a day are a help, eighty are a reason to look away. */
export function Limits() {
  const { t } = useTranslation(['playbook', 'common']);
  const { name: connection, canWrite } = useConnection();
  const path = { connection };
  const settings = useApi(SETTINGS, { path });
  const save = useWrite('PATCH /connections/{connection}/settings', CHANGED);
  const [typed, setTyped] = useState<{ readonly [name: string]: number | string }>({});
  const inForce = (name: keyof typeof KEYS) => {
    const value = settings.data?.items.find(({ key }) => key === KEYS[name])?.value;
    return typeof value === 'number' ? value : '';
  };
  const changed = NAMES.filter(
    (name) => (typed[name] ?? inForce(name)) !== inForce(name) && typed[name] !== '',
  );
  const refused = save.error?.message ?? '';
  const isBeside = changed.some((name) => refused.includes(KEYS[name]));
  const submit = () =>
    save.mutate(
      { path, body: { set: Object.fromEntries(changed.map((name) => [KEYS[name], typed[name] ?? null])) } },
      {
        onSuccess: ({ version }) => {
          tellDone(t('edit.saved', { version }));
          setTyped({});
        },
      },
    );
  return (
    <Section title={t('limits.title')} what={t('limits.what')}>
      <PageState query={settings}>
        {() => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
              {NAMES.map((name) => (
                <NumberInput
                  key={name}
                  label={t(`limits.${name}`)}
                  value={typed[name] ?? inForce(name)}
                  readOnly={!canWrite}
                  onChange={(value) => setTyped({ ...typed, [name]: value })}
                  error={
                    refused.includes(KEYS[name])
                      ? refused.split('\n').find((line) => line.includes(KEYS[name]))
                      : null
                  }
                />
              ))}
            </SimpleGrid>
            {save.error && !isBeside && <ProblemAlert error={save.error} />}
            {canWrite && (
              <Group mt="sm">
                <DeedButton type="submit" isBlocked={changed.length === 0} isPending={save.isPending}>
                  {t('common:save')}
                </DeedButton>
              </Group>
            )}
          </form>
        )}
      </PageState>
    </Section>
  );
}
