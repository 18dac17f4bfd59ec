/** A server that checks signatures as a Chef server does (protocol 1.0), with the public key of one client. */
import { constants, createHash, generateKeyPairSync, publicDecrypt } from 'node:crypto';
import { answerJson, type Received, startWeb, type WebServer } from './web.ts';

export interface ChefServer extends WebServer {
  readonly client: string;
  /** PEM, PKCS #1. */
  readonly key: string;
  /** PEM, PKCS #8. */
  readonly otherForm: string;
}

export async function startChef(): Promise<ChefServer> {
  const client = 'policy';
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const isSigned = (received: Received): boolean => {
    const signature = signatureOf(received);
    try {
      const text = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature).toString();
      return text === expectedText(received, client);
    } catch {
      return false;
    }
  };
  const web = await startWeb((received, response) => {
    const { method, target, headers, body } = received;
    if (!isSigned(received)) return answerJson(response, { error: ['Invalid signature'] }, 401);
    if (target.startsWith('/organizations/mail/nodes/missing')) return answerJson(response, { error: [] }, 404);
    if (target.endsWith('/broken')) return void response.end('<html>');
    answerJson(response, { method, target, type: headers['content-type'] ?? '-', body: body.toString(), total: 1 });
  });
  const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
  return { ...web, client, key: pem('pkcs1'), otherForm: pem('pkcs8') };
}

function signatureOf({ headers }: Received): Buffer {
  const pieces: string[] = [];
  for (let at = 1; ; at++) {
    const piece = headers[`x-ops-authorization-${at}`];
    if (typeof piece !== 'string') return Buffer.from(pieces.join(''), 'base64');
    if (piece.length > 60) return Buffer.alloc(0);
    pieces.push(piece);
  }
}

function expectedText({ method, target, headers, body }: Received, client: string): string {
  const hash = (data: string | Buffer) => createHash('sha1').update(data).digest('base64');
  return [
    `Method:${method}`,
    `Hashed Path:${hash(target.replace(/\?.*/, ''))}`,
    `X-Ops-Content-Hash:${hash(body)}`,
    `X-Ops-Timestamp:${headers['x-ops-timestamp']}`,
    `X-Ops-UserId:${client}`,
  ].join('\n');
}
