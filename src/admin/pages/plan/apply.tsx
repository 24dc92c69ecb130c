import { Checkbox, NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { CHANGED, type PlanAnswer } from './routes.ts';

const MOST_CANARY = 1_000;

/** Writes the plan: all of it or the fields alone, and first a few records to see whether Zoho takes them. */
export function Apply({ plan, onClose }: { readonly plan: PlanAnswer; readonly onClose: () => void }) {
  const { t } = useTranslation('plan');
  const { number } = useFormats();
  const { name: connection, org } = useConnection();
  const apply = useWrite('POST /connections/{connection}/plans/{plan}/apply', CHANGED);
  const [fieldsOnly, setFieldsOnly] = useState(false);
  const [canary, setCanary] = useState<number | null>(null);
  const { id, changes, summary } = plan;
  const done = () => {
    tellDone(t('apply.done', { id }));
    onClose();
  };
  return (
    <Confirm
      isOpen
      title={t('apply.title', { id })}
      deed={t('apply.deed', { org: org.name })}
      isBusy={apply.isPending}
      error={apply.error}
      onConfirm={() =>
        apply.mutate({ path: { connection, plan: id }, body: { fieldsOnly, canary } }, { onSuccess: done })
      }
      onClose={onClose}
    >
      <Text size="sm">
        {t('apply.what', {
          changes: number(changes.pending),
          credits: number(summary?.credits),
          org: org.name,
        })}
      </Text>
      <Checkbox
        label={t('apply.fieldsOnly')}
        checked={fieldsOnly}
        onChange={({ currentTarget }) => setFieldsOnly(currentTarget.checked)}
      />
      <NumberInput
        label={t('apply.canary')}
        description={t('apply.canaryWhat')}
        min={0}
        max={MOST_CANARY}
        allowDecimal={false}
        value={canary ?? ''}
        onChange={(value) => setCanary(typeof value === 'number' ? value : null)}
      />
      <Text size="sm" c="dimmed">
        {t('apply.undo')}
      </Text>
    </Confirm>
  );
}
