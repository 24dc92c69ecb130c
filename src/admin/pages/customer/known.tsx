import { Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { TierBadge } from '../../parts/codes.tsx';
import { useFormats } from '../../parts/formats.ts';
import { Section } from '../../parts/section.tsx';
import { CustomerLink } from './customer-link.tsx';

const REFERRALS = 'GET /connections/{connection}/customers/{customer}/referrals';
type Customer = AnswerOf<'GET /connections/{connection}/customers/{customer}'>;
type KnownProps = Pick<InputOf<typeof REFERRALS>, 'path'> & {
  readonly customer: Pick<Customer, 'known' | 'figures' | 'tier' | 'gold' | 'rank'>;
};

/** The seven things to know of a customer; what is not known says so, and where to write it. */
export function Known({ path, customer: { known, figures, tier, gold, rank } }: KnownProps) {
  const { t } = useTranslation(['customer', 'common']);
  const { money, exactMoney, number, day } = useFormats();
  const { data: referrals } = useApi(REFERRALS, { path });
  const { whyUs, needs, source, referredBy, brought, referralProfit, contributions12, thanked } = known;
  const { lossReason, reasonLeft, openCases } = known;
  const by = referrals?.broughtBy;
  const things: readonly (readonly [Thing, ReactNode[]])[] = [
    [
      'worth',
      [
        t('known.profit', { profit: exactMoney(figures.profit12) }),
        figures.expectedProfit12 !== null && t('known.expected', { profit: money(figures.expectedProfit12) }),
      ],
    ],
    [
      'best',
      [
        <TierBadge key="tier" tier={tier} />,
        rank !== null && t('known.rank', { rank: number(rank) }),
        gold && t('common:gold'),
      ],
    ],
    ['whyUs', [whyUs, needs !== null && t('known.needs', { needs })]],
    [
      'source',
      [
        source,
        by ? <CustomerLink key="by" id={by.key.id} name={by.name} /> : referredBy !== null && referredBy,
      ],
    ],
    [
      'brought',
      [
        brought > 0 && t('known.brought', { count: brought }),
        // None of them has bought with profit yet: nothing is credited.
        referralProfit !== null && t('known.credited', { profit: money(referralProfit) }),
        contributions12 !== 0 && t('known.contributions', { value: money(contributions12) }),
      ],
    ],
    ['thanked', [thanked && [day(thanked.on), thanked.how].filter(Boolean).join(' · ')]],
    [
      'leave',
      [
        reasonLeft,
        lossReason && t('known.lost', { reason: lossReason.reason, day: day(lossReason.on) }),
        openCases > 0 && t('known.cases', { count: openCases }),
      ],
    ],
  ];
  return (
    <Section title={t('known.title')} what={t('known.what', { percent: number(known.percent) })}>
      <Table aria-label={t('known.title')} withRowBorders={false} verticalSpacing={6}>
        <Table.Tbody>
          {things.map(([thing, facts]) => (
            <Table.Tr key={thing}>
              <Table.Th scope="row" fw={500} w="40%" style={{ verticalAlign: 'top' }}>
                {t(`known.things.${thing}`)}
              </Table.Th>
              <Table.Td>
                <Facts facts={facts.filter(Boolean)} missing={t(`known.missing.${thing}`)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
type Thing = 'worth' | 'best' | 'whyUs' | 'source' | 'brought' | 'thanked' | 'leave';

function Facts({ facts, missing }: { readonly facts: readonly ReactNode[]; readonly missing: string }) {
  if (facts.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {missing}
      </Text>
    );
  }
  return (
    <Stack gap={2}>
      {facts.map((fact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts of a row have no other name and never change places
        <Text key={index} size="sm" component="div">
          {fact}
        </Text>
      ))}
    </Stack>
  );
}
