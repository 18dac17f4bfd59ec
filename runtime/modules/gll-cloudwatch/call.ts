/** One call of an AWS service in its JSON protocol, signed (AWS Signature Version 4). */
import { fromBuffer, fromUtf8 } from '../../host/index.ts';
import type { HttpClient } from '../gll-http/client.ts';
import { answerOrText } from '../gll-http/client-argument.ts';
import { HttpRequest } from '../gll-http/request.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../go/json-values.ts';
import type { Account } from './account.ts';

/** Why there is no result; the message is what scripts get. */
export class AwsError extends Error {}

export interface AwsService {
  /** As in signatures: `logs`. */
  readonly name: string;
  /** Where it is in a region. */
  readonly host: (region: string) => string;
  readonly contentType: string;
  /** In front of the name of the operation. */
  readonly target: string;
  /** Variable of the environment with another endpoint. */
  readonly variable: string;
}

export interface AwsPlace {
  readonly account: Account;
  /** A URL instead of the service's own. */
  readonly endpoint: string | undefined;
  readonly client: HttpClient;
}

/** The library is loaded with the first call. Rejects with `AwsError`, also when `ended` is aborted. */
export async function callAws(
  { account, endpoint, client }: AwsPlace,
  service: AwsService,
  operation: string,
  input: JsonObject,
  ended: AbortSignal,
): Promise<JsonObject> {
  const { region, accessKeyId, secretAccessKey, sessionToken } = account;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new AwsError('NoCredentialProviders: no valid providers in chain');
  }
  if (region === undefined) throw new AwsError('MissingRegion: could not find region configuration');
  const place = endpoint ?? (process.env[service.variable] || process.env.AWS_ENDPOINT_URL);
  const url = urlOf(place ?? `https://${service.host(region)}`);
  const body = JSON.stringify(input);
  const { default: aws4 } = await import('aws4');
  const signed = aws4.sign(
    {
      host: url.host,
      path: url.pathname,
      method: 'POST',
      service: service.name,
      region,
      headers: { 'Content-Type': service.contentType, 'X-Amz-Target': `${service.target}.${operation}` },
      body,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  const request = new HttpRequest('POST', fromUtf8(url.href), Buffer.from(body));
  for (const [name, value] of Object.entries(signed.headers ?? {})) request.set(name, String(value));
  const answer = await answerOrText(client, request, ended);
  if (typeof answer === 'string') throw new AwsError(`RequestError: send request failed\ncaused by: ${answer}`);
  const reply = readReply(fromBuffer(answer.body));
  if (answer.status === 200 && isJsonObject(reply)) return reply;
  const id = answer.headers.get('X-Amzn-Requestid') ?? '';
  throw new AwsError(`${errorOf(reply)}\n\tstatus code: ${answer.status}, request id: ${id}`);
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new AwsError(`InvalidEndpointURL: ${JSON.stringify(text)} is no URL`);
  return new URL(text);
}

function readReply(body: string): JsonValue {
  try {
    return parseJson(body);
  } catch {
    return null;
  }
}

/** `ResourceNotFoundException: The specified log group does not exist.` */
function errorOf(reply: JsonValue): string {
  if (!isJsonObject(reply)) return 'SerializationError: failed decoding the answer';
  const { __type: type, message, Message: otherMessage } = reply;
  const code = typeof type === 'string' ? type.replace(/^.*#/, '') : 'UnknownError';
  const text = message ?? otherMessage;
  return fromUtf8(typeof text === 'string' ? `${code}: ${text}` : code);
}
