import { Checkbox, Group, Radio, Stack, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { TIERS, type Tier } from '../../parts/codes.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, type PlanAnswer } from './routes.ts';

const ROUTE = 'POST /connections/{connection}/plans/{plan}/approve';
type Selection = Required<InputOf<typeof ROUTE>['body']>;
type Module = Selection['modules'][number];
const MODULES: readonly Module[] = ['Accounts', 'Contacts', 'Deals', 'Cases', 'Leads', 'Tasks'];

/** All of it, or a part: by module (tasks are one), by tier, by owner. What is left out is proposed again by the next plan. */
export function Approve({ plan, onClose }: { readonly plan: PlanAnswer; readonly onClose: () => void }) {
  const { t } = useTranslation(['plan', 'common']);
  const { number } = useFormats();
  const { name: connection } = useConnection();
  const approve = useWrite(ROUTE, CHANGED);
  const [isPart, setPart] = useState(false);
  const [modules, setModules] = useState<readonly Module[]>([]);
  const [tiers, setTiers] = useState<readonly Tier[]>([]);
  const [owners, setOwners] = useState<string[]>([]);
  const { id, changes, summary } = plan;
  const there = MODULES.filter((module) =>
    module === 'Tasks'
      ? (summary?.tasks.create ?? 0) + (summary?.tasks.update ?? 0) + (summary?.tasks.close ?? 0) > 0
      : summary?.modules[module] !== undefined,
  );
  const isNothing = isPart && modules.length + tiers.length + owners.length === 0;
  const selection = isPart ? { modules, tiers, owners } : {};
  const confirm = () => {
    if (isNothing) return;
    approve.mutate(
      { path: { connection, plan: id }, body: selection },
      {
        onSuccess: ({ records, leftOut, credits }) => {
          const told = { id, records: number(records), leftOut: number(leftOut), credits: number(credits) };
          tellDone(t('approve.done', told));
          onClose();
        },
      },
    );
  };
  return (
    <Confirm
      isOpen
      title={t('approve.title', { id })}
      deed={t(isPart ? 'approve.deedPart' : 'approve.deed')}
      isBusy={approve.isPending}
      error={approve.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Radio.Group
        label={t('approve.how')}
        value={isPart ? 'part' : 'all'}
        onChange={(value) => setPart(value === 'part')}
      >
        <Stack gap={6} mt={6}>
          <Radio
            value="all"
            label={t('approve.all', {
              changes: number(changes.pending + changes.leftOut),
              credits: number(summary?.credits),
            })}
          />
          <Radio value="part" label={t('approve.part')} />
        </Stack>
      </Radio.Group>
      {isPart && (
        <>
          <Checkbox.Group
            label={t('approve.modules')}
            value={[...modules]}
            onChange={(values) => setModules(there.filter((module) => values.includes(module)))}
          >
            <Group gap="sm" mt={6}>
              {there.map((module) => (
                <Checkbox
                  key={module}
                  value={module}
                  label={module === 'Tasks' ? t('approve.tasks') : t('approve.fieldsOf', { module })}
                />
              ))}
            </Group>
          </Checkbox.Group>
          <Checkbox.Group
            label={t('approve.tiers')}
            value={[...tiers]}
            onChange={(values) => setTiers(TIERS.filter((tier) => values.includes(tier)))}
          >
            <Group gap="sm" mt={6}>
              {TIERS.map((tier) => (
                <Checkbox key={tier} value={tier} label={t(`common:tiers.${tier}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          <TagsInput
            label={t('approve.owners')}
            description={t('approve.ownersWhat')}
            value={owners}
            onChange={setOwners}
          />
          <Text size="sm" c={isNothing ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
            {t(isNothing ? 'approve.nothing' : 'approve.rest')}
          </Text>
        </>
      )}
      <Text size="sm">{t('approve.notYet')}</Text>
    </Confirm>
  );
}
