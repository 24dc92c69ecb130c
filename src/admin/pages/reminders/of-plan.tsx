import { Anchor } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useCursorPages } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { None, type ReminderFilter, useLanguage, WHYS } from './filters.tsx';

const CAPS = 'GET /connections/{connection}/reminders/caps';
const CHANGES = 'GET /connections/{connection}/plans/{plan}/changes';
type Change = AnswerOf<typeof CHANGES>['items'][number];
type Caps = AnswerOf<typeof CAPS>;
type Owner = Caps['owners'][number];

interface OfPlanProps {
  readonly kind: 'proposed' | 'suppressed';
  readonly filter: ReminderFilter;
  readonly onOwner: (owner: string) => void;
}
/** What the newest plan would make, or keeps back, and how many of each owner. */
export function OfPlan({ kind, filter, onOwner }: OfPlanProps) {
  const { name: connection } = useConnection();
  const caps = useApi(CAPS, { path: { connection } });
  return (
    <PageState query={caps} empty={({ plan }) => plan === null && <None state={kind} />}>
      {(found) =>
        found.plan !== null && (
          <>
            <OwnerCaps caps={found} onOwner={onOwner} />
            <Changes plan={found.plan} kind={kind} filter={filter} />
          </>
        )
      }
    </PageState>
  );
}

function OwnerCaps({ caps, onOwner }: { readonly caps: Caps; readonly onOwner: (owner: string) => void }) {
  const { t } = useTranslation('reminders');
  const { number, day } = useFormats();
  const columns = useMemo<readonly Column<Owner>[]>(
    () => [
      {
        ...{ id: 'owner', header: t('owner') },
        cell: ({ id, name }) =>
          id === null ? (
            t('nobody')
          ) : (
            <Anchor component="button" type="button" size="sm" ta="start" onClick={() => onOwner(id)}>
              {name ?? id}
            </Anchor>
          ),
      },
      {
        ...{ id: 'new', header: t('caps.new'), isNumber: true },
        cell: ({ proposed }) => number(proposed),
      },
      ...WHYS.map((why) => ({
        ...{ id: why, header: t(`caps.${why}`), isNumber: true, isWide: why !== 'cap' },
        cell: ({ keptBack }: Owner) => number(keptBack[why] ?? 0),
      })),
    ],
    [t, number, onOwner],
  );
  return (
    <Section
      title={t('caps.title')}
      what={t('caps.what', {
        perDay: number(caps.perOwnerAndDay),
        perRecord: number(caps.perRecord),
        day: day(caps.asOf),
      })}
    >
      <DataTable label={t('caps.title')} columns={columns} rows={caps.owners} keyOf={({ id }) => id ?? ''} />
    </Section>
  );
}

interface ChangesProps extends Pick<OfPlanProps, 'kind' | 'filter'> {
  readonly plan: string;
}
function Changes({ plan, kind, filter: { owner, rule, why } }: ChangesProps) {
  const { t } = useTranslation('reminders');
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const pages = useCursorPages();
  const query = {
    ...{ lang, kind: kind === 'proposed' ? ('task' as const) : ('suppressed' as const) },
    ...(owner === '' ? {} : { owner }),
    ...(rule === '' ? {} : { rule }),
    ...(why === '' || kind === 'proposed' ? {} : { why }),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  };
  const changes = useApi(CHANGES, { path: { connection, plan }, query }, { isKept: true });
  const columns = useMemo<readonly Column<Change>[]>(
    () => [
      { id: 'rule', header: t('rule'), cell: ({ task }) => task?.title ?? '' },
      { id: 'subject', header: t('subject'), cell: ({ task }) => task?.subject ?? task?.name ?? '' },
      kind === 'proposed'
        ? { id: 'due', header: t('due'), cell: ({ task }) => day(task?.dueDay) }
        : { id: 'why', header: t('why'), cell: ({ task }) => <Why code={task?.why ?? ''} /> },
    ],
    [t, day, kind],
  );
  return (
    <PagedTable
      query={changes}
      pages={pages}
      empty={<None state={kind} />}
      label={t(`states.${kind}`)}
      columns={columns}
      keyOf={({ seq }) => String(seq)}
    />
  );
}

/** A reason that came later than these texts keeps its code. */
function Why({ code }: { readonly code: string }) {
  const { t } = useTranslation('reminders');
  const known = WHYS.find((one) => one === code);
  return known ? t(`whys.${known}`) : code;
}
