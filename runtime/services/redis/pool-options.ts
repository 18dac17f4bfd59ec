/** Options of a pool that a script registers (lua-api.md 5.3.1). */
import type { Secret } from '../../config/index.ts';

export const POOL_MODES = ['standalone', 'sentinel', 'sentinel_replica', 'cluster'] as const;
export type PoolMode = (typeof POOL_MODES)[number];

/** Absent values mean the defaults of the reference: localhost:6379, database 0, no TLS. */
export interface PoolOptions {
  /** host:port of a standalone server. */
  readonly address?: string;
  /** host:port of sentinels or cluster nodes. */
  readonly addresses?: readonly string[];
  readonly masterName?: string;
  readonly username?: string;
  readonly password?: Secret;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: Secret;
  readonly database?: number;
  readonly tls?: TlsSettings;
}

/** TLS is on; servers are verified with the authorities that Node brings along. */
export interface TlsSettings {
  /** Client certificate and its key, PEM files. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** A further authority, PEM file. */
  readonly caFile?: string;
  /** Servers are not verified. */
  readonly skipVerify?: boolean;
}
