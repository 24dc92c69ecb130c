import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, onSignedOut } from '../api/call.ts';
import { useApi } from '../api/hooks.ts';
import { isSignedOut } from '../api/problem.ts';
import { Loading } from '../parts/page-state.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { SignIn } from './sign-in.tsx';

/** Who is signed in. A session that ends while somebody works is renewed beside the page, so nothing that was typed is lost. */

export type Me = AnswerOf<'GET /me'>;
const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe is for what stands inside SessionGate');
  return me;
}

export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, isPending, refetch } = useApi('GET /me', {});
  // A later refusal leaves `data` as it was: the page stays, and the dialog asks to sign in again.
  if (data !== undefined) {
    return (
      <MeContext value={data}>
        {children}
        <SignInAgain />
      </MeContext>
    );
  }
  if (isSignedOut(error)) return <SignIn />;
  if (isPending) return <Loading />;
  return <ProblemAlert error={error} onRetry={() => void refetch()} />;
}

function SignInAgain() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isOver, setOver] = useState(false);
  const [isStillOver, setStillOver] = useState(false);
  useEffect(() => onSignedOut(() => setOver(true)), []);

  const check = async () => {
    const answer = await fetch('/api/v1/me');
    setStillOver(!answer.ok);
    if (!answer.ok) return;
    setOver(false);
    await queries.invalidateQueries();
  };
  return (
    <Modal
      opened={isOver}
      onClose={() => setOver(false)}
      title={t('session.over')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <Text>{t('session.overWhat')}</Text>
        {isStillOver && (
          <Text c="var(--mantine-color-error)" role="alert">
            {t('session.stillOver')}
          </Text>
        )}
        <Group>
          <Button component="a" href="/sign-in" target="_blank" rel="noopener">
            {t('session.signInBeside')}
          </Button>
          <Button variant="default" onClick={() => void check()}>
            {t('session.goOn')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
