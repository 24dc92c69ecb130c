import { Code, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { PageHeader } from '../../parts/page-header.tsx';
import { ADDRESSES, type PageId } from '../../shell/addresses.ts';

const COMMANDS: { readonly [P in PageId]?: string } = {
  setUp: 'zcv connect',
  leads: 'zcv export --leads',
  reminders: 'zcv plan --diff',
};

/** Holds the place of a page that is not built yet and says what does the same meanwhile. Gone when all are built. */
export default function ToCome() {
  const { t } = useTranslation(['toCome', 'common']);
  const [path] = useLocation();
  // The keys of COMMANDS are pages.
  const id = (Object.keys(COMMANDS) as PageId[]).find(
    (known) => ADDRESSES[known].split('/').at(-1) === path.split('/').at(-1),
  );
  if (id === undefined) return null;
  return (
    <>
      <PageHeader title={t(`common:pages.${id}`)} />
      <Paper withBorder p="xl">
        <Stack align="flex-start">
          <Title order={2} size="h3">
            {t('title')}
          </Title>
          <Text>{t('what')}</Text>
          <Code fz="md">{COMMANDS[id]}</Code>
        </Stack>
      </Paper>
    </>
  );
}
