import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import type { Settings } from '../rules.ts';
import type { SettingsInUse } from '../store/settings-stores.ts';
import type { Store } from '../store/store.ts';

/** What each connection is run under: noted when it changes, and an alert while its settings cannot be used. */

type Use = Omit<SettingsInUse, 'connection' | 'at'>;
interface Deps {
  readonly store: Pick<Store, 'alerts' | 'settings'>;
  readonly clock: Clock;
  readonly settings: {
    of(connection: Connection): Promise<{ readonly settings: Settings; readonly use: Use }>;
  };
}

export function settingsWatch({ store, clock, settings }: Deps) {
  const noted = new Map<Connection['id'], Use>();
  return {
    /** The settings for a run that begins now. Throws ConfigError. */
    async inUse(connection: Connection): Promise<Settings> {
      const { id, name } = connection;
      try {
        const found = await settings.of(connection);
        if (noted.get(id) !== found.use) {
          await store.settings.noteInUse({ ...found.use, connection: id, at: clock.now() });
          await store.alerts.close(id, 'settings_broken', clock.now());
          noted.set(id, found.use);
        }
        return found.settings;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        noted.delete(id);
        const { message } = error;
        const alert = { code: 'settings_broken', severity: 'critical', message, params: { name } } as const;
        await store.alerts.raise(id, alert, clock.now());
        throw error;
      }
    },
  };
}
