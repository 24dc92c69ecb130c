import { Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { DIFF, GROUP_NAMES, GROUPS, type SETTINGS, VERSIONS } from './keys.ts';

type Setting = AnswerOf<typeof SETTINGS>['items'][number];
type Change = AnswerOf<typeof DIFF>['items'][number];
interface EditRulesProps {
  readonly settings: readonly Setting[];
  /** What the draft says otherwise than what is in force. */
  readonly drafted: readonly Change[];
}

/** Numbers of the rules, each as the draft has it, else as it is in force. What the server refuses stands beside the field. */
export function EditRules({ settings, drafted }: EditRulesProps) {
  const { t } = useTranslation('rules');
  const { name: connection, canWrite } = useConnection();
  const [typed, setTyped] = useState<{ readonly [key: string]: number | string }>({});
  const [note, setNote] = useState('');
  const save = useWrite('PATCH /connections/{connection}/settings/draft', [VERSIONS, DIFF]);
  const inForce = (key: string) => settings.find((one) => one.key === key)?.value;
  const before = (key: string) => {
    const change = drafted.find((one) => one.key === key);
    const value = change ? change.new : inForce(key);
    return typeof value === 'number' ? value : '';
  };
  const changed = Object.entries(typed).filter(([key, value]) => value !== before(key) && value !== '');
  const refused = save.error?.message ?? '';
  const isBeside = changed.some(([key]) => refused.includes(key));
  const submit = () => {
    const why = note.trim();
    save.mutate(
      {
        path: { connection },
        body: { set: Object.fromEntries(changed), ...(why === '' ? {} : { note: why }) },
      },
      {
        onSuccess: ({ version }) => {
          tellDone(t('saved', { version }));
          setTyped({});
          setNote('');
        },
      },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="lg">
          {GROUP_NAMES.map((group) => (
            <Section key={group} title={t(`groups.${group}`)} what={t(`groupsWhat.${group}`)}>
              <Stack gap="xs">
                {GROUPS[group].map((name) => {
                  const key = `scoring.${group}.${name}`;
                  return (
                    <NumberInput
                      key={key}
                      label={t(`keys.${group}.${name}` as 'keys.tiers.topPercent')}
                      value={typed[key] ?? before(key)}
                      readOnly={!canWrite}
                      onChange={(value) => setTyped({ ...typed, [key]: value })}
                      error={refused.includes(key) ? aboutKey(refused, key) : null}
                      {...(before(key) === inForce(key) || before(key) === ''
                        ? {}
                        : { description: t('inForceIs', { value: String(inForce(key)) }) })}
                    />
                  );
                })}
              </Stack>
            </Section>
          ))}
        </SimpleGrid>
        {canWrite && changed.length > 0 && (
          <TextInput
            label={t('note')}
            description={t('noteWhat')}
            maxLength={500}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
        )}
        {save.error && !isBeside && <ProblemAlert error={save.error} />}
        {canWrite && (
          <Group>
            <DeedButton type="submit" isBlocked={changed.length === 0} isPending={save.isPending}>
              {t('saveDraft')}
            </DeedButton>
            <Text size="sm" c="dimmed">
              {t('saveWhat')}
            </Text>
          </Group>
        )}
      </Stack>
    </form>
  );
}

/** Of all that is wrong the line about this key. */
function aboutKey(refused: string, key: string): string {
  return refused.split('\n').find((line) => line.includes(key)) ?? refused;
}
