/**
 * A server that answers as CloudWatch and CloudWatch Logs do in their JSON protocols, for one account. It checks signatures
 * itself (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
import { createHash, createHmac } from 'node:crypto';
import { answerJson, type Received, startWeb, type WebServer } from './web.ts';

export interface AwsServer extends WebServer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Bodies of what came, as JSON. */
  readonly received: unknown[];
}

export async function startAws(): Promise<AwsServer> {
  const [accessKeyId, secretAccessKey, region] = [
    'AKIDEXAMPLE',
    'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    'eu-central-1',
  ];
  const received: unknown[] = [];
  const web = await startWeb((call, response) => {
    const fail = (type: string, message: string) => answerJson(response, { __type: type, message }, 400);
    if (!isSigned(call, secretAccessKey))
      return fail('com.amazon#InvalidSignatureException', 'The signature does not match.');
    const input = JSON.parse(call.body.toString());
    received.push(input);
    const target = call.headers['x-amz-target'];
    if (target === 'GraniteServiceVersion20100801.GetMetricData') return answerJson(response, metricData(input));
    if (target !== 'Logs_20140328.FilterLogEvents') return fail('UnknownOperationException', '');
    if (input.logGroupName === '/slow') return undefined;
    if (input.logGroupName !== '/mail')
      return fail('ResourceNotFoundException', 'The specified log group does not exist.');
    answerJson(response, eventsPage(input.nextToken));
  });
  return { ...web, accessKeyId, secretAccessKey, region, received };
}

function eventsPage(token: string | undefined): object {
  if (token === undefined) return { events: [{ message: 'login mia' }, { message: 'lögin tom' }], nextToken: 'two' };
  return { events: [{ message: 'logout mia' }] };
}

function metricData(input: { readonly MetricDataQueries: readonly { readonly Id: string }[] }): object {
  const results = input.MetricDataQueries.map(({ Id }) => ({
    Id,
    Timestamps: [1700000060, 1700000000],
    Values: [2.5, 1],
  }));
  return { MetricDataResults: results };
}

function isSigned(call: Received, secret: string): boolean {
  const { authorization = '' } = call.headers;
  const [, scope = '', names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const signed = names.split(';');
  if (!signed.includes('host') || !signed.includes('x-amz-date')) return false;
  const canonical = [
    call.method,
    call.target,
    '',
    ...signed.map((name) => `${name}:${call.headers[name]}`),
    '',
    names,
    hash(call.body),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', call.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((over, part) => createHmac('sha256', over).update(part).digest(), `AWS4${secret}`);
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}
