import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { type Applied, type PlanSummary, type StepProps, useReport } from './reports.ts';
import { AllowWriting } from './step-parts.tsx';

const SET_UP = 'GET /connections/{connection}/set-up';
const PLAN = 'GET /connections/{connection}/plans/{plan}';

/** A person says yes to one plan, and then has it written. */
export function ApproveStep({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection, canWrite, mode } = useConnection();
  const { plan } = setUp;
  const query = useApi(
    PLAN,
    { path: { connection, plan: plan ?? '' }, query: {} },
    { isAsked: plan !== null },
  );
  const { report } = useReport<Applied>(step);
  if (plan === null) return <Text c="dimmed">{t('approve.none')}</Text>;
  const { state, summary = null } = query.data ?? {};
  const isWaiting = state === 'open' || state === 'held';
  return (
    <>
      <PlanFacts plan={plan} />
      {isWaiting && canWrite && summary && <Approve plan={plan} summary={summary} />}
      {state === 'approved' && <AllowWriting />}
      {state === 'approved' && canWrite && mode !== 'read-only' && (
        <Write plan={plan} isBusy={setUp.isAsked || step.state === 'working'} />
      )}
      {report && <Written report={report} />}
    </>
  );
}

function Approve({ plan, summary }: { readonly plan: string; readonly summary: PlanSummary }) {
  const { t } = useTranslation('setUp');
  const { number } = useFormats();
  const { name: connection } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [, setUrl] = useUrlState({ step: '' });
  const write = useWrite('POST /connections/{connection}/plans/{plan}/approve', [SET_UP, PLAN]);
  const deed = t('approve.approve', { plan });
  const approve = () => {
    // With the yes this step counts as done; it stays open all the same, because the plan is written here.
    setUrl({ step: 'approve' });
    write.mutate({ path: { connection, plan }, body: {} }, { onSuccess: () => setAsking(false) });
  };
  return (
    <Group>
      <Button onClick={() => setAsking(true)}>{deed}</Button>
      <Confirm
        isOpen={isAsking}
        title={deed}
        deed={deed}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsking(false)}
        onConfirm={approve}
      >
        <Text>
          {t('approve.means', {
            fields: number(summary.fieldChanges),
            records: number(summary.records),
            tasks: number(summary.tasks.create),
            credits: number(summary.credits),
          })}
        </Text>
      </Confirm>
    </Group>
  );
}

/** How many customers a cautious first write reaches. */
const FEW = 20;

function Write({ plan, isBusy }: { readonly plan: string; readonly isBusy: boolean }) {
  const { t } = useTranslation('setUp');
  const { name: connection, org } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [fieldsOnly, setFieldsOnly] = useState(false);
  const [isFew, setFew] = useState(false);
  const write = useWrite('POST /connections/{connection}/plans/{plan}/apply', [SET_UP, PLAN]);
  return (
    <Group>
      <DeedButton isBlocked={isBusy} onClick={() => setAsking(true)}>
        {t('approve.write')}
      </DeedButton>
      <Confirm
        isOpen={isAsking}
        title={t('approve.writeInto', { org: org.name })}
        deed={t('approve.write')}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          write.mutate(
            { path: { connection, plan }, body: { fieldsOnly, canary: isFew ? FEW : null } },
            { onSuccess: () => setAsking(false) },
          )
        }
      >
        <Text>{t('approve.writeMeans')}</Text>
        <Checkbox
          label={t('approve.fieldsOnly')}
          checked={fieldsOnly}
          onChange={({ currentTarget }) => setFieldsOnly(currentTarget.checked)}
        />
        <Checkbox
          label={t('approve.few', { few: FEW })}
          checked={isFew}
          onChange={({ currentTarget }) => setFew(currentTarget.checked)}
        />
      </Confirm>
    </Group>
  );
}

function Written({ report }: { readonly report: Applied }) {
  const { t } = useTranslation('setUp');
  const { number } = useFormats();
  const { written, tasks, rejected, remaining } = report;
  return (
    <section aria-label={t('approve.written')}>
      <Text fw={600} size="sm" mb={4}>
        {t('approve.written')}
      </Text>
      <Facts
        facts={[
          [t('plan.records'), number(written)],
          [t('plan.tasks'), number(tasks.created + tasks.updated + tasks.closed)],
          [t('approve.refused'), number(rejected.length)],
          [t('approve.remaining'), number(remaining)],
        ]}
      />
    </section>
  );
}
