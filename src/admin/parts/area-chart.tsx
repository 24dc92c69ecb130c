import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { scaleLinear } from 'd3-scale';
import { area, line, stack, stackOrderNone } from 'd3-shape';
import { type PointerEvent, useState } from 'react';
import { Marker } from './bar-list.tsx';

/** One or several quantities along a line, as areas; stacked ones add up. Drawn by hand over d3: see docs/adr/0038. */

interface Series {
  readonly id: string;
  readonly name: string;
  /** Of Mantine's theme, e.g. `teal.7`. */
  readonly colour: string;
  /** One for each of `at`. */
  readonly values: readonly number[];
}
interface AreaChartProps {
  /** Places on the x axis, rising. */
  readonly at: readonly number[];
  readonly series: readonly Series[];
  readonly isStacked?: boolean;
  readonly xWords: (at: number) => string;
  readonly yWords: (value: number) => string;
  readonly height?: number;
}
type Range = readonly [number, number];

const PAD = { top: 8, right: 12, bottom: 24, left: 64 };
const TICK_PX = 110;

function colourOf(name: string): string {
  return `var(--mantine-color-${name.replace('.', '-')})`;
}

/** From 0, or from the series beneath. */
function rangesOf(
  series: readonly Series[],
  isStacked: boolean,
  count: number,
): readonly (readonly Range[])[] {
  if (!isStacked) return series.map(({ values }) => values.map((value): Range => [0, value]));
  const rows = Array.from({ length: count }, (_, index) =>
    Object.fromEntries(series.map(({ id, values }) => [id, values[index] ?? 0])),
  );
  const stacked = stack<{ readonly [id: string]: number }>()
    .keys(series.map(({ id }) => id))
    .order(stackOrderNone)(rows);
  return stacked.map((layer) => layer.map(([from, to]): Range => [from, to]));
}

export function AreaChart(props: AreaChartProps) {
  const { at, series, isStacked = false, xWords, yWords, height = 280 } = props;
  const { ref, width } = useElementSize();
  const [nearest, setNearest] = useState<number | null>(null);
  const ranges = rangesOf(series, isStacked, at.length);
  const all = ranges.flat(2);
  const x = scaleLinear([at[0] ?? 0, at.at(-1) ?? 1], [PAD.left, Math.max(width - PAD.right, PAD.left + 1)]);
  const y = scaleLinear([Math.min(0, ...all), Math.max(1, ...all)], [height - PAD.bottom, PAD.top]).nice(4);
  const shape = area<Range>()
    .x((_range, index) => x(at[index] ?? 0))
    .y0(([from]) => y(from))
    .y1(([, to]) => y(to));
  const edge = line<Range>()
    .x((_range, index) => x(at[index] ?? 0))
    .y(([, to]) => y(to));
  const find = ({ nativeEvent }: PointerEvent) => {
    const wanted = x.invert(nativeEvent.offsetX);
    const distances = at.map((place) => Math.abs(place - wanted));
    setNearest(distances.indexOf(Math.min(...distances)));
  };
  return (
    <div ref={ref}>
      <svg
        width="100%"
        height={height}
        aria-hidden
        onPointerMove={find}
        onPointerLeave={() => setNearest(null)}
        style={{ display: 'block', touchAction: 'pan-y' }}
      >
        <g fontSize={12} fill="var(--mantine-color-dimmed)">
          {y.ticks(4).map((tick) => (
            <g key={tick}>
              <line
                x1={PAD.left}
                x2={width - PAD.right}
                y1={y(tick)}
                y2={y(tick)}
                stroke="var(--mantine-color-default-border)"
                strokeWidth={tick === 0 ? 1.5 : 0.5}
              />
              <text x={PAD.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {yWords(tick)}
              </text>
            </g>
          ))}
          {ticksAlong(at, width).map((place, index, places) => (
            <text key={place} x={x(place)} y={height - 6} textAnchor={anchorOf(index, places.length)}>
              {xWords(place)}
            </text>
          ))}
        </g>
        {series.map(({ id, colour }, index) => (
          <g key={id}>
            <path
              d={shape([...(ranges[index] ?? [])]) ?? ''}
              fill={colourOf(colour)}
              fillOpacity={isStacked ? 0.75 : 0.2}
            />
            <path
              d={edge([...(ranges[index] ?? [])]) ?? ''}
              fill="none"
              stroke={colourOf(colour)}
              strokeWidth={2}
            />
          </g>
        ))}
        {nearest !== null && (
          <line
            x1={x(at[nearest] ?? 0)}
            x2={x(at[nearest] ?? 0)}
            y1={PAD.top}
            y2={height - PAD.bottom}
            stroke="var(--mantine-color-text)"
            strokeDasharray="3 3"
          />
        )}
      </svg>
      <Group gap="md" mih={24} pl={PAD.left}>
        {nearest !== null && (
          <Text size="sm" fw={600}>
            {xWords(at[nearest] ?? 0)}
          </Text>
        )}
        {series.map(({ id, name, colour, values }) => (
          <Group key={id} gap={6} wrap="nowrap">
            <Marker colour={colour} />
            <Text size="sm">
              {name}
              {nearest === null ? '' : ` ${yWords(values[nearest] ?? 0)}`}
            </Text>
          </Group>
        ))}
      </Group>
    </div>
  );
}

/** First and last, and as many between as there is room for. */
function ticksAlong(at: readonly number[], width: number): readonly number[] {
  const [first] = at;
  const last = at.at(-1);
  if (first === undefined || last === undefined || first === last) return at.slice(0, 1);
  const count = Math.max(1, Math.min(at.length - 1, Math.floor(width / TICK_PX)));
  const places = Array.from(
    { length: count + 1 },
    (_, index) => at[Math.round((index * (at.length - 1)) / count)] ?? first,
  );
  return [...new Set(places)];
}

function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}
