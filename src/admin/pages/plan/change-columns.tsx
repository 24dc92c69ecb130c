import { Box, Spoiler, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { Fate, Whom } from './change-cells.tsx';
import type { Change, Kind } from './routes.ts';

const LONG_PX = 66;
const MINOR = 100;

/** What stands beside what: field changes as old → new, tasks with their words, what is not made with why. */
export function useChangeColumns(kind: Kind): readonly Column<Change>[] {
  const { t } = useTranslation('plan');
  const value = useValueWords();
  const { day } = useFormats();
  return useMemo(() => {
    const who = (cell: Column<Change>['cell']): Column<Change> => ({ id: 'who', header: t('who'), cell });
    const fate: Column<Change> = {
      id: 'fate',
      header: t('fate.title'),
      isWide: true,
      cell: ({ done, leftOut }) => <Fate done={done} leftOut={leftOut} />,
    };
    const columns: { readonly [K in Kind]: readonly Column<Change>[] } = {
      field: [
        who(({ name = '', module = '', recordId = '' }) =>
          module === 'Accounts' || module === 'Contacts' || module === 'Leads' ? (
            <Whom name={name} module={module} id={recordId} />
          ) : (
            <Text size="sm">{name}</Text>
          ),
        ),
        { id: 'field', header: t('field'), cell: ({ label, field }) => label ?? field },
        {
          id: 'old',
          header: t('old'),
          isWide: true,
          cell: (change) => <Long words={value(change.old, change.isMoney)} isOld />,
        },
        {
          id: 'new',
          header: t('new'),
          cell: (change) => (
            <>
              <Long words={value(change.new, change.isMoney)} />
              <Box hiddenFrom="md">
                <Text size="xs">{t('was', { old: value(change.old, change.isMoney) })}</Text>
                <Why change={change} />
              </Box>
            </>
          ),
        },
        { id: 'why', header: t('why'), isWide: true, cell: (change) => <Why change={change} /> },
        fate,
      ],
      task: [
        who(({ task }) => task && <Whom name={task.name ?? task.customer.id} {...task.customer} />),
        {
          id: 'action',
          header: t('action'),
          cell: ({ task }) =>
            t(`actions.${task?.action}` as 'actions.create', { defaultValue: task?.action }),
        },
        {
          id: 'task',
          header: t('task'),
          cell: ({ task }) => (
            <>
              <Text size="sm" fw={500}>
                {task?.subject ?? task?.title}
              </Text>
              {task?.description && <Long words={task.description} />}
            </>
          ),
        },
        { id: 'rule', header: t('rule'), isWide: true, cell: ({ task }) => task?.title },
        {
          id: 'due',
          header: t('due'),
          cell: ({ task }) => <span className="whole">{day(task?.dueDay)}</span>,
        },
        fate,
      ],
      suppressed: [
        who(({ task }) => task && <Whom name={task.name ?? task.customer.id} {...task.customer} />),
        { id: 'rule', header: t('rule'), cell: ({ task }) => task?.title },
        {
          id: 'why',
          header: t('whyNot'),
          cell: ({ task }) => t(`suppressed.${task?.why}` as 'suppressed.cap', { defaultValue: task?.why }),
        },
      ],
      edited: [
        who(({ edited }) => edited && <Text size="sm">{edited.name}</Text>),
        { id: 'field', header: t('field'), cell: ({ edited }) => edited?.field },
        { id: 'theirs', header: t('theirs'), cell: ({ edited }) => <Long words={value(edited?.theirs)} /> },
        { id: 'ours', header: t('ours'), cell: ({ edited }) => <Long words={value(edited?.ours)} /> },
      ],
    };
    return columns[kind];
  }, [t, kind, value, day]);
}

function Why({ change: { reason, cause } }: { readonly change: Change }) {
  const { t } = useTranslation('plan');
  const words = t(`causes.${cause}` as 'causes.drift', { defaultValue: cause });
  return (
    <>
      <Text size="sm">{words}</Text>
      {reason !== undefined && reason !== cause && (
        <Text size="xs" c="dimmed">
          {reason}
        </Text>
      )}
    </>
  );
}

function Long({ words, isOld = false }: { readonly words: string; readonly isOld?: boolean }) {
  const { t } = useTranslation('plan');
  return (
    <Spoiler maxHeight={LONG_PX} showLabel={t('more')} hideLabel={t('less')} miw={90} maw={360}>
      <Text size="sm" {...(isOld ? { c: 'dimmed' } : {})} style={{ whiteSpace: 'pre-line' }}>
        {words}
      </Text>
    </Spoiler>
  );
}

type Scalar = Change['old'];

/** As it would be read in Zoho. Money stands there as a decimal number. */
function useValueWords(): (value: Scalar, isMoney?: boolean) => string {
  const { t } = useTranslation('plan');
  const { exactMoney, number, day } = useFormats();
  return useMemo(
    () => (value, isMoney) => {
      if (value === null || value === undefined || value === '') return t('empty');
      if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
      if (typeof value === 'number')
        return isMoney ? exactMoney(Math.round(value * MINOR)) : number(value, 2);
      return /^\d{4}-\d{2}-\d{2}$/.test(value) ? day(value) : value;
    },
    [t, exactMoney, number, day],
  );
}
