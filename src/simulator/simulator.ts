import type { ControlApi } from './control.ts';
import type { OrgSeed } from './seed.ts';
import type { Switches } from './switches.ts';

export interface SimulatorOptions {
  seed: OrgSeed;
  /** 0: any that is free. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  refreshToken?: string;
  grantCode?: string;
  /** Scopes of the refresh token and grant code that are valid at start. */
  scopes?: readonly string[];
  switches?: Partial<Switches>;
}

/** Accounts server, API domain and everything else under one origin on 127.0.0.1. */
export interface Simulator {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Valid at start, like the grant code. */
  refreshToken: string;
  grantCode: string;
  /** The same as under /__control/, in-process. */
  control: ControlApi;
  close(): Promise<void>;
}

export declare function startSimulator(options: SimulatorOptions): Promise<Simulator>;
