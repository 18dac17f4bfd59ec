/** Files as the body of a request (RFC 7578, multipart/form-data). */
import { randomBytes } from 'node:crypto';
import { toBuffer, toUtf8String } from '../../host/index.ts';
import { readWholeFile } from '../../services/index.ts';
import { baseName } from '../gll-filepath/path.ts';
import { fileFailure } from '../go/file-errors.ts';

export interface UploadFile {
  readonly fieldName: string;
  readonly path: string;
  readonly fileName?: string | undefined;
}

export interface Form {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Why a file cannot be sent; `message` is what scripts get. */
export class UploadError extends Error {}

function quoteName(name: string): string {
  return name.replace(/[\\"]/g, '\\$&').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Files first, then the other fields by name. Throws `UploadError`. */
export async function buildForm(
  files: readonly UploadFile[],
  fields: readonly (readonly [string, string])[],
): Promise<Form> {
  const boundary = randomBytes(30).toString('hex');
  const parts: Buffer[] = [];
  const open = (headers: string): void => {
    parts.push(toBuffer(`--${boundary}\r\n${headers}\r\n\r\n`));
  };
  for (const { fieldName, path, fileName = baseName(path) } of files) {
    open(
      `Content-Disposition: form-data; name="${quoteName(fieldName)}"; filename="${quoteName(fileName)}"\r\n` +
        'Content-Type: application/octet-stream',
    );
    parts.push(await contentOf(path), Buffer.from('\r\n'));
  }
  for (const [name, value] of fields) {
    open(`Content-Disposition: form-data; name="${quoteName(name)}"`);
    parts.push(toBuffer(`${value}\r\n`));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readWholeFile(toUtf8String(path));
  } catch (thrown) {
    throw new UploadError(fileFailure(thrown, 'open', path));
  }
}
