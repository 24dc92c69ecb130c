import { Button, NativeSelect, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';

const LIST = 'GET /connections/{connection}/members';
export type Member = AnswerOf<typeof LIST>['members'][number];
export const ROLES = ['viewer', 'admin'] as const;

export function People({ members }: { readonly members: readonly Member[] }) {
  const { t } = useTranslation(['access', 'common']);
  const { name: connection } = useConnection();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const setRole = useWrite('PATCH /connections/{connection}/members/{member}', [LIST]);
  const remove = useWrite('DELETE /connections/{connection}/members/{member}', [LIST]);
  const columns = useColumns({
    onLeave: setLeaving,
    onRole: ({ id, name }, role) =>
      setRole.mutate(
        { path: { connection, member: id }, body: { role } },
        { onSuccess: () => tellDone(t('people.roleSet', { name, role: t(`roles.${role}`) })) },
      ),
  });
  return (
    <Section title={t('people.title')} what={t('people.what')}>
      {setRole.error && <ProblemAlert error={setRole.error} />}
      {members.length === 0 ? (
        <Text size="sm">{t('people.none')}</Text>
      ) : (
        <DataTable label={t('people.title')} columns={columns} rows={members} keyOf={({ id }) => id} />
      )}
      {leaving && (
        <Confirm
          isOpen
          isDangerous
          title={t('people.removeOf', { name: leaving.name })}
          deed={t('people.removeOf', { name: leaving.name })}
          isBusy={remove.isPending}
          error={remove.error}
          onClose={() => {
            setLeaving(null);
            remove.reset();
          }}
          onConfirm={() =>
            remove.mutate(
              { path: { connection, member: leaving.id } },
              {
                onSuccess: ({ name }) => {
                  tellDone(t('people.removed', { name }));
                  setLeaving(null);
                },
              },
            )
          }
        >
          <Text size="sm">{t('people.removeWhat', { name: leaving.name })}</Text>
        </Confirm>
      )}
    </Section>
  );
}

interface Deeds {
  readonly onLeave: (member: Member) => void;
  readonly onRole: (member: Member, role: Member['role']) => void;
}
function useColumns({ onLeave, onRole }: Deeds): readonly Column<Member>[] {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  const { canWrite } = useConnection();
  return useMemo(() => {
    // Whoever is administrator in Zoho is one here; that is changed there.
    const mayChange = (member: Member) => canWrite && member.origin === 'invited';
    const columns: Column<Member>[] = [
      { id: 'name', header: t('people.name'), cell: ({ name }) => <b>{name}</b> },
      {
        id: 'role',
        header: t('role'),
        cell: (member) =>
          mayChange(member) ? (
            <NativeSelect
              size="xs"
              miw={116}
              aria-label={t('people.roleOf', { name: member.name })}
              value={member.role}
              data={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
              onChange={({ currentTarget }) => {
                const chosen = ROLES.find((role) => role === currentTarget.value);
                if (chosen) onRole(member, chosen);
              }}
            />
          ) : (
            t(`roles.${member.role}`)
          ),
      },
      { id: 'origin', header: t('people.origin'), isWide: true, cell: ({ origin }) => t(`people.${origin}`) },
      { id: 'seen', header: t('people.seen'), isWide: true, cell: ({ lastSignInAt }) => time(lastSignInAt) },
    ];
    if (!canWrite) return columns;
    const remove: Column<Member> = {
      id: 'remove',
      header: '',
      isNumber: true,
      cell: (member) =>
        mayChange(member) && (
          <Button
            size="xs"
            variant="default"
            aria-label={t('people.removeOf', { name: member.name })}
            onClick={() => onLeave(member)}
          >
            {t('people.remove')}
          </Button>
        ),
    };
    return [...columns, remove];
  }, [t, time, canWrite, onLeave, onRole]);
}
