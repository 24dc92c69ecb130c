import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  /** A sentence beneath the title. */
  readonly what?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page in a frame, with an h2 that navigates for those who listen. */
export function Section({ title, what, actions, children }: SectionProps) {
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <div style={{ flex: '1 1 14rem' }}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {what !== undefined && (
            <Text size="sm" c="dimmed">
              {what}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
