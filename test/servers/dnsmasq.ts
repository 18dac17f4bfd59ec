/** A real DNS server with a few records on a free port; everything else does not exist. */
import { missingProgram, type ServerProcess, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface DnsServer extends ServerProcess {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
}

export const dnsmasqMissing: false | string = missingProgram('dnsmasq', ['--version']);

const RECORDS = [
  '--host-record=mail.example.test,192.0.2.25,2001:db8::25',
  '--host-record=two.example.test,192.0.2.1',
  '--host-record=two.example.test,192.0.2.2',
  '--mx-host=example.test,mail.example.test,10',
  '--mx-host=example.test,backup.example.test,20',
  '--txt-record=example.test,v=spf1 -all,second part',
  '--srv-host=_imap._tcp.example.test,mail.example.test,143,5,7',
  '--cname=www.example.test,mail.example.test',
  '--dns-rr=example.test,2,026e73076578616d706c65047465737400',
];

/** `options`: further ones of dnsmasq, e.g. records (`--host-record=…`). Names outside of `test.` are refused. */
export async function startDnsmasq(options: readonly string[] = []): Promise<DnsServer> {
  const port = await freePort();
  const own = ['--keep-in-foreground', '--no-resolv', '--no-hosts', '--no-daemon', '--conf-file=/dev/null', '--user='];
  const place = [`--port=${port}`, '--listen-address=127.0.0.1', '--bind-interfaces', '--pid-file='];
  const running = await startProcess('dnsmasq', [...own, ...place, '--local=/test/', ...RECORDS, ...options], [port]);
  return { ...running, address: `127.0.0.1:${port}` };
}
