/** A text message as bytes (RFC 5322, MIME): encoded headers, quoted-printable body. */
import { randomUUID } from 'node:crypto';
import type { Address } from './address.ts';
import { domainOf } from './address.ts';

export interface MessageParts {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly subject: string;
  /** Text in UTF-8; line ends of any kind. */
  readonly body: Buffer;
  readonly date: Date;
}

export interface Message {
  readonly content: Buffer;
  /** Bare addresses, domains as the DNS has them. */
  readonly from: string;
  readonly to: readonly string[];
}

export async function buildMessage({ from, to, subject, body, date }: MessageParts): Promise<Message> {
  const { default: MimeNode } = await import('nodemailer/lib/mime-node');
  const node = new MimeNode('text/plain; charset=UTF-8');
  // The order in which mail programs of any age expect them; From is never the first line of a message.
  node.setHeader('MIME-Version', '1.0');
  node.setHeader('Date', date.toUTCString().replace('GMT', '+0000'));
  node.setHeader('Message-ID', `<${randomUUID()}@${domainOf(from.address)}>`);
  node.setHeader('From', { ...from });
  node.setHeader(
    'To',
    to.map((each) => ({ ...each })),
  );
  node.setHeader('Subject', subject);
  node.setHeader('Content-Transfer-Encoding', 'quoted-printable');
  node.setContent(withCrLf(body));
  const envelope = node.getEnvelope();
  return { content: await node.build(), from: envelope.from === false ? '' : envelope.from, to: envelope.to };
}

/** Bytes that are no text stay what they are. */
function withCrLf(body: Buffer): Buffer {
  return Buffer.from(body.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1');
}
