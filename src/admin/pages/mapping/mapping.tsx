import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { usePauseReason } from '../../parts/pause-reason.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { OurFields } from './our-fields.tsx';
import { ReadFields } from './read-fields.tsx';

const ROUTE = 'GET /connections/{connection}/mapping';
type Mapped = AnswerOf<typeof ROUTE>;
export type OurField = Mapped['ours'][number];
export type ReadField = Mapped['read'][number];

/** Which field of Zoho stands for which value, in both directions; what is paused comes first. */
export default function Mapping() {
  const { t, i18n } = useTranslation(['mapping', 'common']);
  const { name: connection } = useConnection();
  const lang = i18n.resolvedLanguage as Language; // one of supportedLngs
  const mapping = useApi(ROUTE, { path: { connection }, query: { lang } }, { isKept: true });
  return (
    <>
      <PageHeader title={t('common:pages.mapping')} lead={t('lead')} />
      <PageState query={mapping}>
        {({ ours, read, missing }) => (
          <Stack gap="lg">
            {ours.length > 0 && <Conflicts ours={ours} read={read} missing={missing} />}
            {ours.length > 0 ? (
              <OurFields fields={ours} />
            ) : (
              <Empty
                title={t('ours.emptyTitle')}
                what={t('ours.emptyWhat')}
                next={{ label: t('ours.toSetUp'), to: pagePath(connection, 'setUp') }}
              />
            )}
            <ReadFields fields={read} />
          </Stack>
        )}
      </PageState>
    </>
  );
}

/** The service's own words say how each is repaired, in the language of the page; they name fields as Zoho does. */
function Conflicts({ ours, read, missing }: Pick<Mapped, 'ours' | 'read' | 'missing'>) {
  const { t } = useTranslation('mapping');
  const { time } = useFormats();
  const reasonOf = usePauseReason();
  const paused = [
    ...ours.map((field) => ({ name: `${field.module} · ${field.label}`, paused: field.paused })),
    ...read.map((field) => ({ name: `${field.module}.${field.input}`, paused: field.paused })),
  ].filter((one) => one.paused !== null);
  const count = paused.length + missing.length;
  if (count === 0) return null;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle />}
      title={t('conflicts.title', { count })}
      // Alerts of Mantine interrupt those who listen; this one stood there before.
      role="region"
      aria-label={t('conflicts.title', { count })}
    >
      <Text size="sm" mb="xs">
        {t('conflicts.what')}
      </Text>
      <List size="sm">
        {paused.map(({ name, paused: why }) => (
          <List.Item key={name}>
            <b>{t('conflicts.row', { name, reason: reasonOf(why?.reason), since: time(why?.since) })}</b>{' '}
            {why?.repair}
          </List.Item>
        ))}
        {missing.map(({ key, label }) => (
          <List.Item key={key}>{t('conflicts.missing', { label })}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
