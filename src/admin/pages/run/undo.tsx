import { Button, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import type { Run } from '../../parts/run-state.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { UndoReport } from './details.tsx';
import { RUN_ROUTE, type RunAnswer } from './routes.ts';

const REFRESH_MS = 2_000;

/** First what would be put back and what would stay, then the deed. */
export function Undo({ run }: { readonly run: RunAnswer }) {
  const { t } = useTranslation('run');
  const { canWrite, mode } = useConnection();
  const [isOpen, setOpen] = useState(false);
  const hasWritten = (run.kind === 'apply' || run.kind === 'undo') && run.state !== 'running';
  if (!canWrite || mode === 'read-only' || !hasWritten) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={() => setOpen(true)}>
        {t('undo.button')}
      </Button>
      {isOpen && <UndoDialog run={run} onClose={() => setOpen(false)} />}
    </>
  );
}

function UndoDialog({ run: { id }, onClose }: { readonly run: RunAnswer; readonly onClose: () => void }) {
  const { t } = useTranslation(['run', 'common']);
  const { name: connection } = useConnection();
  const [since, setSince] = useState<string | null>(null);
  const path = { connection, run: id };
  const previews = useApi(
    'GET /connections/{connection}/runs',
    { path: { connection }, query: { kind: 'undo-preview', limit: 50 } },
    { refetchMs: (answer) => (since !== null && !isReady(answer.items, id, since) ? REFRESH_MS : null) },
  );
  const look = useWrite('POST /connections/{connection}/runs/{run}/undo-preview', []);
  const undo = useWrite('POST /connections/{connection}/runs/{run}/undo', [
    'GET /connections/{connection}/runs',
    'GET /connections/{connection}/jobs',
  ]);
  const items = previews.data?.items ?? [];
  const ready = since === null ? undefined : isReady(items, id, since);
  const preview = useApi(
    RUN_ROUTE,
    { path: { connection, run: ready?.id ?? '' } },
    { isAsked: ready !== undefined && ready.state !== 'failed' },
  );
  const begin = () => {
    setSince(newestOf(items, id)?.id ?? '0');
    look.mutate({ path });
  };
  const error = look.error ?? undo.error ?? previews.error ?? preview.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('undo.title', { id })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <Text size="sm">{t('undo.what')}</Text>
        {error && <ProblemAlert error={error} />}
        {since === null && <Button onClick={begin}>{t('undo.look')}</Button>}
        {since !== null && !ready && !look.error && (
          <Text size="sm" role="status">
            <Loader size="xs" /> {t('undo.looking')}
          </Text>
        )}
        {ready?.state === 'failed' && <Text role="alert">{ready.error}</Text>}
        {preview.data?.undo && (
          <>
            <UndoReport undo={preview.data.undo} />
            <Text size="sm">{t('undo.after')}</Text>
            <DeedButton
              color="red.9"
              isPending={undo.isPending}
              onClick={() =>
                undo.mutate(
                  { path },
                  {
                    onSuccess: () => {
                      tellDone(t('undo.done', { id }));
                      onClose();
                    },
                  },
                )
              }
            >
              {t('undo.deed', { id })}
            </DeedButton>
          </>
        )}
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
      </Stack>
    </Modal>
  );
}

function newestOf(items: readonly Run[], undone: string): Run | undefined {
  return items.find(({ input }) => (input as { run?: string } | null)?.run === undone); // as run-asked.ts writes it
}

/** The preview that was asked for here, once it came to its end. */
function isReady(items: readonly Run[], undone: string, since: string): Run | undefined {
  const newest = newestOf(items, undone);
  return newest && Number(newest.id) > Number(since) && newest.state !== 'running' ? newest : undefined;
}
