import { ScrollArea, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import type { Language } from '../../shell/texts.ts';

const LIST = 'GET /schedules';
const JOBS = ['backup', 'retention'] as const;

/** Jobs of the installation as a whole, for those who run it. */
export function Backup() {
  const { t, i18n } = useTranslation('settings');
  const { time } = useFormats();
  const lang = i18n.resolvedLanguage as Language; // one of supportedLngs
  const schedules = useApi(LIST, { query: { lang, count: 1 } });
  const write = useWrite('POST /schedules/{installationJob}/run', [LIST]);
  const nameOf = (job: string) => {
    const known = JOBS.find((one) => one === job);
    return known === undefined ? job : t(`backup.jobs.${known}`);
  };
  return (
    <Section title={t('backup.title')} what={t('backup.what')}>
      <PageState
        query={schedules}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('backup.none')}</Text>}
      >
        {({ items }) => (
          <ScrollArea
            type="auto"
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('backup.title') }}
          >
            <Table aria-label={t('backup.title')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('backup.job')}</Table.Th>
                  <Table.Th>{t('backup.when')}</Table.Th>
                  <Table.Th>{t('backup.last')}</Table.Th>
                  <Table.Th>{t('backup.next')}</Table.Th>
                  <Table.Td />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ job, inWords, timeZone, enabled, lastRunAt, nextRuns }) => (
                  <Table.Tr key={job}>
                    <Table.Th scope="row" fw={500}>
                      {nameOf(job)}
                    </Table.Th>
                    <Table.Td>
                      {inWords}{' '}
                      <Text span size="xs" c="dimmed">
                        {timeZone}
                      </Text>
                    </Table.Td>
                    <Table.Td className="whole">
                      {lastRunAt === null ? t('backup.never') : time(lastRunAt)}
                    </Table.Td>
                    <Table.Td className="whole">{enabled ? time(nextRuns[0]) : t('backup.off')}</Table.Td>
                    <Table.Td className="number">
                      <DeedButton
                        size="xs"
                        variant="default"
                        isPending={write.isPending && write.variables.path.installationJob === job}
                        onClick={() =>
                          write.mutate(
                            { path: { installationJob: job } },
                            { onSuccess: () => tellDone(t('backup.asked')) },
                          )
                        }
                      >
                        {t('backup.run', { job: nameOf(job) })}
                      </DeedButton>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
      </PageState>
      {write.error && <ProblemAlert error={write.error} />}
    </Section>
  );
}
