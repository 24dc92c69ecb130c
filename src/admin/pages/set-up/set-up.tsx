import { Accordion, Badge, Group, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ComponentType, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import { ApproveStep } from './approve-step.tsx';
import { AssessStep } from './assess-step.tsx';
import { ChecksStep } from './checks-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import { DryRunStep } from './dry-run-step.tsx';
import { FieldsStep } from './fields-step.tsx';
import type { SetUp, SetUpStep, StepProps } from './reports.ts';
import { RulesStep } from './rules-step.tsx';
import { ScheduleStep } from './schedule-step.tsx';
import { Failure, Working } from './step-parts.tsx';

const ROUTE = 'GET /connections/{connection}/set-up';
const LOOK_AGAIN_MS = 1_000;
const CONTENTS: { readonly [S in SetUpStep['id']]: ComponentType<StepProps> } = {
  connect: ConnectStep,
  checks: ChecksStep,
  assess: AssessStep,
  fields: FieldsStep,
  rules: RulesStep,
  dry_run: DryRunStep,
  approve: ApproveStep,
  schedule: ScheduleStep,
};
const COLOURS: { readonly [S in SetUpStep['state']]: string } = {
  open: 'gray',
  working: 'blue',
  failed: 'red',
  done: 'teal',
};

function isBusy({ steps, isAsked }: SetUp): boolean {
  return isAsked || steps.some(({ state }) => state === 'working');
}

/** The first hour, step by step. What is done is read from the server, so one can leave and come back at any time. */
export default function SetUpPage() {
  const { t } = useTranslation(['setUp', 'common']);
  const { name: connection } = useConnection();
  const [{ step: opened }, setUrl] = useUrlState({ step: '' });
  const setUp = useApi(
    ROUTE,
    { path: { connection } },
    { refetchMs: (answer) => (isBusy(answer) ? LOOK_AGAIN_MS : null) },
  );
  useFreshLists(setUp.data);
  return (
    <>
      <PageHeader title={t('common:pages.setUp')} lead={t('lead')} />
      <PageState query={setUp}>
        {(answer) => {
          const { steps } = answer;
          const next = steps.find(({ state }) => state !== 'done');
          const done = steps.filter(({ state }) => state === 'done').length;
          const shown = opened === '' ? (next?.id ?? 'schedule') : opened;
          return (
            <Stack maw={960}>
              <Group gap="sm" wrap="nowrap">
                <Progress value={(100 * done) / steps.length} flex={1} aria-label={t('progress')} />
                <Text size="sm" className="whole" role="status">
                  {t('doneOf', { done, all: steps.length })}
                </Text>
              </Group>
              <Accordion
                variant="separated"
                order={2}
                value={shown}
                onChange={(id) => setUrl({ step: id ?? 'none' })}
              >
                {steps.map((step, index) => (
                  <Step
                    key={step.id}
                    step={step}
                    setUp={answer}
                    place={index + 1}
                    isShown={shown === step.id}
                    isNext={step.id === next?.id}
                  />
                ))}
              </Accordion>
            </Stack>
          );
        }}
      </PageState>
    </>
  );
}

interface ShownStepProps extends StepProps {
  readonly place: number;
  readonly isShown: boolean;
  readonly isNext: boolean;
}
function Step({ step, setUp, place, isShown, isNext }: ShownStepProps) {
  const { t } = useTranslation('setUp');
  const { time } = useFormats();
  const Content = CONTENTS[step.id];
  const head = useRef<HTMLButtonElement>(null);
  const wasShown = useRef(isShown);
  useEffect(() => {
    // What is done closes, and what had the focus in it is gone or hidden: the keyboard goes on at the step that opens.
    const isOpened = isShown && !wasShown.current;
    wasShown.current = isShown;
    const at = document.activeElement;
    if (isOpened && (at === document.body || at?.closest('[role="region"]'))) head.current?.focus();
  }, [isShown]);
  return (
    <Accordion.Item value={step.id}>
      <Accordion.Control ref={head}>
        <Group justify="space-between" gap="xs" pr="sm">
          <Text fw={600}>{t('numbered', { place, name: t(`steps.${step.id}`) })}</Text>
          <Group gap="xs">
            {/* Not dimmed: under the pointer the head is lighter, and dimmed words on it are too pale in the dark. */}
            {step.state === 'done' && step.at !== null && <Text size="sm">{time(step.at)}</Text>}
            <Badge variant="light" color={COLOURS[step.state]} c="var(--mantine-color-text)" tt="none">
              {t(step.state === 'open' && isNext ? 'states.next' : `states.${step.state}`)}
            </Badge>
          </Group>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {isShown && (
          <Stack align="stretch">
            <Text>{t(`what.${step.id}`)}</Text>
            <Failure step={step} />
            <Working step={step} setUp={setUp} />
            <Content step={step} setUp={setUp} />
          </Stack>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** Whenever the state of the set-up changes, what pages have read of the connection is old. */
function useFreshLists(setUp: SetUp | undefined): void {
  const queries = useQueryClient();
  const state = setUp && JSON.stringify(setUp);
  useEffect(() => {
    if (state === undefined) return;
    const old = ({ queryKey }: { queryKey: readonly unknown[] }) =>
      queryKey[0] !== ROUTE && queryKey[0] !== 'GET /me';
    void queries.invalidateQueries({ predicate: old });
  }, [queries, state]);
}
