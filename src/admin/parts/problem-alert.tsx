import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ApiProblem } from '../api/problem.ts';

/** Refused for what it is; the same question has the same answer. */
const CLOSED: readonly number[] = [400, 403, 404];

interface ProblemAlertProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Where one goes on when the thing is not there or not one's own: to ask again would not help. */
  readonly elsewhere?: { readonly label: string; readonly to: string };
}

/** What went wrong, what to do, and the number under which the log has it. */
export function ProblemAlert({ error, onRetry, elsewhere }: ProblemAlertProps) {
  const { t } = useTranslation();
  const problem = error instanceof ApiProblem ? error : null;
  const isClosed = elsewhere !== undefined && problem !== null && CLOSED.includes(problem.status);
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={useProblemTitle(error)} role="alert">
      <Stack gap="xs" align="flex-start">
        {problem?.detail && problem.errors.length === 0 && <Text size="sm">{problem.detail}</Text>}
        {problem !== null && problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map(({ path, message }) => (
              <List.Item key={path + message}>
                <Code>{path}</Code> {message}
              </List.Item>
            ))}
          </List>
        )}
        {problem?.requestId && (
          <Text size="xs">
            {t('problem.requestId')} <Code>{problem.requestId}</Code>
          </Text>
        )}
        {isClosed && (
          <Button component={Link} href={elsewhere.to} size="xs" variant="default">
            {elsewhere.label}
          </Button>
        )}
        {onRetry && !isClosed && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('problem.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** In the reader's language, by what they can do about it; the service's own words stand beneath. */
function useProblemTitle(error: unknown): string {
  const { t } = useTranslation();
  if (!(error instanceof ApiProblem)) return t('problem.bug');
  const { status } = error;
  if (status === 0) return t('problem.unreachable');
  if (status === 400) return t('problem.input');
  if (status === 401) return t('problem.signedOut');
  if (status === 403) return t('problem.forbidden');
  if (status === 404) return t('problem.absent');
  if (status === 409) return t('problem.conflict');
  if (status === 429) return t('problem.tooMany');
  return status === 502 || status === 503 ? t('problem.zoho') : t('problem.bug');
}
