import { useTranslation } from 'react-i18next';
import { useFormats } from '../../parts/formats.ts';
import { useConnection } from '../../shell/connection.tsx';
import { type Field, sectionOf } from './keys.ts';

/** A setting in words. Keys come from the server, so the compiler cannot know them; a test holds that each has its words. */

type AnyKey = 'fields.tiers.topPercent.label';
interface FieldWords {
  /** With the unit behind it. */
  readonly label: (field: Field) => string;
  readonly help: (field: Field) => string;
  /** What may stand there; empty: no bounds. */
  readonly bounds: (field: Field) => string;
  readonly section: (field: Field) => string;
  readonly choice: (field: Field, choice: string) => string;
  /** A value, short enough to stand in a line. */
  readonly value: (field: Field, value: unknown) => string;
  readonly unit: (unit: NonNullable<Field['number']>['unit']) => string;
}

const MOST_WORDS = 6;

export function useFieldWords(): FieldWords {
  const { t } = useTranslation(['ruleFields', 'rules']);
  const { number } = useFormats();
  const { org } = useConnection();
  const own = (key: string) => key.slice(key.indexOf('.') + 1);
  const word = (key: string) => t(key as AnyKey);
  const unit: FieldWords['unit'] = (of) =>
    of === null ? '' : of === 'money' ? org.currency : word(`units.${of}`);
  const choice: FieldWords['choice'] = ({ key }, of) =>
    word(key.startsWith('scoring.rfm.names.') ? `choices.rfm.${of}` : `choices.${own(key)}.${of}`);
  const scalar = (field: Field, value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('rules:field.nothing');
    if (typeof value === 'boolean') return t(value ? 'rules:field.yes' : 'rules:field.no');
    if (typeof value === 'number') return `${number(value, 4)} ${unit(field.number?.unit ?? null)}`.trimEnd();
    return field.choices?.includes(String(value)) ? choice(field, String(value)) : String(value);
  };
  return {
    unit,
    choice,
    label: (field) => {
      const of = unit(field.number?.unit ?? null);
      const label = word(`fields.${own(field.key)}.label`);
      return of === '' ? label : `${label} (${of})`;
    },
    help: ({ key }) => word(`fields.${own(key)}.help`),
    section: (field) => word(`sections.${sectionOf(field)}`),
    bounds: ({ number: spec }) => {
      if (spec === null || spec.min === null) return '';
      const [min, max] = [number(spec.min, 4), number(spec.max, 4)];
      if (spec.max !== null) return t('rules:field.bounds', { min, max });
      return t(spec.isAboveMin ? 'rules:field.moreThan' : 'rules:field.atLeast', { min });
    },
    value: (field, value) => {
      if (Array.isArray(value)) {
        const isPlain = value.length > 0 && value.length <= MOST_WORDS && value.every(isWord);
        return isPlain
          ? value.map((one) => scalar(field, one)).join(', ')
          : t('rules:field.entries', { count: value.length });
      }
      if (value !== null && typeof value === 'object')
        return t('rules:field.entries', { count: Object.keys(value).length });
      return scalar(field, value);
    },
  };
}

const isWord = (value: unknown) => typeof value === 'string' || typeof value === 'number';
