/** Services with everything configured and an empty folder to work in, for files that try what nobody should do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { EVERYTHING_CONFIGURED } from './everything-configured.ts';
import { services } from './script.ts';

/** Registers what happens before and after the tests of a file; the services are there when they run. */
export function probeServices(): () => OpenedServices {
  const outside = process.cwd();
  let folder = '';
  let opened: OpenedServices;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nauthilus-bad-input-'));
    process.chdir(folder);
    // Sleeps are over at once: how long a script may wait is not the question here.
    opened = await services(EVERYTHING_CONFIGURED, { clock: { ...systemClock, sleep: async () => {} } });
  });
  after(async () => {
    await opened.close();
    process.chdir(outside);
    rmSync(folder, { recursive: true, force: true });
  });
  return () => opened;
}
