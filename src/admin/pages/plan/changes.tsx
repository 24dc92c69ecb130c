import { Group, NativeSelect, SegmentedControl, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import { useChangeColumns } from './change-columns.tsx';
import { CHANGES_ROUTE, KINDS, type Kind, type PlanAnswer, useLanguage } from './routes.ts';

const NO_FILTER = { search: '', field: '', cause: '' };

/** Every change, by pages of the server: field, old, new and why; tasks; what is not made; what people changed. */
export function Changes({ plan }: { readonly plan: PlanAnswer }) {
  const { t } = useTranslation(['plan', 'common']);
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const [{ kind: asked, ...filter }, setUrl] = useUrlState({ kind: firstKind(plan), ...NO_FILTER });
  const kind = KINDS.find((known) => known === asked) ?? 'field';
  const pages = useCursorPages();
  const query = Object.fromEntries(
    Object.entries({ ...filter, kind, lang, limit: 25, cursor: pages.cursor }).filter(
      ([, value]) => value !== '',
    ),
  ) as InputOf<typeof CHANGES_ROUTE>['query']; // by the names of the address, which the server checks
  const changes = useApi(CHANGES_ROUTE, { path: { connection, plan: plan.id }, query }, { isKept: true });
  const columns = useChangeColumns(kind);
  const label = t(`kinds.${kind}`);
  return (
    <section aria-label={t('changes')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('changes')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('kind')}
          value={kind}
          onChange={(value) => setUrl({ kind: value, ...NO_FILTER, ...FIRST_PAGE })}
          data={KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      </Group>
      <Filters
        plan={plan}
        kind={kind}
        values={filter}
        onChange={(values) => setUrl({ ...values, ...FIRST_PAGE })}
      />
      <PagedTable
        query={changes}
        pages={pages}
        empty={
          <Empty
            title={t('noneTitle')}
            what={t(Object.values(filter).some(Boolean) ? 'noneFits' : `none.${kind}`)}
          />
        }
        label={label}
        columns={columns}
        keyOf={({ seq }) => String(seq)}
      />
    </section>
  );
}

/** A plan of tasks alone opens with its tasks. */
function firstKind({ summary }: PlanAnswer): Kind {
  return summary !== null && summary.fieldChanges === 0 && summary.tasks.create > 0 ? 'task' : 'field';
}

interface FiltersProps {
  readonly plan: PlanAnswer;
  readonly kind: Kind;
  readonly values: typeof NO_FILTER;
  readonly onChange: (changes: Partial<typeof NO_FILTER>) => void;
}
function Filters({ plan, kind, values, onChange }: FiltersProps) {
  const { t } = useTranslation('plan');
  const any = { value: '', label: t('any') };
  return (
    <Group align="flex-end" mb="md" gap="sm" role="search">
      <SearchField label={t('search')} value={values.search} onChange={(search) => onChange({ search })} />
      {kind === 'field' && (
        <>
          <NativeSelect
            label={t('field')}
            value={values.field}
            data={[any, ...plan.fields.map(({ field, label }) => ({ value: field, label }))]}
            onChange={({ currentTarget }) => onChange({ field: currentTarget.value })}
          />
          <NativeSelect
            label={t('cause')}
            value={values.cause}
            data={[
              any,
              ...Object.keys(plan.summary?.byCause ?? {}).map((value) => ({
                value,
                label: t(`causes.${value}` as 'causes.drift', { defaultValue: value }),
              })),
            ]}
            onChange={({ currentTarget }) => onChange({ cause: currentTarget.value })}
          />
        </>
      )}
    </Group>
  );
}
