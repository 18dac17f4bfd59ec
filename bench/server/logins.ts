/** The requests of the load: logins of a thousand users from 254 addresses, as bytes of HTTP/1.1. */

export interface LoginSeries {
  readonly path: string;
  readonly hasWrongPasswords: boolean;
  readonly isOneUser: boolean;
}

/** The n-th request of a series. */
export function loginRequest({ path, hasWrongPasswords, isOneUser }: LoginSeries, n: number): string {
  const body = JSON.stringify({
    username: `user${isOneUser ? 7 : n % 1000}`,
    password: hasWrongPasswords && n % 2 === 1 ? `wrong ${n % 50}` : 'correct horse',
    service: 'imap',
    method: 'PLAIN',
    client_ip: `192.0.2.${(n % 254) + 1}`,
    client_port: '4711',
    local_ip: '192.0.2.250',
    local_port: '993',
    ssl: 'on',
    ssl_protocol: 'TLSv1.3',
  });
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
