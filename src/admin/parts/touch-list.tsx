import { Button, Text, Timeline } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../api/call.ts';
import { useFormats } from './formats.ts';

type Touch = AnswerOf<'GET /connections/{connection}/customers/{customer}/touches'>['items'][number];
const FIRST = 12;

interface TouchListProps {
  /** Newest first. */
  readonly items: readonly Touch[];
  readonly total: number;
}
/** Contacts and attempts: the newest, and the rest on demand. */
export function TouchList({ items, total }: TouchListProps) {
  const { t } = useTranslation('customer');
  const { time, number } = useFormats();
  const [isWhole, setWhole] = useState(false);
  if (items.length === 0) return <Text size="sm">{t('touches.none')}</Text>;
  return (
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
  );
}
