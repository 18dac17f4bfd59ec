/** A real nginx as a mail proxy for IMAP that asks over HTTP who may go where. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface NginxMail {
  readonly port: number;
  close(): Promise<void>;
}

const MODULE = '/usr/lib/nginx/modules/ngx_mail_module.so';

export const nginxMailMissing: false | string =
  missingProgram('nginx', ['-v']) || (existsSync(MODULE) ? false : 'the mail module of nginx is not installed');

/** `authHttp`: address and path of the server that is asked; `headers` are sent with each question. */
export async function startNginxMail(authHttp: string, headers: Readonly<Record<string, string>>): Promise<NginxMail> {
  const folder = makeFolder('nginx');
  const file = (name: string) => join(folder.path, name);
  const port = await freePort();
  writeFileSync(
    file('nginx.conf'),
    `load_module ${MODULE};
daemon off;
worker_processes 1;
pid ${file('pid')};
error_log ${file('log')} info;
events {}
mail {
  auth_http ${authHttp};
${Object.entries(headers)
  .map(([name, value]) => `  auth_http_header ${name} "${value}";\n`)
  .join('')}  imap_auth plain login;
  server {
    listen 127.0.0.1:${port};
    protocol imap;
  }
}
`,
  );
  const running = await startProcess('nginx', ['-p', folder.path, '-c', file('nginx.conf'), '-e', file('log')], [port]);
  return {
    port,
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}
