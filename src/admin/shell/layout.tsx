import { AppShell, Burger, Group, ScrollArea, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Choices } from './choices.tsx';
import { ConnectionSwitcher } from './connection-switcher.tsx';
import { useFocusOnNewPage, useKeptFocus } from './kept-focus.ts';
import { Navigation } from './navigation.tsx';
import { UserMenu } from './user-menu.tsx';
import { OwnVisit } from './visit-banner.tsx';

/** What stands around every page. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes whenever another page is opened
  useEffect(close, [path]);
  useFocusOnNewPage(path);
  useKeptFocus();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header>
        <a className="skip-link" href="#main">
          {t('skipToPage')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={t(isOpen ? 'closeMenu' : 'openMenu')}
              aria-expanded={isOpen}
            />
            <Text component={Link} href="/" fw={700} c="inherit" td="none" visibleFrom="sm" className="whole">
              {t('appName')}
            </Text>
            <ConnectionSwitcher />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Group visibleFrom="sm">
              <Choices />
            </Group>
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('navigation')}>
        <AppShell.Section grow component={ScrollArea}>
          <Navigation />
        </AppShell.Section>
        <AppShell.Section hiddenFrom="sm" pt="xs">
          <Choices />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <OwnVisit />
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
