/** A real HTTP proxy on a free port that asks for a user and a password. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, missingProgram, type ServerProcess, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface ProxyServer extends ServerProcess {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
}

export const tinyproxyMissing: false | string = missingProgram('tinyproxy', ['-v']);

export async function startTinyproxy(): Promise<ProxyServer> {
  const folder = makeFolder('tinyproxy');
  const port = await freePort();
  const [user, password] = ['mallory', 'open-sesame'];
  const config = join(folder.path, 'tinyproxy.conf');
  writeFileSync(
    config,
    [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 10', `BasicAuth ${user} ${password}`, 'ViaProxyName "tiny"', ''].join(
      '\n',
    ),
  );
  const running = await startProcess('tinyproxy', ['-d', '-c', config], [port]);
  return {
    ...running,
    stop: async (signal) => {
      await running.stop(signal);
      folder.remove();
    },
    address: `127.0.0.1:${port}`,
    user,
    password,
  };
}
