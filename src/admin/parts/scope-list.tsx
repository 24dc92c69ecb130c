import { List, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/hooks.ts';
import { useConnection } from '../shell/connection.tsx';
import type { Language } from '../shell/texts.ts';
import { PageState } from './page-state.tsx';

/** Each tick stands beside the name of its permission, however many lines follow. */
const ON_THEIR_LINE = {
  root: { paddingInlineStart: 0 },
  itemWrapper: { display: 'flex', alignItems: 'flex-start' },
  itemIcon: { lineHeight: 1, marginTop: 1 },
} as const;

/** Every permission that we ask Zoho for, whether it was given, and what does not work without it. */
export function ScopeList() {
  const { t, i18n } = useTranslation();
  const { name: connection } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const scopes = useApi('GET /connections/{connection}/scopes', { path: { connection }, query: { lang } });
  return (
    <PageState query={scopes}>
      {({ items }) => (
        <List spacing="xs" size="sm" aria-label={t('scopes.label')} styles={ON_THEIR_LINE}>
          {items.map(({ scope, breaks, isGranted }) => (
            <List.Item
              key={scope}
              icon={
                <ThemeIcon size={18} radius="xl" variant="light" color={isGranted ? 'teal' : 'red'}>
                  {isGranted ? <IconCheck size={12} /> : <IconX size={12} />}
                </ThemeIcon>
              }
            >
              <b>{t(isGranted ? 'scopes.granted' : 'scopes.missing')}</b> {scope}
              <Text size="xs" c="dimmed">
                {t('scopes.without', { breaks })}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </PageState>
  );
}
