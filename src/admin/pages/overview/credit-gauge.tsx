import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Figure } from '../../parts/figure.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useConnection } from '../../shell/connection.tsx';

const NEARLY_SPENT = 0.9;

/** Zoho's credits: what we spent in a day of what we may, and what Zoho says is left for everybody. */
export function CreditGauge() {
  const { t } = useTranslation('overview');
  const { number, share, time } = useFormats();
  const { remaining, at, spent, ceiling } = useConnection().credits;
  const part = ceiling === 0 ? 1 : spent / ceiling;
  const rows = [
    [t('credits.spent'), number(spent, 1)],
    [t('credits.left'), number(Math.max(0, ceiling - spent), 1)],
    [t('credits.ceiling'), number(ceiling)],
    [t('credits.zoho'), number(remaining)],
  ];
  return (
    <Figure
      title={t('credits.title')}
      what={t('credits.what', { spent: number(spent, 1), ceiling: number(ceiling), share: share(part) })}
      columns={[t('credits.which'), t('credits.count')]}
      rows={rows}
    >
      <Progress
        size="xl"
        value={Math.min(100, 100 * part)}
        color={part >= NEARLY_SPENT ? 'red.8' : 'indigo.6'}
        aria-hidden
      />
      <Text size="sm" mt="xs">
        {remaining === null
          ? t('credits.zohoNothing')
          : t('credits.zohoSays', { remaining: number(remaining), at: time(at) })}
      </Text>
    </Figure>
  );
}
