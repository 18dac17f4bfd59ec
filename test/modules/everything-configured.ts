/** A configuration with which every module is available: nobody listens at its addresses, and connections open on first use. */
export const EVERYTHING_CONFIGURED = `
server: { backends: [ldap, lua] }
ldap: { config: { server_uri: "ldap://127.0.0.1:1", pool_only: true } }
lua: { config: { backend_script_path: backend.lua } }
`;
