/**
 * Names, labels and meaning of the server's own metrics (server.md section 9). A pool of one connection that carries all commands has neither idle ones nor hits.
 */

export interface Definition {
  readonly help: string;
  readonly labels: readonly string[];
  /** What several workers of an instance show together; the sum without it. */
  readonly aggregator?: 'first' | 'min' | 'max';
}

export const CORE_METRICS = {
  counters: {
    http_requests_total: { help: 'Finished HTTP requests by route', labels: ['path'] },
    logins_total: { help: 'Authentications by result', labels: ['logins'] },
    accepted_protocols_total: { help: 'Accepted logins by protocol', labels: ['protocol'] },
    rejected_protocols_total: { help: 'Rejected logins by protocol', labels: ['protocol'] },
    cache_hits_total: { help: 'Answers from the in-memory cache', labels: [] },
    cache_misses_total: { help: 'Requests the in-memory cache could not answer', labels: [] },
    redis_read_total: { help: 'Redis commands on the read handle', labels: [] },
    redis_write_total: { help: 'Redis commands on the write handle', labels: [] },
    redis_connection_misses_total: { help: 'Connections that had to be opened', labels: ['pool_name'] },
    redis_connection_timeouts_total: { help: 'Commands that found no connection in time', labels: ['pool_name'] },
    bruteforce_rejected_total: { help: 'Hits of a brute-force rule', labels: ['bucket'] },
    brutefore_hits_total: { help: 'Hits of a brute-force rule that were forgiven', labels: ['bucket'] },
    rbl_rejected_total: { help: 'Listings of clients in a block list', labels: ['rbl'] },
    nauthilus_config_reloads_total: { help: 'Reloads by result', labels: ['result'] },
    post_actions_dropped_total: { help: 'Post actions dropped because the queue was full', labels: [] },
  },
  gauges: {
    nauthilus_version_info: {
      help: 'Version of this instance',
      labels: ['instance_name', 'version'],
      aggregator: 'first',
    },
    start_timestamp: { help: 'Start of the process, milliseconds since 1970', labels: [], aggregator: 'min' },
    backend_servers_status: {
      help: 'Monitored mail servers: wanted and alive ones',
      labels: ['server_status'],
      aggregator: 'max',
    },
    last_reload_timestamp: { help: 'Last reload, milliseconds since 1970', labels: [], aggregator: 'max' },
    nauthilus_config_generation: {
      help: 'Number of the generation of configuration and scripts, from 1; the oldest one of several workers',
      labels: [],
      aggregator: 'min',
    },
    nauthilus_config_last_reload_successful: {
      help: 'Was the last reload successful (1, also before the first one) or not (0)? In all workers',
      labels: [],
      aggregator: 'min',
    },
    nauthilus_config_last_reload_success_timestamp_seconds: {
      help: 'Start, or last successful reload, seconds since 1970; the oldest one of several workers',
      labels: [],
      aggregator: 'min',
    },
    server_concurrent_requests: { help: 'Requests in work', labels: [] },
    ldap_pool_connections_total: { help: 'Connections of an LDAP pool that are in use', labels: ['pool'] },
    ldap_pool_open_connections_total: { help: 'Connections of an LDAP pool', labels: ['pool'] },
    ldap_pool_size: { help: 'Most connections of an LDAP pool', labels: ['pool'] },
    ldap_idle_pool_size: { help: 'Idle connections that an LDAP pool keeps', labels: ['pool'] },
    generic_connections: {
      help: 'Established TCP connections of registered targets',
      labels: ['description', 'target', 'direction'],
      aggregator: 'max',
    },
    redis_pool_total_connections: { help: 'Connections of a Redis pool', labels: ['pool_name'] },
    cpu_user_usage_percent: { help: 'Processors of the machine: programs', labels: [], aggregator: 'max' },
    cpu_system_usage_percent: { help: 'Processors of the machine: the kernel', labels: [], aggregator: 'max' },
    cpu_idle_usage_percent: { help: 'Processors of the machine: nothing to do', labels: [], aggregator: 'max' },
    cpu_nice_usage_percent: {
      help: 'Processors of the machine: programs that let others go first',
      labels: [],
      aggregator: 'max',
    },
    cpu_iowait_usage_percent: { help: 'Processors of the machine: waiting for disks', labels: [], aggregator: 'max' },
    cpu_steal_usage_percent: {
      help: 'Processors of the machine: taken by other machines',
      labels: [],
      aggregator: 'max',
    },
    redis_pool_stale_connections: { help: 'Connections of a Redis pool that were lost', labels: ['pool_name'] },
  },
} as const satisfies Readonly<Record<'counters' | 'gauges', Readonly<Record<string, Definition>>>>;

type Counters = typeof CORE_METRICS.counters;
type Gauges = typeof CORE_METRICS.gauges;

export type CounterName = keyof Counters;
export type GaugeName = keyof Gauges;

/** The labels of a metric, each of which has to be given. */
export type LabelsOf<N extends CounterName | GaugeName> = Readonly<
  Record<(N extends CounterName ? Counters[N] : N extends GaugeName ? Gauges[N] : never)['labels'][number], string>
>;
