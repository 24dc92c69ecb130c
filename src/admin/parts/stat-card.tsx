import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface StatCardProps {
  readonly title: string;
  readonly value: string;
  /** What the number is made of. */
  readonly what?: ReactNode;
}

/** One number with its name and what it is made of. */
export function StatCard({ title, value, what }: StatCardProps) {
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text size="xl" fw={650}>
        {value}
      </Text>
      {what !== undefined && (
        <Text component="div" size="sm" c="dimmed">
          {what}
        </Text>
      )}
    </Paper>
  );
}
