/**
 * Who asks AWS, and where: from the environment and the files that AWS' own tools use
 * (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readWholeFile } from '../../services/index.ts';

export interface Account {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken: string | undefined;
  readonly region: string | undefined;
}

/** A profile that was asked for by name and is in no file. */
export class UnknownProfile extends Error {}

type Section = ReadonlyMap<string, string>;
type Environment = Readonly<Record<string, string | undefined>>;

/** A profile by name comes before the environment, the environment before the profile that is not named. */
export async function readAccount(profile: string | undefined, env: Environment): Promise<Account> {
  const isNamed = profile !== undefined && profile !== '';
  const name = isNamed ? profile : env.AWS_PROFILE || 'default';
  const home = homedir();
  const secrets = await readSections(env.AWS_SHARED_CREDENTIALS_FILE || join(home, '.aws', 'credentials'));
  const settings = await readSections(env.AWS_CONFIG_FILE || join(home, '.aws', 'config'));
  const own = secrets.get(name);
  const config = settings.get(name === 'default' ? name : `profile ${name}`);
  if (isNamed && own === undefined && config === undefined) {
    throw new UnknownProfile(`SharedConfigProfileNotExistsError: failed to get profile, ${name}`);
  }
  const fromFiles = credentialsOf(own) ?? credentialsOf(config);
  const fromEnvironment = environmentCredentials(env);
  return {
    ...(isNamed ? (fromFiles ?? NO_CREDENTIALS) : (fromEnvironment ?? fromFiles ?? NO_CREDENTIALS)),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || config?.get('region') || own?.get('region'),
  };
}

type Credentials = Omit<Account, 'region'>;

const NO_CREDENTIALS: Credentials = { accessKeyId: undefined, secretAccessKey: undefined, sessionToken: undefined };

function environmentCredentials(env: Environment): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, sessionToken: token || undefined }
    : undefined;
}

function credentialsOf(section: Section | undefined): Credentials | undefined {
  const accessKeyId = section?.get('aws_access_key_id');
  const secretAccessKey = section?.get('aws_secret_access_key');
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: section?.get('aws_session_token') };
}

/** A file that is not there has no sections. */
async function readSections(path: string): Promise<ReadonlyMap<string, Section>> {
  const text = await readWholeFile(path).then(String, () => '');
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
    }
    // Lines that begin with a blank belong to settings that nobody asks for.
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined && key !== undefined && value !== undefined) current.set(key, value);
  }
  return sections;
}
