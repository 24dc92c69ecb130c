import { Button, CopyButton, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useConnection } from '../../shell/connection.tsx';

const SCOPES = ['read', 'write'] as const;
const NOTHING = { name: '', scope: 'read' as (typeof SCOPES)[number], days: '90' };

/** Makes a token and shows its secret once; when the dialog closes, no page has it any more. */
export function MakeToken() {
  const { t } = useTranslation(['access', 'common']);
  const { name: connection } = useConnection();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState(NOTHING);
  const { mutate, reset, data, error, isPending } = useWrite('POST /connections/{connection}/tokens', [
    'GET /connections/{connection}/tokens',
  ]);
  const make = () =>
    mutate(
      { path: { connection }, body: { ...typed, name: typed.name.trim(), days: Number(typed.days) } },
      {
        onSuccess: () => {
          setTyped(NOTHING);
          close();
        },
      },
    );
  return (
    <>
      <Button variant="default" className="unsqueezed" onClick={open}>
        {t('tokens.open')}
      </Button>
      <Confirm
        isOpen={isOpen}
        title={t('tokens.open')}
        deed={t('tokens.open')}
        isBusy={isPending}
        error={error}
        onConfirm={make}
        onClose={close}
      >
        <TextInput
          label={t('tokens.name')}
          description={t('tokens.nameWhat')}
          required
          maxLength={80}
          value={typed.name}
          onChange={({ currentTarget }) => setTyped({ ...typed, name: currentTarget.value })}
        />
        <NativeSelect
          label={t('tokens.scope')}
          value={typed.scope}
          data={SCOPES.map((value) => ({ value, label: t(`tokens.scopes.${value}`) }))}
          onChange={({ currentTarget }) => {
            const scope = SCOPES.find((one) => one === currentTarget.value);
            if (scope) setTyped({ ...typed, scope });
          }}
        />
        <TextInput
          type="number"
          label={t('tokens.days')}
          required
          min={1}
          max={365}
          value={typed.days}
          onChange={({ currentTarget }) => setTyped({ ...typed, days: currentTarget.value })}
        />
      </Confirm>
      <Modal
        opened={data !== undefined}
        onClose={reset}
        // A click beside it would lose the secret.
        closeOnClickOutside={false}
        title={t('tokens.secretTitle', { name: data?.name ?? '' })}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{t('tokens.secretWhat')}</Text>
          <TextInput
            label={t('tokens.secret')}
            readOnly
            data-autofocus
            value={data?.secret ?? ''}
            onFocus={({ currentTarget }) => currentTarget.select()}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          <Group justify="flex-end">
            <CopyButton value={data?.secret ?? ''}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? t('tokens.copied') : t('tokens.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={reset}>{t('tokens.kept')}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
