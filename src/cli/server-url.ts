import type { Config } from '../config.ts';

/** Where a browser reaches the server of this configuration. */
export function serverUrl({ server: { publicUrl, host, port } }: Pick<Config, 'server'>): string {
  if (publicUrl !== null) return publicUrl;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
