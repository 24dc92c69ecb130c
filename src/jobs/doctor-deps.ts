import type { Connection } from '../domain.ts';
import { mailServerProblem } from '../notify/send-mails.ts';
import type { Settings } from '../rules.ts';
import type { DoctorDeps } from '../setup/check.ts';
import type { Store } from '../store/store.ts';
import { unknownOptions } from './named-options.ts';

/** What doctor is given, of all the settings. */
export function doctorDeps(parts: {
  readonly store: Store;
  readonly settings: Settings;
  readonly zohoFor: DoctorDeps['zohoFor'];
  readonly clock: DoctorDeps['clock'];
  readonly log: DoctorDeps['log'];
  readonly publicUrl: string | null;
  readonly makesBackups: boolean;
  readonly smtpUrl: string | null;
}): DoctorDeps {
  const { settings, store, smtpUrl } = parts;
  return {
    ...parts,
    ...(smtpUrl === null ? {} : { mailProblem: () => mailServerProblem(smtpUrl, settings.notify.mail.from) }),
    unknownOptions: (of: Connection) => unknownOptions({ store, settings }, of.id),
    settings: {
      basis: settings.scoring.customer.basis,
      rateDirection: settings.scoring.currency.rateDirection,
      defaultMarginPercent: settings.scoring.money.defaultMarginPercent,
      marginIsSet: settings.marginIsSet,
      purchaseFrom: settings.scoring.purchase.from,
      mapping: settings.mapping,
      creditCeilingPercent: settings.creditCeilingPercent,
      moneyCodes: settings.moneyCodes,
      playbook: settings.plan.playbook,
      stageHistory: settings.stageHistory,
    },
  };
}
