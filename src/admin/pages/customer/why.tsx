import { List, Text } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { Section } from '../../parts/section.tsx';
import { ZohoLink } from '../../parts/zoho-link.tsx';

type Reasons = AnswerOf<'GET /connections/{connection}/customers/{customer}'>['reasons'];
const MOST_RECORDS = 5;

/** The reasons in the order in which the score was reached, each with the Zoho records it rests on. */
export function Why({ reasons }: { readonly reasons: Reasons }) {
  const { t } = useTranslation('customer');
  return (
    <Section title={t('why.title')} what={t('why.what')}>
      <List size="sm" spacing={6}>
        {reasons.map(({ code, text, records }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a code may stand twice, and the list never changes its order
          <List.Item key={`${code} ${index}`}>
            {text}
            {records.length > 0 && (
              <Text size="xs" c="dimmed">
                {t('why.records', { count: records.length })}{' '}
                {records.slice(0, MOST_RECORDS).map(({ module, id, url }, at) => (
                  <Fragment key={`${module} ${id}`}>
                    {at > 0 && ', '}
                    <ZohoLink url={url}>
                      {module} {id}
                    </ZohoLink>
                  </Fragment>
                ))}
                {records.length > MOST_RECORDS && ' …'}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
