import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Apply } from './apply.tsx';
import { Approve } from './approve.tsx';
import { CHANGED, type PlanAnswer } from './routes.ts';

type Deed = 'approve' | 'reject' | 'apply';

/** Reject, approve (all or a part), write: whatever the state of the plan allows. Nothing is written into an org that is read only. */
export function Decide({ plan }: { readonly plan: PlanAnswer }) {
  const { t } = useTranslation('plan');
  const { mode } = useConnection();
  const [deed, setDeed] = useState<Deed | null>(null);
  const close = () => setDeed(null);
  const canDecide = plan.state === 'open' || plan.state === 'held' || plan.state === 'approved';
  const canApply = plan.state === 'open' || plan.state === 'approved';
  const isReadOnly = mode === 'read-only';
  return (
    <>
      {canDecide && (
        <Button variant="default" onClick={() => setDeed('reject')}>
          {t('reject.button')}
        </Button>
      )}
      {canDecide && !isReadOnly && (
        <Button variant={canApply ? 'default' : 'filled'} onClick={() => setDeed('approve')}>
          {t('approve.button')}
        </Button>
      )}
      {canApply && !isReadOnly && <Button onClick={() => setDeed('apply')}>{t('apply.button')}</Button>}
      <Reject plan={plan} isOpen={deed === 'reject'} onClose={close} />
      {deed === 'approve' && <Approve plan={plan} onClose={close} />}
      {deed === 'apply' && <Apply plan={plan} onClose={close} />}
    </>
  );
}

function Reject({
  plan,
  isOpen,
  onClose,
}: {
  readonly plan: PlanAnswer;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('plan');
  const { number } = useFormats();
  const { name: connection } = useConnection();
  const reject = useWrite('POST /connections/{connection}/plans/{plan}/reject', CHANGED);
  const { id } = plan;
  const done = () => {
    tellDone(t('reject.done', { id }));
    onClose();
  };
  return (
    <Confirm
      isOpen={isOpen}
      title={t('reject.title', { id })}
      deed={t('reject.deed', { id })}
      isDangerous
      isBusy={reject.isPending}
      error={reject.error}
      onConfirm={() => reject.mutate({ path: { connection, plan: id } }, { onSuccess: done })}
      onClose={onClose}
    >
      {t('reject.what', { pending: number(plan.changes.pending) })}
    </Confirm>
  );
}
