import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useFormats } from '../../parts/formats.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

type Severity = AnswerOf<'GET /connections/{connection}/overview'>['trouble'][number]['severity'];
const COLOURS: { readonly [S in Severity]: string } = { critical: 'red', warning: 'yellow', info: 'blue' };
const ORDER: readonly Severity[] = ['critical', 'warning', 'info'];
const MOST = 4;

/** What is wrong stands above all figures, the worst first; nothing is shown when nothing is. */
export function Trouble({ trouble }: Pick<AnswerOf<'GET /connections/{connection}/overview'>, 'trouble'>) {
  const { t } = useTranslation('overview');
  const { name } = useConnection();
  const { time } = useFormats();
  if (trouble.length === 0) return null;
  const worst = trouble.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <Stack component="section" gap="xs" aria-label={t('trouble')}>
      {worst.slice(0, MOST).map(({ code, severity, message, openedAt }) => (
        <Alert
          key={code}
          color={COLOURS[severity]}
          icon={severity === 'info' ? <IconInfoCircle /> : <IconAlertTriangle />}
        >
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              <b>{t(`severity.${severity}`)}</b> {message}
            </Text>
            <Text size="sm">{t('since', { time: time(openedAt) })}</Text>
          </Group>
        </Alert>
      ))}
      <Anchor component={Link} href={pagePath(name, 'alerts')} size="sm">
        {t('allAlerts')}
      </Anchor>
    </Stack>
  );
}
