import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { TouchList } from '../../parts/touch-list.tsx';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/touches';

/** Contacts and attempts, newest first. */
export function Touches({ path }: InputOf<typeof ROUTE>) {
  const { t } = useTranslation('customer');
  const touches = useApi(ROUTE, { path });
  return (
    <Section title={t('touches.title')}>
      <PageState query={touches}>{({ items, total }) => <TouchList items={items} total={total} />}</PageState>
    </Section>
  );
}
