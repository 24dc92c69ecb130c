import { Button, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import { MakeToken } from './make-token.tsx';
import type { Member } from './people.tsx';

const LIST = 'GET /connections/{connection}/tokens';
type Token = AnswerOf<typeof LIST>['items'][number];

/** Tokens of programs, without their secrets, which nobody can show again. */
export function Tokens({ members }: { readonly members: readonly Member[] }) {
  const { t } = useTranslation('access');
  const { name: connection } = useConnection();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const tokens = useApi(LIST, { path: { connection } });
  const revoke = useWrite('DELETE /connections/{connection}/tokens/{token}', [LIST]);
  const columns = useColumns(members, setLeaving);
  return (
    <Section title={t('tokens.title')} what={t('tokens.what')} actions={<MakeToken />}>
      <PageState
        query={tokens}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('tokens.none')}</Text>}
      >
        {({ items }) => (
          <DataTable label={t('tokens.title')} columns={columns} rows={items} keyOf={({ id }) => id} />
        )}
      </PageState>
      {leaving && (
        <Confirm
          isOpen
          isDangerous
          title={t('tokens.revokeOf', { name: leaving.name })}
          deed={t('tokens.revokeOf', { name: leaving.name })}
          isBusy={revoke.isPending}
          error={revoke.error}
          onClose={() => {
            setLeaving(null);
            revoke.reset();
          }}
          onConfirm={() =>
            revoke.mutate(
              { path: { connection, token: leaving.id } },
              {
                onSuccess: ({ name }) => {
                  tellDone(t('tokens.revoked', { name }));
                  setLeaving(null);
                },
              },
            )
          }
        >
          <Text size="sm">{t('tokens.revokeWhat', { name: leaving.name })}</Text>
        </Confirm>
      )}
    </Section>
  );
}

function useColumns(members: readonly Member[], onRevoke: (token: Token) => void): readonly Column<Token>[] {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  return useMemo(() => {
    const names = new Map(members.map(({ id, name }) => [`user:${id}`, name]));
    return [
      { id: 'name', header: t('tokens.name'), cell: ({ name }) => <b>{name}</b> },
      { id: 'scope', header: t('tokens.scope'), cell: ({ scope }) => t(`tokens.scopes.${scope}`) },
      {
        id: 'by',
        header: t('tokens.by'),
        isWide: true,
        cell: ({ createdBy }) => names.get(createdBy) ?? createdBy,
      },
      {
        id: 'used',
        header: t('tokens.used'),
        isWide: true,
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('tokens.never') : time(lastUsedAt)),
      },
      { id: 'expires', header: t('tokens.expires'), cell: ({ expiresAt }) => time(expiresAt) },
      {
        id: 'revoke',
        header: '',
        isNumber: true,
        cell: (token) => (
          <Button
            size="xs"
            variant="default"
            aria-label={t('tokens.revokeOf', { name: token.name })}
            onClick={() => onRevoke(token)}
          >
            {t('tokens.revoke')}
          </Button>
        ),
      },
    ];
  }, [t, time, members, onRevoke]);
}
