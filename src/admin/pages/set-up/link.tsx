import { Button, Code, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';
import { useMe } from '../../shell/session.tsx';

/** Begins the link with an org: the name it gets here, then Zoho's own page. */
export default function LinkOrg() {
  const { t } = useTranslation(['setUp', 'common']);
  const { isOperator } = useMe();
  const [name, setName] = useState('default');
  return (
    <>
      <PageHeader title={t('common:pages.link')} lead={t('link.lead')} />
      <Stack maw={640}>
        <Paper withBorder p="lg">
          {isOperator ? (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                // Not sent as a form: the content policy lets forms go to ourselves only, and this one ends at Zoho.
                location.assign(`/connect?name=${encodeURIComponent(name)}`);
              }}
            >
              <Stack>
                <Text>{t('link.what')}</Text>
                <TextInput
                  label={t('link.name')}
                  description={t('link.nameWhat')}
                  value={name}
                  onChange={({ currentTarget }) => setName(currentTarget.value)}
                  required
                  maxLength={60}
                  pattern="[A-Za-z0-9][\-\w.]*"
                />
                <Group>
                  <Button type="submit">{t('link.go')}</Button>
                </Group>
              </Stack>
            </form>
          ) : (
            <Text>{t('link.operatorOnly')}</Text>
          )}
        </Paper>
        <Paper withBorder p="lg">
          <Title order={2} size="h4" mb="xs">
            {t('link.demo')}
          </Title>
          <Text mb="xs">{t('link.demoWhat')}</Text>
          <Code>npx zcv demo</Code>
        </Paper>
      </Stack>
    </>
  );
}
