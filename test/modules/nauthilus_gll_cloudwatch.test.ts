import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type AwsServer, startAws } from '../servers/aws.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let server: AwsServer;
let folder: string;
const outer = { ...process.env };
before(async () => {
  opened = await services();
  server = await startAws();
  folder = mkdtempSync(join(tmpdir(), 'gll-cloudwatch-'));
  const keys = `aws_access_key_id = ${server.accessKeyId}\naws_secret_access_key=${server.secretAccessKey}`;
  writeFileSync(
    join(folder, 'credentials'),
    `# comment\n[default]\naws_access_key_id = X\naws_secret_access_key = Y\n\n[mail]\n${keys}\n`,
  );
  writeFileSync(join(folder, 'config'), `[profile mail]\nregion = ${server.region}\ns3 =\n  region = none\n`);
});
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
  process.env.AWS_CONFIG_FILE = join(folder, 'config');
  server.received.length = 0;
});
after(async () => {
  process.env = outer;
  rmSync(folder, { recursive: true });
  server.stop();
  await opened.close();
});

function printed(source: string): Promise<string> {
  return outputOf(
    opened,
    `dynamic_loader("nauthilus_gll_cloudwatch") local cloudwatch = require("cloudwatch") ${source}`,
  );
}

const MAIL = () => `local account = cloudwatch.new("mail", nil, "${server.url}")`;

test('all pages of log events are written to a file', async () => {
  const path = join(folder, 'events.log');
  const out = await printed(`${MAIL()}
    print(account:download("${path}", { log_group_name = "/mail", filter_patern = "login", start_time = 1700000000, end_time = 1700000600 }))
  `);
  assert.equal(out, '\n');
  assert.equal(readFileSync(path, 'utf8'), 'login mia\nlögin tom\nlogout mia\n');
  const filter = { logGroupName: '/mail', filterPattern: 'login', startTime: 1700000000000, endTime: 1700000600000 };
  assert.deepEqual(server.received, [filter, { ...filter, nextToken: 'two' }]);
});

test('values of metrics come by query and time', async () => {
  const out = await printed(`${MAIL()}
    local values = account:get_metric_data({ start_time = 1700000000, end_time = 1700000100.9, queries = {
      q1 = { namespace = "AWS/SES", metric = "Send", dimension_name = "d", dimension_value = "v", stat = "Sum", period = 300 },
    } })
    print(values.q1[1700000000], values.q1[1700000060], values.q2)
  `);
  assert.equal(out, '1\t2.5\tnil\n');
  const metric = { Namespace: 'AWS/SES', MetricName: 'Send', Dimensions: [{ Name: 'd', Value: 'v' }] };
  assert.deepEqual(server.received, [
    {
      StartTime: 1700000000,
      EndTime: 1700000100,
      MetricDataQueries: [{ Id: 'q1', MetricStat: { Metric: metric, Period: 300, Stat: 'Sum' } }],
    },
  ]);
});

test('who asks and where comes from arguments, environment and files', async () => {
  const get = 'print((select(2, cloudwatch.new(PROFILE, REGION, URL):get_metric_data({}))))';
  const ask = (profile: string, region: string) =>
    printed(get.replace('PROFILE', profile).replace('REGION', region).replace('URL', `"${server.url}"`));
  assert.match(
    await ask('nil', '"eu-west-1"'),
    /^InvalidSignatureException: The signature does not match\.\n\tstatus code: 400/,
  );
  assert.equal(await ask('nil', 'nil'), 'MissingRegion: could not find region configuration\n');
  process.env.AWS_ACCESS_KEY_ID = server.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = server.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  assert.equal(await ask('nil', 'nil'), 'nil\n');
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
  assert.match(await ask('nil', 'nil'), /^InvalidSignature/);
  assert.equal(await ask('"mail"', 'nil'), 'nil\n');
  process.env.AWS_ENDPOINT_URL_CLOUDWATCH = server.url;
  assert.equal(await printed('print((select(2, cloudwatch.new("mail"):get_metric_data({}))))'), 'nil\n');
  assert.match(await printed('print(pcall(cloudwatch.new, "nosuch"))'), /^false\tSharedConfigProfileNotExistsError/);
});

test('what goes wrong is a text without secrets', async () => {
  const out = await printed(`${MAIL()}
    print(account:download("${folder}/x", { log_group_name = "/none" }))
    print(account:download("/nosuch/x", {}))
    print(account:download("${folder}/x", { log_group_name = "/slow" }, 0.2))
    print((select(2, pcall(account.download, account, "x", { start_time = "soon" })):match("start must be number")))
    print(cloudwatch.new("mail", nil, "http://127.0.0.1:1"):get_metric_data({}))
    print(cloudwatch.new("mail", nil, "nonsense"):get_metric_data({}))
  `);
  const lines = out.split('\n');
  assert.equal(lines[0], 'ResourceNotFoundException: The specified log group does not exist.');
  assert.deepEqual(lines.slice(2, 5), ['open /nosuch/x: no such file or directory', 'timeout', 'start must be number']);
  assert.match(out, /RequestError: send request failed\ncaused by: Post "http:\/\/127\.0\.0\.1:1\/": dial tcp/);
  assert.match(out, /InvalidEndpointURL: "nonsense" is no URL\n$/);
  assert.ok(!out.includes(server.secretAccessKey));
});
