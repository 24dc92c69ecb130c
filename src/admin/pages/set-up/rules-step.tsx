import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { WhatIfTables } from '../../parts/what-if-tables.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { type StepProps, useReport, type WhatIf } from './reports.ts';

const TEMPLATES = ['balanced', 'wholesale', 'services', 'projects', 'shop'] as const;
type Template = (typeof TEMPLATES)[number];
const SET_UP = 'GET /connections/{connection}/set-up';
const VERSIONS = 'GET /connections/{connection}/settings/versions';

/** A template, what it would make of the customers there are, and putting it in force. */
export function RulesStep({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection, canWrite } = useConnection();
  const versions = useApi(VERSIONS, { path: { connection }, query: {} });
  const { report, kind } = useReport<WhatIf>(step);
  const draft = versions.data?.items.find(({ state }) => state === 'draft');
  const isOfDraft = kind === 'what-if' && report !== null && report.version === draft?.version;
  return (
    <>
      {canWrite && <Choice setUp={setUp} isSeen={isOfDraft} />}
      {kind === 'what-if' && report && <WhatIfTables comparison={report} />}
      {isOfDraft && canWrite && <Publish version={report.version} note={draft?.note ?? null} />}
      {step.state === 'done' && (
        <Group>
          <Button component={Link} href={pagePath(connection, 'rules')} variant="default">
            {t('rules.toRules')}
          </Button>
        </Group>
      )}
    </>
  );
}

function Choice({ setUp, isSeen }: Pick<StepProps, 'setUp'> & { readonly isSeen: boolean }) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const [template, setTemplate] = useState<Template>('balanced');
  const [margin, setMargin] = useState<number | ''>('');
  const save = useWrite('PUT /connections/{connection}/settings/draft/template', [VERSIONS]);
  const tryOut = useWrite('POST /connections/{connection}/settings/what-if', [SET_UP]);
  const isBusy = setUp.isAsked || setUp.steps.some(({ state }) => state === 'working');
  const preview = () =>
    save.mutate(
      { path: { connection }, body: { template, marginPercent: margin === '' ? null : margin } },
      { onSuccess: ({ version }) => tryOut.mutate({ path: { connection }, body: { version } }) },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        preview();
      }}
    >
      <Stack>
        <Radio.Group
          label={t('rules.template')}
          value={template}
          onChange={(value) => setTemplate(TEMPLATES.find((known) => known === value) ?? 'balanced')}
        >
          <Stack gap={8} mt="xs">
            {TEMPLATES.map((id) => (
              <Radio
                key={id}
                value={id}
                label={t(`rules.templates.${id}.name`)}
                description={t(`rules.templates.${id}.what`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        <NumberInput
          label={t('rules.margin')}
          description={t('rules.marginWhat')}
          value={margin}
          onChange={(value) => setMargin(typeof value === 'number' ? value : '')}
          min={-100}
          max={100}
          suffix=" %"
          maw={320}
          hideControls
        />
        <Group>
          <DeedButton
            type="submit"
            isBlocked={isBusy}
            isPending={save.isPending || tryOut.isPending}
            {...(isSeen ? { variant: 'default' } : {})}
          >
            {t('rules.preview')}
          </DeedButton>
        </Group>
        {(save.error ?? tryOut.error) && <ProblemAlert error={save.error ?? tryOut.error} />}
      </Stack>
    </form>
  );
}

function Publish({ version, note }: { readonly version: number; readonly note: string | null }) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const write = useWrite('POST /connections/{connection}/settings/publish', [SET_UP, VERSIONS]);
  return (
    <Group>
      <Button onClick={() => setAsking(true)}>{t('rules.publish', { version })}</Button>
      <Confirm
        isOpen={isAsking}
        title={t('rules.publish', { version })}
        deed={t('rules.deed')}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          write.mutate(
            { path: { connection }, body: { version, ...(note === null ? {} : { note }) } },
            { onSuccess: () => setAsking(false) },
          )
        }
      >
        <Text>{t('rules.means')}</Text>
      </Confirm>
    </Group>
  );
}
