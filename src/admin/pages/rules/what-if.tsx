import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { Loading } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { WhatIfTables } from '../../parts/what-if-tables.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { VERSIONS } from './keys.ts';
import { TestedCustomer } from './tested-customer.tsx';

type Version = AnswerOf<typeof VERSIONS>['items'][number];
interface Input {
  readonly version?: number;
  readonly customer?: string | null;
}
const REFRESH_MS = 2_000;
const RUNS = 'GET /connections/{connection}/runs';
const FOUND = 5;

/** Scores all customers by the draft, in a job, and shows how they would stand; one of them, if chosen, whole. */
export function WhatIf({ draft: { version, at } }: { readonly draft: Pick<Version, 'version' | 'at'> }) {
  const { t } = useTranslation('rules');
  const { name: connection, canWrite } = useConnection();
  const ask = useWrite('POST /connections/{connection}/settings/what-if', [RUNS]);
  // Null: nothing was asked on this page; a customer of null: of all customers alone.
  const [asked, setAsked] = useState<{ readonly customer: string | null } | null>(null);
  const runs = useApi(
    RUNS,
    { path: { connection }, query: { kind: 'what-if', limit: 10 } },
    { refetchMs: ({ items }) => (asked !== null && !found(items) ? REFRESH_MS : null) },
  );
  // A draft that was saved again keeps its number: what was asked before that speaks of other rules.
  const found = (items: AnswerOf<typeof RUNS>['items']) =>
    items.find(({ input, startedAt, state }) => {
      const { version: of, customer = null } = (input ?? {}) as Input; // as the server writes it
      const isAsked = asked === null || customer === asked.customer;
      return of === version && startedAt > at && state !== 'running' && isAsked;
    });
  const run = found(runs.data?.items ?? []);
  const answer = useApi(
    'GET /connections/{connection}/runs/{run}',
    { path: { connection, run: run?.id ?? '' } },
    { isAsked: run !== undefined, isKept: true },
  );
  const isWaiting = asked !== null && !run && !ask.error;
  const score = (customer: string | null) => {
    setAsked({ customer });
    const body = { version, ...(customer === null ? {} : { customer }) };
    ask.mutate({ path: { connection }, body }, { onError: () => setAsked(null) });
  };
  const unread = [answer, runs].find(({ error }) => error !== null);
  const whatIf = answer.data?.whatIf;
  return (
    <Stack>
      {ask.error && <ProblemAlert error={ask.error} />}
      {unread && <ProblemAlert error={unread.error} onRetry={() => void unread.refetch()} />}
      {runs.isPending && <Loading />}
      {run?.state === 'failed' && <Text role="alert">{run.error}</Text>}
      {whatIf && <WhatIfTables comparison={whatIf} />}
      {isWaiting && (
        <Text size="sm" role="status">
          <Loader size="xs" /> {t('draft.scoring')}
        </Text>
      )}
      {canWrite && runs.data && !run && asked === null && (
        <div>
          <Button variant="default" onClick={() => score(null)}>
            {t('draft.whatIf')}
          </Button>
        </div>
      )}
      {canWrite && <ChooseCustomer isBusy={isWaiting} onChoose={score} />}
      {whatIf?.tested && <TestedCustomer tested={whatIf.tested} />}
      {whatIf && whatIf.tested === null && (run?.input as Input | null)?.customer != null && (
        <Text role="alert">{t('test.none')}</Text>
      )}
    </Stack>
  );
}

interface ChooseCustomerProps {
  readonly isBusy: boolean;
  readonly onChoose: (customer: string) => void;
}
function ChooseCustomer({ isBusy, onChoose }: ChooseCustomerProps) {
  const { t } = useTranslation('rules');
  const { name: connection } = useConnection();
  const [search, setSearch] = useState('');
  const found = useApi(
    'GET /connections/{connection}/customers',
    { path: { connection }, query: { search, limit: FOUND } },
    { isAsked: search !== '' },
  );
  return (
    <Group align="flex-end" gap="xs">
      <SearchField label={t('test.search')} value={search} onChange={setSearch} />
      {search !== '' &&
        found.data?.items.map(({ key, name }) => (
          <DeedButton
            key={key.id}
            size="xs"
            variant="default"
            isBlocked={isBusy}
            onClick={() => onChoose(key.id)}
          >
            {t('test.choose', { name })}
          </DeedButton>
        ))}
      {search !== '' && found.data?.items.length === 0 && <Text size="sm">{t('test.notFound')}</Text>}
      {found.error && <ProblemAlert error={found.error} />}
    </Group>
  );
}
