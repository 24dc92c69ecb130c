import { Button, Text, Timeline } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';

const ROUTE = 'GET /connections/{connection}/customers/{customer}/touches';
const FIRST = 12;

/** Contacts and attempts, newest first. */
export function Touches({ path }: InputOf<typeof ROUTE>) {
  const { t } = useTranslation('customer');
  const { time, number } = useFormats();
  const [isWhole, setWhole] = useState(false);
  const touches = useApi(ROUTE, { path });
  return (
    <Section title={t('touches.title')}>
      <PageState
        query={touches}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('touches.none')}</Text>}
      >
        {({ items, total }) => (
          <>
            <Timeline bulletSize={14} lineWidth={2} active={items.length}>
              {items.slice(0, isWhole ? items.length : FIRST).map((touch) => (
                <Timeline.Item
                  key={`${touch.channel} ${touch.recordId} ${touch.at}`}
                  title={
                    <Text size="sm" fw={600}>
                      {touch.subject === '' ? t(`touches.channels.${touch.channel}`) : touch.subject}
                    </Text>
                  }
                  lineVariant={touch.twoWay ? 'solid' : 'dotted'}
                >
                  <Text size="xs" c="dimmed">
                    {time(touch.at)} · {t(`touches.channels.${touch.channel}`)} ·{' '}
                    {touch.twoWay ? t(`touches.directions.${touch.direction}`) : t('touches.attempt')}
                  </Text>
                </Timeline.Item>
              ))}
            </Timeline>
            {!isWhole && items.length > FIRST && (
              <Button mt="sm" size="xs" variant="default" onClick={() => setWhole(true)}>
                {t('touches.more', { total: number(total) })}
              </Button>
            )}
          </>
        )}
      </PageState>
    </Section>
  );
}
