import { Button, Center, Loader, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ProblemAlert } from './problem-alert.tsx';

/** The three states in which a page has nothing to show: it loads, it failed, there is nothing yet. */

export function Loading() {
  const { t } = useTranslation();
  return (
    <Center p="xl" role="status">
      <Loader type="dots" />
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
    </Center>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Why there is nothing, and what to do. */
  readonly what: ReactNode;
  /** `to`: a page; `href`: an address of the server, e.g. /connect. */
  readonly next?: { readonly label: string } & ({ readonly to: string } | { readonly href: string });
}
export function Empty({ title, what, next }: EmptyProps) {
  return (
    <Paper withBorder p="xl">
      <Stack align="flex-start" maw={560}>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Text>{what}</Text>
        {next &&
          ('to' in next ? (
            <Button component={Link} href={next.to}>
              {next.label}
            </Button>
          ) : (
            <Button component="a" href={next.href}>
              {next.label}
            </Button>
          ))}
      </Stack>
    </Paper>
  );
}

interface PageStateProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** Of a page about one thing: where all of them are. */
  readonly elsewhere?: ComponentProps<typeof ProblemAlert>['elsewhere'];
  /** Shown instead of the children, unless it answers null or false. */
  readonly empty?: (data: Data) => ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** Shows what a query brought; what was shown before stays above a failed refresh. */
export function PageState<Data>({ query, elsewhere, empty, children }: PageStateProps<Data>) {
  const { data, error, refetch } = query;
  const problem = error && (
    <ProblemAlert error={error} onRetry={() => void refetch()} {...(elsewhere ? { elsewhere } : {})} />
  );
  if (data === undefined) return problem ?? <Loading />;
  return (
    <>
      {problem}
      {empty?.(data) || children(data)}
    </>
  );
}
