import { List, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useConnection } from '../../shell/connection.tsx';
import { type Assessment, type StepProps, useReport } from './reports.ts';
import { Ask } from './step-parts.tsx';

/** A first look: whether the money can be explained, how much there is, what it costs to read, what lacks. */
export function AssessStep({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const { report } = useReport<Assessment>(step);
  return (
    <>
      <Ask
        route="POST /connections/{connection}/assess"
        input={{ path: { connection } }}
        label={t(step.run === null ? 'assess.look' : 'assess.again')}
        setUp={setUp}
        isAgain={step.state === 'done'}
      />
      {report && <Report report={report} />}
    </>
  );
}

function Report({ report }: { readonly report: Assessment }) {
  const { t } = useTranslation(['setUp', 'common']);
  const { number, day, share } = useFormats();
  const { unmatched, matched, modules, deals, duplicates, people, credits, missing, problems } = report;
  const sums = (unmatched?.byCurrency ?? []).map(({ amount, currency }) => `${amount} ${currency}`);
  const money =
    unmatched === null
      ? t('assess.notRead')
      : t('assess.unmatched', {
          deals: number(unmatched.deals),
          of: number(unmatched.ofWonDeals),
          sums: sums.length === 0 ? '' : `: ${sums.join(', ')}`,
        });
  const percent = (value: number | null | undefined) => share(value == null ? null : value / 100);
  return (
    <>
      <Text>
        <b>{t('assess.money')}</b> {money}
      </Text>
      <Facts
        facts={[
          [t('assess.matched'), percent(matched?.dealsPercent)],
          [t('assess.span'), t('assess.fromTo', { first: day(deals?.first), last: day(deals?.last) })],
          [t('assess.doubled'), number(duplicates?.accounts)],
          [
            t('assess.time'),
            t('assess.usersOf', {
              users: number(people?.time?.usersLogging),
              all: number(people?.activeUsers),
            }),
          ],
          [
            t('assess.ownersGone'),
            people?.inactiveOwners.map(({ name, accounts }) => `${name} (${number(accounts)})`).join(', ') ||
              t('common:nothing'),
          ],
          [
            t('assess.credits'),
            t('assess.creditsOf', {
              first: number(credits.fullRun),
              firstShare: share(credits.fullRunPercent / 100),
              daily: number(credits.daily),
              dailyShare: share(credits.dailyPercent / 100),
            }),
          ],
          ...modules.map(({ module, records, error }) => [module, error ?? number(records)] as const),
        ]}
      />
      {missing.length > 0 && (
        <div>
          <Text fw={600} size="sm">
            {t('assess.missing')}
          </Text>
          <List size="sm">
            {missing.map((what) => (
              <List.Item key={what}>{what}</List.Item>
            ))}
          </List>
        </div>
      )}
      {problems.length > 0 && (
        <div>
          <Text fw={600} size="sm">
            {t('assess.problems')}
          </Text>
          <List size="sm">
            {problems.map((what) => (
              <List.Item key={what}>{what}</List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}
