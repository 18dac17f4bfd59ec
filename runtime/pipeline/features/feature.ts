/** A check that runs before any backend is asked. */
import type { Login } from '../../login/login.ts';
import type { SoftWhitelistFeature } from '../../services/index.ts';
import type { Generation } from '../generation.ts';

/** `abort` skips the features that follow, `error` is a temporary failure. */
export type FeatureOutcome = 'pass' | 'trigger' | 'abort' | 'error';

export interface Feature {
  /** Name in `server.features`; also the type of the actions that answer to it. */
  readonly name: 'lua' | 'tls_encryption' | 'relay_domains' | 'rbl';
  /** Can its rejections count as failed logins (`brute_force.learning`)? */
  readonly learns: boolean;
  /** Users may be exempt from it in some networks; the name under which they are. */
  readonly softWhitelist?: SoftWhitelistFeature;
  /** Is it switched on and has it anything to check? */
  isActive(generation: Generation): boolean;
  run(login: Login, generation: Generation): FeatureOutcome | Promise<FeatureOutcome>;
}
