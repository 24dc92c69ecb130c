import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
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
import { ROLES } from './people.tsx';

const LIST = 'GET /connections/{connection}/members';
type Invitation = AnswerOf<typeof LIST>['invitations'][number];
const NOBODY = { email: '', role: 'viewer' as Invitation['role'], days: '14' };

export function Invite() {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  const { name: connection } = useConnection();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState(NOBODY);
  const write = useWrite('POST /connections/{connection}/invitations', [LIST]);
  const invite = () =>
    write.mutate(
      { path: { connection }, body: { ...typed, email: typed.email.trim(), days: Number(typed.days) } },
      {
        onSuccess: ({ address, expiresAt }) => {
          tellDone(t('invite.done', { address, until: time(expiresAt) }));
          setTyped(NOBODY);
          close();
        },
      },
    );
  return (
    <>
      <Button leftSection={<IconUserPlus size={16} />} onClick={open}>
        {t('invite.open')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('invite.open')}
        deed={t('invite.open')}
        isBusy={write.isPending}
        error={write.error}
        onConfirm={invite}
        onClose={close}
      >
        <Text size="sm">{t('invite.what', { address: location.origin })}</Text>
        <TextInput
          type="email"
          label={t('invite.email')}
          required
          maxLength={254}
          value={typed.email}
          onChange={({ currentTarget }) => setTyped({ ...typed, email: currentTarget.value })}
        />
        <NativeSelect
          label={t('role')}
          value={typed.role}
          data={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
          onChange={({ currentTarget }) => {
            const role = ROLES.find((one) => one === currentTarget.value);
            if (role) setTyped({ ...typed, role });
          }}
        />
        <TextInput
          type="number"
          label={t('invite.days')}
          required
          min={1}
          max={90}
          value={typed.days}
          onChange={({ currentTarget }) => setTyped({ ...typed, days: currentTarget.value })}
        />
      </Confirm>
    </>
  );
}

export function Invitations({ invitations }: { readonly invitations: readonly Invitation[] }) {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  const { name: connection, canWrite } = useConnection();
  const { mutate, error } = useWrite('DELETE /connections/{connection}/invitations/{invitation}', [LIST]);
  const columns = useMemo(() => {
    const shown: Column<Invitation>[] = [
      { id: 'address', header: t('invite.address'), cell: ({ address }) => address },
      { id: 'role', header: t('role'), isWide: true, cell: ({ role }) => t(`roles.${role}`) },
      { id: 'expires', header: t('invite.expires'), cell: ({ expiresAt }) => time(expiresAt) },
    ];
    if (!canWrite) return shown;
    const withdraw: Column<Invitation> = {
      id: 'withdraw',
      header: '',
      isNumber: true,
      cell: ({ id, address }) => (
        <Button
          size="xs"
          variant="default"
          aria-label={t('invite.withdrawOf', { address })}
          onClick={() =>
            mutate(
              { path: { connection, invitation: id } },
              { onSuccess: () => tellDone(t('invite.withdrawn')) },
            )
          }
        >
          {t('invite.withdraw')}
        </Button>
      ),
    };
    return [...shown, withdraw];
  }, [t, time, canWrite, connection, mutate]);
  return (
    <Section title={t('invite.title')}>
      {error && <ProblemAlert error={error} />}
      <DataTable label={t('invite.title')} columns={columns} rows={invitations} keyOf={({ id }) => id} />
    </Section>
  );
}
