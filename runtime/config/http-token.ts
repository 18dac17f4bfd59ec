/** What names in HTTP are made of: headers in configurations, scripts and answers, and methods. */

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Is it a token, as names of headers and methods are (RFC 9110 section 5.6.2)? */
export function isHttpToken(text: string): boolean {
  return TOKEN.test(text);
}
