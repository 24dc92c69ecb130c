import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const NOTE_CHARACTERS = 500;

interface NoteFieldProps {
  readonly value: string;
  readonly onChange: (note: string) => void;
}
/** Why something is changed: the comment of a version. */
export function NoteField({ value, onChange }: NoteFieldProps) {
  const { t } = useTranslation('rules');
  return (
    <TextInput
      label={t('note')}
      description={t('noteWhat')}
      maxLength={NOTE_CHARACTERS}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
