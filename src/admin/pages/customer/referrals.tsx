import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf, InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/referrals';

/** Who brought this customer, and whom it brought. */
export function Referrals({ path }: InputOf<typeof ROUTE>) {
  const { t } = useTranslation('customer');
  const referrals = useApi(ROUTE, { path });
  return (
    <Section title={t('referrals.title')}>
      <PageState
        query={referrals}
        empty={({ broughtBy, brought }) =>
          broughtBy === null && brought.length === 0 && <Text size="sm">{t('referrals.none')}</Text>
        }
      >
        {({ broughtBy, brought }) => (
          <Stack gap="xs">
            {broughtBy && (
              <>
                <Text size="sm" c="dimmed">
                  {t('referrals.broughtBy')}
                </Text>
                <Brought link={broughtBy} />
              </>
            )}
            {brought.length > 0 && (
              <Text size="sm" c="dimmed">
                {t('referrals.brought')}
              </Text>
            )}
            {brought.map((link) => (
              <Brought key={link.key.id} link={link} />
            ))}
          </Stack>
        )}
      </PageState>
    </Section>
  );
}

function Brought({ link }: { readonly link: AnswerOf<typeof ROUTE>['brought'][number] }) {
  const { money } = useFormats();
  const { name } = useConnection();
  return (
    <Group justify="space-between" gap="xs">
      <Anchor component={Link} href={pagePath(name, 'customer', { customer: link.key.id })} size="sm">
        {link.name}
      </Anchor>
      <Group gap="xs">
        <TierBadge tier={link.tier} />
        <Text size="sm">{money(link.profit12)}</Text>
      </Group>
    </Group>
  );
}
