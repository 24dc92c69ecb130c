import { Checkbox, Code, Fieldset, NativeSelect, NumberInput, Stack, TagsInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFieldWords } from './field-words.ts';
import type { Field } from './keys.ts';
import { TableInput } from './table-input.tsx';

export interface FieldInputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly isReadOnly: boolean;
  /** What the server refuses about it; null: nothing. */
  readonly error: string | null;
  readonly onChange: (value: unknown) => void;
}

/** The input that fits the kind of a setting. Bounds are told, and judged by the server. */
export function FieldInput(props: FieldInputProps) {
  const { field, value, isReadOnly, error, onChange } = props;
  const words = useFieldWords();
  const { t } = useTranslation('rules');
  const told = { label: words.label(field), description: words.help(field), error };
  switch (field.kind) {
    case 'number':
      return <NumberField {...props} />;
    case 'flag':
      return (
        <Checkbox
          {...told}
          checked={value === true}
          disabled={isReadOnly}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...told}
          value={String(value)}
          disabled={isReadOnly}
          data={(field.choices ?? []).map((choice) => ({
            value: choice,
            label: words.choice(field, choice),
          }))}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      );
    case 'words':
      return field.length === null ? (
        <TagsInput
          {...told}
          description={isReadOnly ? told.description : `${told.description}. ${t('field.wordsWhat')}`}
          value={wordsOf(value)}
          readOnly={isReadOnly}
          acceptValueOnBlur
          onChange={onChange}
        />
      ) : (
        <Places {...props} />
      );
    case 'table':
      return <TableInput {...props} />;
    case 'document':
      return (
        <Stack gap={4}>
          <Text size="sm" fw={500}>
            {told.label}
          </Text>
          <Text size="xs" c="dimmed">
            {told.description}
          </Text>
          <Code block>{JSON.stringify(value, null, 1)}</Code>
          <Text size="xs" {...(error === null ? { c: 'dimmed' } : { c: 'var(--mantine-color-error)' })}>
            {error ?? t('field.asYaml')}
          </Text>
        </Stack>
      );
  }
}

const wordsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function NumberField({ field, value, isReadOnly, error, onChange }: FieldInputProps) {
  const { i18n } = useTranslation();
  const words = useFieldWords();
  const hints = [words.help(field), words.bounds(field)].filter((hint) => hint !== '');
  return (
    <NumberInput
      label={words.label(field)}
      description={hints.join(' · ')}
      error={error}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      readOnly={isReadOnly}
      allowDecimal={field.number?.isWhole !== true}
      decimalSeparator={i18n.resolvedLanguage === 'en' ? '.' : ','}
      allowedDecimalSeparators={['.', ',']}
      // A number out of bounds is told of, not changed behind one's back.
      clampBehavior="none"
      onChange={(next) => onChange(next === '' && field.isNullable ? null : next)}
    />
  );
}

/** A list of known words of a fixed length: one choice a place. */
function Places({ field, value, isReadOnly, error, onChange }: FieldInputProps) {
  const { t } = useTranslation('rules');
  const words = useFieldWords();
  const given = wordsOf(value);
  const data = (field.choices ?? []).map((choice) => ({ value: choice, label: words.choice(field, choice) }));
  return (
    <Fieldset legend={words.label(field)} p="xs">
      <Text size="xs" c="dimmed" mb={4}>
        {words.help(field)}
      </Text>
      <Stack gap={4}>
        {given.map((word, index) => (
          <NativeSelect
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is what it is
            key={index}
            size="xs"
            aria-label={t('field.place', { label: words.label(field), place: index + 1 })}
            value={word}
            disabled={isReadOnly}
            data={data}
            onChange={({ currentTarget }) => onChange(given.with(index, currentTarget.value))}
          />
        ))}
      </Stack>
      {error !== null && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
    </Fieldset>
  );
}
