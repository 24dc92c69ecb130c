import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMe } from './session.tsx';

/** Who one is, and the way out: a form, because it ends in a page of the server. */
export function UserMenu() {
  const { t } = useTranslation();
  const { name, csrfToken, isOperator } = useMe();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('account')} title={t('account')}>
          <IconUser size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {isOperator && <Text size="xs">{t('operator')}</Text>}
        </Menu.Label>
        <form method="post" action="/sign-out">
          <input type="hidden" name="_csrf" value={csrfToken ?? ''} />
          <Menu.Item
            component="button"
            type="submit"
            closeMenuOnClick={false}
            leftSection={<IconLogout size={16} />}
          >
            {t('signOut')}
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
