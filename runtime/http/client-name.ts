/** The name of the client in DNS, for front ends that give addresses only (`server.dns.resolve_client_ip`). */
import { isIP } from 'node:net';
import type { LoginInput } from '../login/login.ts';
import { fromUtf8 } from '../login/text.ts';
import type { Generation } from '../pipeline/generation.ts';
import { DnsError } from '../services/index.ts';

/**
 * The input with the first PTR name of the client in the place of what the front end says; unchanged without such a name.
 * The owner of an address can put any name there, so it is for logs and scripts that know this. Never rejects.
 */
export async function withClientName(input: LoginInput, { services }: Generation): Promise<LoginInput> {
  const { client } = input;
  if (isIP(client.ip) === 0) return input;
  const done = services.metrics.time('dns', 'ptr');
  try {
    const [name] = await services.dns.query(client.ip, 'PTR');
    if (typeof name !== 'string' || name === '') return input;
    return { ...input, client: { ...client, hostname: fromUtf8(name.replace(/\.$/, '')) } };
  } catch (error) {
    if (error instanceof DnsError) return input;
    throw error;
  } finally {
    done();
  }
}
