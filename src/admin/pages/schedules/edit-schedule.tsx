import { Checkbox, Group, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useFormats } from '../../parts/formats.ts';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Schedule } from './routes.ts';

const EVERY = /^every (?:(\d+) )?(minute|hour)s?$/;
const MOST_SPREAD = 720;

interface EditProps {
  readonly schedule: Schedule;
  readonly name: string;
  readonly onClose: () => void;
}

/** Every so often, or at the times of a cron expression; with hours in which nothing starts. */
export function EditSchedule({ schedule, name, onClose }: EditProps) {
  const { t } = useTranslation(['schedules', 'common']);
  const { name: connection, org } = useConnection();
  const { time } = useFormats();
  const save = useWrite('PATCH /connections/{connection}/schedules/{job}', [
    'GET /connections/{connection}/schedules',
  ]);
  const every = EVERY.exec(schedule.expr);
  const [isEvery, setEvery] = useState(every !== null);
  const [count, setCount] = useState<number | string>(Number(every?.[1] ?? 1));
  const [unit, setUnit] = useState(every?.[2] ?? 'hour');
  const [cron, setCron] = useState(every ? '' : schedule.expr);
  const [from = '', until = ''] = schedule.quietHours?.split('-') ?? [];
  const [isQuiet, setQuiet] = useState(schedule.quietHours !== null);
  const [quietFrom, setQuietFrom] = useState(from || '22:00');
  const [quietUntil, setQuietUntil] = useState(until || '06:00');
  const [timeZone, setTimeZone] = useState(schedule.timeZone);
  const [spreadMinutes, setSpread] = useState<number | string>(schedule.spreadMinutes);
  const expr = isEvery ? `every ${count} ${unit}s` : cron.trim();
  const quietHours = isQuiet ? `${quietFrom}-${quietUntil}` : null;
  const confirm = () =>
    save.mutate(
      {
        path: { connection, job: schedule.job },
        body: { expr, quietHours, timeZone, spreadMinutes: Number(spreadMinutes) },
      },
      {
        onSuccess: ({ nextRuns: [next] }) => {
          tellDone(next === undefined ? t('edit.saved') : t('edit.savedNext', { name, at: time(next) }));
          onClose();
        },
      },
    );
  return (
    <Confirm
      isOpen
      title={t('edit.title', { name })}
      deed={t('common:save')}
      isBusy={save.isPending}
      error={save.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t('edit.how')}
        value={isEvery ? 'every' : 'cron'}
        onChange={(value) => setEvery(value === 'every')}
        data={[
          { value: 'every', label: t('edit.every') },
          { value: 'cron', label: t('edit.cron') },
        ]}
      />
      {isEvery ? (
        <Group grow align="flex-end">
          <NumberInput
            label={t('edit.count')}
            min={1}
            max={1_440}
            allowDecimal={false}
            value={count}
            onChange={setCount}
          />
          <NativeSelect
            label={t('edit.unit')}
            value={unit}
            data={[
              { value: 'minute', label: t('edit.minutes') },
              { value: 'hour', label: t('edit.hours') },
            ]}
            onChange={({ currentTarget }) => setUnit(currentTarget.value)}
          />
        </Group>
      ) : (
        <TextInput
          label={t('edit.expr')}
          description={t('edit.exprWhat')}
          required
          value={cron}
          onChange={({ currentTarget }) => setCron(currentTarget.value)}
        />
      )}
      <TextInput
        label={t('edit.zone')}
        description={t('edit.zoneWhat', { zone: org.timeZone })}
        required
        value={timeZone}
        onChange={({ currentTarget }) => setTimeZone(currentTarget.value)}
      />
      <Checkbox
        label={t('edit.quiet')}
        checked={isQuiet}
        onChange={({ currentTarget }) => setQuiet(currentTarget.checked)}
      />
      {isQuiet && (
        <Group grow>
          <TextInput
            type="time"
            label={t('edit.from')}
            value={quietFrom}
            onChange={({ currentTarget }) => setQuietFrom(currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t('edit.until')}
            value={quietUntil}
            onChange={({ currentTarget }) => setQuietUntil(currentTarget.value)}
          />
        </Group>
      )}
      <NumberInput
        label={t('edit.spread')}
        description={t('edit.spreadWhat')}
        min={0}
        max={MOST_SPREAD}
        allowDecimal={false}
        value={spreadMinutes}
        onChange={setSpread}
      />
    </Confirm>
  );
}
