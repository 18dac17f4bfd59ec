/** Sending mail over SMTP or LMTP. What goes wrong is returned as a text, never raised. */
import {
  attemptLater,
  defineModule,
  error,
  fromUtf8,
  io,
  LuaTable,
  rawGet,
  table,
  textOf,
  textsOf,
  toBuffer,
  toUtf8String,
} from '../host/index.ts';
import { type Mail, MailError, Secret } from '../services/index.ts';

/** What the script gave, or a text that says what is wrong with it. */
function readMail(given: LuaTable): Mail | string {
  const port = rawGet(given, 'port');
  if (typeof port !== 'number') return "'port' must be a number";
  const to = rawGet(given, 'to');
  if (!(to instanceof LuaTable)) return "'to' must be a table";
  const bytes = (key: string): string => {
    const value = rawGet(given, key);
    return value === undefined ? '' : textOf(value);
  };
  const text = (key: string): string => toUtf8String(bytes(key));
  const isSet = (key: string): boolean => rawGet(given, key) === true;
  const [username, password] = [text('username'), text('password')];
  return {
    server: text('server'),
    port: Math.trunc(port),
    security: isSet('starttls') ? 'starttls' : isSet('tls') ? 'tls' : 'none',
    protocol: isSet('lmtp') ? 'lmtp' : 'smtp',
    heloName: text('helo_name'),
    credentials: username === '' || password === '' ? undefined : { username, password: new Secret(password) },
    from: text('from'),
    to: textsOf(to).map(toUtf8String),
    subject: text('subject'),
    body: toBuffer(bytes('body')),
  };
}

export default defineModule({
  name: 'nauthilus_mail',
  classes: 'all',
  doc: 'Send mail over SMTP or LMTP.',
  functions: {
    send_mail: io(
      {
        doc: 'Send a text message; keys: server, port, from, to, subject, body, username, password, helo_name, tls, starttls, lmtp.',
        args: [table('mail')],
        returns: [error],
      },
      async ({ services }, given) => {
        const mail = readMail(given);
        if (typeof mail === 'string') return mail;
        return attemptLater(
          [MailError],
          ({ message }) => fromUtf8(message),
          async () => {
            await services.mail.send(mail);
            return undefined;
          },
        );
      },
    ),
  },
});
