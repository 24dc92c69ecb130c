import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useConnection } from '../../shell/connection.tsx';
import { type Fields, type StepProps, useReport } from './reports.ts';
import { AllowWriting, Ask } from './step-parts.tsx';

const SETS = ['essential', 'full', 'people', 'leads', 'deals', 'cases', 'inputs'] as const;
type FieldSet = (typeof SETS)[number];
type Field = Fields['fields'][number];

/** Which fields the org would get, then getting them. Nothing is made before somebody confirms the list. */
export function FieldsStep({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection, mode, canWrite } = useConnection();
  const [sets, setSets] = useState<readonly FieldSet[]>(['essential']);
  const { report, kind } = useReport<Fields>(step);
  const toMake = report?.fields.filter(({ action }) => action === 'create' || action === 'conflict') ?? [];
  const isPlan = kind === 'fields-plan';
  return (
    <>
      {canWrite && (
        <Checkbox.Group
          label={t('fields.sets')}
          value={[...sets]}
          onChange={(chosen) => setSets(SETS.filter((set) => chosen.includes(set)))}
        >
          <Stack gap={6} mt="xs">
            {SETS.map((set) => (
              <Checkbox
                key={set}
                value={set}
                label={t(`fields.set.${set}`)}
                disabled={set === 'essential'}
                size="sm"
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Ask
        route="POST /connections/{connection}/fields/plan"
        input={{ path: { connection }, body: { sets, max: null } }}
        label={t('fields.plan')}
        setUp={setUp}
        isAgain={report !== null}
      />
      {report && (
        <>
          <Text role="status">{t(isPlan ? 'fields.planned' : 'fields.made', countsOf(report))}</Text>
          <FieldTable fields={report.fields} />
        </>
      )}
      {isPlan && toMake.length > 0 && <AllowWriting />}
      {isPlan && mode !== 'read-only' && canWrite && report && (
        <Make sets={sets} count={toMake.length} isBusy={setUp.isAsked} />
      )}
    </>
  );
}

function countsOf({ fields }: Fields) {
  const count = (...actions: readonly Field['action'][]) =>
    String(fields.filter(({ action, error }) => actions.includes(action) && !error).length);
  return {
    made: count('create', 'conflict'),
    adopted: count('adopt'),
    there: count('exists'),
    left: String(
      fields.filter(({ action, error }) => error || action === 'over_limit' || action === 'unavailable')
        .length,
    ),
  };
}

interface MakeProps {
  readonly sets: readonly FieldSet[];
  readonly count: number;
  readonly isBusy: boolean;
}
function Make({ sets, count, isBusy }: MakeProps) {
  const { t } = useTranslation('setUp');
  const { number } = useFormats();
  const { name: connection, org } = useConnection();
  const [isAsking, setAsking] = useState(false);
  const write = useWrite('POST /connections/{connection}/fields/apply', [
    'GET /connections/{connection}/set-up',
  ]);
  const deed = t('fields.make', { count, number: number(count) });
  return (
    <Group>
      <DeedButton isBlocked={isBusy} onClick={() => setAsking(true)}>
        {deed}
      </DeedButton>
      <Confirm
        isOpen={isAsking}
        title={t('fields.ask', { org: org.name })}
        deed={deed}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          write.mutate(
            { path: { connection }, body: { sets, max: null } },
            { onSuccess: () => setAsking(false) },
          )
        }
      >
        <Text>{t('fields.means')}</Text>
      </Confirm>
    </Group>
  );
}

function FieldTable({ fields }: Fields) {
  const { t } = useTranslation('setUp');
  const columns = useMemo<readonly Column<Field>[]>(
    () => [
      { id: 'module', header: t('fields.module'), cell: ({ module }) => module },
      { id: 'label', header: t('fields.label'), cell: ({ label }) => label },
      {
        id: 'action',
        header: t('fields.action'),
        cell: ({ action, error }) => t(`fields.actions.${error ? 'failed' : action}`),
      },
      {
        id: 'apiName',
        header: t('fields.apiName'),
        isWide: true,
        cell: ({ apiName }) => apiName ?? '–',
      },
      { id: 'note', header: t('fields.note'), isWide: true, cell: ({ note, error }) => error || note || '' },
    ],
    [t],
  );
  return (
    <DataTable
      label={t('fields.table')}
      columns={columns}
      rows={fields}
      keyOf={({ module, key }) => `${module} ${key}`}
    />
  );
}
