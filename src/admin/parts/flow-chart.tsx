import { useElementSize } from '@mantine/hooks';
import { linkHorizontal } from 'd3-shape';

/** Streams from the left to the right, each as broad as it is large; both sides in the same order. */

interface Place {
  readonly id: string;
  readonly name: string;
  /** Of Mantine's theme, e.g. `teal.7`. */
  readonly colour: string;
}
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly size: number;
}
interface FlowChartProps {
  readonly places: readonly Place[];
  readonly flows: readonly Flow[];
  readonly words: (size: number) => string;
}

const ROW_PX = 44;
const GAP_PX = 14;
const BAR_PX = 10;
/** For the longest name of a tier in any language. */
const LABEL_PX = 118;

export function FlowChart({ places, flows, words }: FlowChartProps) {
  const { ref, width } = useElementSize();
  const sides = (['from', 'to'] as const).map((end) =>
    places
      .map((place) => ({ place, size: sum(flows.filter((flow) => flow[end] === place.id)) }))
      .filter(({ size }) => size > 0),
  );
  const rows = Math.max(...sides.map((side) => side.length));
  const scale = (rows * ROW_PX) / Math.max(1, sum(flows));
  const [left = [], right = []] = sides.map((side) => tops(side, scale));
  const height = Math.max(heightOf(left, scale), heightOf(right, scale));
  const [x0, x1] = [LABEL_PX + BAR_PX, Math.max(width - LABEL_PX - BAR_PX, LABEL_PX + BAR_PX)];
  const link = linkHorizontal<unknown, [number, number]>();
  return (
    <div ref={ref}>
      <svg width="100%" height={height} aria-hidden style={{ display: 'block' }}>
        {bandsOf(flows, { left, right, scale, places }).map(({ flow, y0, y1, thickness }) => (
          <path
            key={`${flow.from} ${flow.to}`}
            d={link({ source: [x0, y0], target: [x1, y1] }) ?? ''}
            fill="none"
            stroke={colourOf(places.find(({ id }) => id === flow.to))}
            strokeOpacity={0.4}
            strokeWidth={Math.max(1, thickness)}
          />
        ))}
        {[
          { end: 'from', side: left },
          { end: 'to', side: right },
        ].map(({ end, side }) =>
          side.map(({ place, size, top }) => (
            <g key={`${end} ${place.id}`}>
              <rect
                x={end === 'from' ? x0 - BAR_PX : x1}
                y={top}
                width={BAR_PX}
                height={Math.max(2, size * scale)}
                fill={colourOf(place)}
              />
              <text
                y={top + roomOf(size, scale) / 2}
                fontSize={12}
                textAnchor={end === 'from' ? 'end' : 'start'}
                fill="var(--mantine-color-text)"
              >
                {[place.name, words(size)].map((line, row) => (
                  <tspan
                    key={line}
                    x={end === 'from' ? x0 - BAR_PX - 6 : x1 + BAR_PX + 6}
                    dy={row === 0 ? '-0.3em' : '1.2em'}
                  >
                    {line}
                  </tspan>
                ))}
              </text>
            </g>
          )),
        )}
      </svg>
    </div>
  );
}

interface Standing {
  readonly place: Place;
  readonly size: number;
  readonly top: number;
}

function sum(flows: readonly Flow[]): number {
  return flows.reduce((all, { size }) => all + size, 0);
}
function colourOf(place: Place | undefined): string {
  return `var(--mantine-color-${(place?.colour ?? 'gray.5').replace('.', '-')})`;
}

/** Two lines of words need it, however thin the place. */
function roomOf(size: number, scale: number): number {
  return Math.max(0.7 * ROW_PX, size * scale);
}
function heightOf(side: readonly Standing[], scale: number): number {
  const last = side.at(-1);
  return last === undefined ? 0 : last.top + roomOf(last.size, scale);
}

/** One beneath the other, with a gap. */
function tops(side: readonly Omit<Standing, 'top'>[], scale: number): readonly Standing[] {
  let top = 0;
  return side.map((standing) => {
    const here = { ...standing, top };
    top += roomOf(standing.size, scale) + GAP_PX;
    return here;
  });
}

/** Where each stream leaves and arrives: in the order of the places, without crossing at its ends. */
function bandsOf(
  flows: readonly Flow[],
  drawn: {
    readonly left: readonly Standing[];
    readonly right: readonly Standing[];
    readonly scale: number;
    readonly places: readonly Place[];
  },
) {
  const { left, right, scale, places } = drawn;
  const used = new Map<string, number>();
  const take = (side: readonly Standing[], end: 'from' | 'to', id: string, thickness: number) => {
    const key = `${end} ${id}`;
    const top = used.get(key) ?? side.find(({ place }) => place.id === id)?.top ?? 0;
    used.set(key, top + thickness);
    return top + thickness / 2;
  };
  const rank = (id: string) => places.findIndex((place) => place.id === id);
  return flows
    .toSorted((a, b) => rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to))
    .map((flow) => {
      const thickness = flow.size * scale;
      const y0 = take(left, 'from', flow.from, thickness);
      return { flow, thickness, y0, y1: take(right, 'to', flow.to, thickness) };
    });
}
