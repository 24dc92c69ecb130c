import { Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';

/** Quantities of a few named things, one bar each; the name leads to what is counted. */

export interface Bar {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly value: number;
  /** The value as it is read. */
  readonly words: string;
  /** Stands behind it, e.g. what these bring. */
  readonly also?: string;
  readonly to?: string;
}

export function BarList({ bars }: { readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <Stack gap="sm">
      {bars.map(({ id, name, colour, value, words, also, to }) => (
        <div key={id}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            {to === undefined ? (
              <Text size="sm">{name}</Text>
            ) : (
              <Anchor component={Link} href={to} size="sm">
                {name}
              </Anchor>
            )}
            <Text size="sm" className="number">
              <b>{words}</b> {also}
            </Text>
          </Group>
          <Box h={8} mt={2} bg="var(--mantine-color-default-hover)" style={{ borderRadius: 4 }}>
            <Box h={8} w={`${(100 * value) / most}%`} bg={colour} style={{ borderRadius: 4 }} />
          </Box>
        </div>
      ))}
    </Stack>
  );
}

/** A spot of colour that stands for a series; its name stands beside it. */
export function Marker({ colour }: { readonly colour: string }) {
  return <Box w={10} h={10} bg={colour} style={{ borderRadius: 3, flexShrink: 0 }} aria-hidden />;
}
