import { NavLink, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { ADDRESSES, pagePath } from './addresses.ts';
import { useConnectionName } from './here.ts';
import { GROUPS, pages } from './pages.ts';

export function Navigation() {
  const { t } = useTranslation();
  const connection = useConnectionName();
  const [at] = useLocation();
  return GROUPS.map((group) => (
    <div key={group}>
      <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="xs" pt="sm" pb={4}>
        {t(`groups.${group}`)}
      </Text>
      {pages.map(({ id, group: itsGroup, Icon }) => {
        if (itsGroup !== group || (connection === null && ADDRESSES[id].startsWith('/c/'))) return null;
        const href = pagePath(connection ?? '', id);
        const isHere = at === href || at.startsWith(`${href}/`);
        return (
          <NavLink
            key={id}
            component={Link}
            href={href}
            label={t(`pages.${id}`)}
            leftSection={<Icon size={18} />}
            active={isHere}
            {...(isHere ? { 'aria-current': 'page' as const } : {})}
            // All of them fit on a screen of 800 pixels.
            py={4}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        );
      })}
    </div>
  ));
}
