import { Box, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FieldInput, type FieldInputProps } from './field-input.tsx';
import { useFieldWords } from './field-words.ts';
import { isSame } from './keys.ts';

interface RuleFieldProps extends FieldInputProps {
  /** Back to what the files say. */
  readonly onReset: () => void;
}

/** One setting: what it is now, what holds, what the default is, and the way back to it. */
export function RuleField({ onReset, ...input }: RuleFieldProps) {
  const { field, value, isReadOnly } = input;
  const { t } = useTranslation('rules');
  const words = useFieldWords();
  const isUsual = isSame(withoutGone(value), field.usual);
  const notes = [
    isUsual ? '' : t('field.usual', { value: words.value(field, field.usual) }),
    isSame(field.drafted, field.inForce) ? '' : t('inForceIs', { value: words.value(field, field.inForce) }),
    field.isFixed ? t('field.fixed') : '',
  ].filter((note) => note !== '');
  return (
    <Box data-setting={field.key}>
      <FieldInput {...input} isReadOnly={isReadOnly || field.isFixed} />
      {notes.length > 0 && (
        <Group gap="xs" mt={4}>
          <Text size="xs">{notes.join(' · ')}</Text>
          {!isUsual && !isReadOnly && !field.isFixed && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('field.back', { label: words.label(field) })}
              onClick={onReset}
            >
              {t('field.backShort')}
            </Button>
          )}
        </Group>
      )}
    </Box>
  );
}

/** A line that was taken out is said as null. */
function withoutGone(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, row]) => row !== null));
}
