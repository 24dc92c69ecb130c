import { useTranslation } from 'react-i18next';
import { ChecksTable } from '../../parts/checks-table.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { type Checks, type StepProps, useReport } from './reports.ts';
import { Ask } from './step-parts.tsx';

/** Everything a run needs, each with what to do about it; what fails stands first. */
export function ChecksStep({ step, setUp }: StepProps) {
  const { t } = useTranslation('setUp');
  const { name: connection } = useConnection();
  const { report } = useReport<Checks>(step);
  return (
    <>
      <Ask
        route="POST /connections/{connection}/doctor"
        input={{ path: { connection } }}
        label={t(step.run === null ? 'checks.test' : 'checks.again')}
        setUp={setUp}
        isAgain={step.state === 'done'}
      />
      {report && <ChecksTable checks={report.checks} />}
    </>
  );
}
