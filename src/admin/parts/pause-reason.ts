import { useTranslation } from 'react-i18next';

/** Why a mapping is not read, in words; a code of a newer server stands as it is. */
export function usePauseReason(): (code: string | undefined) => string {
  const { t } = useTranslation('mapping');
  return (code) => {
    const known = REASONS.find((one) => one === code);
    return known === undefined ? (code ?? '') : t(`reasons.${known}`);
  };
}

const REASONS = [
  'ours',
  'missing',
  'removed',
  'renamed',
  'retyped',
  'hidden',
  'refused',
  'option_gone',
] as const;
