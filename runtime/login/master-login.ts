/** Logins of a master in the name of a user: `<user><delimiter><master>`. */
import { fromUtf8 } from './text.ts';

export interface MasterLogin {
  /** Whose account is meant. */
  readonly user: string;
  /** Whose password is checked. */
  readonly master: string;
}

/** The parts of such a login name; undefined for every other name, and when masters are not allowed. */
export function splitMasterLogin(
  username: string,
  settings: { readonly enabled: boolean; readonly delimiter: string },
): MasterLogin | undefined {
  if (!settings.enabled) return undefined;
  const [user = '', master = '', ...more] = username.split(fromUtf8(settings.delimiter));
  return user !== '' && master !== '' && more.length === 0 ? { user, master } : undefined;
}
