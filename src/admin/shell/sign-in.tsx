import { Button, Center, Code, Divider, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDocumentTitle } from '../parts/use-document-title.ts';
import { Choices } from './choices.tsx';

/** What everybody sees who is not signed in. Zoho says who they are; the way back is the page they asked for. */
export function SignIn() {
  const { t } = useTranslation();
  useDocumentTitle(t('signIn.title'));
  const wanted = `${location.pathname}${location.search}`;
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" maw={460} w="100%">
        <Stack>
          <Title order={1} size="h2">
            {t('appName')}
          </Title>
          <Text>{t('signIn.what')}</Text>
          <Button component="a" size="md" href={`/sign-in?returnTo=${encodeURIComponent(wanted)}`}>
            {t('signIn.withZoho')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('signIn.whoMay')}
          </Text>
          <Divider />
          <Text size="sm" c="dimmed">
            {t('signIn.operator')} <Code>zcv admin-link</Code>
          </Text>
          <Choices />
        </Stack>
      </Paper>
    </Center>
  );
}
