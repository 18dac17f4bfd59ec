/** What can go wrong with a directory. */

/** The directory refused, or could not be asked; the message is meant for scripts and names nothing secret. */
export class LdapError extends Error {}

/** There was no answer: the connection is gone, or the server silent. */
export class LdapUnreachable extends LdapError {}

/** There was no answer in time; asking again would take as long. */
export class LdapSilent extends LdapUnreachable {}
